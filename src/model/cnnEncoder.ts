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

  summarize: (states) => tf.max<tf.Tensor2D>(states, 0),
};

function filtersOf(hiddenSize: number): number {
  return Math.max(1, Math.floor(hiddenSize / kernelWidths.length));
}
