import { valuesWithWords } from "./byLength";
import { type MatchOptions, matchByWords } from "./matching";
import { createRandom } from "./random";
import { type BootstrapOptions, bootstrapMeanInterval, mean, quantile } from "./summary";

/** Fewer pairs of texts than these say nothing about two corpora. */
export const fewestPairs = 30;

/** How far two groups of texts are apart in a column, as they are and on texts of the same number of words. */
export interface MatchedDifference {
  /** Texts with a value, in the first group and in the second. */
  texts: number;
  otherTexts: number;
  /** Their mean number of words. */
  words: number | undefined;
  otherWords: number | undefined;
  /** Mean of the first group less that of the second over all texts, and its 95 % bootstrap interval. */
  unmatched: number | undefined;
  unmatchedLow: number | undefined;
  unmatchedHigh: number | undefined;
  /** How many texts of each could be paired. */
  pairs: number;
  /** Mean number of words of the paired texts of the first group. */
  pairedWords: number | undefined;
  /** The mean difference of the pairs, and its 95 % bootstrap interval over pairs; undefined below `fewestPairs`. */
  matched: number | undefined;
  matchedLow: number | undefined;
  matchedHigh: number | undefined;
}

/**
 * The mean difference of a column between two groups of texts, with the number of words held fixed by pairing each text
 * with one of the other group that has as many.
 *
 * A text without a value is left out before the pairing. Below `fewestPairs` pairs there is no matched difference: the
 * groups hardly overlap in length, so what length does cannot be told from what the group does.
 *
 * @param column as in "tauGradient"
 */
export function matchedDifference<Name extends string>(
  rows: readonly ({ words: number } & { [name in Name]?: number | undefined })[],
  others: readonly ({ words: number } & { [name in Name]?: number | undefined })[],
  column: Name,
  { tolerance, seed = 0, resamples = 1000, level = 0.95 }: MatchOptions & BootstrapOptions = {},
): MatchedDifference {
  const [first, second] = [valuesWithWords(rows, column), valuesWithWords(others, column)];
  const pairs = matchByWords(first, second, { tolerance, seed });
  const values = [first, second].map((texts) => texts.map(({ value }) => value));
  const differences = pairs.map(([row, other]) => row.value - other.value);
  const enough = pairs.length >= fewestPairs;
  const options = { seed, resamples, level };
  const interval = enough ? bootstrapMeanInterval(differences, options) : undefined;
  const whole = bootstrapGapInterval(values[0]!, values[1]!, options);
  return {
    texts: first.length,
    otherTexts: second.length,
    words: meanOf(first.map(({ words }) => words)),
    otherWords: meanOf(second.map(({ words }) => words)),
    unmatched: first.length > 0 && second.length > 0 ? mean(values[0]!) - mean(values[1]!) : undefined,
    unmatchedLow: whole?.[0],
    unmatchedHigh: whole?.[1],
    pairs: pairs.length,
    pairedWords: meanOf(pairs.map(([{ words }]) => words)),
    matched: enough ? mean(differences) : undefined,
    matchedLow: interval?.[0],
    matchedHigh: interval?.[1],
  };
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length > 0 ? mean(values) : undefined;
}

/**
 * Percentile bootstrap interval of the difference of two means, each group drawn again by itself; undefined where a
 * group has fewer than two values, and for no resamples.
 */
export function bootstrapGapInterval(
  values: readonly number[],
  others: readonly number[],
  { seed = 0, resamples = 1000, level = 0.95 }: BootstrapOptions = {},
): [low: number, high: number] | undefined {
  if (values.length < 2 || others.length < 2 || resamples === 0) return undefined;
  const { integer } = createRandom(seed);
  const resampledMean = (group: readonly number[]) => {
    let sum = 0;
    for (let draw = 0; draw < group.length; draw += 1) sum += group[integer(group.length)]!;
    return sum / group.length;
  };
  const gaps = Float64Array.from({ length: resamples }, () => resampledMean(values) - resampledMean(others));
  return [quantile(gaps, (1 - level) / 2), quantile(gaps, (1 + level) / 2)];
}
