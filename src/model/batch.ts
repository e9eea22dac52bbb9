import { tf } from "../backend/tensorflow";
import { UserError } from "../errors";
import { endId, padId, startId } from "./vocabulary";

/**
 * A few sequences padded to one length. This is the only place where padding, start and end tokens exist: outside
 * src/model a sequence is its words.
 */
export interface Batch {
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

/** How `words` of a batch is made up. */
export interface BatchOptions {
  /**
   * "distinct" (default): a word that occurs twice is one row, so that its input projection is computed once.
   * "positions": each position has its own row, so that a gradient can be taken per position.
   */
  wordRows?: "distinct" | "positions";
}

const masked = -1e9;

/**
 * Pads sequences of word ids to a batch, adding start and end.
 *
 * @param sequences word ids of each instance, at least one word each
 * @throws UserError for an instance without words
 */
export function createBatch(
  sequences: readonly (readonly number[])[],
  { wordRows = "distinct" }: BatchOptions = {},
): Batch {
  const size = sequences.length;
  const time = Math.max(...sequences.map((sequence) => sequence.length)) + 2;
  const ids = new Int32Array(time * size).fill(padId);
  const mask = new Float32Array(time * size).fill(masked);
  sequences.forEach((sequence, b) => {
    if (sequence.length === 0)
      throw new UserError("A text without a word cannot be read by a model; give at least one word.");
    ids[b] = startId;
    sequence.forEach((id, index) => {
      ids[(index + 1) * size + b] = id;
      mask[(index + 1) * size + b] = 0;
    });
    ids[(sequence.length + 1) * size + b] = endId;
  });
  const { words, rows } = wordRows === "distinct" ? distinct(ids) : { words: ids, rows: Int32Array.from(ids.keys()) };
  return {
    words: tf.tensor1d(words, "int32"),
    rows: tf.tensor2d(rows, [time, size], "int32"),
    lengths: tf.tensor1d(
      Int32Array.from(sequences, (sequence) => sequence.length + 2),
      "int32",
    ),
    mask: tf.tensor2d(mask, [time, size]),
    time,
    size,
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

/** Frees the batch's tensors. */
export function disposeBatch(batch: Batch): void {
  tf.dispose([batch.words, batch.rows, batch.lengths, batch.mask]);
}
