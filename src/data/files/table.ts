import { type Duplex, pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { parse as parseAtOnce } from "csv-parse/sync";
import { z } from "zod";
import { UserError } from "../../errors";
import { type LineSource, readBlocks, readJsonLines, readLines, type TextLine } from "./lines";

/** What stands between two cells of a table, with its name. */
export const delimiters = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" } as const;
export type Delimiter = keyof typeof delimiters;

/** What tells the cells of a table apart: a delimiter, or in JSON lines the name of a field. */
export type Layout = Delimiter | "json";

/** One record of a table: the first one holds the headings, where the file has them. */
export type TableRecord = { line: number; cells: string[] };

/** The records of a table; between tabs a cell that only begins with a quote is text. */
export function readTable(source: LineSource, layout: Layout): AsyncGenerator<TableRecord> {
  if (layout === "json") return readObjects(source);
  return layout === "\t" ? readTabs(source) : readQuoted(source, layout);
}

/** The first records of the text that a file begins with, as far as they can be read. */
export async function firstRecords(path: string, text: string, layout: Layout, count: number): Promise<string[][]> {
  const records: string[][] = [];
  const on_record = (cells: string[]) => void records.push(cells);
  const lenient = { relax_quotes: true, relax_column_count: true, skip_empty_lines: true };
  try {
    if (layout !== "\t" && layout !== "json")
      parseAtOnce(text, { delimiter: layout, to: count, record_delimiter: "\n", on_record, ...lenient });
    else
      for await (const { cells } of readTable({ path, content: [Buffer.from(text)] }, layout))
        if (records.push(cells) === count) break;
  } catch (error) {
    // What follows cannot be read: it is said where it is needed.
    if (layout === "json" && records.length === 0) throw error;
  }
  return records;
}

const object = z.record(z.unknown());

/** The names of the first object's fields, and then what each object has under these names. */
async function* readObjects(source: LineSource): AsyncGenerator<TableRecord> {
  let names: string[] | undefined;
  for await (const { line, value: record } of readJsonLines(source, object)) {
    if (names === undefined) {
      names = Object.keys(record);
      yield { line, cells: names };
    }
    yield { line, cells: names.map((name) => (typeof record[name] === "object" ? "" : String(record[name] ?? ""))) };
  }
}

async function* readQuoted(source: LineSource, delimiter: Delimiter): AsyncGenerator<TableRecord> {
  /** The line where the last whole record ends. */
  let end = 0;
  const parser = parse({
    delimiter,
    record_delimiter: "\n",
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 64 * 1024 * 1024,
    info: true,
    on_record: (cells, { lines }) => {
      end = lines;
      return cells;
    },
  });
  // An error also comes out of the loop.
  pipeline(readBlocks(source), parser as Duplex, () => undefined);
  try {
    for await (const { record, info } of parser)
      yield { line: info.lines - record.join("\n").split("\n").length + record.length, cells: record };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const fault =
      error.code === "CSV_QUOTE_NOT_CLOSED" || error.code === "CSV_MAX_RECORD_SIZE"
        ? `the quote that opens a cell in line ${end + 1} is not closed`
        : `a quote in the record that begins in line ${end + 1} neither stands around a whole cell nor is doubled`;
    throw malformed(source.path, fault);
  }
}

function malformed(path: string, fault: string): UserError {
  return new UserError(`${path} is not a well-formed table: ${fault}; correct the file.`);
}

/** Lines that a quoted cell between tabs may have. */
const mostLines = 1000;

/** Lines are put together where a quoted cell goes over their ends; where it does not, they are read once more. */
async function* readTabs(source: LineSource): AsyncGenerator<TableRecord> {
  const lines = readLines(source);
  const again: TextLine[] = [];
  const next = async (): Promise<TextLine | undefined> => again.shift() ?? (await lines.next()).value;
  let width: number | undefined;
  try {
    for (let first = await next(); first !== undefined; first = await next()) {
      if (first.text === "") continue;
      const more: TextLine[] = [];
      const alone = cellsOf(first.text);
      const isRow = (text: string) => cellsOf(text).cells.length === (width ?? alone.cells.length);
      let record = alone;
      while (record.isOpen && more.length < mostLines) {
        const line = await next();
        if (line === undefined) break;
        more.push(line);
        // Two lines that are whole rows each are two rows, and a quote that opens a cell of the first is text.
        if (more.length === 1 && isRow(first.text) && isRow(line.text)) break;
        record = cellsOf([first, ...more].map(({ text }) => text).join("\n"));
      }
      if (record.isOpen && !isRow(first.text))
        throw malformed(source.path, `the quote that opens a cell in line ${first.line} is not closed`);
      if (record.isOpen || !record.isWhole) again.unshift(...more);
      const { cells } = record.isOpen || !record.isWhole ? alone : record;
      width ??= cells.length;
      yield { line: first.line, cells };
    }
  } finally {
    await lines.return(undefined);
  }
}

/** A cell behind a tab: in quotes, or from a quote that is not closed to the end, or plain. */
const cell = /\t(?:"[^"]*(?:""[^"]*)*"(?=\t|$)|("[^"]*(?:""[^"]*)*)$|[^\t\n]*)/g;

const quotedCell = /^"[^"]*(?:""[^"]*)*"$/;

/** The cells of lines with tabs, where a quote that is not closed is text; whether one is, and whether they are one record. */
function cellsOf(text: string): { cells: string[]; isOpen: boolean; isWhole: boolean } {
  if (!text.includes('"')) return { cells: text.split("\t"), isOpen: false, isWhole: true };
  const found = [...`\t${text}`.matchAll(cell)];
  const isWhole = found.reduce((length, [own]) => length + own.length, 0) > text.length;
  const isOpen = isWhole && found.at(-1)![1] !== undefined;
  const cells = found.flatMap(([own, open]) => open?.split("\t") ?? [own.slice(1)]);
  const unquoted = (text: string) => text.slice(1, -1).replaceAll('""', '"');
  return { cells: cells.map((text) => (quotedCell.test(text) ? unquoted(text) : text)), isOpen, isWhole };
}
