import type { AttentionModel } from "../model/model";
import { predict, predictedLabel } from "../model/predict";
import { gradientImportance } from "./gradient";
import { leaveOneOut } from "./leaveOneOut";

/** One word of a text. */
export type WordRow = {
  word: string;
  attention: number;
  /** Gradient importance, |∂ŷ/∂x_t|. */
  gradient: number;
  /** Change of the output without the word, as total variation; undefined for a text of one word. */
  leaveOneOut: number | undefined;
};

/**
 * Attention and both importances of every word of one text of your own, with the predicted class and its probability.
 *
 * @param tokens as `tokenizeFor(corpus, sentence)` returns them
 */
export async function explainText(
  model: AttentionModel,
  tokens: readonly string[],
): Promise<{ predicted: string; probability: number; words: WordRow[] }> {
  const examples = [{ id: "your text", tokens: [...tokens], label: 0 }];
  const predictions = await predict(model, examples);
  const [gradient] = await gradientImportance(model, examples, predictions);
  const [removal] = await leaveOneOut(model, examples, predictions);
  const { attention, probability } = predictions[0]!;
  const label = predictedLabel(probability);
  return {
    predicted: model.classNames[label]!,
    probability: label === 1 ? probability : 1 - probability,
    words: tokens.map((word, index) => ({
      word,
      attention: attention[index]!,
      gradient: gradient![index]!,
      leaveOneOut: removal![index],
    })),
  };
}
