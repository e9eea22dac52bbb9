import { tf } from "../../src/backend/tensorflow";
import { type Attention, attentions } from "../../src/model/attentions";
import { type Encoder, encoders } from "../../src/model/encoders";
import { uniformWeights } from "../../src/model/weights";

/** A gated recurrent unit (Cho et al. 2014) that reads forward; a question is summarised by its last state. */
const gru: Encoder = {
  stateSize: ({ hiddenSize }) => hiddenSize,

  createWeights({ embeddingSize, hiddenSize }, random) {
    const bound = 1 / Math.sqrt(hiddenSize);
    return {
      input: uniformWeights([embeddingSize, 3 * hiddenSize], bound, random),
      recurrent: uniformWeights([hiddenSize, 3 * hiddenSize], bound, random),
      bias: uniformWeights([3 * hiddenSize], bound, random),
    };
  },

  encode(weights, embedded, { rows, lengths, time, size }) {
    const hiddenSize = weights.recurrent!.shape[0]!;
    const ofWords = tf.add<tf.Tensor2D>(tf.matMul(embedded, weights.input!), weights.bias!);
    let state = tf.zeros([size, hiddenSize]);
    const states = Array.from({ length: time }, (_, t) => {
      const chosen = tf.oneHot(tf.reshape(tf.slice(rows, [t, 0], [1, size]), [size]), embedded.shape[0]);
      const [xz, xr, xh] = tf.split(tf.matMul(tf.cast(chosen, "float32"), ofWords), 3, 1);
      const [hz, hr, hh] = tf.split(tf.matMul(state as tf.Tensor2D, weights.recurrent as tf.Tensor2D), 3, 1);
      const update = tf.sigmoid(tf.add(xz!, hz!));
      const candidate = tf.tanh(tf.add(xh!, tf.mul(tf.sigmoid(tf.add(xr!, hr!)), hh!)));
      const next = tf.add(tf.mul(update, state), tf.mul(tf.sub(1, update), candidate));
      state = tf.mul(next, tf.expandDims(tf.cast(tf.greater(lengths, t), "float32"), 1));
      return state;
    });
    return tf.stack(states) as tf.Tensor3D;
  },

  summarize(states, { lengths }) {
    const isLast = tf.transpose(tf.oneHot(tf.sub(lengths, 1).toInt(), states.shape[0]));
    return tf.sum<tf.Tensor2D>(tf.mul(states, tf.expandDims(isLast, 2)), 0);
  },
};

/** Multiplicative attention (Luong et al. 2015): score = hᵀ W Q; without a question Q is learnt. */
const multiplicative: Attention = {
  createWeights(stateSize, hasQuestion, random) {
    const bound = 1 / Math.sqrt(stateSize);
    return {
      matrix: uniformWeights([stateSize, stateSize], bound, random),
      ...(!hasQuestion && { query: uniformWeights([1, stateSize], bound, random) }),
    };
  },

  score(weights, states, question = weights.query as tf.Tensor2D) {
    return tf.sum(tf.mul(states, tf.matMul(question, weights.matrix!, false, true)), 2);
  },
};

/** Lists the two, as a line in encoders.ts and attentions.ts would. */
export function listOwnParts(): void {
  Object.assign(encoders, { gru });
  Object.assign(attentions, { multiplicative });
}

export function dropOwnParts(): void {
  delete (encoders as Partial<Record<string, Encoder>>).gru;
  delete (attentions as Partial<Record<string, Attention>>).multiplicative;
}
