import { UserError } from "../errors";
import { groupBy } from "./groupBy";
import { createRandom } from "./random";

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
 *
 * @example const pairs = matchByWords(mails.rows, reviews.rows, { tolerance: 1 })
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
