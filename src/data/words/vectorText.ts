import { UserError } from "../../errors";
import { type LineSource, readLines } from "../files/lines";

/** Takes the vector of one word. */
export type TakeVector = (word: string, numbers: Float32Array) => void;

/**
 * The vectors of the wanted words out of a text file in the format of fastText (.vec) or GloVe: a word and its numbers
 * a line, with blanks or tabs between them; fastText begins with a line "<words> <size>".
 *
 * A word may have blanks in it, as a few of GloVe's 840B have: the last `size` fields are the numbers. Of a word that
 * is there twice, the first vector is taken. The file is read once, piece by piece.
 *
 * @returns the size of the vectors: as the first line says, or else how many numbers it has
 * @throws UserError that names the line, if a line has another number of fields, or a wanted word a number that is none
 */
export async function readTextVectors(
  source: LineSource,
  wanted: ReadonlySet<string>,
  take: TakeVector,
): Promise<number> {
  const missing = new Set(wanted);
  let size: number | undefined;
  for await (const { line, text } of readLines({ ...source, lenient: true })) {
    const fault = (what: string) => new UserError(`Line ${line} of ${source.path} ${what}; get the file anew.`);
    const record = text.replaceAll("\t", " ").trimEnd();
    if (size === undefined) {
      const fields = record.split(" ");
      const isHeading = fields.length === 2 && fields.every((field) => /^[1-9]\d*$/.test(field));
      size = isHeading ? Number(fields[1]) : fields.length - 1;
      if (size < 1) throw fault("has no numbers");
      if (isHeading) continue;
    }
    const boundary = beforeLastFields(record, size);
    if (boundary < 0) throw fault(`must have a word and ${size} numbers, but has fewer`);
    const word = record.slice(0, boundary);
    if (/ -?\d+\.\d+$/.test(word)) throw fault(`must have a word and ${size} numbers, but has more`);
    if (!missing.delete(word)) continue;
    const numbers = record
      .slice(boundary + 1)
      .split(" ")
      .map(Number);
    if (!numbers.every(Number.isFinite)) throw fault("has a field that is no finite number");
    take(word, Float32Array.from(numbers));
  }
  if (size !== undefined) return size;
  throw new UserError(`${source.path} must have a word and its vector a line, but is empty; get the file anew.`);
}

/** Where the blank before the last `count` fields is, or -1 if there are no more fields than that. */
function beforeLastFields(record: string, count: number): number {
  let left = count;
  for (let at = record.length - 1; at > 0; at -= 1) {
    if (record.charCodeAt(at) !== blank) continue;
    left -= 1;
    if (left === 0) return at;
  }
  return -1;
}

const blank = 32;
