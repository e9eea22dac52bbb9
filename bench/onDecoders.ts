import { effectsOf, summarizeEffects } from "../src/analysis/intervention";
import { exactAdversary } from "../src/analysis/interventions/adversary/exact";
import { type Adversary, type AdversaryText, searchAdversaries } from "../src/analysis/interventions/adversary/search";
import { permutedAttentions } from "../src/analysis/interventions/permutation";
import type { Example } from "../src/data/dataset";
import type { Decoder } from "../src/model/decoder";
import type { AttentionModel } from "../src/model/model";
import type { Prediction } from "../src/model/predict";
import { textDecoders } from "../src/model/textDecoders";

/** What `analyse` says of every text's decoder and attention; the states are encoded anew, so their pass is in the time. */
export async function onDecoders<Result>(
  model: AttentionModel,
  examples: readonly Example[],
  predictions: readonly Prediction[],
  analyse: (decoder: Decoder, attention: number[], index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = new Array(examples.length);
  for await (const { index, decoder } of textDecoders(model, examples)) {
    results[index] = analyse(decoder, predictions[index]!.attention, index);
  }
  return results;
}

/** The median change of the output over 100 permutations of the attention. */
export function permute(decoder: Decoder, attention: number[], seed: number): number {
  return summarizeEffects(effectsOf({ decoder, attention }, permutedAttentions(attention, { seed }))).change!;
}

/** The exact adversary of a classifier within .05 of its output, the epsilon of the authors' code. */
export function exactAdversaryOf(decoder: Decoder, attention: number[]): { jsd: number } {
  if (decoder.kind !== "linear") throw new Error("Only a classifier has an exact adversary.");
  return exactAdversary(decoder, attention, [0.05])[0]!;
}

/** The adversarial search as the authors' code does it: 5 candidates, 500 steps, epsilon .05. */
export function searchAll(texts: readonly AdversaryText[]): Adversary[] {
  return searchAdversaries(texts, { variant: "code" });
}
