import { isUtf8 } from "node:buffer";
import { nearestName, UserError } from "../../errors";
import type { ReadOptions } from "../dataset";
import { type Limits, readBytes } from "./archive";
import type { LineSource } from "./lines";
import { type Delimiter, delimiters, firstRecords, type Layout, readTable } from "./table";

export const tableFormats = ["csv", "tsv", "jsonl"] as const;
export type TableFormat = (typeof tableFormats)[number];
export const delimiterNames = Object.values(delimiters) as [DelimiterName, ...DelimiterName[]];
export type DelimiterName = (typeof delimiters)[Delimiter];

export interface ColumnRequest {
  what: string;
  /** Its name, or its number from 1 in a table without headings; undefined to find it by its usual names. */
  column?: string | number;
  /** Names that it usually has, in lower case, the likeliest first. */
  usual: readonly string[];
  /** How the user names the column, for messages. */
  option: string;
}

/** How a table is read; the format is that of the file's suffix, delimiter and encoding are recognised, by default. */
export interface TableOptions extends ReadOptions, Limits {
  format?: TableFormat;
  delimiter?: DelimiterName;
  encoding?: string;
}

/**
 * Recognises a table (CSV with comma, semicolon, tab or bar, or JSON lines; each also .gz) and reads columns of it: the
 * format, as in "tab-separated, UTF-8", the name or number of each column, and the rows in bounded memory.
 * @throws UserError for what cannot be recognised, with the likeliest cause
 */
export async function openTable(
  path: string,
  requests: readonly ColumnRequest[],
  { format = formatOf(path), delimiter, encoding: given, ...options }: TableOptions,
) {
  const start = await startOf(path, options);
  const encoding = given === undefined ? await recogniseEncoding(path, start) : encodingNamed(given);
  const decoded = new TextDecoder(encoding).decode(start);
  const text = decoded.replace(/\r\n?/g, "\n");
  const isPlain = encoding === "utf-8" && (decoded.includes("\n") || !decoded.includes("\r"));
  const content = readBytes(path, options);
  const source = { path, content: isPlain ? content : toUtf8(path, content, encoding) };
  const layouts = await Promise.all(
    layoutsOf(format, delimiter).map(async (layout) => {
      const records = await firstRecords(path, text, layout, 20);
      const headings = records[0] ?? [];
      const found = findColumns(headings, requests, layout !== "json");
      const isEven = new Set(records.map(({ length }) => length)).size === 1;
      return { layout, headings, found, fits: "columns" in found && (!found.isNumbered || isEven) };
    }),
  );
  const { layout, headings, found } = layouts.find(({ fits }) => fits) ?? layouts[0]!;
  if (headings.length === 0)
    throw new UserError(
      `${path} must begin with a ${format === "jsonl" ? "JSON object" : "line of headings"}, but is empty; add it.`,
    );
  if (!("columns" in found)) throw columnFault(path, found, headings, layouts.length > 1);
  const name = layout === "json" ? "JSON lines" : `${delimiters[layout]}-separated`;
  const rows = readRows(source, layout, found.columns, found.isNumbered);
  return { format: `${name}, ${encoding.toUpperCase()}`, columns: found.columns, rows };
}

/** How a table may be laid out, the likeliest first. */
function layoutsOf(format: TableFormat, delimiter: DelimiterName | undefined): Layout[] {
  if (format === "jsonl") return ["json"];
  const all: Delimiter[] = format === "tsv" ? ["\t", ",", ";", "|"] : [",", ";", "\t", "|"];
  return all.filter((one) => delimiter === undefined || delimiters[one] === delimiter);
}

/** The format that a file's name tells: .csv, .tsv, .jsonl, each also with .gz behind it. */
function formatOf(path: string): TableFormat {
  const suffix = /\.(\w+)(?:\.gz)?$/.exec(path)?.[1]?.toLowerCase();
  const format = tableFormats.find((candidate) => candidate === suffix);
  if (format !== undefined) return format;
  throw new UserError(
    `The name of ${path} must end in ${tableFormats.map((name) => `.${name}`).join(", ")}, or one of these with .gz, but does not; rename the file, or give its format (--format).`,
  );
}

