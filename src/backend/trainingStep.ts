import type { Amsgrad } from "./amsgrad";
import { tf } from "./tensorflow";

/** Texts to learn from in one step. */
export interface LabelledTexts {
  /** Word ids of all texts, one text after another, each with its start and end, which get no attention. */
  ids: Int32Array;
  /** How many of them each text has, three or more. */
  lengths: Int32Array;
  /** 0 or 1. */
  labels: Int32Array;
}

/**
 * One update of a BiLSTM classifier with additive or dot attention and one logit, all of it in one kernel; native only.
 *
 * @param names of the optimiser's weights: word vectors, input and recurrent weights and their biases, decoder weights and
 *   bias, attention vector, and with additive attention its projection and bias
 * @param weightOfPositives how much a positive text counts
 * @returns binary cross-entropy, summed over the texts
 */
export function bilstmTrainingStep(
  optimizer: Amsgrad,
  names: readonly string[],
  texts: LabelledTexts,
  weightOfPositives: number,
): number {
  return tf.tidy(() => {
    const inputs = [texts.ids, texts.lengths, texts.labels].map((values) => tf.tensor1d(values, "int32"));
    const kernel = names.length === 10 ? "AttentionTrainingStepAdditive" : "AttentionTrainingStepDot";
    return optimizer.updateBy(kernel, inputs, names, weightOfPositives)[0]!;
  });
}
