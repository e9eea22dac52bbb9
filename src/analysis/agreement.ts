import type { Importance } from "./importance";
import type { Agreement, Statistic } from "./statistic";

/** What has a number for each word: an importance, or attention. */
export interface OfWords extends Pick<Importance, "name" | "symbol" | "title" | "whenZero"> {
  /** Why there is no agreement where it is the same at every word. Default "constant importance". */
  whenConstant?: string;
}

const constantAttention = { whenZero: "constant attention", whenConstant: "constant attention" };
export const attention: OfWords = { name: "attention", symbol: "α", title: "attention", ...constantAttention };

/** One side of an agreement, with its number for each word of a text. */
type Side = { of: Pick<OfWords, "whenZero" | "whenConstant">; values: readonly number[] };

/** How the orders of a text's words agree, over its words only (paper, Algorithm 1), or why they have none. */
export function agreementOf(statistic: Pick<Statistic, "of">, first: Side, second: Side): Agreement {
  const reason = whyNone([first, second]);
  if (reason === undefined) return statistic.of(first.values, second.values);
  return { value: undefined, p: undefined, undefinedBecause: reason };
}

/** Why there is no order to compare. */
function whyNone(sides: readonly Side[]): string | undefined {
  const lengths = sides.map(({ values }) => values.length);
  if (Math.max(...lengths) < 2) return "fewer than two words";
  if (Math.min(...lengths) === 0) return "no importance";
  const zero = [...sides].reverse().find(({ values }) => values.every((value) => value === 0));
  if (zero) return zero.of.whenZero ?? "zero importance";
  if (!sides.every(({ values }) => values.every(Number.isFinite))) return "not finite";
  const constant = sides.find(({ values }) => values.every((value) => value === values[0]));
  return constant && (constant.of.whenConstant ?? "constant importance");
}
