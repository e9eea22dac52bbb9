import { UserError } from "../errors";

/** Arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]!;
  return sum / values.length;
}

/** Standard deviation of the values themselves (divided by n, not n - 1: the convention of the published tables); NaN of no values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const center = mean(values);
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index]! - center) ** 2;
  return Math.sqrt(sum / values.length);
}

/**
 * The value below which the given share of the values lies, by linear interpolation between neighbours (NumPy's
 * default); NaN of no values.
 *
 * @param share from 0 (the smallest value) to 1 (the largest); 0.5 is the median
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (!(share >= 0 && share <= 1))
    throw new UserError(`A quantile is asked for by a share from 0 to 1, but ${share} came.`);
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export interface BinOptions {
  /** How many bins of equal width; at least 1. */
  bins: number;
  /** The lower end of the first bin and the upper end of the last. */
  range: readonly [number, number];
}

/**
 * How many values fall into each bin; a bin includes its lower end, the last one also its upper end (as in NumPy).
 *
 * @throws UserError for a value outside the range or not a number, as leaving it out would go unseen
 */
export function binCounts(values: ArrayLike<number>, { bins, range }: BinOptions): number[] {
  const [low, high] = range;
  if (!Number.isSafeInteger(bins) || bins < 1 || !(low < high)) {
    throw new UserError(
      `A histogram has at least 1 bin and a range that goes up, but ${bins} bins from ${low} to ${high} came.`,
    );
  }
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    if (!(value >= low && value <= high)) {
      throw new UserError(
        `The value ${value} lies outside the histogram's range, ${low} to ${high}; widen the range or leave it out by name.`,
      );
    }
    counts[binOf(value, low, width, bins)]! += 1;
  }
  return counts;
}

/** The division can round across an edge: the edges decide. */
function binOf(value: number, low: number, width: number, bins: number): number {
  const bin = Math.min(bins - 1, Math.floor((value - low) / width));
  if (bin > 0 && value < low + bin * width) return bin - 1;
  if (bin < bins - 1 && value >= low + (bin + 1) * width) return bin + 1;
  return bin;
}
