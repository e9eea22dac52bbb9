import { tf } from "../backend/tensorflow";
import { createBatch, disposeBatch } from "./batch";
import { type AttentionModel, answer, attend, encodeQuestion, encodeText } from "./model";
import { cutByLength } from "./predict";
import type { EncodedText } from "./vocabulary";

/** Gradients hold the input projection of every position, so a pass takes fewer positions than a prediction. */
const positionsAtOnce = 8_192;

/**
 * What the gradient is taken of: the logit, or with a question the probability, of one class. (In classification the
 * probability's gradient is the logit's times p (1 - p).)
 */
export interface Target {
  output: "probability" | "logit";
  /** Label of the class, one per text; in classification the logit is always the second class's. */
  labels: readonly number[];
}

/**
 * Derivative of the output with respect to each word's presence: Σ_e (∂y/∂x_te) · x_te, which is the derivative at the
 * one-hot entry of the word that stands there. The attention is held fixed at the model's own (paper, section 4.1).
 *
 * @returns one signed number per word and text
 */
export async function wordGradients(
  model: AttentionModel,
  texts: readonly EncodedText[],
  { output, labels }: Target,
): Promise<number[][]> {
  const gradients: number[][] = new Array(texts.length);
  const sequences = texts.map(({ ids }) => ids);
  for (const indices of cutByLength(sequences, positionsAtOnce)) {
    const target = { output, labels: indices.map((index) => labels[index]!) };
    const values = gradientsOfBatch(
      model,
      indices.map((index) => texts[index]!),
      target,
    );
    indices.forEach((index, b) => {
      gradients[index] = Array.from(
        { length: sequences[index]!.length },
        (_, t) => values[(t + 1) * indices.length + b]!,
      );
    });
    await tf.nextFrame();
  }
  return gradients;
}

/** Flat [time, batch]; texts do not mix, so the gradient of the summed outputs is each text's own. */
function gradientsOfBatch(model: AttentionModel, texts: readonly EncodedText[], target: Target): Float32Array {
  const { config, weights } = model;
  const batch = createBatch(texts, model.classNames.length, { wordRows: "positions" });
  const values = tf.tidy(() => {
    const embedded = tf.gather(weights["embedding.vectors"] as tf.Tensor2D, batch.words);
    const question = encodeQuestion(config, weights, batch);
    const outputOf = (x: tf.Tensor) => {
      const states = encodeText(config, weights, batch, x as tf.Tensor2D);
      const attention = heldFixed(states, (given) => attend(config, weights, given, batch, question));
      const { logits } = answer(config, weights, { states, question }, batch, attention);
      return tf.sum(targetOf(logits, target));
    };
    const gradient = tf.grad(outputOf)(embedded);
    return tf.sum(tf.mul(gradient, embedded), 1).dataSync<"float32">();
  });
  disposeBatch(batch);
  return values;
}

/** What is computed of the states, without a gradient through it. */
function heldFixed(states: tf.Tensor3D, compute: (states: tf.Tensor3D) => tf.Tensor2D): tf.Tensor2D {
  const run = tf.customGrad((...inputs) => {
    const [given, save] = inputs as unknown as [tf.Tensor3D, tf.GradSaveFunc];
    save([given]);
    return { value: compute(given), gradFunc: (_: tf.Tensor, saved: tf.Tensor[]) => tf.zerosLike(saved[0]!) };
  });
  return run(states) as tf.Tensor2D;
}

function targetOf(logits: tf.Tensor2D, { output, labels }: Target): tf.Tensor {
  const [, outputs] = logits.shape;
  if (outputs === 1) return logits;
  const chosen = tf.oneHot(tf.tensor1d([...labels], "int32"), outputs);
  return tf.mul(chosen, output === "logit" ? logits : tf.softmax(logits));
}
