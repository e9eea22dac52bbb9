import { tf } from "../backend/tensorflow";
import type { Attention } from "./attention";
import { uniformWeights, type Weights } from "./weights";

/** Additive attention (Bahdanau et al. 2015): score = vᵀ tanh(W₁ h + b₁ + W₂ Q + b₂), without Q in classification; paper, section 3. */
export const additiveAttention: Attention = {
  createWeights(stateSize, hasQuestion, random) {
    const size = Math.floor(stateSize / 2);
    const bound = 1 / Math.sqrt(stateSize);
    return {
      projection: uniformWeights([stateSize, size], bound, random),
      bias: uniformWeights([size], bound, random),
      vector: uniformWeights([size, 1], 1 / Math.sqrt(size), random),
      ...(hasQuestion && {
        questionProjection: uniformWeights([stateSize, size], bound, random),
        questionBias: uniformWeights([size], bound, random),
      }),
    };
  },

  score(weights, states, question) {
    const [time, batch, stateSize] = states.shape;
    const size = weights.bias!.shape[0]!;
    const projected = tf.matMul(tf.reshape(states, [-1, stateSize]), weights.projection!);
    const hidden = tf.add(tf.reshape(projected, [time, batch, size]), offsetsOf(weights, question)); // [time, batch, state / 2]
    const scores = tf.matMul(tf.reshape(tf.tanh(hidden), [-1, size]), weights.vector!);
    return tf.reshape(scores, [time, batch]);
  },

  scoring(weights, question) {
    const projection = weights.projection as tf.Tensor2D;
    return { kind: "additive", projection, offsets: offsetsOf(weights, question), vector: weights.vector! };
  },
};

/** b₁ + W₂ Q + b₂, [batch, state / 2], or b₁, [1, state / 2]. */
function offsetsOf(weights: Weights, question?: tf.Tensor2D): tf.Tensor2D {
  const own = tf.reshape<tf.Rank.R2>(weights.bias!, [1, -1]);
  if (!question) return own;
  return tf.add(own, tf.add(tf.matMul(question, weights.questionProjection!), weights.questionBias!));
}
