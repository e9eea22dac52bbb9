import { UserError } from "../errors";
import { extent } from "./axes";
import { numberAt } from "./facets";
import { formatNumber } from "./figure";
import type { Sentence } from "./frame";

export type Bounds = ReturnType<typeof boundsOf>;

/**
 * A value's interval, and the number of texts behind it: what its row's columns "low", "high" and "n" say.
 *
 * @param figure as in "A curve", for the messages
 * @throws UserError for one end without the other, or a lower end above the upper one
 */
export function boundsOf(row: object, figure: string) {
  const [low, high, n] = ["low", "high", "n"].map((name) => numberAt(row, name, `${figure} draws`));
  if (low === undefined && high === undefined) return { bounds: undefined, n };
  if (low !== undefined && high !== undefined && low <= high) return { bounds: [low, high] as const, n };
  throw new UserError(
    `${figure} draws an interval from its lower to its upper end, but "low" is ${low} and "high" is ${high} in one row; give both ends in order, or neither.`,
  );
}

/** The intervals of values as plotly's error bars. */
export function errorBars(color: string, points: readonly Bounds[], values: readonly (number | null)[]) {
  const lengthTo = (side: 0 | 1) =>
    points.map(({ bounds }, index) => (bounds ? Math.abs(bounds[side] - (values[index] ?? bounds[side])) : 0));
  const visible = points.some(({ bounds }) => bounds !== undefined);
  return { type: "data", visible, array: lengthTo(1), arrayminus: lengthTo(0), color, thickness: 2, width: 3.5 };
}

/** As in " (0.250 to 0.360), n = 1,725", after a value. */
export function boundsText({ bounds, n }: Bounds): string {
  const range = bounds ? ` (${formatNumber(bounds[0], 3)} to ${formatNumber(bounds[1], 3)})` : "";
  return `${range}${n === undefined ? "" : `, n = ${formatNumber(n, 0)}`}`;
}

/** What a caption says of the intervals, drawn as a mark, and of the texts behind the values; the rows' column "interval" names them. */
export function boundsSentences(mark: string, points: readonly Bounds[], rows: readonly object[]): Sentence[] {
  const without = points.filter(({ bounds }) => bounds === undefined).length;
  const names = new Set(rows.flatMap((row) => ("interval" in row && row.interval ? String(row.interval) : [])));
  const name = names.size > 3 ? "interval" : [...names].join(" or ") || "interval";
  const isTold = points.length > 0 && rows.some((row) => "low" in row);
  const ends = extent(points.flatMap(({ n }) => n ?? []));
  const counts = [...new Set(ends)].map((count) => formatNumber(count, 0));
  return [
    { of: mark, said: isTold ? `${name}${without > 0 ? ` (${formatNumber(without, 0)} without)` : ""}` : "" },
    { of: "n per point", said: counts.join(" to ") },
  ];
}
