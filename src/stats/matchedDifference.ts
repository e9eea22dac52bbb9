import { UserError } from "../errors";
import type { ValueOfLength } from "./byLength";
import { groupBy } from "./groupBy";
import { type BootstrapOptions, bootstrapMeanInterval, welchHalf } from "./interval";
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
  if (!Number.isSafeInteger(tolerance) || tolerance < 0) {
    throw new UserError(`Texts are matched within a whole number of words from 0, but ${tolerance} came.`);
  }
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

/** Fewer pairs of texts than these say nothing about two corpora. */
export const fewestPairs = 30;

/**
 * How far one group of texts is above another, with its 95 % interval: Welch's over texts, or the bootstrap over pairs.
 */
export interface GroupDifference {
  /** Whether all texts are compared, or pairs of texts of the same number of words. */
  texts: "all" | "matched";
  /** Texts of both groups, or pairs. */
  n: number;
  /** Mean number of words of these texts of the first group and of the second. */
  words: number | undefined;
  otherWords: number | undefined;
  difference: number | undefined;
  low: number | undefined;
  high: number | undefined;
  /** What low and high are. */
  interval: string;
}

/**
 * The mean difference of a value between two groups of texts: over all of them, and with the number of words held fixed
 * by pairing each text with one of the other group that has as many.
 *
 * Below `fewestPairs` pairs there is no matched difference: the groups hardly overlap in length, so what length does
 * cannot be told from what the group does.
 */
export function matchedDifference(
  first: readonly ValueOfLength[],
  second: readonly ValueOfLength[],
  options: MatchOptions & BootstrapOptions = {},
): [all: GroupDifference, matched: GroupDifference] {
  const pairs = matchByWords(first, second, options);
  const [texts, otherTexts] = [pairs.map(([text]) => text), pairs.map(([, other]) => other)];
  const differences = pairs.map(([text, other]) => text.value - other.value);
  const [values, others] = [valuesOf(first), valuesOf(second)];
  const gap = mean(values) - mean(others);
  const half = welchHalf(values, others, options.level);
  const paired = pairs.length >= fewestPairs ? bootstrapMeanInterval(differences, options) : undefined;
  const interval = "95 % interval over texts";
  return [
    {
      ...{ texts: "all", n: first.length + second.length, ...wordsOf(first, second) },
      ...{ difference: known(gap), low: known(gap - half), high: known(gap + half), interval },
    },
    {
      ...{ texts: "matched", n: pairs.length, ...wordsOf(texts, otherTexts) },
      difference: pairs.length >= fewestPairs ? mean(differences) : undefined,
      ...{ low: paired?.[0], high: paired?.[1], interval: paired ? interval : "" },
    },
  ];
}

function valuesOf(texts: readonly ValueOfLength[]): number[] {
  return texts.map(({ value }) => value);
}

function wordsOf(first: readonly { words: number }[], second: readonly { words: number }[]) {
  const [words, otherWords] = [first, second].map((texts) => known(mean(texts.map((text) => text.words))));
  return { words, otherWords };
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
