import type { Importance } from "./importance";
import type { Agreement, Statistic } from "./statistic";

/** A number for each word of a text, and what it means that all are equal, or all 0. */
export interface Side {
  values: readonly number[];
  whenConstant: string;
  whenZero: string;
}

/** Attention, or an importance, as one side of an agreement. */
export function sideOf(what: "attention" | Pick<Importance, "whenZero">, values: readonly number[]): Side {
  if (what === "attention") return { values, whenConstant: "constant attention", whenZero: "constant attention" };
  return { values, whenConstant: "constant importance", whenZero: what.whenZero ?? "zero importance" };
}

/** How the orders of a text's words agree, over its words only (paper, Algorithm 1), or why they have none. */
export function agreementOf(statistic: Pick<Statistic, "of">, first: Side, second: Side): Agreement {
  const reason = whyNone(first, second);
  if (reason === undefined) return statistic.of(first.values, second.values);
  return { value: undefined, p: undefined, undefinedBecause: reason };
}

/** Why there is no order to compare. */
function whyNone(first: Side, second: Side): string | undefined {
  const lengths = [first.values.length, second.values.length];
  if (Math.max(...lengths) < 2) return "fewer than two words";
  if (Math.min(...lengths) === 0) return "no importance";
  for (const { values, whenZero } of [second, first]) if (values.every((value) => value === 0)) return whenZero;
  if (![first, second].every(({ values }) => values.every(Number.isFinite))) return "not finite";
  return [first, second].find(({ values }) => values.every((value) => value === values[0]))?.whenConstant;
}
