import type { Example } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import { type Prediction, predictEncoded } from "../model/predict";
import { encodeExample } from "../model/vocabulary";
import { totalVariation } from "../stats/divergence";

/** Words of the shortened texts that are held at once, which bounds the memory: a text of n words becomes n of n - 1. */
const wordsAtOnce = 65_536;

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
  const texts = examples.map((example) => encodeExample(model.vocabulary, example));
  const ids = texts.map((text) => text.ids);
  const importance: number[][] = examples.map(() => []);
  for (const removals of groupRemovals(ids)) {
    signal?.throwIfAborted();
    const without = await predictEncoded(
      model,
      removals.map(({ text, removed }) => ({
        ...texts[text]!,
        ids: ids[text]!.filter((_, index) => index !== removed),
      })),
    );
    removals.forEach(({ text, removed }, index) => {
      const change = totalVariation(without[index]!.output, predictions[text]!.output);
      importance[text]![removed] = change;
    });
    onProgress?.({ done: removals.at(-1)!.text + 1, total: examples.length });
  }
  return importance;
}

/** A word to remove: the index of its text, and its index there. */
interface Removal {
  text: number;
  removed: number;
}

/** Every word of every text of two words or more, in groups whose shortened texts have up to `wordsAtOnce` words. */
function* groupRemovals(texts: readonly (readonly number[])[]): Generator<Removal[]> {
  let group: Removal[] = [];
  let words = 0;
  for (const [text, ids] of texts.entries()) {
    for (let removed = 0; ids.length > 1 && removed < ids.length; removed++) {
      if (group.length > 0 && words + ids.length > wordsAtOnce) {
        yield group;
        group = [];
        words = 0;
      }
      group.push({ text, removed });
      words += ids.length;
    }
  }
  if (group.length > 0) yield group;
}
