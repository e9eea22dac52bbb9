import { quantile, standardDeviation } from "../stats/summary";

/**
 * Gaussian kernel density of some values, cut off at the smallest and the largest: a violin's outline does not go where
 * no value is.
 *
 * The bandwidth is Silverman's: 0.9 min(standard deviation, interquartile range / 1.34) n^(-1/5) (Density Estimation,
 * 1986, equation 3.31). Values that are all equal are a single step of height 1.
 *
 * @param extraPlaces places that the outline also passes, for example quartiles, beside the `steps` at even distances
 * @returns the heights from 0 to 1, relative to the highest, at their places from the smallest to the largest value
 */
export function density(values: readonly number[], extraPlaces: readonly number[] = [], steps = 80) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  if (low === high) return { at: [low], height: [1] };
  const grid = Array.from({ length: steps }, (_, step) => low + ((high - low) * step) / steps);
  const at = [...new Set([...grid, high, ...extraPlaces])].sort((a, b) => a - b);
  const width = bandwidth(sorted);
  const sums = at.map((place) =>
    sorted.reduce((sum, value) => sum + Math.exp(-0.5 * ((place - value) / width) ** 2), 0),
  );
  const highest = Math.max(...sums);
  return { at, height: sums.map((sum) => sum / highest) };
}

/** Divided by n - 1, as in the source of the rule. */
function bandwidth(values: readonly number[]): number {
  const deviation = standardDeviation(values) * Math.sqrt(values.length / (values.length - 1));
  const spread = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34;
  return 0.9 * (spread > 0 ? Math.min(deviation, spread) : deviation) * values.length ** -0.2;
}
