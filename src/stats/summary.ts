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
  return Math.sqrt(mean(Array.from(values, (value) => (value - center) ** 2)));
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

/**
 * How many values fall into each of some bins of equal width; a bin includes its lower end, the last one also its upper
 * end (as in NumPy).
 *
 * @param values none outside the range
 */
export function binCounts(values: readonly number[], bins: number, [low, high]: readonly [number, number]): number[] {
  const width = (high - low) / bins;
  const edges = Array.from({ length: bins - 1 }, (_, bin) => low + (bin + 1) * width);
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[edges.filter((edge) => edge <= value).length]! += 1;
  return counts;
}

/** Items under their keys; keys, and the items of each, in the order in which they come. */
export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
