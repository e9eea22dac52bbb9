import { shown, UserError, unknownName } from "../errors";
import { mostClasses } from "../stats/classGroups";
import { groupBy } from "../stats/summary";
import { columnNamed, symbolHtml } from "../study/columns";
import { scaleOf } from "./axes";
import { type Data, escapeText, rowsOf } from "./figure";
import type { FrameOptions, Sentence } from "./frame";
import { classStyle, colours } from "./theme";

/** The name of a column of the rows; a wrong one is answered in the cell with the nearest right one. */
export type ColumnName<Row> = keyof Row & string;

/** What every figure of rows takes. In a column of numbers `undefined`, `null` and NaN are missing values. */
export interface RowsOptions<Row> extends FrameOptions {
  /** The column that splits the rows into classes, each with its own colour; default: no split. */
  by?: ColumnName<Row>;
  /** The column that splits the rows into small multiples, one for each value in the order of the rows; default: no split. */
  facet?: ColumnName<Row>;
  /** What is measured, with its unit; default: the column's title. Plotly's `<sub>` and `<i>` may be used. */
  xTitle?: string;
  yTitle?: string;
}

/** The rows of one class, and what tells it from the others. */
export type ClassGroup<Row> = ReturnType<typeof groupOf<Row>>;

/** @param name as plotly shows it. @param place among the classes, from 0. @param hasAll whether a row has all numbers */
function groupOf<Row>(name: string, place: number, rows: Row[], hasAll: (row: Row) => boolean) {
  return { name, place, ...classStyle(place), rows, defined: rows.filter(hasAll) };
}

/** The rows of one facet. */
export type RowsFacet<Row extends object> = ReturnType<typeof facetsOf<Row>>[number];

/** What a kind of figure reads. */
interface Read<Row> {
  /** The columns of numbers, of x first; the last is the measure, whose definition long rows name in their column "measure". */
  numbers: readonly ColumnName<Row>[];
  others?: readonly (ColumnName<Row> | undefined)[];
  /** The column of which a class has each value at most once. */
  once?: ColumnName<Row>;
  /** Whether a class is a line of its own: all are told apart, by one colour in all facets. */
  tellsAll?: boolean;
}

/**
 * Splits rows into facets, and each into its classes: `groups`, `scales` of the columns of numbers, the rows that have all
 * numbers (`defined`), and what the caption says of values that are `missing`.
 *
 * Facets whose classes differ (corpora) colour a class by its place among those of its facet. More than
 * {@link mostClasses} classes in one facet are one group, as in the paper.
 *
 * @param figure what is drawn, as in "A histogram", for the messages
 * @throws UserError for a column that does not exist or holds no finite numbers, rows with the same value in the column
 * `once`, or no rows
 */
export function facetsOf<Row extends object>(
  figure: string,
  data: Data<Row>,
  options: RowsOptions<Row>,
  { numbers, others = [], once, tellsAll = false }: Read<Row>,
) {
  const { by, facet } = options;
  const rows = rowsOf(data);
  if (rows.length === 0) throw new UserError(`${figure} is drawn from at least one row, but there are none.`);
  requireColumns(rows, [...numbers, ...others, by, facet]);
  const parts = [...groupBy(rows, (row) => (facet ? String(row[facet]) : ""))].map(([value, rows]) => {
    const names = by === undefined ? [] : sorted(rows.map((row) => String(row[by])));
    const areTold = names.length <= mostClasses || tellsAll;
    return { name: valueName(facet, value), rows, names: areTold ? names : [], count: names.length };
  });
  const all = sorted(parts.flatMap(({ names }) => names));
  const areAlike = tellsAll || parts.some(({ names }) => names.length === all.length);
  const hasAll = (row: Row) => numbers.every((column) => numberAt(row, column, `${figure} draws`) !== undefined);
  return parts.map(({ name, rows, names, count }) => {
    const whole = groupOf(count > 0 ? "all classes" : "all", 0, rows, hasAll);
    // Beside the colours of classes, all of them together have none.
    if (count > 0 && all.length > 0) whole.colour = colours.muted;
    const told = names.map((key) => {
      const own = rows.filter((row) => String(row[by!]) === key);
      return groupOf(valueName(by, key), (areAlike ? all : names).indexOf(key), own, hasAll);
    });
    const groups = names.length === 0 ? [whole] : told;
    if (once) for (const group of groups) requireOnce(figure, group.rows, once);
    const defined = groups.flatMap((group) => group.defined);
    const missing: Sentence[] = [
      { of: `More than ${mostClasses} classes, not told apart`, said: names.length < count ? String(count) : "" },
      missingSentence(
        groups,
        numbers.flatMap((column) => columnNamed(column)?.reason ?? []),
      ),
    ];
    return {
      ...{ name, rows, groups, defined, missing },
      scales: numbers.map((column, index) => {
        const scale = scaleOf(column, index === numbers.length - 1 ? rows : [], numbersOf(defined, column));
        return { ...scale, title: [options.xTitle, options.yTitle][index] ?? scale.title };
      }),
    };
  });
}

