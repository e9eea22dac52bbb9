import type { kendallTau } from "../stats/kendall";
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
