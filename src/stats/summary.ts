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

/** The ends of some bins of equal width. */
export function binEdges([low, high]: readonly [number, number], bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, edge) => low + edge * ((high - low) / bins));
}

/**
 * Items in bins, by a number of theirs between the first and the last edge; a bin includes its lower end, the last one also
 * its upper end (as in NumPy).
 */
export function binned<Item>(items: readonly Item[], read: (item: Item) => number, edges: readonly number[]): Item[][] {
  const bins = edges.slice(1).map((): Item[] => []);
  const inner = edges.slice(1, -1);
  for (const item of items) bins[inner.filter((edge) => edge <= read(item)).length]!.push(item);
  return bins;
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
