import { requireNumber } from "../errors";
import type { ValueOfLength } from "./byLength";
import { groupBy } from "./groupBy";
import { bootstrapMeanInterval, welchHalf } from "./interval";
import { createRandom } from "./random";
import { mean } from "./summary";

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
