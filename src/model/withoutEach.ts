import { freed, isNative, runKernel, tf } from "../backend/tensorflow";
import { attentions } from "./attentions";
import { normalizations } from "./attentionWeights";
import {
  type Batch,
  type BatchOptions,
  createWindows,
  firstInWindow,
  inBatches,
  type Sequences,
  valuesOfWords,
} from "./batch";
import { decode, offsetOf } from "./decoder";
import { encoders } from "./encoders";
import {
  type AttentionModel,
  contributionsOf,
  decodeContext,
  type Encoded,
  encode,
  encodeQuestion,
  encodeText,
  project,
  reachOf,
  scoreStates,
} from "./model";
import { outputOf, predictEncoded, probabilitiesOf } from "./predict";
import { decodersOf } from "./textDecoders";
import { removalsAlike } from "./ties";
import type { EncodedText } from "./vocabulary";
import { groupOf } from "./weights";

/** How the outputs for some texts without each of their words are computed. */
interface Way {
  /** How many texts at a time. */
  passes: BatchOptions;
  /** Outputs for each text of a batch without each of some of its words, which are `removals`. */
  read(
    model: AttentionModel,
    texts: readonly EncodedText[],
    removals: readonly number[][],
    batch: Batch,
  ): ArrayLike<number>[][] | Promise<ArrayLike<number>[][]>;
}

/**
 * The model's output for every text of two words or more without each of its words, the encoder reading the shorter text
 * anew: only what the missing word changes is computed, and words whose removals are equal by definition have one output.
 * It comes text by text, in an order that bounds the memory.
 *
 * @returns of a text, by its index, the probability of each class without each word
 */
export async function* outputsWithoutEach(
  model: AttentionModel,
  texts: readonly EncodedText[],
): AsyncGenerator<{ index: number; outputs: ArrayLike<number>[] }> {
  const long = [...texts.keys()].filter((index) => texts[index]!.ids.length >= 2);
  const ofLong = long.map((index) => texts[index]!);
  const { passes, read } = wayOf(model);
  const ofTexts = inBatches(ofLong, model.classNames.length, passes, async (batch, ofBatch) => {
    const alike = ofBatch.map(({ ids }) => removalsAlike(ids, reachOf(model)));
    const removals = alike.map((groups) => groups.map(([first]) => first!));
    const outputs = await read(model, ofBatch, removals, batch);
    return ofBatch.map(({ ids }, b) => {
      const withoutEach: ArrayLike<number>[] = new Array(ids.length);
      for (const [group, words] of alike[b]!.entries()) {
        for (const word of words) withoutEach[word] = outputs[b]![group]!;
      }
      return withoutEach;
    });
  });
  for await (const { index, result } of ofTexts) yield { index: long[index]!, outputs: result };
}

function wayOf(model: AttentionModel): Way {
  const reach = reachOf(model);
  if (reach !== undefined) return { passes: { positions: 32_768, perWord: 1 + 4 * reach }, read: readWindows };
  return hasContexts(model)
    ? { passes: { positions: 4096 }, read: readContexts }
    : { passes: { positions: 1 }, read: readShortened };
}

/** For any encoder and attention, one text at a time: the model reads the shortened texts. */
const readShortened: Way["read"] = async (model, texts, removals) => {
  const shortened = texts.flatMap(({ ids, ...rest }, b) =>
    removals[b]!.map((removed) => ({ ...rest, ids: ids.filter((_, t) => t !== removed) })),
  );
  return [(await predictEncoded(model, shortened)).map(({ output }) => output)];
};

/** The ways from scores to weights that the kernel knows. */
export const kernelNormalizations = ["softmax", "sparsemax", "uniform"];

/** Whether a kernel knows what the decoder reads of the shortened texts. */
function hasContexts({ config }: AttentionModel): boolean {
  if (!isNative() || !kernelNormalizations.includes(config.attentionWeights)) return false;
  return Boolean(encoders[config.encoder].recurrence && attentions[config.attention].kernelInputs);
}

/** For a bidirectional LSTM: what the removed word does not change is not computed anew. */
const readContexts: Way["read"] = (model, texts, removals, batch) =>
  freed(() => {
    const textOf = columnsOf(texts);
    const question = encodeQuestion(model, batch);
    const forEach = (ofTexts?: tf.Tensor2D) => ofTexts && tf.gather(ofTexts, tf.tensor1d(textOf, "int32"));
    const contexts = contextsWithoutEach(model, batch, question);
    const logits = decodeContext(model, contexts, forEach(question), forEach(batch.impossible));
    const probabilities = probabilitiesOf(logits).dataSync<"float32">();
    return removals.map((words, b) => {
      const first = textOf.indexOf(b);
      return words.map((removed) => outputOf(probabilities, first + removed, textOf.length));
    });
  });

