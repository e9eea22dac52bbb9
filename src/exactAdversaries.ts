import { attentionOf, exactAdversary } from "./analysis/exactAdversary";
import { decode } from "./model/decoder";
import type { AttentionModel } from "./model/model";
import { predict, predictedLabel } from "./model/predict";
import { textDecoders } from "./model/textDecoders";

/** The attention of one text beside the one furthest from it that keeps the output. */
export interface AttackedText {
  predicted: string;
  /** Of the predicted class, under the model's own attention. */
  probability: number;
  /** Of the same class, under the adversarial attention. */
  adversarialProbability: number;
  /** The model's own, one weight per word. */
  attention: number[];
  /** The furthest, one weight per word: one or two words hold all of it. */
  adversarial: number[];
  /** Between the two, in nats. */
  jsd: number;
}

/**
 * The attention that is furthest from the model's own on one text of your own, among all that keep the output within ε.
 *
 * @param tokens as `tokenizeFor(corpus, sentence)` returns them
 * @throws UserError for a model of texts with a question, and for an ε out of range
 */
export async function attackText(
  model: AttentionModel,
  tokens: readonly string[],
  epsilon: number,
): Promise<AttackedText> {
  const examples = [{ id: "your text", tokens: [...tokens], label: 0 }];
  const [prediction] = await predict(model, examples);
  const { attention, output } = prediction!;
  const label = predictedLabel(prediction!);
  const { value } = await textDecoders(model, examples).next();
  const { decoder } = value!;
  const [furthest] = exactAdversary(decoder, attention, [epsilon]);
  const adversarial = attentionOf(furthest!, attention);
  return {
    predicted: model.classNames[label]!,
    probability: output[label]!,
    adversarialProbability: decode(decoder, adversarial)[label]!,
    attention: [...attention],
    adversarial,
    jsd: furthest!.jsd,
  };
}

/** What an attack did to the output, in a sentence. */
export function describeAttack({
  predicted,
  probability,
  adversarialProbability,
  jsd,
}: Omit<AttackedText, "attention" | "adversarial">): string {
  return (
    `The model says **${predicted}** with probability ${probability.toFixed(3)}, and ${adversarialProbability.toFixed(3)} ` +
    `with the adversarial attention, at a JSD of ${jsd.toFixed(3)}.`
  );
}
