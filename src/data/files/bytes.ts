import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { UserError } from "../../errors";
import type { ReadOptions } from "../corpus";

/** How much a packed file or an archive may hold; more is taken for an attack. */
export interface Limits {
  /** Bytes of everything together, unpacked. Default 16 GiB. */
  bytes?: number;
  /** How many times larger than the file all of it may be when unpacked; the first 16 MiB are free. Default 100. */
  ratio?: number;
  /** The option of the user that sets `bytes`, for the message. */
  option?: string;
}

/**
 * What the system says of a file that can be read from its beginning to its end.
 *
 * @throws UserError if the file is missing or is a folder, a pipe or a device
 */
export async function regularFile(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error) => {
    throw unreadable(path, error);
  });
  if (stats.isFile()) return stats;
  throw new UserError(
    `${path} must be a regular file, but is a ${stats.isDirectory() ? "folder" : "pipe or a device"}; give the path of a file.`,
  );
}

/**
 * The bytes of a file, read piece by piece; one that is gzipped is unpacked on the way.
 *
 * @param gzip whether it is. Default: whether its name ends in .gz
 */
export async function openFile(
  path: string,
  { onProgress, signal, ...limits }: ReadOptions & Limits = {},
  gzip = path.endsWith(".gz"),
): Promise<Readable> {
  const { size } = await regularFile(path);
  if (limits.bytes !== undefined && size > limits.bytes)
    throw new UserError(`${path} must not have more than ${limits.bytes} bytes, but has ${size}${allowed(limits)}.`);
  const file = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  const counted = countBytes((read) => onProgress?.(read, size));
  const largest = largestOf(size, gzip ? limits : { ...limits, ratio: 1 });
  const limited = countBytes((unpacked) => {
    if (unpacked > largest) throw tooLarge(largest, limits);
  });
  // An error also comes out of the loop that reads the last of the streams.
  const done = () => undefined;
  return gzip
    ? pipeline(file, counted, createGunzip({ chunkSize: 1024 * 1024 }), limited, done)
    : pipeline(file, counted, limited, done);
}

/** All bytes of a stream; more than `largest` (default 256 MiB) are refused. */
export async function bytesOf(
  { path, content }: { path: string; content: AsyncIterable<Uint8Array> },
  largest = 256 * 1024 * 1024,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > largest) throw new UserError(`${path} must not have more than ${largest} bytes, but has.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The bytes that a file of this size may unpack to. */
export function largestOf(size: number, { bytes = 16 * 1024 ** 3, ratio = 100 }: Limits): number {
  return Math.min(bytes, Math.max(16 * 1024 * 1024, size * ratio));
}

export function tooLarge(largest: number, limits: Limits): Error {
  return new Error(`it unpacks to more than the ${largest} bytes allowed${allowed(limits)}`);
}

function allowed({ option }: Limits): string {
  return option === undefined ? "" : `; ${option} allows more`;
}

/** Passes bytes on and tells how many have passed; what is thrown there ends the stream. */
function countBytes(tell: (bytes: number) => void): Transform {
  let bytes = 0;
  return new Transform({
    readableHighWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      try {
        tell(bytes);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** The sentence for a file that cannot be read or unpacked. */
export function unreadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new UserError(`The file ${path} is missing; give the path of one that is there.`);
  if (code === "Z_BUF_ERROR")
    return new UserError(`${path} is truncated: the gzip data ends too early; get the file anew.`);
  if (code === undefined || code.startsWith("Z_"))
    return new UserError(`${path} is not a readable archive (${message}); delete it, and get it anew.`);
  return new UserError(`The file ${path} cannot be read (${code}); make it a readable file and start again.`);
}
