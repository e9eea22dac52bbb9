import { takeRows } from "./takeRows";
import { isNative, runKernel, tf } from "./tensorflow";

/** Which sequences a batch holds, for the recurrence. */
export interface Sequences {
  /** Row of the word table that stands at each position, [time, batch], int32; padding may name any row. */
  rows: tf.Tensor2D;
  /** Positions of each sequence, [batch], int32; what lies beyond is padding. */
  lengths: tf.Tensor1D;
}

/**
 * The recurrent part of a bidirectional LSTM (Hochreiter & Schmidhuber 1997), with its gradient: the fused kernel where
 * libtensorflow is loaded, plain operations elsewhere.
 *
 * @param projected input projection of every distinct word, [words, 8 * hidden]: the gates i, f, g, o of the forward
 *   direction, then those of the backward one
 * @param recurrent recurrent weights by direction, [2, hidden, 4 * hidden]
 * @returns states, [time, batch, 2 * hidden], forward then backward; exactly zero beyond a sequence's length
 */
export function bilstm(projected: tf.Tensor2D, recurrent: tf.Tensor3D, sequences: Sequences): tf.Tensor3D {
  return isNative() ? fusedBilstm(projected, recurrent, sequences) : plainBilstm(projected, recurrent, sequences);
}

function fusedBilstm(projected: tf.Tensor2D, recurrent: tf.Tensor3D, { rows, lengths }: Sequences): tf.Tensor3D {
  const keep = tf.engine().state.gradientDepth > 0;
  const run = tf.customGrad((...inputs) => {
    const [table, weights, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [hidden, gates, cells] = runKernel("AttentionBilstm", { keep }, [table, rows, weights, lengths], 3);
    save([hidden!, gates!, cells!, table, weights]);
    // The kernel overwrites the gates, which nothing else reads.
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      runKernel("AttentionBilstmGrad", {}, [dy, ...saved.slice(0, 4), rows, saved[4]!, lengths], 2);
    return { value: hidden!, gradFunc };
  });
  return run(projected, recurrent) as tf.Tensor3D;
}

/**
 * The same as {@link bilstm} in plain operations: the tested reference, and what computes without libtensorflow.
 */
export function plainBilstm(projected: tf.Tensor2D, recurrent: tf.Tensor3D, sequences: Sequences): tf.Tensor3D {
  return tf.tidy(() => {
    const [time, batch] = sequences.rows.shape;
    const flatRows = tf.reshape<tf.Rank.R1>(sequences.rows, [-1]);
    const inputs = tf.reshape<tf.Rank.R3>(takeRows(projected, flatRows), [time, batch, projected.shape[1]]);
    const directions = [0, 1].map((direction) => plainDirection(inputs, recurrent, sequences.lengths, direction));
    return tf.concat(directions as [tf.Tensor3D, tf.Tensor3D], 2);
  });
}

function plainDirection(inputs: tf.Tensor3D, recurrent: tf.Tensor3D, lengths: tf.Tensor1D, direction: number) {
  const hiddenSize = recurrent.shape[1];
  const [time, batch] = inputs.shape;
  const weights = tf.squeeze<tf.Tensor2D>(tf.slice(recurrent, [direction, 0, 0], [1, hiddenSize, 4 * hiddenSize]), [0]);
  const steps = tf.unstack(tf.slice(inputs, [0, 0, direction * 4 * hiddenSize], [time, batch, 4 * hiddenSize]));
  let hidden = tf.zeros<tf.Rank.R2>([batch, hiddenSize]);
  let cell = hidden;
  const states: tf.Tensor2D[] = [];
  for (let step = 0; step < time; step++) {
    const t = direction === 0 ? step : time - 1 - step;
    const present = tf.expandDims<tf.Tensor2D>(tf.cast(tf.greater(lengths, t), "float32"), 1);
    const [i, f, g, o] = tf.split(tf.add(steps[t]!, tf.matMul(hidden, weights)), 4, 1) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const next = tf.add(tf.mul(tf.sigmoid(f), cell), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    cell = tf.mul(next, present);
    hidden = tf.mul(tf.mul(tf.sigmoid(o), tf.tanh(next)), present);
    states.push(hidden);
  }
  return tf.stack(direction === 0 ? states : states.reverse()) as tf.Tensor3D;
}