/** Which of the texts each word of all texts is from. */
function columnsOf(texts: readonly EncodedText[]): number[] {
  return texts.flatMap(({ ids }, text) => ids.map(() => text));
}

/** Σ_t α_t h_t of every text without each of its two words or more, [words of all texts, state]. */
export function contextsWithoutEach(
  { config, weights }: AttentionModel,
  batch: Batch,
  question?: tf.Tensor2D,
): tf.Tensor2D {
  const embedded = tf.gather(weights["embedding.vectors"] as tf.Tensor2D, batch.words);
  const encoder = encoders[config.encoder];
  const inputsOfEncoder = project({ config, weights }, embedded);
  const { projected, recurrent } = encoder.recurrence!(groupOf(weights, "encoder"), inputsOfEncoder);
  const none = tf.tensor1d([]);
  const scoring = normalizations[config.attentionWeights].usesScores
    ? attentions[config.attention].kernelInputs!(groupOf(weights, "attention"), question)
    : [none, tf.zeros([1, encoder.stateSize(config)]), none];
  const settings = tf.tensor1d([kernelNormalizations.indexOf(config.attentionWeights)], "int32");
  const inputs = [projected, batch.rows, recurrent, batch.lengths, ...scoring, settings];
  return runKernel("AttentionBilstmWithoutEach", inputs, 1)[0] as tf.Tensor2D;
}

/** For an encoder whose state sees a few words on each side: all other states are those of the whole text. */
const readWindows: Way["read"] = (model, texts, removals, batch) =>
  freed(() => {
    const encoded = encode(model, batch);
    const scores = scoresOf(model, batch, encoded);
    const decoders = decodersOf(model, texts, encoded);
    const windows = scoreWindows(model, texts, encoded.question);
    const textOf = columnsOf(texts);
    return removals.map((words, b) => {
      const ofText = valuesOfWords(scores, batch, b, [...texts[b]!.ids.keys()]);
      const first = textOf.indexOf(b);
      return words.map((removed) => {
        const change = changeAround(removed, ofText.length, reachOf(model)!, windows, first + removed);
        const attention = normalizations[model.config.attentionWeights].ofText(change(ofText, 1, windows.scores));
        const decoder = decoders[b]!;
        const contributions = change(decoder.contributions, offsetOf(decoder).length, windows.contributions);
        return decode({ ...decoder, contributions }, attention);
      });
    });
  });

/** Drops a missing word's values from those of a text, [words, columns], and puts those of its window where they have changed. */
function changeAround(removed: number, words: number, reach: number, windows: { size: number }, column: number) {
  const [from, to] = [Math.max(0, removed - reach), Math.min(words - 1, removed + reach)];
  const places = Array.from({ length: to - from }, (_, index) => from + index - firstInWindow(removed, reach));
  return (values: Float32Array, columns: number, ofWindows: Float32Array) => {
    const left = new Float32Array(values.length - columns);
    left.set(values.subarray(0, from * columns));
    left.set(valuesOfWords(ofWindows, windows, column, places, columns), from * columns);
    left.set(values.subarray((to + 1) * columns), to * columns);
    return left;
  };
}

/** [time, batch]; zeros where the attention depends on nothing. */
function scoresOf(model: AttentionModel, { time, size }: Sequences, encoded: Encoded): Float32Array {
  return scoreStates(model, encoded)?.dataSync<"float32">() ?? new Float32Array(time * size);
}

/** Scores, [time, windows], and contributions to the output, [time, windows, contributions]. */
function scoreWindows(model: AttentionModel, texts: readonly EncodedText[], questions?: tf.Tensor2D) {
  const reach = reachOf(model)!;
  if (reach === 0) return { scores: new Float32Array(), contributions: new Float32Array(), size: 0 };
  const windows = createWindows(texts, reach);
  const states = encodeText(model, windows);
  const question = questions && tf.gather(questions, tf.tensor1d(columnsOf(texts), "int32"));
  const flat = tf.reshape<tf.Rank.R2>(states, [-1, states.shape[2]]);
  return {
    scores: scoresOf(model, windows, { states, question }),
    contributions: contributionsOf(groupOf(model.weights, "decoder"), flat).dataSync<"float32">(),
    size: windows.size,
  };
}
