import { UserError, unknownName } from "../errors";
import type { Range } from "./axes";
import { escapeText } from "./figure";
import type { FrameOptions } from "./frame";
import { type Background, classColour, classDash, classSymbol } from "./theme";

/** The name of a column of the rows; a wrong one is answered in the cell with the nearest right one. */
export type Column<Row> = keyof Row & string;

export interface ClassOptions<Row> {
  /** The column that splits the rows into classes, each with its own colour; default: no split. */
  by?: Column<Row>;
  /** All classes in the corpus's order, so that a class keeps its colour; default: those in the rows, sorted. */
  classes?: readonly string[];
}

/** What a figure of one measure over another takes. */
export interface AxesOptions<Row> extends ClassOptions<Row>, FrameOptions {
  /** The column of the horizontal axis: numbers, or `undefined` where there is no value. */
  x: Column<Row>;
  /** The column of the vertical axis: numbers, or `undefined` where there is no value. */
  y: Column<Row>;
  /** The column that says why a value is undefined; the reasons are counted under the figure. */
  reason?: Column<Row>;
  /** The two ends of the vertical axis; default: what fits. Equal ones make figures comparable. */
  yRange?: Range;
  /** What is measured, with its unit; default: the column's name. Plotly's `<sub>` and `<i>` may be used. */
  xTitle?: string;
  yTitle?: string;
}

/** The rows of one class that have both values, and those that do not. */
export interface SplitGroup<Row> extends ClassGroup<Row> {
  /** Also those outside the axes. */
  defined: Row[];
  undefined: Row[];
}

/** The rows of one class, and what tells the class from the others. */
export interface ClassGroup<Row> {
  name: string;
  colour: string;
  dash: string;
  symbol: string;
  rows: Row[];
}

/**
 * Splits rows into their classes.
 *
 * @param figure what is drawn, as in "A histogram", for the messages
 * @param columns every other column that is read
 * @throws UserError for a column that does not exist, a class that is not listed, or no rows
 */
export function groupByClass<Row extends object>(
  figure: string,
  rows: readonly Row[],
  { by, classes }: ClassOptions<Row>,
  columns: readonly (Column<Row> | undefined)[],
  background: Background,
): ClassGroup<Row>[] {
  if (rows.length === 0) throw new UserError(`${figure} is drawn from at least one row, but there are none.`);
  const existing = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  for (const column of [...columns, by]) {
    if (column !== undefined && !existing.includes(column)) throw unknownName("column", column, existing);
  }
  const nameOf = (row: Row) => (by === undefined ? "all" : String(row[by]));
  const names = by === undefined ? ["all"] : (classes ?? [...new Set(rows.map(nameOf))].sort());
  const groups = new Map<string, ClassGroup<Row>>();
  for (const [index, name] of names.entries()) {
    const style = { colour: classColour(index, background), dash: classDash(index), symbol: classSymbol(index) };
    groups.set(name, { name, ...style, rows: [] });
  }
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group === undefined) throw unknownName(`class in column "${by}"`, nameOf(row), names);
    group.rows.push(row);
  }
  return [...groups.values()];
}

/**
 * The number in a column, or undefined where the row has none (`undefined` or `null`).
 *
 * @param verb what is done with it, as in "A histogram counts", for the messages
 * @throws UserError for what is not a number, for NaN and infinities
 */
export function numberAt<Row extends object>(row: Row, column: Column<Row>, verb: string): number | undefined {
  const value: unknown = row[column];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") {
    throw new UserError(
      `${verb} numbers, but column "${column}" holds ${JSON.stringify(value)}; choose a column of numbers.`,
    );
  }
  if (!Number.isFinite(value)) {
    throw new UserError(
      `${verb} finite numbers, but column "${column}" holds ${value}; leave the value undefined where there is none.`,
    );
  }
  return value;
}

/** The rows that have a number in each of some columns, and those that do not. */
export function splitDefined<Row extends object>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  verb: string,
): { defined: Row[]; undefined: Row[] } {
  const defined: Row[] = [];
  const rest: Row[] = [];
  for (const row of rows) {
    const values = columns.map((column) => numberAt(row, column, verb));
    (values.includes(undefined) ? rest : defined).push(row);
  }
  return { defined, undefined: rest };
}

/** The numbers in a column of rows that all have one. */
export function numbersOf<Row extends object>(rows: readonly Row[], column: Column<Row>): number[] {
  return rows.map((row) => row[column] as number);
}

/**
 * What a caption says of rows without a value: how many by class and reason.
 *
 * @param reason the column that says why; default: no reasons
 */
export function undefinedSentence<Row extends object>(
  groups: readonly { name: string; undefined: readonly Row[] }[],
  reason?: Column<Row>,
): string {
  const reasonOf = (row: Row) => (reason === undefined ? "" : String(row[reason] ?? ""));
  const reasons = [...new Set(groups.flatMap((group) => group.undefined.map(reasonOf)))].sort();
  if (reasons.length === 0) return "No value is undefined.";
  const parts = reasons.map((why) => {
    const counts = groups.flatMap((group) => {
      const count = group.undefined.filter((row) => reasonOf(row) === why).length;
      if (count === 0) return [];
      return groups.length > 1 ? `${count} ${escapeText(group.name)}` : String(count);
    });
    return why ? `${counts.join(", ")} (${escapeText(why)})` : counts.join(", ");
  });
  return `Undefined, not drawn: ${parts.join("; ")}.`;
}
