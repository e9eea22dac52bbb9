import { freed, tf } from "../backend/tensorflow";
import type { Example } from "../data/dataset";
import { UserError } from "../errors";
import { type Batch, byPosition, inBatches, masked, padAttention, placeOf, valuesOfWords } from "./batch";
import { type AttentionModel, forward, hasQuestion, type Output, reachOf } from "./model";
import { firstAlike } from "./ties";
import { type EncodedText, encodeExample } from "./vocabulary";

/** What the model says of one text. */
export interface Prediction {
  /** Probability of each class, summing to 1: [1 - p, p] of two classes. */
  output: number[];
  /** Logit of the second of two classes; else one per class, -Infinity for impossible answers. */
  logits: number[];
  /** Attention weight of each word, summing to 1; as long as the text's tokens. */
  attention: number[];
}

/** What a model reads of an example. */
export type Readable = Pick<Example, "id" | "tokens" | "question" | "candidates">;

/** Label of the predicted class, the one with the largest probability; of equal ones the last. */
export function predictedLabel({ output }: { output: ArrayLike<number> }): number {
  let best = 0;
  for (let label = 1; label < output.length; label++) if (output[label]! >= output[best]!) best = label;
  return best;
}

/** The model's predictions, in the order of the examples. @throws UserError for one without words, or without its question */
export async function predict(model: AttentionModel, examples: readonly Readable[]): Promise<Prediction[]> {
  for (const example of examples) checkExample(model, example);
  const texts = examples.map((example) => encodeExample(model.vocabulary, example));
  return predictEncoded(model, texts);
}

/** @throws UserError for a text without words or without the question that the model needs, or what is given of another length */
export function checkExample(
  model: AttentionModel,
  { id, tokens, question }: Readable,
  { attention, vectors }: { attention?: ArrayLike<unknown>; vectors?: ArrayLike<unknown> } = {},
): void {
  if (tokens.length === 0) {
    throw new UserError(`The text "${id}" has no words, and a model needs at least one; give it a text with words.`);
  }
  if (hasQuestion(model) !== (question !== undefined && question.length > 0)) {
    throw new UserError(
      hasQuestion(model)
        ? `The text "${id}" has no question or hypothesis, and a model for ${model.task} needs one of at least one word; give it as "question".`
        : `The text "${id}" has a question, but a model for classification reads none; leave it out.`,
    );
  }
  for (const [name, one, given] of [
    ["attention", "weight", attention],
    ["vectors", "vector", vectors],
  ] as const) {
    if (!given || given.length === tokens.length) continue;
    throw new UserError(
      `The ${name} given for "${id}" must be one ${one} per word: its text has ${tokens.length} words, ${given.length} ${one}s came.`,
    );
  }
}

/** What the model is to take of a text instead of its own. */
export interface GivenOfText {
  /** Other vectors instead of the words' own, [words][embedding]. */
  vectors?: readonly ArrayLike<number>[];
  /** Attention weights instead of the model's own, one per word. */
  attention?: readonly number[];
}

type TextWithGiven = EncodedText & GivenOfText;

/** {@link predict} for word ids. @param texts which are all given something of the same kind, or nothing */
export async function predictEncoded(model: AttentionModel, texts: readonly TextWithGiven[]): Promise<Prediction[]> {
  const predictions: Prediction[] = new Array(texts.length);
  const ofTexts = inBatches(texts, model.classNames.length, {}, (batch, ofBatch) =>
    freed(() => predictBatch(model, batch, ofBatch)),
  );
  for await (const { index, result } of ofTexts) predictions[index] = result;
  return predictions;
}

function predictBatch(model: AttentionModel, batch: Batch, texts: readonly TextWithGiven[]): Prediction[] {
  const said = forwardGiven(model, batch, texts);
  const logits = said.logits.dataSync<"float32">();
  const probabilities = probabilitiesOf(said.logits).dataSync<"float32">();
  const weights = said.attention.dataSync<"float32">();
  const { attention, vectors } = texts[0]!;
  const reach = attention || vectors ? undefined : reachOf(model);
  return texts.map(({ ids }, b) => ({
    output: outputOf(probabilities, b, batch.size),
    logits: rowOf(logits, b, batch.size).map((logit) => (logit < masked / 2 ? Number.NEGATIVE_INFINITY : logit)),
    attention: Array.from(valuesOfWords(weights, batch, b, firstAlike(ids, reach))),
  }));
}

/** The pass over a batch with what is given of its texts. */
function forwardGiven(model: AttentionModel, batch: Batch, texts: readonly TextWithGiven[]): Output {
  const attentions = texts.flatMap(({ attention }) => (attention ? [attention] : []));
  const attention = attentions.length > 0 ? padAttention(batch, attentions) : undefined;
  if (!texts[0]!.vectors) return forward(model, batch, { attention });
  const ofWords = tf.gather(model.weights["embedding.vectors"] as tf.Tensor2D, batch.words);
  const { rows, table } = byPosition(batch, ofWords);
  const padded = table.dataSync<"float32">().slice();
  texts.forEach(({ vectors }, b) => {
    for (const [word, row] of vectors!.entries()) padded.set(row, placeOf(batch, b, word) * table.shape[1]);
  });
  return forward(model, { ...batch, rows }, { attention, embedded: tf.tensor2d(padded, table.shape) });
}

/** Probabilities of logits: [batch, 1] for the second class, or [batch, classes]. */
export function probabilitiesOf(logits: tf.Tensor2D): tf.Tensor2D {
  return logits.shape[1] === 1 ? tf.sigmoid(logits) : tf.softmax(logits);
}

/** The probability of each class for text `b` of `size`, of what {@link probabilitiesOf} gives. */
export function outputOf(probabilities: Float32Array, b: number, size: number): number[] {
  const ofText = rowOf(probabilities, b, size);
  return ofText.length === 1 ? [1 - ofText[0]!, ofText[0]!] : ofText;
}

function rowOf(values: Float32Array, row: number, rows: number): number[] {
  const columns = values.length / rows;
  return Array.from(values.subarray(row * columns, (row + 1) * columns));
}
