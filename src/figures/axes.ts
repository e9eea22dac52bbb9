import { UserError } from "../errors";
import { formatNumber } from "./figure";
import { type Background, coloursOn } from "./theme";

/** The two ends of an axis. */
export type Range = readonly [low: number, high: number];

/**
 * Refuses ends of an axis that are not two numbers that go up.
 *
 * @param option the option's name, for the message
 */
export function requireRange(option: string, range: Range): void {
  const [low, high] = range;
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new UserError(
    `The option "${option}" must be two numbers that go up, as in [0, 1], but [${range.join(", ")}] came.`,
  );
}

export function isInside(value: number, [low, high]: Range): boolean {
  return value >= low && value <= high;
}

/** The smallest and the largest value; undefined of no values. */
export function extent(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined;
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** A range that holds all values, with a little room at both ends; [0, 1] without values. */
export function rangeAround(values: readonly number[]): Range {
  const [low, high] = extent(values) ?? [0, 1];
  const room = 0.04 * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

/** A line at 0 across the plot, where the axis has both negative and positive values. */
export function zeroLine([low, high]: Range, background: Background): object[] {
  if (low >= 0 || high <= 0) return [];
  const line = { color: coloursOn(background).muted, width: 1 };
  return [{ type: "line", xref: "x", yref: "y domain", x0: 0, x1: 0, y0: 0, y1: 1, layer: "below", line }];
}

/**
 * What a caption says of values beyond an axis; empty where there are none.
 *
 * @param direction which axis, as in "vertically"
 */
export function outsideSentence(count: number, range: Range, direction = ""): string {
  if (count === 0) return "";
  const [low, high] = range.map((end) => formatNumber(end));
  return `Outside ${low} to ${high}${direction && ` ${direction}`}, not drawn: ${formatNumber(count, 0)}.`;
}
