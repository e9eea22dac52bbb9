import { agreementOf, sideOf } from "../../src/analysis/agreement";
import { gradient } from "../../src/analysis/importances/gradient";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";
import type { Agreement, Statistic } from "../../src/analysis/statistic";

/** Attention with gradient, attention with leave-one-out, and the two with one another. */
export function agreements(
  statistic: Statistic,
  text: { attention: readonly number[]; gradient: readonly number[]; leaveOneOut: readonly number[] },
): [Agreement, Agreement, Agreement] {
  const attention = sideOf("attention", text.attention);
  const [first, second] = [sideOf(gradient, text.gradient), sideOf(leaveOneOut, text.leaveOneOut)];
  return [
    agreementOf(statistic, attention, first),
    agreementOf(statistic, attention, second),
    agreementOf(statistic, first, second),
  ];
}
