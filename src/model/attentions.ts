import { tf } from "../backend/tensorflow";
import type { Random } from "../stats/random";
import { uniformWeights, type Weights } from "./weights";

/** What scores each state; the normalised scores over the words of a text are its attention. */
export interface Attention {
  /**
   * Trained tensors with their first values.
   *
   * @param hasQuestion whether the scores depend on a question too
   */
  createWeights(stateSize: number, hasQuestion: boolean, random: Random): Weights;
  /**
   * @param states [time, batch, state]
   * @param question the question's summary, [batch, state], in question answering and inference
   * @returns scores, [time, batch]
   */
  score(weights: Weights, states: tf.Tensor3D, question?: tf.Tensor2D): tf.Tensor2D;
  /**
   * The same for kernels, if it is a form that they know: leave-one-out is then several times faster. A state h is scored
   * vᵀ tanh(W h + offset) by W, offsets, [batch, n], and v; or h · offset by an empty W, offsets, [batch, state], and an empty
   * v. One row of offsets may stand for all texts.
   */
  kernelInputs?(
    weights: Weights,
    question?: tf.Tensor2D,
  ): [projection: tf.Tensor, offsets: tf.Tensor, vector: tf.Tensor];
}

/** Additive attention (Bahdanau et al. 2015): score = vᵀ tanh(W₁ h + b₁ + W₂ Q + b₂), without Q in classification; paper, section 3. */
const additive: Attention = {
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

  kernelInputs: (weights, question) => [weights.projection!, offsetsOf(weights, question), weights.vector!],
};

/** b₁ + W₂ Q + b₂, [batch, state / 2], or b₁, [1, state / 2]. */
function offsetsOf(weights: Weights, question?: tf.Tensor2D): tf.Tensor2D {
  const own = tf.reshape<tf.Rank.R2>(weights.bias!, [1, -1]);
  if (!question) return own;
  return tf.add(own, tf.add(tf.matMul(question, weights.questionProjection!), weights.questionBias!));
}

/**
 * Scaled dot product attention (Vaswani et al. 2017): score = h · Q / √m, m the length of a state; paper, section 3. In
 * classification, where there is no question, Q is a vector that is learnt; with a question there is nothing to learn.
 */
const dot: Attention = {
  createWeights: (stateSize, hasQuestion, random): Weights =>
    hasQuestion ? {} : { vector: uniformWeights([stateSize, 1], 1 / Math.sqrt(stateSize), random) },

  score(weights, states, question) {
    const [time, batch, stateSize] = states.shape;
    const products = question
      ? tf.sum(tf.mul(states, question), 2)
      : tf.matMul(tf.reshape(states, [-1, stateSize]), weights.vector!);
    return tf.div(tf.reshape(products, [time, batch]), Math.sqrt(stateSize));
  },

  kernelInputs(weights, question) {
    const queries = question ?? tf.reshape<tf.Rank.R2>(weights.vector!, [1, -1]);
    return [tf.tensor1d([]), tf.div(queries, Math.sqrt(queries.shape[1])), tf.tensor1d([])];
  },
};

/** Every attention mechanism by its name; published files call additive attention "tanh". */
export const attentions = { additive, dot } satisfies Record<string, Attention>;

export type AttentionName = keyof typeof attentions;
