import { tf } from "../backend/tensorflow";
import { createBatch, disposeBatch } from "./batch";
import { type AttentionModel, forward } from "./model";
import { cutByLength } from "./predict";

/** Gradients hold the input projection of every position, so a pass takes fewer positions than a prediction. */
const positionsAtOnce = 8_192;

/**
 * Derivative of the logit with respect to each word's presence: Σ_e (∂logit/∂x_te) · x_te, which is the derivative at
 * the one-hot entry of the word that stands there. The attention is held fixed at the model's own (paper, section 4.1).
 *
 * @param sequences word ids of each instance
 * @returns one signed number per word and instance
 */
export async function wordGradients(
  model: AttentionModel,
  sequences: readonly (readonly number[])[],
): Promise<number[][]> {
  const gradients: number[][] = new Array(sequences.length);
  for (const indices of cutByLength(sequences, positionsAtOnce)) {
    const values = gradientsOfBatch(
      model,
      indices.map((index) => sequences[index]!),
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

/** Flat [time, batch]; instances do not mix, so the gradient of the summed logits is each instance's own. */
function gradientsOfBatch(
  { config, weights }: AttentionModel,
  sequences: readonly (readonly number[])[],
): Float32Array {
  const batch = createBatch(sequences, { wordRows: "positions" });
  const values = tf.tidy(() => {
    const embedded = tf.gather(weights["embedding.vectors"] as tf.Tensor2D, batch.words);
    const { attention } = forward(config, weights, batch, { embedded });
    const logitOf = (x: tf.Tensor) => forward(config, weights, batch, { embedded: x as tf.Tensor2D, attention }).logits;
    const gradient = tf.grad((x) => tf.sum(logitOf(x)))(embedded);
    return tf.sum(tf.mul(gradient, embedded), 1).dataSync<"float32">();
  });
  disposeBatch(batch);
  return values;
}
