import { tf } from "../backend/tensorflow";
import { createBatch, disposeBatch, type Sequences } from "./batch";
import type { Encoder } from "./encoder";
import { encoders } from "./encoders";
import { type AttentionModel, answer, encodeQuestion } from "./model";
import { probabilitiesOf } from "./predict";
import { type OutputWithout, outputsByReach } from "./removalsByReach";
import type { EncodedText } from "./vocabulary";
import { groupOf } from "./weights";

/**
 * The model's output for every text without each of its words, the encoder reading the shorter text anew.
 *
 * Only what the missing word changes is computed anew: for an encoder that sees a few words at a time the states around
 * it, and for one that reads a text in order those behind it in either direction. The shortened texts of one length are
 * one batch without padding, for which each distinct word is projected once.
 *
 * @param texts of two words or more; of a shorter one nothing is left, and nothing is told
 * @returns in parts that bound the memory, each word of each text once
 */
export function outputsWithoutEach(
  model: AttentionModel,
  texts: readonly EncodedText[],
): AsyncGenerator<OutputWithout[]> {
  const { reach }: Encoder = encoders[model.config.encoder];
  return reach === undefined ? outputsOfShortened(model, texts) : outputsByReach(model, texts, reach);
}

/** {@link outputsWithoutEach} for any encoder: reads the shortened texts. */
async function* outputsOfShortened(
  model: AttentionModel,
  texts: readonly EncodedText[],
): AsyncGenerator<OutputWithout[]> {
  for (const { indices, words } of groupByLength(texts)) {
    const removals = Math.max(fewestRemovals, Math.floor(statesAtOnce / (words * indices.length)));
    for (const removed of spread(words, removals)) {
      yield shortenedOutputs(model, texts, indices, removed);
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
  const byLength = new Map<number, number[]>();
  texts.forEach(({ ids }, index) => {
    if (ids.length >= 2) byLength.set(ids.length, [...(byLength.get(ids.length) ?? []), index]);
  });
  for (const [words, indices] of [...byLength].sort(([a], [b]) => a - b)) {
    const together = Math.max(1, Math.floor(statesAtOnce / words ** 2));
    for (let from = 0; from < indices.length; from += together) {
      yield { words, indices: indices.slice(from, from + together) };
    }
  }
}

/**
 * The numbers below `count` in groups of at most `most`. Each is spread over the whole range: without an early word the
 * forward direction has more to read anew, without a late one the backward direction, and the two run side by side.
 */
function spread(count: number, most: number): number[][] {
  const groups = Math.ceil(count / most);
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: Math.ceil((count - group) / groups) }, (_, index) => group + index * groups),
  );
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
  const positions = removed.map((word) => word + 1);
  if (encoder.encodeWithoutEach) return encoder.encodeWithoutEach(group, embedded, batch, positions);
  const states = encoder.encode(group, embedded, shortened(batch, positions), config);
  return tf.slice(states, [1, 0, 0], [batch.time - 3, -1, -1]);
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
