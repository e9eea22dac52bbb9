import { tf, withGradient } from "../backend/tensorflow";
import { type Example, isBinary } from "../data/dataset";
import { type Batch, byPosition, inBatches, padAttention, valuesOfWords } from "./batch";
import type { Attentions } from "./imposedRemovals";
import {
  type AttentionModel,
  answer,
  attend,
  encodeProjected,
  encodeQuestion,
  encodeText,
  project,
  reachOf,
} from "./model";
import { type Prediction, predictedLabel } from "./predict";
import { firstAlike } from "./ties";
import { type EncodedText, encodeExample } from "./vocabulary";

/** Gradients hold the input projection of every position, so a pass takes fewer positions than a prediction. */
const passes = { positions: 8_192 };

export interface GradientSettings {
  /** What the gradient is taken of: the probability or the logit of one class. */
  output: "probability" | "logit";
  /** Label of the class, one per text; of two classes the logit is always the second's. */
  labels: readonly number[];
  /**
   * "fixed" (default): held at the model's own (paper, section 4.1). "recomputed": it follows the word vectors. Or other
   * weights that are imposed, one per word of each text.
   */
  attention?: "fixed" | "recomputed" | Attentions;
  /** Shares of the texts' word vectors at which gradients are taken, to be averaged. Default [1]: the vectors themselves. */
  along?: readonly number[];
  /**
   * What becomes of a word's gradient g_t. "product" (default): Σ_e g_te x_te, the derivative at the one-hot entry of the
   * word that stands there. "norm": its L2 norm.
   */
  of?: "product" | "norm";
  /** Told the share that is done, from 0 to 1. */
  onProgress?: (share: number) => void;
  /** Stops between two runs of the model. */
  signal?: AbortSignal;
}

/** The output's derivative by each word's vector as one number, the same for words that are equal by definition. */
export async function wordGradients(
  model: AttentionModel,
  texts: readonly EncodedText[],
  settings: GradientSettings,
): Promise<number[][]> {
  const gradients: number[][] = new Array(texts.length);
  const { attention } = settings;
  const reach = typeof attention === "object" ? undefined : reachOf(model);
  let done = 0;
  const ofTexts = inBatches(texts, model.classNames.length, passes, async (batch, ofBatch, indices) => {
    const labels = indices.map((index) => settings.labels[index]!);
    const imposed = typeof attention === "object" ? indices.map((index) => attention[index]!) : attention;
    const values = await gradientsOfBatch(model, batch, { ...settings, labels, attention: imposed });
    // A gradient comes from the states that see the word, and each of those sees as far again.
    return ofBatch.map(({ ids }, b) => valuesOfWords(values, batch, b, firstAlike(ids, reach && 2 * reach)));
  });
  for await (const { index, result } of ofTexts) {
    gradients[index] = Array.from(result);
    done += 1;
    settings.onProgress?.(done / texts.length);
  }
  return gradients;
}

/** Some texts and what the model says of them. */
interface PredictedTexts extends Pick<GradientSettings, "onProgress" | "signal"> {
  model: AttentionModel;
  texts: readonly Example[];
  predictions: readonly Pick<Prediction, "output">[];
}

/** {@link wordGradients} of the predicted class, without their signs. */
export async function absoluteGradients(
  { model, texts, predictions, onProgress, signal }: PredictedTexts,
  how: Pick<GradientSettings, "output" | "attention" | "along" | "of">,
): Promise<number[][]> {
  const encoded = texts.map((text) => encodeExample(model.vocabulary, text));
  const labels = predictions.map(predictedLabel);
  const gradients = await wordGradients(model, encoded, { ...how, labels, onProgress, signal });
  return gradients.map((ofText) => ofText.map(Math.abs));
}

/**
 * {@link absoluteGradients} of the probability. Of two classes it is p (1 - p) times the logit's, and thus zero where p is
 * exactly 0 or 1 in float32.
 */
