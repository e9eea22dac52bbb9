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
  for await (const { indices, result } of decoders) {
    for (const [b, index] of indices.entries()) yield { index, decoder: result[b]! };
  }
}

/** The decoders of some texts that were encoded. @param encoded of the batch of these texts */
export function decodersOf(
  model: AttentionModel,
  texts: readonly EncodedText[],
  { states, question }: Encoded,
): Decoder[] {
  const group = groupOf(model.weights, "decoder");
  const values = contributionsOf(group, tf.reshape(states, [-1, states.shape[2]])).dataSync<"float32">();
  const ofWords = (ids: readonly number[], b: number, columns: number) =>
    valuesOfWords(values, { size: texts.length }, b, firstAlike(ids, reachOf(model)), columns);
  const bias = group.bias!.dataSync<"float32">();
  if (!question) {
    return texts.map(({ ids }, b) => {
      const contributions = ofWords(ids, b, bias.length);
      return bias.length === 1
        ? { kind: "linear", contributions, bias: bias[0]! }
        : { kind: "softmax", contributions, bias };
    });
  }
  const offsets = projectQuestion(group, question).dataSync<"float32">();
  const hidden = offsets.length / texts.length;
  const weights = group.weights!.dataSync<"float32">();
  return texts.map(({ ids, candidates }, b) => ({
    kind: "tanh",
    projected: ofWords(ids, b, hidden),
    offset: offsets.slice(b * hidden, (b + 1) * hidden),
    weights,
    bias,
    ...(candidates && { candidates: Int32Array.from(candidates) }),
  }));
}
