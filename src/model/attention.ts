import { tf } from "../backend/tensorflow";
import type { AttentionName } from "../config";
import type { Random } from "../stats/random";
import { uniformWeights, type Weights } from "./weights";

/** What scores each state; the softmax of the scores over the words of a text is its attention. */
export interface Attention {
  /** Trained tensors with their first values; their names begin with "attention.". */
  createWeights(stateSize: number, random: Random): Weights;
  /**
   * @param states [time * batch, state]
   * @returns scores, [time * batch, 1]
   */
  score(weights: Weights, states: tf.Tensor2D): tf.Tensor2D;
}

/** Additive attention (Bahdanau et al. 2015): score = vᵀ tanh(W h + b); paper, section 3. */
const additive: Attention = {
  createWeights(stateSize, random) {
    const size = Math.floor(stateSize / 2);
    return {
      "attention.projection": uniformWeights([stateSize, size], 1 / Math.sqrt(stateSize), random),
      "attention.bias": uniformWeights([size], 1 / Math.sqrt(stateSize), random),
      "attention.vector": uniformWeights([size, 1], 1 / Math.sqrt(size), random),
    };
  },

  score(weights, states) {
    const projected = tf.matMul(states, weights["attention.projection"]!); // [time * batch, state / 2]
    return tf.matMul(tf.tanh(tf.add(projected, weights["attention.bias"]!)), weights["attention.vector"]!);
  },
};

/** Every attention mechanism by its name. */
export const attentions: Record<AttentionName, Attention> = { additive };
