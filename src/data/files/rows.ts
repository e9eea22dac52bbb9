import { UserError, unknownName } from "../../errors";
import type { ReadOptions } from "../corpus";
import { readBytes } from "./archive";
import { readLines } from "./lines";
import { readTable } from "./table";

export const tableFormats = ["csv", "tsv", "jsonl"] as const;
export type TableFormat = (typeof tableFormats)[number];

/** One record of a table, and of it the columns that were asked for, in that order. */
export interface Row {
  /** The line where it begins, counted from 1. */
  line: number;
  /** Undefined where the record does not have the column. */
  values: (string | undefined)[];
}

/**
 * The format that a file's name tells: .csv, .tsv, .jsonl, each also with .gz behind it.
 *
 * @throws UserError for another name
 */
export function formatOf(path: string): TableFormat {
  const suffix = /\.(\w+)(?:\.gz)?$/.exec(path)?.[1]?.toLowerCase();
  const format = tableFormats.find((candidate) => candidate === suffix);
  if (format !== undefined) return format;
  throw new UserError(
    `The name of ${path} must end in ${tableFormats.map((name) => `.${name}`).join(", ")}, or one of these with .gz, but does not; rename the file or give its format.`,
  );
}

/**
 * Columns of a table with headings, or fields of JSON objects, one record after the other, in bounded memory.
 *
 * @throws UserError for a name that is no column (the nearest one is proposed), and as `readTable` and `readLines` do
 */
export function readRows(
  path: string,
  format: TableFormat,
  columns: readonly string[],
  options?: ReadOptions,
): AsyncGenerator<Row> {
  return format === "jsonl" ? readJsonRows(path, columns, options) : readTableRows(path, format, columns, options);
}

async function* readTableRows(
  path: string,
  format: "csv" | "tsv",
  columns: readonly string[],
  options?: ReadOptions,
): AsyncGenerator<Row> {
  let indices: number[] | undefined;
  for await (const { line, cells } of readTable(
    { path, bytes: readBytes(path, options) },
    format === "csv" ? "," : "\t",
  )) {
    if (indices === undefined) {
      checkColumns(path, columns, cells);
      indices = columns.map((name) => cells.indexOf(name));
    } else yield { line, values: indices.map((index) => cells[index]) };
  }
  if (indices === undefined) throw new UserError(`${path} must begin with a line of headings, but is empty; add them.`);
}

async function* readJsonRows(path: string, columns: readonly string[], options?: ReadOptions): AsyncGenerator<Row> {
  let isFirst = true;
  for await (const { line, text } of readLines({ path, bytes: readBytes(path, options) })) {
    if (text.trim() === "") continue;
    const record = parseObject(text, `Line ${line} of ${path}`);
    if (isFirst) checkColumns(path, columns, Object.keys(record));
    isFirst = false;
    yield { line, values: columns.map((name) => asText(record[name])) };
  }
}

function parseObject(text: string, place: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${place} must be one JSON object, but is no JSON; correct the line.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UserError(`${place} must be one JSON object, but is another value; correct the line.`);
}

function asText(value: unknown): string | undefined {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}

function checkColumns(path: string, wanted: readonly string[], found: readonly string[]): void {
  for (const name of wanted) if (!found.includes(name)) throw unknownName(`column of ${path}`, name, found);
}
