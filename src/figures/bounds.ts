import { UserError } from "../errors";
import { extent, type Range } from "./axes";
import type { Sentence } from "./caption";
import { type ColumnName, numberAt } from "./facets";
import { formatNumber } from "./figure";

/** An interval around each value, and how many texts stand behind it. */
export interface BoundsOptions<Row> {
  /** The columns of an interval's ends, both or neither; `undefined` in both where a value has no interval. Default "low" and "high", where the rows have them. */
  low?: ColumnName<Row>;
  high?: ColumnName<Row>;
  /** What the interval is, for the caption, as in "95 % bootstrap interval of the mean". Default: what the column "interval" says, or "interval". */
  intervalName?: string;
  /** The column with the number of texts behind a value. Default "n", where the rows have it. */
  n?: ColumnName<Row>;
}

/** A value's interval and number of texts. */
export interface Bounds {
  bounds: Range | undefined;
  n: number | undefined;
}

/** The options with their defaults. */
export function withBounds<Row extends object, Options extends BoundsOptions<Row>>(
  rows: readonly Row[],
  options: Options,
): Options {
  const has = (name: string) => rows.some((row) => name in row);
  const names = [...new Set(rows.flatMap((row) => ("interval" in row && row.interval ? String(row.interval) : [])))];
  const ends = options.low === undefined && options.high === undefined && has("low") && has("high");
  return {
    ...options,
    ...(ends ? { low: "low", high: "high" } : {}),
    n: options.n ?? (has("n") ? "n" : undefined),
    intervalName: options.intervalName ?? (names.length > 3 ? "interval" : names.join(" or ") || "interval"),
  };
}

/**
 * The interval of a row, undefined where it has none, and its number of texts.
 *
 * @param figure as in "A curve", for the messages
 * @throws UserError for one end without the other, or a lower end above the upper one
 */
export function boundsOf<Row>(row: object, { low, high, n }: BoundsOptions<Row>, figure: string): Bounds {
  if ((low === undefined) !== (high === undefined)) {
    throw new UserError(
      `${figure} draws intervals from two columns, but only ${JSON.stringify(low ?? high)} came; give both "low" and "high".`,
    );
  }
  const [from, to, count] = [low, high, n].map((name) =>
    name === undefined ? name : numberAt(row, name, `${figure} draws`),
  );
  if (from === undefined && to === undefined) return { bounds: undefined, n: count };
  if (from === undefined || to === undefined || from > to) {
    throw new UserError(
      `${figure} draws an interval from its lower to its upper end, but "${low}" is ${from} and "${high}" is ${to} in one row; give both ends in order, or neither.`,
    );
  }
  return { bounds: [from, to], n: count };
}

/** As in " (0.250 to 0.360), n = 1,725", after a value. */
export function boundsText({ bounds, n }: Bounds): string {
  const range = bounds ? ` (${formatNumber(bounds[0], 3)} to ${formatNumber(bounds[1], 3)})` : "";
  return `${range}${n === undefined ? "" : `, n = ${formatNumber(n, 0)}`}`;
}

/** What a caption says of the intervals, drawn as a mark, and of the texts behind the values. */
export function boundsSentences<Row>(
  mark: string,
  points: readonly Bounds[],
  { low, intervalName }: BoundsOptions<Row>,
): Sentence[] {
  const without = points.filter(({ bounds }) => bounds === undefined).length;
  const interval = `${intervalName}${without > 0 ? ` (${formatNumber(without, 0)} without)` : ""}`;
  const ends = extent(points.flatMap(({ n }) => n ?? []));
  const counts = [...new Set(ends)].map((count) => formatNumber(count, 0));
  return [
    { of: mark, said: low === undefined || points.length === 0 ? "" : interval },
    { of: "n per point", said: counts.join(" to ") },
  ];
}
