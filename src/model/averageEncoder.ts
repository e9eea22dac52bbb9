import { presence } from "../backend/convolution";
import { takeRows } from "../backend/takeRows";
import { tf } from "../backend/tensorflow";
import type { Encoder } from "./encoder";
import { uniformWeights } from "./weights";

/**
 * A projection of each word by itself, so that a state knows nothing of other words: the paper's "average" (section 3).
 * tanh as in its code, or ReLU as in its text. A question is summarised by the mean of its states.
 */
export const averageEncoder: Encoder = {
  reach: 0,

  stateSize: ({ hiddenSize }) => hiddenSize,

  createWeights({ embeddingSize, hiddenSize }, random) {
    const bound = 1 / Math.sqrt(embeddingSize);
    return {
      weights: uniformWeights([embeddingSize, hiddenSize], bound, random),
      bias: uniformWeights([hiddenSize], bound, random),
    };
  },

  encode(weights, embedded, { rows, lengths, time }, { averageActivation }) {
    const activate = averageActivation === "relu" ? tf.relu : tf.tanh;
    const ofWords = activate(tf.add<tf.Tensor2D>(tf.matMul(embedded, weights.weights!), weights.bias!)); // [words, state]
    const states = tf.reshape(takeRows(ofWords, tf.reshape(rows, [-1])), [...rows.shape, ofWords.shape[1]!]);
    return tf.mul<tf.Tensor3D>(states, tf.expandDims(presence(lengths, time), 2));
  },

  summarize: (states, { lengths }) =>
    tf.div<tf.Tensor2D>(tf.sum(states, 0), tf.expandDims(tf.cast(lengths, "float32"), 1)),
};
