import type { Sequences as SequencesOfRows } from "../backend/bilstm";
import { tf } from "../backend/tensorflow";
import { UserError } from "../errors";
import { type EncodedText, endId, padId, startId } from "./vocabulary";

/** Sequences padded to one length. Padding, start and end exist in this file alone: outside src/model a sequence is its words. */
export interface Sequences extends SequencesOfRows {
  /** Ids of the distinct words of the batch, which are its rows, [words], int32. */
  words: tf.Tensor1D;
  /** 0 where attention may fall, a large negative number on start, end and padding, [time, batch]. */
  mask: tf.Tensor2D;
  time: number;
  size: number;
}

/** What a model reads at once. */
export interface Batch extends Sequences {
  /** The questions or hypotheses, in question answering and inference. */
  question?: Sequences;
  /** 0 for possible answers, a large negative number for others, [batch, classes]; undefined where all are possible. */
  impossible?: tf.Tensor2D;
}

/** Where the word of sequence `b` stands in flat values over [time, batch]: the start comes before the first one. */
export function placeOf({ size }: Pick<Sequences, "size">, b: number, word: number): number {
  return (word + 1) * size + b;
}

/** What belongs to the words of sequence `b`, [words, columns], of flat values over [time, batch, columns]. */
export function valuesOfWords(
  values: Float32Array,
  sequences: Pick<Sequences, "size">,
  b: number,
  words: readonly number[],
  columns = 1,
): Float32Array {
  const rows = new Float32Array(words.length * columns);
  for (const [t, word] of words.entries()) {
    const from = placeOf(sequences, b, word) * columns;
    rows.set(values.subarray(from, from + columns), t * columns);
  }
  return rows;
}

/** Attention weights, one per word of each text, as [time, batch]. */
export function padAttention({ time, size }: Batch, attention: readonly (readonly number[])[]): tf.Tensor2D {
  const padded = new Float32Array(time * size);
  attention.forEach((weights, b) => {
    for (const [word, weight] of weights.entries()) padded[placeOf({ size }, b, word)] = weight;
  });
  return tf.tensor2d(padded, [time, size]);
}

/** Added to scores and logits of what is impossible: their softmax is then exactly 0 in float32. */
export const masked = -1e9;

/** How texts are cut into batches. */
export interface BatchOptions {
  /** Padded positions that a batch may hold unless one text alone has more, which bounds the memory of a pass. */
  positions?: number;
  /** How many positions a word counts for. Default 1. */
  perWord?: number;
}

/** Padded positions of a batch by default: 65,536 of 256 states are 64 MiB. */
const positionsAtOnce = 65_536;
const sequencesAtOnce = 256;

/** Computes something of each text in batches of similar length, shortest first; a batch is freed afterwards. */
export async function* inBatches<Text extends EncodedText, Result>(
  texts: readonly Text[],
  classes: number,
  { positions, perWord = 1 }: BatchOptions,
  compute: (batch: Batch, ofBatch: Text[], indices: number[]) => Result[] | Promise<Result[]>,
): AsyncGenerator<{ index: number; result: Result }> {
  const costs = texts.map(({ ids }) => ({ length: ids.length * perWord }));
  for (const indices of cutByLength(costs, positions)) {
    const ofBatch = indices.map((index) => texts[index]!);
    const batch = createBatch(ofBatch, classes);
    let results: Result[];
    try {
      results = await compute(batch, ofBatch, indices);
    } finally {
      tf.dispose({ ...batch, question: { ...batch.question } });
    }
    for (const [b, index] of indices.entries()) yield { index, result: results[b]! };
    await tf.nextFrame();
  }
}

/** Indices of the sequences, shortest first, cut where a batch would hold more than `limit` padded positions. */
export function cutByLength(sequences: readonly { readonly length: number }[], limit = positionsAtOnce): number[][] {
  const order = [...sequences.keys()].sort((a, b) => sequences[a]!.length - sequences[b]!.length || a - b);
  const cuts: number[][] = [];
  for (const index of order) {
    const current = cuts.at(-1);
    const fits = current && (sequences[index]!.length + 2) * (current.length + 1) <= limit;
    if (fits && current.length < sequencesAtOnce) current.push(index);
    else cuts.push([index]);
  }
  return cuts;
}

