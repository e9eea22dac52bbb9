import { bilstm } from "../backend/bilstm";
import { bilstmWithoutEach } from "../backend/bilstmWithoutEach";
import { tf } from "../backend/tensorflow";
import type { Encoder } from "./encoder";
import { uniformWeights, type Weights } from "./weights";

/**
 * One-layer bidirectional LSTM, the encoder of the paper's main results (section 3). First values are drawn as PyTorch
 * draws them, and as there it has two biases, which the optimiser moves apart. A question is summarised by the last
 * state of each direction.
 */
export const bilstmEncoder: Encoder = {
  stateSize: ({ hiddenSize }) => 2 * hiddenSize,

  createWeights({ embeddingSize, hiddenSize }, random) {
    const bound = 1 / Math.sqrt(hiddenSize);
    return {
      inputWeights: uniformWeights([embeddingSize, 8 * hiddenSize], bound, random),
      recurrentWeights: uniformWeights([2, hiddenSize, 4 * hiddenSize], bound, random),
      inputBias: uniformWeights([8 * hiddenSize], bound, random),
      recurrentBias: uniformWeights([8 * hiddenSize], bound, random),
    };
  },

  encode(weights, embedded, sequences) {
    return bilstm(project(weights, embedded), weights.recurrentWeights as tf.Tensor3D, sequences);
  },

  summarize(states, { lengths }) {
    const [time, batch, size] = states.shape;
    const isLast = tf.oneHot(tf.sub(lengths, tf.scalar(1, "int32")).toInt(), time); // [batch, time]
    const lastOnly = tf.mul(states, tf.expandDims(tf.transpose(isLast), 2));
    const forward = tf.slice(tf.sum<tf.Tensor2D>(lastOnly, 0), [0, 0], [batch, size / 2]);
    const backward = tf.reshape(tf.slice(states, [0, 0, size / 2], [1, batch, size / 2]), [batch, size / 2]);
    return tf.concat([forward, backward as tf.Tensor2D], 1);
  },

  contextsWithoutEach(weights, embedded, sequences, scoring, normalization) {
    const recurrent = weights.recurrentWeights as tf.Tensor3D;
    return bilstmWithoutEach(project(weights, embedded), recurrent, sequences, scoring, normalization);
  },
};

/** Input projection of every distinct word, [words, 8 * hidden]. */
function project(weights: Weights, embedded: tf.Tensor2D): tf.Tensor2D {
  const bias = tf.add(weights.inputBias!, weights.recurrentBias!);
  return tf.add(tf.matMul(embedded, weights.inputWeights as tf.Tensor2D), bias);
}
