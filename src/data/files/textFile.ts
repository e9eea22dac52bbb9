import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { UserError } from "../../errors";

/** A text of a corpus and where it came from, for messages. */
export interface TextFile {
  path: string;
  text: string;
  /** SHA-256 of the bytes after unpacking. */
  sha256: string;
}

const largest = 256 * 1024 * 1024;

/**
 * Reads a text file of a corpus; a name that ends in .gz is unpacked.
 *
 * @throws UserError if the file is missing, cannot be read, is not gzip, is truncated or is not UTF-8
 */
export async function readTextFile(path: string): Promise<TextFile> {
  const bytes = await readBytes(path);
  return decodeText(path, path.endsWith(".gz") ? await unpack(bytes, path) : bytes);
}

/** Decodes the bytes of a corpus file; a byte sequence that is not UTF-8 is an error that names its line. */
export function decodeText(path: string, bytes: Uint8Array): TextFile {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { path, text, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError(
      `${path} must be UTF-8 text, but its line ${firstBrokenLine(bytes)} is not; get the file anew, or convert it to UTF-8.`,
    );
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UserError(`The corpus file ${path} is missing; put it there and start again.`);
    throw new UserError(`The corpus file ${path} cannot be read (${code}); make it a readable file and start again.`);
  }
}

async function unpack(bytes: Buffer, path: string): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largest });
  } catch (error) {
    throw new UserError(`${path} ${gzipFault((error as NodeJS.ErrnoException).code, bytes)}; get the file anew.`);
  }
}

function gzipFault(code: string | undefined, bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return "must be a gzip file by its name, but is not one";
  if (code === "Z_BUF_ERROR") return "is truncated: the gzip data ends too early";
  if (code === "ERR_BUFFER_TOO_LARGE") return `unpacks to more than the ${largest} bytes allowed`;
  return `is a damaged gzip file (${code})`;
}

function firstBrokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}
