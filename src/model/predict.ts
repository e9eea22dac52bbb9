import { tf } from "../backend/tensorflow";
import type { Example } from "../data/dataset";
import { UserError } from "../errors";
import { type Batch, createBatch, disposeBatch } from "./batch";
import { type AttentionModel, forward } from "./model";
import { encodeTokens } from "./vocabulary";

/** What the model says of one text. */
export interface Prediction {
  /** Probability of the second class. */
  probability: number;
  /** The logit behind it. */
  logit: number;
  /** Attention weight of each word, summing to 1; as long as the text's tokens. */
  attention: number[];
}

/** Padded positions that a pass may hold at once, which bounds its memory: 65,536 of 256 states are 64 MiB. */
const positionsAtOnce = 65_536;
const sequencesAtOnce = 256;

/** Label of the predicted class: 1 from probability .5 on. */
export function predictedLabel(probability: number): number {
  return probability >= 0.5 ? 1 : 0;
}

/**
 * The model's predictions, in the order of the examples.
 *
 * @param given.attention attention weights to use instead of the model's own, one vector per example, as long as its tokens
 * @throws UserError for an example without tokens, or attention of another length
 */
export async function predict(
  model: AttentionModel,
  examples: readonly Pick<Example, "id" | "tokens">[],
  given: { attention?: readonly (readonly number[])[] } = {},
): Promise<Prediction[]> {
  if (given.attention && given.attention.length !== examples.length) {
    throw new UserError(
      `The attention given must have one vector per text: ${examples.length} texts and ${given.attention.length} vectors came.`,
    );
  }
  for (const [index, example] of examples.entries()) checkExample(example, given.attention?.[index]);
  const sequences = examples.map((example) => encodeTokens(model.vocabulary, example.tokens));
  return predictEncoded(model, sequences, given.attention);
}

function checkExample({ id, tokens }: Pick<Example, "id" | "tokens">, attention?: readonly number[]): void {
  if (tokens.length === 0) {
    throw new UserError(`The text "${id}" has no words, and a model needs at least one; give it a text with words.`);
  }
  if (attention && attention.length !== tokens.length) {
    throw new UserError(
      `The attention given for "${id}" must have one weight per word: its text has ${tokens.length} words, ${attention.length} weights came.`,
    );
  }
}

/** {@link predict} for word ids. */
export async function predictEncoded(
  model: AttentionModel,
  sequences: readonly (readonly number[])[],
  attention?: readonly (readonly number[])[],
): Promise<Prediction[]> {
  const predictions: Prediction[] = new Array(sequences.length);
  for (const indices of cutByLength(sequences)) {
    const batch = createBatch(indices.map((index) => sequences[index]!));
    const given = attention && indices.map((index) => attention[index]!);
    const results = predictBatch(model, batch, given);
    indices.forEach((index, b) => {
      predictions[index] = readPrediction(results, b, batch, sequences[index]!.length);
    });
    disposeBatch(batch);
    await tf.nextFrame();
  }
  return predictions;
}

/**
 * Indices of the sequences, shortest first, cut where a batch would hold too much.
 *
 * @param limit padded positions of a batch, unless one sequence alone has more
 */
export function cutByLength(sequences: readonly { readonly length: number }[], limit = positionsAtOnce): number[][] {
  const order = [...sequences.keys()].sort((a, b) => sequences[a]!.length - sequences[b]!.length || a - b);
  const cuts: number[][] = [];
  let current: number[] = [];
  for (const index of order) {
    const positions = (sequences[index]!.length + 2) * (current.length + 1);
    if (current.length > 0 && (current.length >= sequencesAtOnce || positions > limit)) {
      cuts.push(current);
      current = [];
    }
    current.push(index);
  }
  return current.length > 0 ? [...cuts, current] : cuts;
}

/** Attention over words as a padded tensor, [time, batch]. */
function padAttention(attention: readonly (readonly number[])[], batch: Pick<Batch, "time" | "size">): tf.Tensor2D {
  const padded = new Float32Array(batch.time * batch.size);
  attention.forEach((weights, b) => {
    weights.forEach((weight, index) => {
      padded[(index + 1) * batch.size + b] = weight;
    });
  });
  return tf.tensor2d(padded, [batch.time, batch.size]);
}

interface BatchResults {
  logits: Float32Array;
  probabilities: Float32Array;
  attention: Float32Array;
}

function predictBatch(model: AttentionModel, batch: Batch, attention?: readonly (readonly number[])[]): BatchResults {
  return tf.tidy(() => {
    const given = attention ? { attention: padAttention(attention, batch) } : {};
    const output = forward(model.config, model.weights, batch, given);
    return {
      logits: output.logits.dataSync<"float32">(),
      probabilities: tf.sigmoid(output.logits).dataSync<"float32">(),
      attention: output.attention.dataSync<"float32">(),
    };
  });
}

function readPrediction(results: BatchResults, b: number, batch: Batch, words: number): Prediction {
  return {
    probability: results.probabilities[b]!,
    logit: results.logits[b]!,
    attention: Array.from({ length: words }, (_, index) => results.attention[(index + 1) * batch.size + b]!),
  };
}
