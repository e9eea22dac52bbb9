import { exactAdversary } from "./analysis/exactAdversary";
import type { Example } from "./data/dataset";
import { decode } from "./model/decoder";
import type { AttentionModel } from "./model/model";
import { predict, predictedLabel } from "./model/predict";
import { textDecoders } from "./model/textDecoders";
import { bootstrapMeanInterval, mean } from "./stats/summary";

/** The exact ε-max JSD of one predicted class at one ε. */
export type ExactPoint = {
  class: string;
  /** Total variation of the output that counts as unchanged. */
  epsilon: number;
  /** Texts. */
  n: number;
  /** The mean over the texts, in nats. */
  jsd: number;
  /** Its 95 % bootstrap interval over texts; undefined for fewer than two. */
  jsdLow: number | undefined;
  jsdHigh: number | undefined;
};

/** From a tenth of the paper's ε to ten times it. */
export const curveEpsilons: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];

/**
 * The mean exact ε-max JSD of each predicted class as a curve over ε, rising in ε; a class without texts has none.
 *
 * @throws UserError for a model of texts with a question, which has no exact adversary
 */
export async function exactCurve(
  model: AttentionModel,
  examples: readonly Example[],
  epsilons: readonly number[] = curveEpsilons,
): Promise<ExactPoint[]> {
  const predictions = await predict(model, examples);
  /** [class][ε][text] */
  const found = model.classNames.map(() => epsilons.map((): number[] => []));
  for await (const { index, decoder } of textDecoders(model, examples)) {
    const prediction = predictions[index]!;
    const ofClass = found[predictedLabel(prediction)]!;
    for (const [place, { jsd }] of exactAdversary(decoder, prediction.attention, epsilons).entries()) {
      ofClass[place]!.push(jsd);
    }
  }
  return model.classNames.flatMap((name, label) =>
    epsilons.flatMap((epsilon, place) => {
      const values = found[label]![place]!;
      if (values.length === 0) return [];
      const interval = bootstrapMeanInterval(values);
      const bounds = { jsdLow: interval?.[0], jsdHigh: interval?.[1] };
      return [{ class: name, epsilon, n: values.length, jsd: mean(values), ...bounds }];
    }),
  );
}

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
  const { jsd, support } = exactAdversary(decoder, attention, [epsilon])[0]!;
  const adversarial = support.length === 0 ? [...attention] : attention.map(() => 0);
  for (const { word, weight } of support) adversarial[word] = weight;
  return {
    predicted: model.classNames[label]!,
    probability: output[label]!,
    adversarialProbability: decode(decoder, adversarial)[label]!,
    attention: [...attention],
    adversarial,
    jsd,
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
