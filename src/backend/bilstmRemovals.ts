import { plainBilstm, type Sequences } from "./bilstm";
import { isNative, runKernel, tf } from "./tensorflow";

/**
 * States of a bidirectional LSTM for texts of equal length without one of their words, for many removed words at once.
 * The fused kernel computes anew only what lies behind the removed word in either direction; plain operations read the
 * shortened texts where libtensorflow is not loaded.
 *
 * @param projected as {@link bilstm} takes it, [words, 8 * hidden]
 * @param recurrent recurrent weights by direction, [2, hidden, 4 * hidden]
 * @param sequences with start and end; without padding, so that all lengths are the time
 * @param removed positions to remove, ascending, from 1 to time - 2
 * @returns states of the words that are left, without start and end, [time - 3, removed * batch, 2 * hidden]: column
 *   r * batch + b is text b without the word at removed[r]
 */
export function bilstmRemovals(
  projected: tf.Tensor2D,
  recurrent: tf.Tensor3D,
  sequences: Sequences,
  removed: readonly number[],
): tf.Tensor3D {
  return (isNative() ? fusedBilstmRemovals : plainBilstmRemovals)(projected, recurrent, sequences, removed);
}

function fusedBilstmRemovals(
  projected: tf.Tensor2D,
  recurrent: tf.Tensor3D,
  { rows, lengths }: Sequences,
  removed: readonly number[],
): tf.Tensor3D {
  return tf.tidy(() => {
    const whole = runKernel("AttentionBilstm", { keep: true }, [projected, rows, recurrent, lengths], 3);
    const [hidden, , cells] = whole as [tf.Tensor, tf.Tensor, tf.Tensor];
    const positions = tf.tensor1d([...removed], "int32");
    const inputs = [projected, rows, recurrent, hidden, cells, positions];
    return runKernel("AttentionBilstmRemovals", {}, inputs, 1)[0] as tf.Tensor3D;
  });
}

/** The same as {@link bilstmRemovals} in plain operations: the tested reference, and what computes without libtensorflow. */
export function plainBilstmRemovals(
  projected: tf.Tensor2D,
  recurrent: tf.Tensor3D,
  { rows }: Sequences,
  removed: readonly number[],
): tf.Tensor3D {
  return tf.tidy(() => {
    const [time, batch] = rows.shape;
    const columns = removed.length * batch;
    const left = Array.from({ length: time - 1 }, (_, t) => removed.map((position) => (t < position ? t : t + 1)));
    const shortened = {
      rows: tf.reshape<tf.Rank.R2>(tf.gather(rows, tf.tensor1d(left.flat(), "int32")), [time - 1, columns]),
      lengths: tf.fill<tf.Rank.R1>([columns], time - 1, "int32"),
    };
    return tf.slice(plainBilstm(projected, recurrent, shortened), [1, 0, 0], [time - 3, -1, -1]);
  });
}