function requireColumns(rows: readonly object[], columns: readonly (string | undefined)[]): void {
  const existing = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  for (const column of columns) {
    if (column !== undefined && !existing.includes(column)) throw unknownName("column", column, existing);
  }
}

function requireOnce<Row extends object>(figure: string, rows: readonly Row[], column: ColumnName<Row>): void {
  const values = rows.map((row) => row[column]);
  const twice = values.find((value, index) => value !== undefined && values.indexOf(value) < index);
  if (twice === undefined) return;
  throw new UserError(
    `${figure} has one row for each "${column}" of a class, but ${shown(twice)} comes twice; average its rows, or split them with "by" or "facet".`,
  );
}

const alphabet = new Intl.Collator("en", { numeric: true });

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(alphabet.compare);
}

/** A value as plotly shows it: in the column "measure" the title of the column that it names. */
export function valueName(column: string | undefined, value: string): string {
  const measure = column === "measure" ? columnNamed(value) : undefined;
  return measure ? symbolHtml(escapeText(measure.title)) : escapeText(value);
}

/**
 * The number in a column, or undefined where the row has none (undefined, null or, as in a data frame, NaN).
 *
 * @throws UserError for what is not a number, and for infinities. @param verb as in "A histogram draws", for the message
 */
export function numberAt(row: object, column: string, verb: string): number | undefined {
  const value = (row as { readonly [column: string]: unknown })[column];
  if (value === undefined || value === null || Number.isNaN(value)) return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UserError(
    `${verb} finite numbers, but column "${column}" holds ${shown(value)}; choose a column of numbers, undefined where there is none.`,
  );
}

/** The numbers in a column of rows that all have one. */
export function numbersOf<Row extends object>(rows: readonly Row[], column: ColumnName<Row>): number[] {
  return rows.map((row) => row[column] as number);
}

/** What a class's entry in a legend says of its rows. */
export function countSaid({ length }: readonly unknown[]): string {
  return length === 0 ? "no value" : `n = ${length.toLocaleString("en-US")}`;
}

/** How many rows of each class have no value, by reason; of the columns that say why the first with a word. */
function missingSentence<Row>(groups: readonly ClassGroup<Row>[], reasons: readonly string[]): Sentence {
  const missing = groups.flatMap(({ name, rows, defined }) => {
    const known = new Set(defined);
    const unknown = rows.filter((row) => !known.has(row)) as { [column: string]: unknown }[];
    return unknown.map((row) => ({ name, why: String(reasons.map((column) => row[column]).find(Boolean) ?? "") }));
  });
  const parts = [...groupBy(missing, ({ why }) => why)].sort(([one], [other]) => (one < other ? -1 : 1));
  const said = parts.map(([why, rows]) => {
    const counts = [...groupBy(rows, ({ name }) => name)].map(([name, { length }]) =>
      groups.length > 1 ? `${length} ${name}` : String(length),
    );
    return why ? `${counts.join(", ")} (${escapeText(why)})` : counts.join(", ");
  });
  return { of: "Undefined, not drawn", said: said.join("; "), none: "No value is undefined." };
}
