import type { Example } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import type { Prediction } from "../model/predict";
import { encodeTokens } from "../model/vocabulary";
import { wordGradients } from "../model/wordGradient";

/** Which output the gradient is taken of. */
export interface GradientOptions {
  /**
   * "probability" (default): of the predicted probability, as the paper. Where the float32 sigmoid is exactly 0 or 1 it
   * is zero for every word. "logit": of the logit, which does not saturate and ranks the words the same otherwise.
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
  const gradients = await wordGradients(
    model,
    examples.map(({ tokens }) => encodeTokens(model.vocabulary, tokens)),
  );
  return gradients.map((gradient, index) => {
    const { probability } = predictions[index]!;
    const slope = output === "logit" ? 1 : probability * (1 - probability);
    return gradient.map((value) => Math.abs(value * slope));
  });
}
