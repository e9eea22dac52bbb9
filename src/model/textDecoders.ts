import { tf } from "../backend/tensorflow";
import type { Example } from "../data/dataset";
import { createBatch, disposeBatch, valuesOfWords } from "./batch";
import type { Decoder } from "./decoder";
import {
  type AttentionModel,
  type Encoded,
  encodeQuestion,
  encodeText,
  projectContext,
  projectQuestion,
  reachOf,
} from "./model";
import { cutByLength } from "./predict";
import { firstAlike } from "./ties";
import { type EncodedText, encodeExample } from "./vocabulary";
import { groupOf, type Weights } from "./weights";

/** Positions of a pass: what is read back is one number each in classification, but half a state each with a question. */
const positionsAtOnce = 16_384;

/**
 * The decoder of every text, its states held fixed: all that counterfactual attention needs (paper, section 4.2), in
 * plain numbers. They come in an order of their own and can be dropped one by one, so that memory stays bounded.
 *
 * @returns the index of an example with its decoder
 */
export async function* textDecoders(
  model: AttentionModel,
  examples: readonly Pick<Example, "tokens" | "question" | "candidates">[],
): AsyncGenerator<{ index: number; decoder: Decoder }> {
  const texts = examples.map((example) => encodeExample(model.vocabulary, example));
  for (const indices of cutByLength(
    texts.map(({ ids }) => ids),
    positionsAtOnce,
  )) {
    const ofBatch = indices.map((index) => texts[index]!);
    const batch = createBatch(ofBatch, model.classNames.length);
    let decoders: Decoder[] = [];
    tf.tidy(() => {
      const { config, weights } = model;
      const encoded = { states: encodeText(config, weights, batch), question: encodeQuestion(config, weights, batch) };
      decoders = decodersOf(model, ofBatch, encoded);
    });
    disposeBatch(batch);
    for (const [b, index] of indices.entries()) yield { index, decoder: decoders[b]! };
    await tf.nextFrame();
  }
}

/**
 * The decoders of some texts that were encoded.
 *
 * @param encoded of the batch of these texts; its states are [time, batch, state] with start and end
 */
export function decodersOf(
  model: Pick<AttentionModel, "config" | "weights">,
  texts: readonly EncodedText[],
  { states, question }: Encoded,
): Decoder[] {
  const group = groupOf(model.weights, "decoder");
  const reach = reachOf(model);
  const ofWords = (ids: readonly number[], b: number, columns: number) =>
    valuesOfWords(values, { size: texts.length }, b, firstAlike(ids, reach), columns);
  const bias = group.bias!.dataSync<"float32">();
  const values = contributionsOf(group, states, question !== undefined).dataSync<"float32">();
  if (!question) {
    return texts.map(({ ids }, b) => ({ kind: "linear", contributions: ofWords(ids, b, 1), bias: bias[0]! }));
  }
  const hidden = group.contextBias!.shape[0]!;
  const offsets = projectQuestion(group, question).dataSync<"float32">();
  const outer = group.weights!.dataSync<"float32">();
  return texts.map(({ ids, candidates }, b) => ({
    kind: "tanh",
    projected: ofWords(ids, b, hidden),
    offset: offsets.slice(b * hidden, (b + 1) * hidden),
    weights: outer,
    bias,
    ...(candidates && { candidates: Int32Array.from(candidates) }),
  }));
}

/**
 * What every state contributes to the output, were it attended to alone: [time * batch, 1] in classification, else
 * [time * batch, hidden].
 *
 * @param group the decoder's weights
 */
export function contributionsOf(group: Weights, states: tf.Tensor3D, hasQuestion: boolean): tf.Tensor2D {
  const flat = tf.reshape<tf.Rank.R2>(states, [-1, states.shape[2]]);
  return hasQuestion ? projectContext(group, flat) : tf.matMul(flat, group.weights as tf.Tensor2D);
}
