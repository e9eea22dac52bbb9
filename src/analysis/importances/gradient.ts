import type { Example } from "../../data/dataset";
import { type AttentionModel, hasQuestion } from "../../model/model";
import { type Prediction, predictedLabel } from "../../model/predict";
import { encodeExample } from "../../model/vocabulary";
import { wordGradients } from "../../model/wordGradient";

/** Which output the gradient is taken of. */
export interface GradientOptions {
  /**
   * "probability" (default): of the predicted class's probability, as the paper. Where it is exactly 0 or 1 in float32,
   * the gradient is zero for every word. "logit": of the logit, which does not saturate; in classification it ranks the
   * words the same otherwise.
   */
  output?: "probability" | "logit";
}

/**
 * Gradient importance of every word, g_t = |Σ_w 1[x_tw = 1] ∂ŷ/∂x_tw| with the attention held fixed (paper, Algorithm 1).
 *
 * @param predictions of the same examples, in the same order
 * @returns one non-negative number per word and example
 */
export async function gradientImportance(
  model: AttentionModel,
  examples: readonly Example[],
  predictions: readonly Prediction[],
  { output = "probability" }: GradientOptions = {},
): Promise<number[][]> {
  const texts = examples.map((example) => encodeExample(model.vocabulary, example));
  const gradients = await wordGradients(model, texts, { output, labels: predictions.map(predictedLabel) });
  return gradients.map((gradient, index) => {
    const probability = predictions[index]!.output[1]!;
    const slope = output === "logit" || hasQuestion(model) ? 1 : probability * (1 - probability);
    return gradient.map((value) => Math.abs(value * slope));
  });
}
