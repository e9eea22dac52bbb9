import type { Example } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import { type Prediction, predictEncoded } from "../model/predict";
import { encodeTokens } from "../model/vocabulary";
import { totalVariation } from "../stats/divergence";

/** Words that wait to be removed before the model runs over them at once. */
const removalsAtOnce = 4_096;

/** Told after every run of the model. */
export interface LeaveOneOutProgress {
  /** Examples done. */
  done: number;
  total: number;
}

export interface LeaveOneOutOptions {
  onProgress?: (progress: LeaveOneOutProgress) => void;
  /** Stops between two runs of the model. */
  signal?: AbortSignal;
}

/**
 * Leave-one-out importance of every word, Δŷ_t = TVD(ŷ(x_−t), ŷ(x)): the word is removed from the text and the encoder
 * reads the shorter text anew (paper, Algorithm 1).
 *
 * @param predictions of the same examples, in the same order
 * @returns one number from 0 to 1 per word and example; an empty list for a text of one word, as nothing is left of it
 */
export async function leaveOneOut(
  model: AttentionModel,
  examples: readonly Example[],
  predictions: readonly Prediction[],
  { onProgress, signal }: LeaveOneOutOptions = {},
): Promise<number[][]> {
  const importance: number[][] = [];
  for (const chunk of chunks(examples, removalsAtOnce)) {
    signal?.throwIfAborted();
    const shortened = chunk.map(({ tokens }) => withoutEach(encodeTokens(model.vocabulary, tokens)));
    const without = await predictEncoded(model, shortened.flat());
    let next = 0;
    for (const texts of shortened) {
      const full = distribution(predictions[importance.length]!);
      importance.push(texts.map(() => totalVariation(distribution(without[next++]!), full)));
    }
    onProgress?.({ done: importance.length, total: examples.length });
  }
  return importance;
}

/** Consecutive examples with up to `limit` words together, at least one example each. */
function* chunks(examples: readonly Example[], limit: number): Generator<Example[]> {
  let chunk: Example[] = [];
  let words = 0;
  for (const example of examples) {
    if (chunk.length > 0 && words + example.tokens.length > limit) {
      yield chunk;
      chunk = [];
      words = 0;
    }
    chunk.push(example);
    words += example.tokens.length;
  }
  if (chunk.length > 0) yield chunk;
}

/** The text without its first word, without its second, and so on; nothing for a text of one word. */
function withoutEach(ids: readonly number[]): number[][] {
  return ids.length < 2 ? [] : ids.map((_, removed) => ids.filter((_, index) => index !== removed));
}

/** The output as a distribution over both classes, so that TVD has one definition for all tasks. */
function distribution({ probability }: Prediction): [number, number] {
  return [1 - probability, probability];
}
