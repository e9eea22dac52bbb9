import { isUtf8 } from "node:buffer";
import { type Duplex, pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { UserError } from "../../errors";
import { type ReadProgress, readFileBytes } from "./fileBytes";

/** One record of a table: the first one holds the headings, where the file has them. */
export interface TableRecord {
  /** The line where it begins, counted from 1. */
  line: number;
  cells: string[];
}

const longestRecord = 64 * 1024 * 1024;

/**
 * The records of a CSV or TSV file that may be too large for the memory, one after the other; a name that ends in .gz
 * is unpacked on the way. In CSV a cell may stand in quotes and then have commas and lines in it; in TSV there are no
 * quotes. Empty lines are skipped.
 *
 * @throws UserError with the line, and without its content, for a file that is missing, damaged, not UTF-8 or not CSV
 */
export async function* readTable(
  path: string,
  format: "csv" | "tsv",
  onProgress?: ReadProgress,
): AsyncGenerator<TableRecord> {
  const parser = parse({
    delimiter: format === "csv" ? "," : "\t",
    quote: format === "csv" ? '"' : null,
    record_delimiter: "\n",
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
  });
  // An error also comes out of the loop.
  pipeline(Readable.from(wholeLines(path, onProgress)), parser as Duplex, () => undefined);
  try {
    for await (const { record, info } of parser) yield { line: firstLine(record, info.lines), cells: record };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(
      `${path} must be well-formed ${format.toUpperCase()}, but is not at line ${parser.info.lines} (${error.code}); correct the file or write it anew.`,
    );
  }
}

/** csv-parse counts the line where a record ends. */
function firstLine(cells: readonly string[], lastLine: number): number {
  return lastLine - cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
}

/** The bytes of a file in pieces of whole lines, each of which is UTF-8; line ends of Windows become those of Unix. */
async function* wholeLines(path: string, onProgress?: ReadProgress): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  for await (const chunk of readFileBytes(path, onProgress)) {
    const end = chunk.lastIndexOf(10) + 1;
    const piece = Buffer.concat([rest, chunk.subarray(0, end)]);
    rest = end > 0 ? chunk.subarray(end) : Buffer.concat([rest, chunk]);
    if (end === 0) continue;
    line = checkLines(piece, line, path);
    yield withUnixLines(piece);
  }
  checkLines(rest, line, path);
  if (rest.length > 0) yield withUnixLines(rest);
}

function withUnixLines(piece: Buffer): Buffer {
  return piece.includes(13) ? Buffer.from(piece.toString("latin1").replaceAll("\r\n", "\n"), "latin1") : piece;
}

/** The number of the line behind the piece. */
function checkLines(piece: Buffer, first: number, path: string): number {
  const isText = isUtf8(piece);
  let line = first;
  let start = 0;
  for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
    if (!isText && !isUtf8(piece.subarray(start, end))) break;
    line += 1;
    start = end + 1;
  }
  if (isText) return line;
  throw new UserError(
    `${path} must be UTF-8 text, but its line ${line} is not; convert the file to UTF-8, or get it anew.`,
  );
}
