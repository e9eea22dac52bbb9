import { convolution } from "../backend/convolution";
import { tf } from "../backend/tensorflow";
import type { Encoder } from "./encoder";
import { uniformWeights } from "./weights";

/** Words that each kernel sees. */
export const kernelWidths = [1, 3, 5, 7] as const;

/**
 * Convolutions of widths 1, 3, 5 and 7 with ReLU, a quarter of the hidden units each, without pooling; the CNN of the
 * paper's code. A question is summarised by its largest value of each filter.
 */
export const cnnEncoder: Encoder = {
  reach: Math.floor(kernelWidths.at(-1)! / 2),

  stateSize: ({ hiddenSize }) => kernelWidths.length * filtersOf(hiddenSize),

  createWeights({ embeddingSize, hiddenSize }, random) {
    const filters = filtersOf(hiddenSize);
    const bounds = kernelWidths.map((width) => 1 / Math.sqrt(width * embeddingSize));
    const kernels = kernelWidths.map((width, index) =>
      uniformWeights([embeddingSize, width * filters], bounds[index]!, random),
    );
    const biases = bounds.map((bound) => uniformWeights([filters], bound, random));
    const weights = { weights: tf.concat(kernels, 1), bias: tf.concat(biases) };
    tf.dispose([kernels, biases]);
    return weights;
  },

  encode(weights, embedded, sequences) {
    const projected = tf.matMul<tf.Tensor2D>(embedded, weights.weights as tf.Tensor2D); // [words, Σ widths * filters]
    return convolution(projected, weights.bias as tf.Tensor1D, sequences, kernelWidths);
  },

  summarize: (states) => largestOverTime(states),
};

function filtersOf(hiddenSize: number): number {
  return Math.max(1, Math.floor(hiddenSize / kernelWidths.length));
}

/** As tf.max, whose gradient counts every one of equal values in full: a word that occurs twice would count twice. */
function largestOverTime(states: tf.Tensor3D): tf.Tensor2D {
  const largest = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor3D, tf.GradSaveFunc];
    const value = tf.max<tf.Tensor2D>(input, 0);
    save([input, value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const isLargest = tf.cast(tf.equal(saved[0]!, tf.expandDims(saved[1]!, 0)), "float32");
      return tf.mul(isLargest, tf.div(dy, tf.sum(isLargest, 0)));
    };
    return { value, gradFunc };
  });
  return largest(states) as tf.Tensor2D;
}