async function startOf(path: string, options: ReadOptions & Limits): Promise<Buffer> {
  let start = Buffer.alloc(0);
  for await (const chunk of readBytes(path, { ...options, onProgress: undefined })) {
    start = Buffer.concat([start, chunk]);
    if (start.length >= 256 * 1024) break;
  }
  return start;
}

/** The columns that are asked for, by their names or, where each is given by a number and not all are names, by these; or the first that lacks. */
function findColumns(names: readonly string[], requests: readonly ColumnRequest[], canBeNumbers: boolean) {
  const given = requests.map(({ column }) => String(column));
  const areNumbers = given.every((column) => /^[1-9]\d*$/.test(column) && Number(column) <= names.length);
  if (canBeNumbers && areNumbers && !given.every((column) => names.includes(column)))
    return { columns: given, isNumbered: true };
  const found = requests.map(({ column, usual }, index) => {
    const of = (one: string) => names.find((name) => (column === undefined ? name.trim().toLowerCase() : name) === one);
    return (column === undefined ? usual : [given[index]!]).flatMap((one) => of(one) ?? [])[0];
  });
  return requests[found.indexOf(undefined)] ?? { columns: found as string[], isNumbered: false };
}

/** Of each record its line and the columns that were asked for, in that order, where it has them. */
async function* readRows(source: LineSource, layout: Layout, columns: readonly string[], isNumbered: boolean) {
  let indices = isNumbered ? columns.map((column) => Number(column) - 1) : undefined;
  let width: number | undefined;
  for await (const { line, cells } of readTable(source, layout)) {
    const isHeading = indices === undefined;
    indices ??= columns.map((name) => cells.indexOf(name));
    width ??= cells.length;
    if (isHeading) continue;
    const isLong = cells.slice(width).some((cell) => cell.trim() !== "");
    const fault = isLong
      ? `has ${cells.length} cells, but the first line has ${width}: a cell with a ${delimiters[layout as Delimiter]} in it must stand in quotes`
      : undefined;
    yield { line, values: indices.map((index) => cells[index]), fault };
  }
}

/** The error for a column that is not there: the nearest name, at most ten names, and the likeliest cause. */
function columnFault(
  path: string,
  { what, column, option }: ColumnRequest,
  names: readonly string[],
  isRecognised: boolean,
): UserError {
  const short = names.map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  const list = short.slice(0, 10).map((name) => JSON.stringify(name));
  const found = `${list.join(", ")}${names.length > 10 ? ` and ${names.length - 10} more` : ""}`;
  const near = column === undefined ? undefined : nearestName(String(column), short);
  const question = near === undefined ? ", its" : `; did you mean "${near}"? Its`;
  const lack =
    column === undefined
      ? `No column of ${path} has a usual name for the ${what}`
      : `There is no column of ${path} "${column}"`;
  const advice = names.some((name) => name.length > 40 || name.split(" ").length > 5)
    ? "that looks like a row, so add a line of headings, or give columns by their numbers"
    : names.length === 1 && isRecognised
      ? "it has no comma, semicolon, tab or bar between columns"
      : `name the column in ${option}`;
  return new UserError(`${lack}${question} first line has ${found}; ${advice}.`);
}

/** The encoding by byte order mark or first bytes. @throws UserError if it is no text, or several are possible */
async function recogniseEncoding(path: string, start: Buffer): Promise<string> {
  const mark = start.toString("latin1", 0, 2);
  if (mark === "\xff\xfe" || mark === "\xfe\xff") return mark === "\xff\xfe" ? "utf-16le" : "utf-16be";
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

function encodingNamed(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch {
    throw new UserError(`There is no encoding "${name}"; give one such as utf-8, utf-16le, latin1 or shift_jis.`);
  }
}

/** Text of another encoding, or with the line ends of old Macs, as UTF-8 with the line ends of Unix. */
async function* toUtf8(path: string, bytes: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
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
