import { isUtf8 } from "node:buffer";
import { basename } from "node:path";
import { UserError } from "../../errors";
import { splits } from "../corpus";
import type { Split } from "../dataset";
import { type ArchiveOptions, readBytes, type readZip } from "./archive";

const longest = 16 * 1024 * 1024;

/** A text file of a corpus, on the disk or in an archive. */
export interface LineSource {
  path: string;
  /** What is read instead of the file at this path, as out of an archive; the path is then for messages only. */
  bytes?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** What is no UTF-8 becomes U+FFFD instead of an error, as in published word vectors. */
  lenient?: boolean;
}

/** The text file of one split. */
export interface SplitSource extends LineSource {
  split: Split;
}

export interface TextLine {
  /** Counted from 1. */
  line: number;
  /** Without its line end. */
  text: string;
}

/**
 * The lines of a text file that may be too large for the memory, one after the other; a name that ends in .gz or .zip is
 * unpacked on the way. Line ends of Windows are taken as those of Unix; a byte order mark and empty lines at the end of
 * the file are dropped.
 *
 * A line may keep more of the file in memory than itself: what is kept of it is to be copied.
 *
 * @throws UserError as `readBytes` does, and with the line if one is not UTF-8 or is longer than 16 MiB
 */
export async function* readLines(source: LineSource): AsyncGenerator<TextLine> {
  let line = 0;
  let empty = 0;
  for await (const block of readBlocks(source)) {
    const lines = block.split("\n");
    if (lines.at(-1) === "") lines.pop();
    for (const text of lines) {
      line += 1;
      if (text.trim() === "") empty += 1;
      else {
        for (; empty > 0; empty -= 1) yield { line: line - empty, text: "" };
        yield { line, text };
      }
    }
  }
}

/** The same text in pieces of whole lines, each with its line end. */
export async function* readBlocks({ path, bytes = readBytes(path), lenient }: LineSource): AsyncGenerator<string> {
  let line = 1;
  const decode = (pieces: Uint8Array[]): string => {
    const block = Buffer.concat(pieces);
    if (!lenient && !isUtf8(block))
      throw new UserError(
        `${path} must be UTF-8 text, but its line ${line + brokenLine(block)} is not; convert the file to UTF-8, or get it anew.`,
      );
    const text = block.toString().replaceAll("\r\n", "\n");
    const whole = line === 1 && text.startsWith("\ufeff") ? text.slice(1) : text;
    line += countLines(whole);
    return whole;
  };
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end > 0) {
      yield decode([...held, chunk.subarray(0, end)]);
      held = [];
      length = 0;
    }
    held.push(chunk.subarray(end));
    length += chunk.length - end;
    if (length > longest)
      throw new UserError(`Line ${line} of ${path} must not be longer than ${longest} bytes; get the file anew.`);
  }
  if (length > 0) yield decode(held);
}

/** The whole text of a file that fits into the memory. */
export async function readText(source: LineSource): Promise<string> {
  let text = "";
  for await (const block of readBlocks(source)) text += block;
  return text;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Which line of the bytes, from 0, is the first that is not UTF-8. */
function brokenLine(bytes: Buffer): number {
  let line = 0;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(10, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
  }
  return line;
}

/**
 * The text files of the three splits out of an archive, in its order, each to be read before the next.
 *
 * @param names of the files, without their folders
 * @throws UserError after the last one, if one is missing
 */
export async function* splitsIn(
  archive: string,
  read: typeof readZip,
  names: Record<Split, string>,
  options?: ArchiveOptions,
): AsyncGenerator<SplitSource> {
  const missing = new Set(splits);
  const splitOf = (path: string) => splits.find((split) => names[split] === basename(path));
  for await (const { path, content } of read(archive, (name) => splitOf(name) !== undefined, options)) {
    const split = splitOf(path)!;
    missing.delete(split);
    yield { split, path: `${archive}/${path}`, bytes: content };
  }
  if (missing.size === 0) return;
  const lacking = [...missing].map((split) => names[split]).join(" and ");
  throw new UserError(`${archive} must hold ${lacking}, but does not; delete it and start again.`);
}
