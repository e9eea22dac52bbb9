import { bilstm } from "../backend/bilstm";
import { tf } from "../backend/tensorflow";
import type { Encoder } from "./encoder";
import { uniformWeights } from "./weights";

/**
 * One-layer bidirectional LSTM, the encoder of the paper's main results (section 3). First values are drawn as PyTorch
 * draws them, and as there it has two biases, which the optimiser moves apart.
 */
export const bilstmEncoder: Encoder = {
  stateSize: ({ hiddenSize }) => 2 * hiddenSize,

  createWeights({ embeddingSize, hiddenSize }, random) {
    const bound = 1 / Math.sqrt(hiddenSize);
    return {
      "encoder.inputWeights": uniformWeights([embeddingSize, 8 * hiddenSize], bound, random),
      "encoder.recurrentWeights": uniformWeights([2, hiddenSize, 4 * hiddenSize], bound, random),
      "encoder.inputBias": uniformWeights([8 * hiddenSize], bound, random),
      "encoder.recurrentBias": uniformWeights([8 * hiddenSize], bound, random),
    };
  },

  encode(weights, embedded, batch) {
    const bias = tf.add(weights["encoder.inputBias"]!, weights["encoder.recurrentBias"]!);
    const projected = tf.add<tf.Tensor2D>(tf.matMul(embedded, weights["encoder.inputWeights"]!), bias); // [words, 8 * hidden]
    return bilstm(projected, weights["encoder.recurrentWeights"] as tf.Tensor3D, batch);
  },
};
