import type { Example } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import { type Prediction, predictedLabel } from "../model/predict";
import { kendallTau } from "../stats/kendall";

/** One text: how its attention agrees with the importance of its words. */
export type CorrelationRow = {
  id: string;
  words: number;
  /** Name of the predicted class; the paper groups by it. */
  predicted: string;
  /** Name of the true class. */
  label: string;
  /** Probability of the predicted class. */
  probability: number;
  maxAttention: number;
  /** Kendall's τ-b of attention and gradient importance, τ_g. */
  tauGradient: number | undefined;
  tauGradientPValue: number | undefined;
  /** Why τ_g is undefined, or "". */
  tauGradientUndefined: string;
  /** Kendall's τ-b of attention and leave-one-out importance, τ_loo. */
  tauLeaveOneOut: number | undefined;
  tauLeaveOneOutPValue: number | undefined;
  /** Why τ_loo is undefined, or "". */
  tauLeaveOneOutUndefined: string;
  /** Kendall's τ-b of gradient and leave-one-out importance: the yardstick for the other two. */
  tauGradientLeaveOneOut: number | undefined;
  tauGradientLeaveOneOutPValue: number | undefined;
  /** Why it is undefined, or "". */
  tauGradientLeaveOneOutUndefined: string;
};

/** Word importances of the same texts in the same order, as the analyses return them. */
export interface Importance {
  gradient: readonly (readonly number[])[];
  leaveOneOut: readonly (readonly number[])[];
}

/**
 * Kendall's τ-b between attention and importance for every text (paper, Algorithm 1), over its words only.
 *
 * @param predictions of the examples, in the same order
 */
export function correlate(
  model: Pick<AttentionModel, "classNames">,
  examples: readonly Example[],
  predictions: readonly Prediction[],
  importance: Importance,
): CorrelationRow[] {
  return examples.map((example, index) => {
    const prediction = predictions[index]!;
    const { attention, output } = prediction;
    const label = predictedLabel(prediction);
    const [byGradient, byRemoval] = [importance.gradient[index]!, importance.leaveOneOut[index]!];
    const gradient = agreement(attention, byGradient, "constant attention", "saturated output");
    const loo = agreement(attention, byRemoval, "constant attention", "output never changes");
    const both = agreement(byGradient, byRemoval, "saturated output", "output never changes");
    return {
      id: example.id,
      words: example.tokens.length,
      predicted: model.classNames[label]!,
      label: model.classNames[example.label]!,
      probability: output[label]!,
      maxAttention: Math.max(...attention),
      tauGradient: gradient.tau,
      tauGradientPValue: gradient.pValue,
      tauGradientUndefined: gradient.reason,
      tauLeaveOneOut: loo.tau,
      tauLeaveOneOutPValue: loo.pValue,
      tauLeaveOneOutUndefined: loo.reason,
      tauGradientLeaveOneOut: both.tau,
      tauGradientLeaveOneOutPValue: both.pValue,
      tauGradientLeaveOneOutUndefined: both.reason,
    };
  });
}

/**
 * Kendall's τ-b of two vectors, or why there is none.
 *
 * @param whenConstant what it means that the first is constant
 * @param whenZero what it means that the second is zero everywhere
 */
function agreement(
  first: readonly number[],
  second: readonly number[],
  whenConstant: string,
  whenZero: string,
): { tau: number | undefined; pValue: number | undefined; reason: string } {
  const none = (reason: string) => ({ tau: undefined, pValue: undefined, reason });
  if (first.length < 2) return none("fewer than two words");
  const result = kendallTau(first, second);
  if (result.kind === "defined") return { tau: result.tau, pValue: result.pValue, reason: "" };
  if (second.every((value) => value === 0)) return none(whenZero);
  if (result.reason === "first vector is constant") return none(whenConstant);
  return none(result.reason === "second vector is constant" ? "constant importance" : result.reason);
}
