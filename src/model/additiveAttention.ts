import { tf } from "../backend/tensorflow";
import type { Attention } from "./attention";
import { uniformWeights } from "./weights";

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
    const flat = tf.add(tf.matMul(tf.reshape(states, [-1, stateSize]), weights.projection!), weights.bias!); // [time * batch, state / 2]
    const hidden = question
      ? tf.add(
          tf.reshape(flat, [time, batch, size]),
          tf.add(tf.matMul(question, weights.questionProjection!), weights.questionBias!),
        )
      : flat;
    const scores = tf.matMul(tf.reshape(tf.tanh(hidden), [-1, size]), weights.vector!);
    return tf.reshape(scores, [time, batch]);
  },
};
