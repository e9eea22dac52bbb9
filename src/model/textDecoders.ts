import { tf } from "../backend/tensorflow";
import type { Example } from "../data/dataset";
import { createBatch, disposeBatch } from "./batch";
import type { Decoder } from "./decoder";
import { type AttentionModel, encodeQuestion, encodeText, projectContext, projectQuestion } from "./model";
import { cutByLength } from "./predict";
import { encodeExample } from "./vocabulary";
import { groupOf } from "./weights";

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
      decoders = decodersOfBatch(model, batch, ofBatch);
    });
    disposeBatch(batch);
    for (const [b, index] of indices.entries()) yield { index, decoder: decoders[b]! };
    await tf.nextFrame();
  }
}

type BatchTexts = Parameters<typeof createBatch>[0];

function decodersOfBatch(
  { config, weights }: AttentionModel,
  batch: ReturnType<typeof createBatch>,
  texts: BatchTexts,
): Decoder[] {
  const states = encodeText(config, weights, batch); // [time, batch, state]
  const flat = tf.reshape<tf.Rank.R2>(states, [-1, states.shape[2]]);
  const group = groupOf(weights, "decoder");
  const bias = group.bias!.dataSync<"float32">();
  const question = encodeQuestion(config, weights, batch);
  if (!question) {
    const products = tf.matMul(flat, group.weights as tf.Tensor2D).dataSync<"float32">();
    return texts.map(({ ids }, b) => {
      return { kind: "linear", contributions: rowsOfText(products, 1, ids.length, b, batch.size), bias: bias[0]! };
    });
  }
  const hidden = group.contextBias!.shape[0]!;
  const projected = projectContext(group, flat).dataSync<"float32">();
  const offsets = projectQuestion(group, question).dataSync<"float32">();
  const outer = group.weights!.dataSync<"float32">();
  return texts.map(({ ids, candidates }, b) => ({
    kind: "tanh",
    projected: rowsOfText(projected, hidden, ids.length, b, batch.size),
    offset: offsets.slice(b * hidden, (b + 1) * hidden),
    weights: outer,
    bias,
    ...(candidates && { candidates: Int32Array.from(candidates) }),
  }));
}

/** The rows [words, columns] of one text, out of [time, batch, columns]. */
function rowsOfText(values: Float32Array, columns: number, words: number, b: number, size: number): Float32Array {
  const rows = new Float32Array(words * columns);
  for (let t = 0; t < words; t++) {
    const from = ((t + 1) * size + b) * columns;
    rows.set(values.subarray(from, from + columns), t * columns);
  }
  return rows;
}
