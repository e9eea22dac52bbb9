import { freed, tf } from "../backend/tensorflow";
import type { Example } from "../data/dataset";
import { inBatches, valuesOfWords } from "./batch";
import type { Decoder } from "./decoder";
import { type AttentionModel, contributionsOf, type Encoded, encode, projectQuestion, reachOf } from "./model";
import { firstAlike } from "./ties";
import { type EncodedText, encodeExample } from "./vocabulary";
import { groupOf } from "./weights";

/** Positions of a pass: what is read back is one number each in classification, but half a state each with a question. */
const positions = 16_384;

/** The decoder of every text, its states held fixed (paper, section 4.2), with the text's index, one by one. */
export async function* textDecoders(
  model: AttentionModel,
  examples: readonly Pick<Example, "tokens" | "question" | "candidates">[],
): AsyncGenerator<{ index: number; decoder: Decoder }> {
  const texts = examples.map((example) => encodeExample(model.vocabulary, example));
  const decoders = inBatches(texts, model.classNames.length, { positions }, (batch, ofBatch) =>
    freed(() => decodersOf(model, ofBatch, encode(model, batch))),
  );
  for await (const { index, result } of decoders) yield { index, decoder: result };
}

/** The decoders of some texts that were encoded. @param encoded of the batch of these texts */
export function decodersOf(
  model: AttentionModel,
  texts: readonly EncodedText[],
  { states, question }: Encoded,
): Decoder[] {
  const group = groupOf(model.weights, "decoder");
  const ofStates = contributionsOf(group, tf.reshape(states, [-1, states.shape[2]]));
  const values = ofStates.dataSync<"float32">();
  const bias = group.bias!.dataSync<"float32">();
  const weights = group.weights!.dataSync<"float32">();
  const offsets = question && projectQuestion(group, question).dataSync<"float32">();
  const size = ofStates.shape[1];
  return texts.map(({ ids, candidates }, b) => {
    const contributions = valuesOfWords(values, { size: texts.length }, b, firstAlike(ids, reachOf(model)), size);
    if (!offsets && size === 1) return { kind: "linear", contributions, bias: bias[0]! };
    if (!offsets) return { kind: "softmax", contributions, bias };
    const offset = offsets.slice(b * size, (b + 1) * size);
    const possible = candidates && { candidates: Int32Array.from(candidates) };
    return { kind: "tanh", contributions, offset, weights, bias, ...possible };
  });
}
