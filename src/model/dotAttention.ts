import { tf } from "../backend/tensorflow";
import type { Attention } from "./attention";
import { uniformWeights } from "./weights";

/**
 * Scaled dot product attention (Vaswani et al. 2017): score = h · Q / √m, m the length of a state; paper, section 3. In
 * classification, where there is no question, Q is a vector that is learnt; with a question there is nothing to learn.
 */
export const dotAttention: Attention = {
  createWeights: (stateSize, hasQuestion, random): ReturnType<Attention["createWeights"]> =>
    hasQuestion ? {} : { vector: uniformWeights([stateSize, 1], 1 / Math.sqrt(stateSize), random) },

  score(weights, states, question) {
    const [time, batch, stateSize] = states.shape;
    const products = question
      ? tf.sum(tf.mul(states, question), 2)
      : tf.matMul(tf.reshape(states, [-1, stateSize]), weights.vector!);
    return tf.div(tf.reshape(products, [time, batch]), Math.sqrt(stateSize));
  },

  scoring(weights, question) {
    const queries = question ?? tf.reshape<tf.Rank.R2>(weights.vector!, [1, -1]);
    return { kind: "dot", queries: tf.div(queries, Math.sqrt(queries.shape[1])) };
  },
};
