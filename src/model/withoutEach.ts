import { tf } from "../backend/tensorflow";
import { groupBy } from "../stats/groupBy";
import { createBatch, disposeBatch, positionOf, type Sequences } from "./batch";
import type { Encoder } from "./encoder";
import { encoders } from "./encoders";
import { type AttentionModel, answer, encodeQuestion, reachOf } from "./model";
import { probabilitiesOf } from "./predict";
import { type OutputWithout, outputsByReach } from "./removalsByReach";
import { type RemovalsAlike, removalsAlike } from "./ties";
import type { EncodedText } from "./vocabulary";
import { groupOf } from "./weights";

/**
 * The model's output for every text without each of its words, the encoder reading the shorter text anew.
 *
 * Only what the missing word changes is computed anew: for an encoder that sees a few words at a time the states around
 * it, and for one that reads a text in order those behind it in either direction. The shortened texts of one length are
 * one batch without padding, for which each distinct word is projected once. Words whose removals are equal by
 * definition have one output, which is computed once.
 *
 * @param texts of two words or more; of a shorter one nothing is left, and nothing is told
 * @returns in parts that bound the memory, each word of each text once
 */
export async function* outputsWithoutEach(
  model: AttentionModel,
  texts: readonly EncodedText[],
): AsyncGenerator<OutputWithout[]> {
  const reach = reachOf(model);
  const alike = texts.map(({ ids }) => removalsAlike(ids, reach));
  const distinct =
    reach === undefined ? outputsOfShortened(model, texts, alike) : outputsByReach(model, texts, alike, reach);
  for await (const outputs of distinct) {
    yield outputs.flatMap(({ text, removed, output }) =>
      alike[text]!.get(removed)!.map((word) => ({ text, removed: word, output })),
    );
  }
}

/** {@link outputsWithoutEach} for any encoder: reads the shortened texts. */
async function* outputsOfShortened(
  model: AttentionModel,
  texts: readonly EncodedText[],
  alike: readonly RemovalsAlike[],
): AsyncGenerator<OutputWithout[]> {
  for (const { indices, words } of groupByLength(texts)) {
    const every = Array.from({ length: words }, (_, word) => word);
    const needed = every.filter((word) => indices.some((index) => alike[index]!.has(word)));
    const removals = Math.max(fewestRemovals, Math.floor(statesAtOnce / (words * indices.length)));
    for (const removed of spread(needed, removals)) {
      const outputs = shortenedOutputs(model, texts, indices, removed);
      yield outputs.filter(({ text, removed }) => alike[text]!.has(removed));
      await tf.nextFrame();
    }
  }
}

/** States of shortened texts that are held at once: of 256 numbers each these are 32 MiB. */
const statesAtOnce = 32_768;

/** More states than that are held for a long text: fewer removals at once make matrix products too narrow to be fast. */
const fewestRemovals = 64;

/** Indices of texts of equal length, as many as their shortened texts fit together. */
function* groupByLength(texts: readonly EncodedText[]): Generator<{ indices: number[]; words: number }> {
  const long = [...texts.keys()].filter((index) => texts[index]!.ids.length >= 2);
  const byLength = groupBy(long, (index) => texts[index]!.ids.length);
  for (const [words, indices] of [...byLength].sort(([a], [b]) => a - b)) {
    const together = Math.max(1, Math.floor(statesAtOnce / words ** 2));
    for (let from = 0; from < indices.length; from += together) {
      yield { words, indices: indices.slice(from, from + together) };
    }
  }
}

/**
 * Words in groups of at most `most`. Each is spread over the whole text: without an early word the forward direction has
 * more to read anew, without a late one the backward direction, and the two run side by side.
 */
function spread(words: readonly number[], most: number): number[][] {
  const groups = Math.ceil(words.length / most);
  return Array.from({ length: groups }, (_, group) => words.filter((_, index) => index % groups === group));
}

function shortenedOutputs(
  { config, weights, classNames }: AttentionModel,
  texts: readonly EncodedText[],
  indices: readonly number[],
  removed: readonly number[],
): OutputWithout[] {
  const batch = createBatch(
    indices.map((index) => texts[index]!),
    classNames.length,
  );
  const outputs = tf.tidy(() => {
    const states = encodeWithoutEach(config, weights, batch, removed); // [words - 1, removed * texts, state]
    const [time, columns] = states.shape;
    const forEach = <T extends tf.Tensor2D | undefined>(ofTexts: T) => ofTexts && tf.tile(ofTexts, [removed.length, 1]);
    const question = forEach(encodeQuestion(config, weights, batch));
    const open = { mask: tf.zeros<tf.Rank.R2>([time, columns]), impossible: forEach(batch.impossible) };
    return probabilitiesOf(answer(config, weights, { states, question }, open)).dataSync<"float32">();
  });
  disposeBatch(batch);
  const classes = outputs.length / (removed.length * indices.length);
  return removed.flatMap((word, r) =>
    indices.map((text, b) => {
      const from = (r * indices.length + b) * classes;
      const ofText = outputs.subarray(from, from + classes);
      return { text, removed: word, output: classes === 1 ? [1 - ofText[0]!, ofText[0]!] : ofText };
    }),
  );
}

function encodeWithoutEach(
  config: AttentionModel["config"],
  weights: AttentionModel["weights"],
  batch: Sequences,
  removed: readonly number[],
): tf.Tensor3D {
  const encoder: Encoder = encoders[config.encoder];
  const group = groupOf(weights, "encoder");
  const embedded = tf.gather(weights["embedding.vectors"] as tf.Tensor2D, batch.words);
  const positions = removed.map(positionOf);
  if (encoder.encodeWithoutEach) return encoder.encodeWithoutEach(group, embedded, batch, positions);
  const states = encoder.encode(group, embedded, shortened(batch, positions), config);
  return tf.slice(states, [positionOf(0), 0, 0], [batch.time - 3, -1, -1]);
}

/** The sequences without each of these positions: column r * batch + b is sequence b without positions[r]. */
function shortened({ words, rows, mask, time, size }: Sequences, positions: readonly number[]): Sequences {
  const left = Array.from({ length: time - 1 }, (_, t) => positions.map((position) => (t < position ? t : t + 1)));
  const columns = positions.length * size;
  return {
    words,
    rows: tf.reshape(tf.gather(rows, tf.tensor1d(left.flat(), "int32")), [time - 1, columns]),
    lengths: tf.fill([columns], time - 1, "int32"),
    mask,
    time: time - 1,
    size: columns,
  };
}
