import { requireNumber } from "../errors";
import { type BootstrapOptions, overTexts, type TextValue } from "./interval";
import { mean, quantile } from "./summary";

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
