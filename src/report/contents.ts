import type { Column } from "../study/columns";
import type { StoredPart } from "../study/files";
import type { StudiedText } from "../study/study";

// What the builder of the report writes and its page reads.

/** Numbers of texts that were computed together. */
export type NumberPart = Pick<StoredPart, "kind" | "name"> & { columns: string[] };

/** Each text of a study in one line, in the order of the rows; null where it may not be shown. */
export type LinesOfTexts = (string | null)[];
/** Some texts of a study with what is kept for each of their words. */
export type TextsOfFile = (StudiedText | null)[];

/** Rows as columns. */
export type CompactRows = { id: readonly string[] } & { [name: string]: readonly (number | string | null)[] };

/** A row in the page, where columns are known by their definitions alone. */
export type TextRow = { id: string; predicted: string; label: string; probability: number } & {
  readonly [column: string]: number | string | undefined;
};

/**
 * Rows as columns of numbers with 5 significant digits; undefined becomes null. An agreement keeps all digits, as it can
 * lie on the edge of a bin, as 1/3 does.
 */
export function compactRows(rows: readonly object[], columns: readonly Column[]): CompactRows {
  const entries = columns.map(({ name, reason }) => {
    const values = rows.map((row) => (row as TextRow)[name] ?? null);
    const isExact = reason !== undefined;
    return [name, values.map((value) => (isExact || typeof value !== "number" ? value : Number(value.toPrecision(5))))];
  });
  return Object.fromEntries(entries);
}

/** The rows again; what is missing is undefined. */
export function expandRows(columns: CompactRows): TextRow[] {
  const entries = Object.entries(columns);
  return columns.id.map((_, index) => {
    return Object.fromEntries(entries.map(([name, values]) => [name, values[index] ?? undefined])) as TextRow;
  });
}
