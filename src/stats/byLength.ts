import { requireNumber } from "../errors";
import { type BootstrapOptions, bootstrapMeanInterval, overTexts, type TextValue, welchHalf } from "./interval";
import { createRandom } from "./random";
import { groupBy, mean, quantile } from "./summary";

/** A value of a text with its number of words. */
export interface ValueOfLength extends TextValue {
  words: number;
}

/**
 * The mean of a value over the length of texts, in bins between quantiles of the number of words: the bins' mean, smallest
 * and largest number of words, and the mean with its bootstrap interval over texts.
 *
 * Texts of one length are never parted, so there are fewer bins where few lengths occur.
 *
 * @throws UserError for fewer than one bin
 */
export function byLength(
  texts: readonly ValueOfLength[],
  { bins = 5, resamples }: { bins?: number } & BootstrapOptions = {},
) {
  requireNumber("bins", bins, { from: 1, integer: true });
  const lengths = texts.map(({ words }) => words);
  const ends = Array.from({ length: bins }, (_, bin) => quantile(lengths, (bin + 1) / bins));
  return ends.flatMap((end, bin) => {
    const members = texts.filter(({ words }) => words <= end && (bin === 0 || words > ends[bin - 1]!));
    const [words, values] = [members.map((text) => text.words), members.map(({ value }) => value)];
    if (members.length === 0) return [];
    const { n, low, high, interval } = overTexts(values, { resamples });
    const range = { words: mean(words), shortest: Math.min(...words), longest: Math.max(...words) };
    return [{ ...range, n, mean: mean(values), low, high, interval }];
  });
}

/**
 * By how much a value is larger at the 90th percentile of the texts' length than at the 10th, by its least-squares line
 * over the logarithm of the number of words; undefined where these lengths are the same.
 *
 * @returns both lengths in words, and `values` of the texts, whose mean is the change and whose spread is what chance in
 *   the texts does to it
 */
export function growthWithLength(texts: readonly ValueOfLength[]) {
  const words = texts.map((text) => text.words);
  const [shortWords, longWords] = [quantile(words, 0.1), quantile(words, 0.9)];
  if (!(longWords > shortWords)) return undefined;
  const logarithms = words.map(Math.log);
  const [center, level] = [mean(logarithms), mean(texts.map(({ value }) => value))];
  const products = texts.map(({ value }, index) => (logarithms[index]! - center) * (value - level));
  const spread = mean(logarithms.map((logarithm) => (logarithm - center) ** 2));
  const slope = mean(products) / spread;
  const span = Math.log(longWords / shortWords);
  const values = texts.map((text, index): TextValue => {
    const deviation = logarithms[index]! - center;
    const residual = text.value - level - slope * deviation;
    return { ...text, value: span * (slope + (deviation * residual) / spread) };
  });
  return { shortWords, longWords, values };
}

export interface MatchOptions {
  /** By how many words the two texts of a pair may differ; default 0. */
  tolerance?: number;
  /** Decides which of the texts with as many words are taken; default 0. */
  seed?: number | string;
}

/**
 * Pairs texts of two groups that have the same number of words, each text at most once.
 *
 * Which of the texts with as many words are taken is random. With a tolerance, pairs of equal length come first, then
 * those one word apart, and so on; no two texts within the tolerance are left over.
 *
 * @returns the pairs, a text of `rows` first, in a random order
 * @throws UserError for a tolerance that is not a whole number from 0
 */
export function matchByWords<Row extends { words: number }, Other extends { words: number }>(
  rows: readonly Row[],
  others: readonly Other[],
  { tolerance = 0, seed = 0 }: MatchOptions = {},
): [Row, Other][] {
  requireNumber("tolerance", tolerance, { from: 0, integer: true });
  const random = createRandom(seed);
  let left = random.shuffle(rows);
  const available = groupBy(random.shuffle(others), ({ words }) => words);
  const pairs: [Row, Other][] = [];
  for (let distance = 0; distance <= tolerance; distance += 1) {
    left = left.filter((row) => {
      const other = available.get(row.words - distance)?.pop() ?? available.get(row.words + distance)?.pop();
      if (other !== undefined) pairs.push([row, other]);
      return other === undefined;
    });
  }
  return pairs;
}

/** Fewer pairs of texts than these say nothing about two corpora: they hardly overlap in length. */
export const fewestPairs = 30;

/**
 * The mean difference of a value between two groups of texts, with its 95 % interval: over all of them (Welch's), and with
 * the number of words held fixed by pairing each text with one of the other group that has as many (the bootstrap over
 * pairs); undefined below `fewestPairs` pairs, whose number `n` is.
 */
export function matchedDifference(
  first: readonly ValueOfLength[],
  second: readonly ValueOfLength[],
  options: MatchOptions = {},
) {
  const pairs = matchByWords(first, second, options);
  const differences = pairs.length < fewestPairs ? [] : pairs.map(([text, other]) => text.value - other.value);
  const [values, others] = [first, second].map((texts) => texts.map(({ value }) => value));
  const gap = mean(values!) - mean(others!);
  const half = welchHalf(values!, others!);
  const [low, high] = bootstrapMeanInterval(differences) ?? [];
  const interval = "95 % interval over texts";
  const matched = [pairs.map(([text]) => text), pairs.map(([, other]) => other)] as const;
  return [
    {
      ...{ texts: "all" as const, n: first.length + second.length, ...wordsOf(first, second) },
      ...{ difference: known(gap), low: known(gap - half), high: known(gap + half), interval },
    },
    {
      ...{ texts: "matched" as const, n: pairs.length, ...wordsOf(...matched), difference: known(mean(differences)) },
      ...{ low, high, interval: low === undefined ? "" : interval },
    },
  ] as const;
}

function wordsOf(first: readonly { words: number }[], second: readonly { words: number }[]) {
  const [words, otherWords] = [first, second].map((texts) => known(mean(texts.map((text) => text.words))));
  return { words, otherWords };
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
