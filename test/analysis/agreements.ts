import { gradient } from "../../src/analysis/importances/gradient";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";
import { type Agreement, agreementOf, attention, type Statistic } from "../../src/analysis/statistic";

/** Attention with gradient, attention with leave-one-out, and the two with one another. */
export function agreements(
  statistic: Statistic,
  text: { attention: readonly number[]; gradient: readonly number[]; leaveOneOut: readonly number[] },
): [Agreement, Agreement, Agreement] {
  const own = { of: attention, values: text.attention };
  const first = { of: gradient, values: text.gradient };
  const second = { of: leaveOneOut, values: text.leaveOneOut };
  return [
    agreementOf(statistic, own, first),
    agreementOf(statistic, own, second),
    agreementOf(statistic, first, second),
  ];
}
