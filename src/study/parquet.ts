import { parquetReadObjects } from "hyparquet";
import { ByteWriter, parquetWrite, type SchemaElement } from "hyparquet-writer";

/** What a cell of a study's tables holds; undefined where there is no value. */
export type Cell = number | string | readonly number[] | readonly string[] | undefined;

/** A column's cells: a number, a text, or a list of either with an entry for each word. */
export type ColumnKind = "number" | "text" | "numbers" | "texts";

/** Cells by column, as many in each. */
export type Cells = Record<string, readonly Cell[]>;

const elements = {
  number: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  numbers: { type: "FLOAT" },
  texts: { type: "BYTE_ARRAY", converted_type: "UTF8" },
} as const satisfies Record<ColumnKind, Omit<SchemaElement, "name">>;

/**
 * A Parquet file: one row a text, lists as Parquet's own, their numbers in single precision. pandas, polars and DuckDB
 * open it.
 */
export function encodeParquet(cells: Cells, kinds: Readonly<Record<string, ColumnKind>>): Buffer {
  const names = Object.keys(kinds);
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: names.map((name) => ({ name, data: cells[name]!.map((cell) => cell ?? null) })),
    schema: [{ name: "root", num_children: names.length }, ...names.flatMap((name) => schemaOf(name, kinds[name]!))],
  });
  return Buffer.from(writer.getBuffer());
}

function schemaOf(name: string, kind: ColumnKind): SchemaElement[] {
  if (kind === "number" || kind === "text") return [{ name, repetition_type: "OPTIONAL", ...elements[kind] }];
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "REQUIRED", ...elements[kind] },
  ];
}

/** Some columns of a Parquet file that {@link encodeParquet} or another program wrote. */
export async function decodeParquet(bytes: Uint8Array, columns: readonly string[]): Promise<Cells> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, columns: [...columns] });
  return Object.fromEntries(columns.map((name) => [name, rows.map((row) => (row[name] as Cell) ?? undefined)]));
}
