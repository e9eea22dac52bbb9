import { agreementOf, sideOf } from "../../src/analysis/agreement";
import { gradient } from "../../src/analysis/importances/gradient";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";

/** Attention with gradient, attention with leave-one-out, and the two with one another. */
export function agreements(text: {
  attention: readonly number[];
  gradient: readonly number[];
  leaveOneOut: readonly number[];
}) {
  const attention = sideOf("attention", text.attention);
  const [first, second] = [sideOf(gradient, text.gradient), sideOf(leaveOneOut, text.leaveOneOut)];
  return [agreementOf(attention, first), agreementOf(attention, second), agreementOf(first, second)] as const;
}
