import { UserError } from "../errors";
import { type BootstrapOptions, bootstrapMeanInterval, type TextValue } from "./interval";
import { mean, quantile } from "./summary";

/** A value of a text with its number of words. */
export interface ValueOfLength extends TextValue {
  words: number;
}

/** Texts of about the same length. */
export type LengthBin = {
  /** Mean number of words of the texts. */
  words: number;
  shortest: number;
  longest: number;
  /** Texts. */
  n: number;
  mean: number;
  /** The 95 % bootstrap interval of the mean over texts; undefined for a single one. */
  low: number | undefined;
  high: number | undefined;
  /** What low and high are. */
  interval: string;
};

/**
 * The mean of a value over the length of texts, in bins between quantiles of the number of words.
 *
 * Texts of one length are never parted, so there are fewer bins where few lengths occur.
 *
 * @throws UserError for fewer than one bin
 */
export function byLength(
  texts: readonly ValueOfLength[],
  { bins = 5, resamples }: { bins?: number } & BootstrapOptions = {},
): LengthBin[] {
  return binByWords(texts, bins).map((members) => {
    const values = members.map(({ value }) => value);
    const words = members.map((text) => text.words);
    const [low, high] = bootstrapMeanInterval(values, { resamples }) ?? [];
    const lengths = { words: mean(words), shortest: Math.min(...words), longest: Math.max(...words) };
    const interval = low === undefined ? "" : "95 % bootstrap interval over texts";
    return { ...lengths, n: members.length, mean: mean(values), low, high, interval };
  });
}

/** Empty bins are left out. */
function binByWords<Text extends { words: number }>(texts: readonly Text[], bins: number): Text[][] {
  if (!Number.isSafeInteger(bins) || bins < 1) {
    throw new UserError(`Texts are put into at least 1 bin of lengths, but ${bins} came.`);
  }
  const words = texts.map((text) => text.words);
  const ends = Array.from({ length: bins }, (_, bin) => quantile(words, (bin + 1) / bins));
  return ends
    .map((end, bin) => texts.filter((text) => text.words <= end && (bin === 0 || text.words > ends[bin - 1]!)))
    .filter((members) => members.length > 0);
}

/** What changes from a short text to a long one. */
export interface LengthGrowth {
  shortWords: number;
  longWords: number;
  /** Of the texts, in their order: their mean is the change, their spread what chance in the texts does to it. */
  values: TextValue[];
}

/**
 * By how much a value is larger at the 90th percentile of the texts' length than at the 10th, by its least-squares line
 * over the logarithm of the number of words; undefined where these lengths are the same.
 */
export function growthWithLength(texts: readonly ValueOfLength[]): LengthGrowth | undefined {
  const words = texts.map((text) => text.words);
  const [shortWords, longWords] = [quantile(words, 0.1), quantile(words, 0.9)];
  if (!(longWords > shortWords)) return undefined;
  const logarithms = words.map(Math.log);
  const [center, level] = [mean(logarithms), mean(texts.map(({ value }) => value))];
  const products = texts.map(({ value }, index) => (logarithms[index]! - center) * (value - level));
  const spread = mean(logarithms.map((logarithm) => (logarithm - center) ** 2));
  const slope = mean(products) / spread;
  const span = Math.log(longWords / shortWords);
  const values = texts.map((text, index) => {
    const deviation = logarithms[index]! - center;
    const residual = text.value - level - slope * deviation;
    return { ...text, value: span * (slope + (deviation * residual) / spread) };
  });
  return { shortWords, longWords, values };
}
