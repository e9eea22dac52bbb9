import { isUtf8 } from "node:buffer";
import { UserError } from "../../errors";

const marks: [string, number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * The encoding of a text by its byte order mark or its first bytes, as TextDecoder knows it.
 *
 * @throws UserError if it is no text, or if several encodings are possible
 */
export async function recogniseEncoding(path: string, start: Buffer): Promise<string> {
  const mark = marks.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte));
  if (mark !== undefined) return mark[0];
  if (start.includes(0))
    throw new UserError(`${path} must be text, but has bytes of zero in it; give a text file, or the option encoding.`);
  if (isUtf8(start.subarray(0, Math.max(start.lastIndexOf(10), start.lastIndexOf(13)) + 1 || undefined)))
    return "utf-8";
  const { analyse } = await import("chardet");
  const [first, second] = analyse(start);
  if (first !== undefined && first.confidence >= 40 && first.confidence - (second?.confidence ?? 0) >= 15)
    return first.name.toLowerCase();
  const guesses = [first, second].flatMap((guess) => guess?.name ?? []).join(" or ");
  throw new UserError(
    `${path} is not UTF-8, and in which encoding it is cannot be told for certain (${guesses || "none fits"}); give it in the option encoding, or convert the file to UTF-8.`,
  );
}

/** The encoding that a user names, as TextDecoder calls it. */
export function encodingNamed(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new UserError(`There is no encoding "${name}"; give one such as utf-8, utf-16le, latin1 or shift_jis.`);
  }
}

/**
 * Text of another encoding, or with the line ends of old Macs, as UTF-8 with the line ends of Unix.
 *
 * @throws UserError if it is not in that encoding
 */
export async function* toUtf8(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const convert = (chunk?: Uint8Array) => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }).replace(/\r(?!\n)/g, "\n"));
    } catch {
      throw new UserError(`${path} must be text in ${encoding}, but is not; give another encoding.`);
    }
  };
  for await (const chunk of bytes) yield convert(chunk);
  yield convert();
}
