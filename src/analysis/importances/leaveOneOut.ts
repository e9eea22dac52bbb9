import type { Example } from "../../data/dataset";
import type { AttentionModel } from "../../model/model";
import type { Prediction } from "../../model/predict";
import { encodeExample } from "../../model/vocabulary";
import { outputsWithoutEach } from "../../model/withoutEach";
import { totalVariation } from "../../stats/divergence";

/** Told after every run of the model. */
export interface LeaveOneOutProgress {
  /** Shortened texts done; of a text of n words there are n. */
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
 * reads the shorter text anew (paper, Algorithm 1). A question or hypothesis stays whole.
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
  signal?.throwIfAborted();
  const texts = examples.map((example) => encodeExample(model.vocabulary, example));
  const importance = texts.map(({ ids }) => new Array<number>(ids.length < 2 ? 0 : ids.length));
  const total = importance.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for await (const outputs of outputsWithoutEach(model, texts)) {
    for (const { text, removed, output } of outputs) {
      importance[text]![removed] = totalVariation(output, predictions[text]!.output);
    }
    done += outputs.length;
    onProgress?.({ done, total });
    signal?.throwIfAborted();
  }
  return importance;
}
