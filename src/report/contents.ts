import type { Column } from "../study/columns";
import type { StudiedText } from "../study/study";

// What the builder of the report writes and its page reads.

/** Some texts of a study with what is kept for each of their words. */
export type TextsOfFile = (StudiedText | null)[];

export type CompactRows = { id: readonly string[] } & { [name: string]: readonly (number | string | null)[] };

/** A row in the page, where columns are known by their definitions alone. */
export type TextRow = { id: string; predicted: string; label: string; probability: number } & {
  readonly [column: string]: number | string | undefined;
};
/** What the page knows of a row besides: its place in the study, its words or "", and these as the pointer shows them. */
export type ShownRow = TextRow & { place: number; line: string; text: string; outcome: "right" | "wrong" };

/** Rows as columns of numbers with 5 digits, of agreements with all, as they can lie on the edge of a bin, as 1/3 does. */
export function compactRows(rows: readonly object[], columns: readonly Column[]): CompactRows {
  const entries = columns.map(({ name, reason }) => {
    const values = rows.map((row) => (row as TextRow)[name] ?? null);
    const isExact = reason !== undefined;
    return [name, values.map((value) => (isExact || typeof value !== "number" ? value : Number(value.toPrecision(5))))];
  });
  return Object.fromEntries(entries);
}

/** The rows again, with each text's line where there is one; what is missing is undefined. */
export function expandRows(columns: CompactRows): ShownRow[] {
  const entries = Object.entries(columns);
  return columns.id.map((id, place) => {
    const row = Object.fromEntries(entries.map(([name, values]) => [name, values[place] ?? undefined])) as TextRow;
    const line = String(row.line ?? "");
    const text = `${id}${line && ": "}${line.length > 300 ? `${line.slice(0, 300)} …` : line}`;
    return { ...row, place, line, text, outcome: row.predicted === row.label ? "right" : "wrong" };
  });
}
