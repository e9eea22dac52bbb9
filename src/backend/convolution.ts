import type { Sequences } from "./bilstm";
import { isNative, runKernel, takeRows, tf, withGradient } from "./tensorflow";

/**
 * Convolutions of several odd widths over the words of each sequence, with bias and ReLU and their gradient. Beyond a
 * sequence's ends there are zeros ("same" padding), and nothing of another sequence is seen.
 *
 * @param projected products of every distinct word with all filters, [words, filters * Σ widths]: kernel by kernel, in
 *   each the offsets from left to right, for each offset its filters
 * @param bias [kernels * filters]
 * @returns states, [time, batch, kernels * filters]; exactly zero beyond a sequence's length
 */
type Convolution = (
  projected: tf.Tensor2D,
  bias: tf.Tensor1D,
  sequences: Sequences,
  widths: readonly number[],
) => tf.Tensor3D;

/** {@link Convolution} by the fused kernel where libtensorflow is loaded, by plain operations elsewhere. */
export const convolution: Convolution = (...inputs) => (isNative() ? fusedConvolution : plainConvolution)(...inputs);

const fusedConvolution: Convolution = (projected, bias, { rows, lengths }, widths) => {
  const kernelWidths = tf.tensor1d([...widths], "int32");
  return withGradient([projected, bias], () => {
    const [states] = runKernel("AttentionConvolution", [projected, rows, bias, lengths, kernelWidths], 1);
    return {
      value: states as tf.Tensor3D,
      saved: [states!, projected, bias, kernelWidths],
      gradient: (dy, saved) => runKernel("AttentionConvolutionGrad", [dy, ...saved, rows, lengths], 2),
    };
  });
};

/** The same as {@link convolution} in plain operations: the tested reference, and what computes without libtensorflow. */
export const plainConvolution: Convolution = (projected, bias, { rows, lengths }, widths) =>
  tf.tidy(() => {
    const [time, batch] = rows.shape;
    const filters = bias.shape[0] / widths.length;
    const present = tf.expandDims(presence(lengths, time), 2); // [time, batch, 1]
    const products = tf.mul<tf.Tensor3D>(takeRows(projected, rows), present);
    let column = 0;
    const states = widths.map((width) => {
      const offsets = Array.from({ length: width }, (_, j) => {
        const ofOffset = tf.slice(products, [0, 0, column + j * filters], [time, batch, filters]);
        return shifted(ofOffset, j - Math.floor(width / 2));
      });
      column += width * filters;
      return tf.addN(offsets);
    });
    return tf.mul<tf.Tensor3D>(tf.relu(tf.add(tf.concat(states, 2), bias)), present);
  });

/** The states `by` positions further on, zeros beyond the ends. */
function shifted(states: tf.Tensor3D, by: number): tf.Tensor3D {
  const [time] = states.shape;
  const distance = Math.min(Math.abs(by), time);
  if (distance === 0) return states;
  const kept = tf.slice(states, [by > 0 ? distance : 0, 0, 0], [time - distance, -1, -1]);
  return tf.pad(kept, [by > 0 ? [0, distance] : [distance, 0], [0, 0], [0, 0]]);
}

/** 1 at the positions of each sequence and 0 beyond its length, [time, batch]. */
export function presence(lengths: tf.Tensor1D, time: number): tf.Tensor2D {
  const positions = tf.expandDims(tf.range(0, time, 1, "int32"), 1);
  return tf.cast(tf.less<tf.Tensor2D>(positions, tf.expandDims(lengths, 0)), "float32");
}
