import { kendallTau } from "../stats/kendall";
import type { Importance } from "./importance";
import type { Quantity } from "./quantity";

/**
 * How the orders of two lists of numbers over the same words are compared; its columns carry its name.
 *
 * @example
 * const sameTop: Statistic<"sameTop"> = {
 *   name: "sameTop",
 *   symbol: "top",
 *   title: "same first word",
 *   meaning: "1 where both put the same word first, else 0.",
 *   range: [0, 1],
 *   of(a, b) {
 *     const first = (values: readonly number[]) => values.indexOf(Math.max(...values));
 *     return { value: first(a) === first(b) ? 1 : 0, p: undefined, undefinedBecause: "" };
 *   },
 * };
 */
export interface Statistic<Name extends string = string> extends Omit<Quantity<Name>, "digits" | "unit"> {
  /** As in "tau": the beginning of its columns' names. */
  name: Name;
  /** Raised whenever the same lists would give another. Without one, nothing is kept between runs. */
  version?: number;
  /** @returns no value where it is undefined, and then why */
  of(a: readonly number[], b: readonly number[]): Agreement;
}

/** `p` is two-sided, and undefined where the statistic has none; `undefinedBecause` is "" where there is a value. */
export type Agreement = ReturnType<typeof kendallTau>;

/** Kendall's τ-b with SciPy's two-sided p-value: the paper's τ_g and τ_loo (Algorithm 1). */
export const kendall: Statistic<"tau"> = {
  name: "tau",
  symbol: "τ",
  title: "Kendall's τ-b",
  meaning: "Kendall's rank correlation (τ-b): 1 is the same order, 0 no relation, −1 the opposite order.",
  range: [-1, 1],
  version: 1,
  of: kendallTau,
};

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
