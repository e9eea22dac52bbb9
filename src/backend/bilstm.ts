import { isNative, runKernel, takeRows, tf, withGradient } from "./tensorflow";

/** Which sequences a batch holds, for the recurrence. */
export interface Sequences {
  /** Row of the word table that stands at each position, [time, batch], int32; padding may name any row. */
  rows: tf.Tensor2D;
  /** Positions of each sequence, [batch], int32; what lies beyond is padding. */
  lengths: tf.Tensor1D;
}

/** A bidirectional LSTM (Hochreiter & Schmidhuber 1997) whose input projection is done. */
export interface Recurrence {
  /**
   * Input projection of every distinct word, [words, 8 * hidden]: the gates i, f, g, o of the forward direction, then those
   * of the backward one.
   */
  projected: tf.Tensor2D;
  /** Recurrent weights by direction, [2, hidden, 4 * hidden]. */
  recurrent: tf.Tensor3D;
}

/**
 * The recurrent part of a bidirectional LSTM, with its gradient: the fused kernel where libtensorflow is loaded, plain
 * operations elsewhere.
 *
 * @returns states, [time, batch, 2 * hidden], forward then backward; exactly zero beyond a sequence's length
 */
export function bilstm(recurrence: Recurrence, sequences: Sequences): tf.Tensor3D {
  return (isNative() ? fusedBilstm : plainBilstm)(recurrence, sequences);
}

function fusedBilstm({ projected, recurrent }: Recurrence, { rows, lengths }: Sequences): tf.Tensor3D {
  const keep = tf.tensor1d(tf.engine().state.gradientDepth > 0 ? [1] : []);
  return withGradient([projected, recurrent], () => {
    const outputs = runKernel("AttentionBilstm", [projected, rows, recurrent, lengths, keep], 3);
    return {
      value: outputs[0] as tf.Tensor3D,
      saved: [...outputs, projected, recurrent],
      // The kernel overwrites the gates, which nothing else reads.
      gradient: (dy, saved) => runKernel("AttentionBilstmGrad", [dy, ...saved, rows, lengths], 2),
    };
  });
}

/** The same as {@link bilstm} in plain operations: the tested reference, and what computes without libtensorflow. */
export function plainBilstm({ projected, recurrent }: Recurrence, sequences: Sequences): tf.Tensor3D {
  return tf.tidy(() => {
    const inputs = takeRows(projected, sequences.rows);
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
