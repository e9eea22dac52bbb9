import { exactPValues, largestExactSize, twoSidedNormalPValue } from "./kendall";

// What of "significant" is the length of a text alone, for rankings without ties.

/** From this p-value down a correlation is called significant, as in the paper. */
export const significanceLevel = 0.05;

/**
 * The smallest |tau| of a text of so many words that is significant (p <= .05).
 *
 * Exact up to 33 words, by the normal approximation from there on, as the p-values of `kendallTau` are.
 *
 * @returns undefined below 5 words, where not even the same order is significant
 */
export function smallestSignificantTau(words: number): number | undefined {
  const pairs = (words * (words - 1)) / 2;
  const mostDiscordant = mostDiscordantPairs(words);
  return mostDiscordant === undefined ? undefined : 1 - (2 * mostDiscordant) / pairs;
}

/**
 * The probability that two unrelated rankings of so many words have a significant tau: the exact permutation null.
 *
 * Tau takes few values for a short text, so that the share stays below .05 (0 below 5 words); from 34 words on it is
 * taken as .05, from which the exact one differs by less than .002.
 */
export function significantShareWithoutCorrelation(words: number): number {
  if (words > largestExactSize) return significanceLevel;
  const mostDiscordant = mostDiscordantPairs(words);
  return mostDiscordant === undefined ? 0 : exactPValues(words)[mostDiscordant]!;
}

/**
 * The probability that a text of so many words has a significant tau if the two rankings have the correlation `tau` in
 * the population that the words are drawn from.
 *
 * A normal approximation with continuity correction. Mean and variance are those of the sample tau of bivariate normal
 * values (Esscher 1924, Skandinavisk Aktuarietidskrift 7): with r = sin(pi tau / 2), the variance is 2 / (n (n - 1)) times
 * [1 - tau^2 + 2 (n - 2) (1/9 - (2/pi arcsin(r/2))^2)]. For tau = 0 it is the exact variance without correlation.
 * Against 20,000 simulated texts the share is off by at most .03 at 8 and .02 at 20 words.
 *
 * @param tau above -1 and below 1
 */
export function significantShareWithTau(words: number, tau: number): number {
  const smallest = smallestSignificantTau(words);
  if (smallest === undefined) return 0;
  const edge = smallest - 2 / (words * (words - 1));
  const deviation = Math.sqrt(varianceOfTau(words, tau));
  return upperTail((edge - tau) / deviation) + upperTail((edge + tau) / deviation);
}

/** The variance of the tau of a text of so many words, at least 2, if the correlation is `tau`; see above. */
export function varianceOfTau(words: number, tau: number): number {
  const concordance = (2 / Math.PI) * Math.asin(Math.sin((Math.PI * tau) / 2) / 2);
  return (1 - tau ** 2 + 2 * (words - 2) * (1 / 9 - concordance ** 2)) / ((words * (words - 1)) / 2);
}

/** The probability that the tau of a text of so many words is within a bound of 0, if the correlation is `tau`. */
export function shareWithinTau(words: number, tau: number, bound: number): number {
  if (words < 2) return 0;
  const deviation = Math.sqrt(varianceOfTau(words, tau));
  return upperTail((-bound - tau) / deviation) - upperTail((bound - tau) / deviation);
}

/** How many pairs may be ordered differently in a significant order; undefined where none is significant. */
function mostDiscordantPairs(words: number): number | undefined {
  if (words > largestExactSize) {
    const pairs = (words * (words - 1)) / 2;
    const deviation = Math.sqrt((words * (words - 1) * (2 * words + 5)) / 18);
    return Math.floor((pairs - normalQuantile * deviation) / 2);
  }
  const significant = exactPValues(words).filter((pValue) => pValue <= significanceLevel).length;
  return significant === 0 ? undefined : significant - 1;
}

/** The z whose two-sided p-value is .05. */
const normalQuantile = 1.959963984540054;

function upperTail(z: number): number {
  const half = twoSidedNormalPValue(z) / 2;
  return z < 0 ? 1 - half : half;
}
