import { isUtf8 } from "node:buffer";
import type { z } from "zod";
import { UserError } from "../../errors";
import { type ArchiveOptions, readBytes } from "./archive";

const longest = 16 * 1024 * 1024;

/** A text file of a corpus, on the disk or in an archive, with how it is read. */
export interface LineSource extends ArchiveOptions {
  path: string;
  /** What is read instead of the file at this path, as out of an archive; the path is then for messages only. */
  content?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** What is no UTF-8 becomes U+FFFD instead of an error, as in published word vectors. */
  lenient?: boolean;
}

export function lineFault({ path }: LineSource, line: number, fault: string): UserError {
  return new UserError(`Line ${line} of ${path} ${fault}; get the file anew.`);
}

/** Lines are counted from 1, and come without their ends. */
export type TextLine = { line: number; text: string };

/**
 * The lines of a text file, one after the other, unpacked by the file's name. A byte order mark, line ends of Windows and
 * empty lines at the end are dropped. What is kept of a line is to be copied: it may keep more of the file in memory.
 * @throws UserError as `readBytes` does, and with the line if one is not UTF-8 or is longer than 16 MiB
 */
export async function* readLines(source: LineSource): AsyncGenerator<TextLine> {
  let line = 0;
  let empty = 0;
  for await (const block of readBlocks(source)) {
    const texts = block.split("\n");
    if (texts.at(-1) === "") texts.pop();
    for (const text of texts) {
      line += 1;
      if (text.trim() === "") empty += 1;
      else {
        for (; empty > 0; empty -= 1) yield { line: line - empty, text: "" };
        yield { line, text };
      }
    }
  }
}

/** The text of a file, many whole lines at a time, with the line ends of Unix. */
export async function* readBlocks({ path, content, lenient, ...options }: LineSource): AsyncGenerator<string> {
  let line = 1;
  const decode = (chunks: Uint8Array[]): string => {
    const block = Buffer.concat(chunks);
    if (!lenient && !isUtf8(block)) {
      const lines = block.toString("latin1").split("\n");
      const broken = line + lines.findIndex((text) => !isUtf8(Buffer.from(text, "latin1")));
      throw new UserError(
        `${path} must be UTF-8 text, but its line ${broken} is not; convert the file to UTF-8, or get it anew.`,
      );
    }
    const text = block.toString().replaceAll("\r\n", "\n");
    const isMarked = line === 1 && text.startsWith("\ufeff");
    line += text.split("\n").length - 1;
    return isMarked ? text.slice(1) : text;
  };
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content ?? readBytes(path, options)) {
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

/** What the lines of a file hold that are not empty. @throws UserError with the line if one is no JSON, or not as it must be */
export async function* readJsonLines<T>(source: LineSource, schema: z.ZodType<T>) {
  for await (const { line, text } of readLines(source)) {
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw lineFault(source, line, `must be one JSON object, but is ${JSON.stringify(text.slice(0, 40))}`);
    }
    const { data, error } = schema.safeParse(value);
    if (data === undefined) {
      const { path, message } = error!.issues[0]!;
      throw lineFault(source, line, `is not as it must be: ${path.join(".") || "value"}: ${message.toLowerCase()}`);
    }
    yield { line, value: data };
  }
}