/** Pads texts to a batch, adding start and end. @throws UserError for a text without words */
export function createBatch(texts: readonly EncodedText[], classes: number): Batch {
  const batch: Batch = createSequences(texts.map(({ ids }) => ids));
  if (texts[0]?.question) batch.question = createSequences(texts.map(({ question }) => question ?? []));
  batch.impossible = impossibleAnswers(texts, classes);
  return batch;
}

function createSequences(sequences: readonly (readonly number[])[]): Sequences {
  if (sequences.some(({ length }) => length === 0))
    throw new UserError("A text without a word cannot be read by a model; give at least one word.");
  const whole = sequences.map((sequence) => [startId, ...sequence, endId]);
  return padSequences(whole, (t, length) => (t === 0 || t === length - 1 ? masked : 0));
}

/** @param maskOf what is added to the score of position t of a sequence of `length` positions */
function padSequences(
  sequences: readonly (readonly number[])[],
  maskOf: (t: number, length: number) => number,
): Sequences {
  const size = sequences.length;
  const time = sequences.reduce((longest, { length }) => Math.max(longest, length), 0);
  const ids = new Int32Array(time * size).fill(padId);
  const mask = new Float32Array(time * size).fill(masked);
  sequences.forEach((sequence, b) => {
    sequence.forEach((id, t) => {
      ids[t * size + b] = id;
      mask[t * size + b] = maskOf(t, sequence.length);
    });
  });
  const { words, rows } = distinct(ids);
  const lengths = Int32Array.from(sequences, ({ length }) => length);
  return {
    words: tf.tensor1d(words, "int32"),
    rows: tf.tensor2d(rows, [time, size], "int32"),
    lengths: tf.tensor1d(lengths, "int32"),
    mask: tf.tensor2d(mask, [time, size]),
    time,
    size,
  };
}

/**
 * The words around each word of each text, without it, up to 2 * `reach` away: enough for the states of those that are up
 * to `reach` away. Its word 0 is {@link firstInWindow}, behind the start or the word before.
 */
export function createWindows(texts: readonly EncodedText[], reach: number): Sequences {
  const pieces = texts.flatMap(({ ids }) => {
    const whole = [startId, ...ids, endId];
    return ids.map((_, removed) => [
      ...whole.slice(firstInWindow(removed, reach), removed + 1),
      ...whole.slice(removed + 2, removed + 2 + 2 * reach),
    ]);
  });
  return padSequences(pieces, () => masked);
}

/** Rows by which each position of a batch has one of its own, and what stands there of a table of the batch's words. */
export function byPosition({ rows }: Batch, ofWords: tf.Tensor2D): { rows: tf.Tensor2D; table: tf.Tensor2D } {
  const own = tf.reshape<tf.Rank.R2>(tf.range(0, rows.size, 1, "int32"), rows.shape);
  return { rows: own, table: tf.gather(ofWords, tf.reshape(rows, [-1])) };
}

/** Which of the words that are left is the second entry of the window around a missing one. */
export function firstInWindow(removed: number, reach: number): number {
  return Math.max(0, removed + 1 - 2 * reach);
}

/** The distinct ids in order of appearance, and where each position's id is among them. */
function distinct(ids: Int32Array): { words: Int32Array; rows: Int32Array } {
  const position = new Map<number, number>();
  const rows = ids.map((id) => {
    const known = position.get(id) ?? position.size;
    position.set(id, known);
    return known;
  });
  return { words: Int32Array.from(position.keys()), rows };
}

/** As {@link Batch} has it. */
export function impossibleAnswers(texts: readonly EncodedText[], classes: number): tf.Tensor2D | undefined {
  if (!texts.some(({ candidates }) => candidates)) return undefined;
  const mask = new Float32Array(texts.length * classes);
  texts.forEach(({ candidates }, b) => {
    if (!candidates) return;
    mask.fill(masked, b * classes, (b + 1) * classes);
    for (const candidate of candidates) mask[b * classes + candidate] = 0;
  });
  return tf.tensor2d(mask, [texts.length, classes]);
}
