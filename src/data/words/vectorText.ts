import { UserError } from "../../errors";

/** Takes the vector of one word. */
export type TakeVector = (word: string, numbers: Float32Array) => void;

/**
 * The vectors of the wanted words out of a text file in the format of fastText (.vec) or GloVe: a word and its numbers
 * a line, with blanks between them; fastText begins with a line "<words> <size>".
 *
 * A word may have blanks in it, as a few of GloVe's 840B have: the last `size` fields are the numbers. Of a word that
 * is there twice, the first vector is taken. The bytes are read once, piece by piece.
 *
 * @returns the size of the vectors: as the first line says, or else how many numbers it has
 * @throws UserError that names the line, if a line has another number of fields, or a wanted word a number that is none
 */
export async function readTextVectors(
  path: string,
  bytes: AsyncIterable<Buffer>,
  wanted: ReadonlySet<string>,
  take: TakeVector,
): Promise<number> {
  const reader = new LineReader(path, wanted, take);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = whole.indexOf(newline); end >= 0; end = whole.indexOf(newline, start)) {
      reader.line(whole, start, end);
      start = end + 1;
    }
    rest = whole.subarray(start);
    if (rest.length > longestLine) throw reader.fault(1, "is not a line of a word and numbers");
  }
  if (rest.length > 0) reader.line(rest, 0, rest.length);
  if (reader.size === undefined)
    throw new UserError(`${path} must have a word and its vector a line, but is empty; get the file anew.`);
  return reader.size;
}

const newline = 10;
const carriageReturn = 13;
const blank = 32;
const longestLine = 1024 * 1024;

class LineReader {
  size: number | undefined;
  private number = 0;
  private readonly missing: Set<string>;

  constructor(
    private readonly path: string,
    wanted: ReadonlySet<string>,
    private readonly take: TakeVector,
  ) {
    this.missing = new Set(wanted);
  }

  line(bytes: Buffer, start: number, lineEnd: number): void {
    this.number += 1;
    let end = lineEnd;
    while (end > start && (bytes[end - 1] === blank || bytes[end - 1] === carriageReturn)) end -= 1;
    if (this.size === undefined) {
      const fields = bytes.toString("utf8", start, end).split(" ");
      this.size = sizeFrom(fields);
      if (this.size < 1) throw this.fault(0, "has no numbers");
      if (isHeading(fields)) return;
    }
    this.record(bytes, start, end, this.size);
  }

  private record(bytes: Buffer, start: number, end: number, size: number): void {
    const boundary = beforeLastFields(bytes, start, end, size);
    if (boundary < 0) throw this.fault(0, `must have a word and ${size} numbers, but has fewer`);
    const word = bytes.toString("utf8", start, boundary);
    if (/ -?\d+\.\d+$/.test(word)) throw this.fault(0, `must have a word and ${size} numbers, but has more`);
    if (!this.missing.delete(word)) return;
    const numbers = bytes
      .toString("latin1", boundary + 1, end)
      .split(" ")
      .map(Number);
    if (!numbers.every(Number.isFinite)) throw this.fault(0, "has a field that is no finite number");
    this.take(word, Float32Array.from(numbers));
  }

  fault(ahead: number, what: string): UserError {
    return new UserError(`Line ${this.number + ahead} of ${this.path} ${what}; get the file anew.`);
  }
}

/** fastText's first line. */
function isHeading(fields: readonly string[]): boolean {
  return fields.length === 2 && fields.every((field) => /^[1-9]\d*$/.test(field));
}

function sizeFrom(fields: readonly string[]): number {
  return isHeading(fields) ? Number(fields[1]) : fields.length - 1;
}

/** Where the blank before the last `count` fields is, or -1 if there are no more fields than that. */
function beforeLastFields(bytes: Buffer, start: number, end: number, count: number): number {
  let left = count;
  for (let at = end - 1; at > start; at -= 1) {
    if (bytes[at] !== blank) continue;
    left -= 1;
    if (left === 0) return at;
  }
  return -1;
}
