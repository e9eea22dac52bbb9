import { createRandom } from "../stats/random";
import { type PreparedTexts, splits } from "./corpus";
import type { Example, Split } from "./dataset";

/** Lengths that are kept, in tokens; a bound itself is not. */
export interface LengthBounds {
  /** Default: the shortest length there is, so that the shortest texts are left out. */
  above?: number;
  /** Default: the longest length there is, so that the longest texts are left out. */
  below?: number;
}

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

/** "10 of 12 in train, 3 of 3 in dev, 4 of 5 in test", for notes. */
export function keptOf(kept: Pick<PreparedTexts, Split>, all: Pick<PreparedTexts, Split>): string {
  return splits.map((split) => `${kept[split].length} of ${all[split].length} in ${split}`).join(", ");
}

export function mapSplits<T>(make: (split: Split) => T): Record<Split, T> {
  return { train: make("train"), dev: make("dev"), test: make("test") };
}