export async function probabilityGradients(
  texts: PredictedTexts,
  how: Pick<GradientSettings, "of" | "attention"> = {},
): Promise<number[][]> {
  if (!isBinary(texts.model)) return absoluteGradients(texts, { ...how, output: "probability" });
  const gradients = await absoluteGradients(texts, { ...how, output: "logit" });
  return gradients.map((gradient, index) => {
    const probability = texts.predictions[index]!.output[1]!;
    const slope = probability * (1 - probability);
    return gradient.map((value) => value * slope);
  });
}

/** Flat [time, batch]; texts do not mix, so the gradient of the summed outputs is each text's own. */
async function gradientsOfBatch(
  model: AttentionModel,
  batch: Batch,
  { along = [1], of = "product", signal, ...target }: GradientSettings,
): Promise<Float32Array> {
  const { rows, table: inputs } = tf.tidy(() => byPosition(batch, inputsOf(model, batch, of)));
  const own = { ...batch, rows };
  let sum = tf.zerosLike(inputs);
  try {
    for (const share of along) {
      signal?.throwIfAborted();
      const before = sum;
      sum = tf.tidy(() => tf.add(before, gradientAt(model, own, scaled(inputs, batch, share), { ...target, of })));
      before.dispose();
      await tf.nextFrame();
    }
    return tf.tidy(() => {
      const mean = tf.div(sum, along.length);
      const ofWords = of === "norm" ? tf.norm(mean, "euclidean", 1) : tf.sum(tf.mul(mean, inputs), 1);
      return ofWords.dataSync<"float32">();
    });
  } finally {
    tf.dispose([sum, inputs, rows]);
  }
}

/**
 * What the gradient is taken by, of each word of the batch: its vector x, [words, embedding], or the encoder's product with
 * it, W x, as ∂y/∂x · x = ∂y/∂(W x) · W x.
 */
function inputsOf(model: AttentionModel, { words }: Batch, of: GradientSettings["of"]): tf.Tensor2D {
  const vectors = tf.gather(model.weights["embedding.vectors"] as tf.Tensor2D, words);
  return of === "product" ? project(model, vectors) : vectors;
}

/** The inputs of the words, but not of start and end, times a number. */
function scaled(inputs: tf.Tensor2D, { mask }: Batch, factor: number): tf.Tensor2D {
  if (factor === 1) return inputs;
  const isWord = tf.reshape(tf.cast(tf.equal(mask, 0), "float32"), [-1, 1]);
  return tf.mul(inputs, tf.add(tf.mul(isWord, factor - 1), 1));
}

/** By what stands at all positions, of its shape. */
function gradientAt(
  model: AttentionModel,
  batch: Batch,
  inputs: tf.Tensor2D,
  { attention = "fixed", of, ...target }: GradientSettings,
): tf.Tensor2D {
  const question = encodeQuestion(model, batch);
  const read = of === "product" ? encodeProjected : encodeText;
  return tf.grad((x: tf.Tensor) => {
    const states = read(model, batch, x as tf.Tensor2D);
    const attended = () => attend(model, { states, question }, batch.mask);
    const own =
      typeof attention === "object"
        ? padAttention(batch, attention)
        : attention === "fixed"
          ? heldFixed(states, attended)
          : attended();
    const { logits } = answer(model, { states, question }, batch, own);
    return tf.sum(targetOf(logits, target));
  })(inputs) as tf.Tensor2D;
}

/** What is computed of the states, without a gradient through it. */
function heldFixed(states: tf.Tensor3D, compute: () => tf.Tensor2D): tf.Tensor2D {
  const gradient = (_: tf.Tensor, [saved]: tf.Tensor[]) => tf.zerosLike(saved!);
  return withGradient([states], () => ({ value: compute(), saved: [states], gradient }));
}

function targetOf(logits: tf.Tensor2D, { output, labels }: GradientSettings): tf.Tensor {
  const [, outputs] = logits.shape;
  if (outputs > 1) {
    const chosen = tf.oneHot(tf.tensor1d([...labels], "int32"), outputs);
    return tf.mul(chosen, output === "logit" ? logits : tf.softmax(logits));
  }
  if (output === "logit") return logits;
  const ofClass = labels.map((label) => (label === 1 ? 1 : -1));
  return tf.sigmoid(tf.mul(logits, tf.tensor2d(ofClass, [labels.length, 1])));
}
