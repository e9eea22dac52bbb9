import { basename } from "node:path";
import { UserError } from "../../errors";
import { splits } from "../corpus";
import type { Split } from "../dataset";
import type { ArchiveOptions, readZip } from "./archive";
import { readFileBytes } from "./fileBytes";

const longest = 16 * 1024 * 1024;

/** A text file of a corpus, on the disk or in an archive. */
export interface LineSource {
  path: string;
  /** What is read instead of the file at this path, as out of an archive; the path is then for messages only. */
  bytes?: AsyncIterable<Uint8Array>;
}

/** The text file of one split. */
export interface SplitSource extends LineSource {
  split: Split;
}

/**
 * The lines of a text file that may be too large for the memory, one after the other; a name that ends in .gz is unpacked
 * on the way.
 *
 * @throws UserError if the file is missing, cannot be read, is damaged or truncated, or if a line is not UTF-8
 */
export async function* readLines({ path, bytes = readFileBytes(path) }: LineSource): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  const decode = (line: Uint8Array): string => {
    number += 1;
    try {
      return decoder.decode(line);
    } catch {
      throw new UserError(`Line ${number} of ${path} must be UTF-8 text, but is not; get the file anew.`);
    }
  };
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield decode(Buffer.concat([rest, chunk.subarray(start, end)]));
      rest = new Uint8Array();
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]);
    if (rest.length > longest)
      throw new UserError(`Line ${number + 1} of ${path} must not be longer than ${longest} bytes; get the file anew.`);
  }
  if (rest.length > 0) yield decode(rest);
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
