import { UserError } from "../errors";
import { extent, type Range } from "./axes";
import { formatNumber } from "./figure";
import { type Column, numberAt } from "./groups";

/** An interval around each value, and how many instances stand behind it. */
export interface BoundsOptions<Row> {
  /** The columns of an interval's ends, both or neither; `undefined` in both where a value has no interval. */
  low?: Column<Row>;
  high?: Column<Row>;
  /** What the interval is, for the caption; default "interval". For example "95 % bootstrap interval of the mean". */
  intervalName?: string;
  /** The column with the number of instances behind a value. */
  n?: Column<Row>;
}

/**
 * The interval of a row; undefined where it has none.
 *
 * @param figure as in "A curve", for the messages
 * @throws UserError for one end without the other, or a lower end above the upper one
 */
export function boundsOf<Row extends object>(
  row: Row,
  { low, high }: BoundsOptions<Row>,
  figure: string,
): Range | undefined {
  if (low === undefined && high === undefined) return undefined;
  if (low === undefined || high === undefined) {
    throw new UserError(
      `${figure} draws intervals from two columns, but only ${JSON.stringify(low ?? high)} came; give both "low" and "high".`,
    );
  }
  const [from, to] = [numberAt(row, low, `${figure} draws`), numberAt(row, high, `${figure} draws`)];
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined || from > to) {
    throw new UserError(
      `${figure} draws an interval from its lower to its upper end, but "${low}" is ${from} and "${high}" is ${to} in one row; give both ends in order, or neither.`,
    );
  }
  return [from, to];
}

/** What a caption says of the intervals. */
export function intervalSentence<Row>(
  mark: string,
  bounds: readonly (Range | undefined)[],
  { low, intervalName = "interval" }: BoundsOptions<Row>,
): string {
  if (low === undefined || bounds.length === 0) return "";
  const without = bounds.filter((each) => each === undefined).length;
  return `${mark}: ${intervalName}${without > 0 ? ` (${formatNumber(without, 0)} without)` : ""}.`;
}

/** What a caption says of the instances behind the values. */
export function countsSentence(counts: readonly number[]): string {
  const ends = extent(counts);
  if (ends === undefined) return "";
  const [fewest, most] = ends.map((count) => formatNumber(count, 0));
  return fewest === most ? `n per point: ${fewest}.` : `n per point: ${fewest} to ${most}.`;
}
