import { gunzipSync, gzipSync } from "node:zlib";
import { parquetRead, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer, type SchemaElement } from "hyparquet-writer";

/** What a cell of a study's tables holds; undefined where there is no value. */
export type Cell = number | string | readonly number[] | readonly string[] | undefined;

/** A column's cells: a number, a text, or a list of either with an entry for each word. */
export type ColumnKind = "number" | "text" | "numbers" | "texts";

/** Cells by column, as many in each. */
export type Cells = Record<string, readonly Cell[]>;

const inDouble = {
  number: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  numbers: { type: "FLOAT" },
  texts: { type: "BYTE_ARRAY", converted_type: "UTF8" },
} as const satisfies Record<ColumnKind, Omit<SchemaElement, "name">>;

/**
 * A Parquet file: one row a text, lists as Parquet's own, their numbers in single precision. pandas, polars and DuckDB
 * open it.
 *
 * @param options.single whether all numbers are in single precision; default false
 */
export function encodeParquet(
  cells: Cells,
  kinds: Readonly<Record<string, ColumnKind>>,
  { single = false }: { single?: boolean } = {},
): Buffer {
  const names = Object.keys(kinds);
  const elements = single ? { ...inDouble, number: inDouble.numbers } : inDouble;
  const written = parquetWriteBuffer({
    columnData: names.map((name) => ({
      name,
      data: cells[name]!.map((cell) => cell ?? null),
      // Bytes of one kind beside one another are packed to two thirds.
      ...(kinds[name]!.startsWith("number") && { encoding: "BYTE_STREAM_SPLIT" as const }),
    })),
    schema: [
      { name: "root", num_children: names.length },
      ...names.flatMap((name) => schemaOf(name, kinds[name]!, elements[kinds[name]!])),
    ],
    codec: "GZIP",
    compressors: { GZIP: (bytes) => gzipSync(bytes) },
    statistics: false,
  });
  return Buffer.from(written);
}

function schemaOf(name: string, kind: ColumnKind, element: Omit<SchemaElement, "name">): SchemaElement[] {
  if (kind === "number" || kind === "text") return [{ name, repetition_type: "OPTIONAL", ...element }];
  return [
    { name, repetition_type: "OPTIONAL", converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "REQUIRED", ...element },
  ];
}

const compressors = { GZIP: (bytes: Uint8Array) => new Uint8Array(gunzipSync(bytes)) };

/** Some columns of a Parquet file that {@link encodeParquet} wrote. */
export async function decodeParquet(bytes: Uint8Array, columns: readonly string[]): Promise<Cells> {
  const cells = Object.fromEntries(columns.map((name): [string, Cell[]] => [name, []]));
  await parquetRead({
    file: bufferOf(bytes),
    columns: [...columns],
    compressors,
    onChunk({ columnName, columnData, rowStart }) {
      const column = cells[columnName]!;
      for (let index = 0; index < columnData.length; index++) column[rowStart + index] = columnData[index] ?? undefined;
    },
  });
  return cells;
}

/** The rows of a Parquet file of any program. */
export function parquetRows(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bufferOf(bytes), compressors });
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
