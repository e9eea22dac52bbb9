import type { Sequences } from "./bilstm";
import { tf, withGradient } from "./tensorflow";

/**
 * Convolutions of several odd widths over the words of each sequence, with bias and ReLU and their gradient. Beyond a
 * sequence's ends there are zeros ("same" padding), and nothing of another sequence is seen. The products are there, so
 * all is additions, which are done in plain numbers on either backend.
 *
 * @param projected products of every distinct word with all filters, [words, filters * Σ widths]: kernel by kernel, in
 *   each the offsets from left to right, for each offset its filters
 * @param bias [kernels * filters]
 * @returns states, [time, batch, kernels * filters]; exactly zero beyond a sequence's length
 */
export function convolution(
  projected: tf.Tensor2D,
  bias: tf.Tensor1D,
  sequences: Sequences,
  widths: readonly number[],
): tf.Tensor3D {
  const size = bias.shape[0];
  const filters = size / widths.length;
  return withGradient([projected, bias], () => {
    const [products, offsets] = [projected, bias].map((tensor) => tensor.dataSync<"float32">()) as [
      Float32Array,
      Float32Array,
    ];
    const states = new Float32Array(sequences.rows.size * size);
    eachState(sequences, widths, filters, (state, first, entering) => {
      for (let f = 0; f < filters; f++) {
        let sum = offsets[first + f]!;
        for (let i = 0; i < entering.length; i++) sum = Math.fround(sum + products[entering[i]! + f]!);
        states[state + f] = Math.max(0, sum);
      }
    });
    const gradient = (dy: tf.Tensor) => {
      const ofStates = dy.dataSync<"float32">();
      const [ofProducts, ofOffsets] = [new Float32Array(projected.size), new Float32Array(size)];
      eachState(sequences, widths, filters, (state, first, entering) => {
        for (let f = 0; f < filters; f++) {
          if (states[state + f]! === 0) continue;
          ofOffsets[first + f]! += ofStates[state + f]!;
          for (let i = 0; i < entering.length; i++) ofProducts[entering[i]! + f]! += ofStates[state + f]!;
        }
      });
      return [tf.tensor2d(ofProducts, projected.shape), tf.tensor1d(ofOffsets)];
    };
    return { value: tf.tensor3d(states, [...sequences.rows.shape, size]), saved: [], gradient };
  });
}

/** Visits the states of each kernel: where they begin, where in the bias, and where the products begin that enter them. */
function eachState(
  { rows, lengths }: Sequences,
  widths: readonly number[],
  filters: number,
  visit: (state: number, first: number, entering: readonly number[]) => void,
): void {
  const [time, batch] = rows.shape;
  const words = rows.dataSync<"int32">();
  const columns = filters * widths.reduce((sum, width) => sum + width, 0);
  for (const [b, length] of lengths.dataSync<"int32">().entries()) {
    const end = Math.min(time, length);
    for (let t = 0; t < end; t++) {
      let column = 0;
      for (const [kernel, width] of widths.entries()) {
        const entering: number[] = [];
        for (let j = 0; j < width; j++, column += filters) {
          const position = t + j - Math.floor(width / 2);
          if (position >= 0 && position < end) entering.push(words[position * batch + b]! * columns + column);
        }
        visit(((t * batch + b) * widths.length + kernel) * filters, kernel * filters, entering);
      }
    }
  }
}

/** 1 at the positions of each sequence and 0 beyond its length, [time, batch]. */
export function presence(lengths: tf.Tensor1D, time: number): tf.Tensor2D {
  const positions = tf.expandDims(tf.range(0, time, 1, "int32"), 1);
  return tf.cast(tf.less<tf.Tensor2D>(positions, tf.expandDims(lengths, 0)), "float32");
}
