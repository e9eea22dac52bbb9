import { tf } from "../backend/tensorflow";
import { UserError } from "../errors";
import { type EncodedText, endId, padId, startId } from "./vocabulary";

/**
 * A few sequences padded to one length. Padding, start and end tokens exist in this file alone: outside src/model a
 * sequence is its words.
 */
export interface Sequences {
  /** Ids of the distinct words of the batch, [words], int32. */
  words: tf.Tensor1D;
  /** Which of `words` stands at each position, [time, batch], int32. */
  rows: tf.Tensor2D;
  /** Positions of each sequence with start and end, [batch], int32. */
  lengths: tf.Tensor1D;
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

/** How `words` of a batch is made up. */
export interface BatchOptions {
  /**
   * "distinct" (default): a word that occurs twice is one row, so that its input projection is computed once.
   * "positions": each position has its own row, so that a gradient can be taken per position.
   */
  wordRows?: "distinct" | "positions";
}

/** Where a word stands in a sequence: the start comes before the first one. */
export function positionOf(word: number): number {
  return word + 1;
}

/** Where the word of sequence `b` stands in flat values over [time, batch]. */
export function placeOf({ size }: Pick<Sequences, "size">, b: number, word: number): number {
  return positionOf(word) * size + b;
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

/**
 * Pads texts to a batch, adding start and end.
 *
 * @param texts at least one word each
 * @param classes how many answers there are
 * @throws UserError for a text without words
 */
export function createBatch(texts: readonly EncodedText[], classes: number, options: BatchOptions = {}): Batch {
  const batch: Batch = createSequences(
    texts.map(({ ids }) => ids),
    options,
  );
  if (texts[0]?.question) batch.question = createSequences(texts.map(({ question }) => question ?? []));
  if (texts.some(({ candidates }) => candidates)) batch.impossible = impossibleAnswers(texts, classes);
  return batch;
}

function createSequences(sequences: readonly (readonly number[])[], options: BatchOptions = {}): Sequences {
  if (sequences.some(({ length }) => length === 0))
    throw new UserError("A text without a word cannot be read by a model; give at least one word.");
  const whole = sequences.map((sequence) => [startId, ...sequence, endId]);
  return padSequences(whole, (t, length) => (t === 0 || t === length - 1 ? masked : 0), options);
}

/** @param maskOf what is added to the score of position t of a sequence of `length` positions */
function padSequences(
  sequences: readonly (readonly number[])[],
  maskOf: (t: number, length: number) => number,
  { wordRows = "distinct" }: BatchOptions = {},
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
  const { words, rows } = wordRows === "distinct" ? distinct(ids) : { words: ids, rows: Int32Array.from(ids.keys()) };
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

/** Pieces of texts without one of their words, around the place where it was. */
export interface Windows {
  /** No start and end are added: a piece has the text's own where it reaches them. */
  sequences: Sequences;
  /** By text and removed word: the column of `sequences`, and which of the words that are left its row 0 is (-1: the start). */
  windowOf(text: number, removed: number): { column: number; first: number };
}

/**
 * The words of each text without each of its words that are up to 2 * `reach` away from the missing one: enough for the
 * states of those that are up to `reach` away.
 *
 * @param texts two words or more each
 */
export function createWindows(texts: readonly EncodedText[], reach: number): Windows {
  const pieces: number[][] = [];
  const firstColumns: number[] = [];
  for (const { ids } of texts) {
    firstColumns.push(pieces.length);
    const whole = [startId, ...ids, endId];
    for (let removed = 1; removed <= ids.length; removed++) {
      const before = whole.slice(Math.max(0, removed - 2 * reach), removed);
      pieces.push([...before, ...whole.slice(removed + 1, removed + 1 + 2 * reach)]);
    }
  }
  return {
    sequences: padSequences(pieces, () => masked),
    windowOf: (text, removed) => ({
      column: firstColumns[text]! + removed,
      first: Math.max(0, removed + 1 - 2 * reach) - 1,
    }),
  };
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

function impossibleAnswers(texts: readonly EncodedText[], classes: number): tf.Tensor2D {
  const mask = new Float32Array(texts.length * classes);
  texts.forEach(({ candidates }, b) => {
    if (!candidates) return;
    mask.fill(masked, b * classes, (b + 1) * classes);
    for (const candidate of candidates) mask[b * classes + candidate] = 0;
  });
  return tf.tensor2d(mask, [texts.length, classes]);
}

/** Frees the batch's tensors. */
export function disposeBatch({ question, impossible, ...sequences }: Batch): void {
  tf.dispose([sequences.words, sequences.rows, sequences.lengths, sequences.mask]);
  if (question) tf.dispose([question.words, question.rows, question.lengths, question.mask]);
  impossible?.dispose();
}
