import { groupBy } from "../stats/groupBy";
import { createRandom } from "../stats/random";
import { type PreparedTexts, splits } from "./corpus";
import type { Example, Split } from "./dataset";
import { buildVocabulary } from "./words/text";

/** Lengths that are kept, in tokens; a bound itself is not. Without one the shortest, or the longest, texts are left out. */
export type LengthBounds = { above?: number; below?: number };

/** Leaves out texts that are too short or too long, as the paper's code does: both bounds are exclusive. */
export function filterByLength(examples: readonly Example[], bounds: LengthBounds): Example[] {
  const lengths = examples.map(({ tokens }) => tokens.length);
  const above = bounds.above ?? lengths.reduce((least, length) => Math.min(least, length), Infinity);
  const below = bounds.below ?? lengths.reduce((most, length) => Math.max(most, length), 0);
  return examples.filter(({ tokens }) => tokens.length > above && tokens.length < below);
}

/** A share of the items, rounded up, drawn at random but always the same ones for a seed; both parts keep their order. */
export function drawShare<T>(items: readonly T[], share: number, seed: string): { drawn: T[]; rest: T[] } {
  const order = createRandom(seed).shuffle(items.map((_, index) => index));
  const chosen = new Set(order.slice(0, Math.ceil(items.length * share)));
  return {
    drawn: items.filter((_, index) => chosen.has(index)),
    rest: items.filter((_, index) => !chosen.has(index)),
  };
}

/** Draws test of all and dev of what remains, class by class, always the same for a seed, as in "mails test 0". */
export function drawByClass<T extends { label: number | string }>(
  items: readonly T[],
  shares: { test: number; dev: number },
  seed: (part: "test" | "dev", label: number | string) => string,
): Record<Split, T[]> {
  const chosen = new Map<T, Split>();
  for (const [label, group] of groupBy(items, (item) => item.label)) {
    const { drawn, rest } = drawShare(group, shares.test, seed("test", label));
    for (const item of drawn) chosen.set(item, "test");
    for (const item of drawShare(rest, shares.dev, seed("dev", label)).drawn) chosen.set(item, "dev");
  }
  return mapSplits((split) => items.filter((item) => (chosen.get(item) ?? "train") === split));
}

/** The texts within these lengths, as the paper's code keeps them, with the words that many training texts have before. */
export function withinLengths(
  all: Record<Split, Example[]>,
  bounds: LengthBounds,
  minDocuments: number,
  notes: (kept: string) => string[],
): PreparedTexts {
  const kept = mapSplits((split) => filterByLength(all[split], bounds));
  return { ...kept, vocabulary: buildVocabulary(all.train, minDocuments), notes: notes(keptOf(kept, all)) };
}

/** "10 of 12 in train, all 3 in dev, 4 of 5 in test", for notes. */
export function keptOf(kept: Pick<PreparedTexts, Split>, all: Pick<PreparedTexts, Split>): string {
  const countOf = (some: number, whole: number) => (some === whole ? `all ${whole}` : `${some} of ${whole}`);
  return splits.map((split) => `${countOf(kept[split].length, all[split].length)} in ${split}`).join(", ");
}

export function mapSplits<T>(make: (split: Split) => T): Record<Split, T> {
  return { train: make("train"), dev: make("dev"), test: make("test") };
}
