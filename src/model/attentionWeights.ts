import { tf, withGradient } from "../backend/tensorflow";
import { softmax as softmaxOf } from "./decoder";

/** What makes attention weights of scores. */
export interface Normalization {
  /** Whether the weights depend on the scores; where they do not, nothing is learnt for them. */
  usesScores: boolean;
  /**
   * Over the words of each text.
   *
   * @param scores [time, batch]
   * @param mask 0 on words and a large negative number elsewhere, [time, batch]
   * @returns [time, batch]; they sum to 1 over the words and are exactly 0 elsewhere
   */
  ofBatch(scores: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor2D;
  /** The same for one text, in plain numbers. */
  ofText(scores: Float32Array): Float64Array;
}

const softmax: Normalization = {
  usesScores: true,
  ofBatch: (scores, mask) => tf.transpose(tf.softmax(tf.transpose(tf.add<tf.Tensor2D>(scores, mask)))),
  ofText: softmaxOf,
};

/**
 * The point of the simplex that is nearest to the scores, which leaves words at exactly 0 (Martins & Astudillo 2016,
 * algorithm 1; its gradient is proposition 2).
 */
const sparsemax: Normalization = {
  usesScores: true,
  ofBatch(scores, mask) {
    const given = tf.transpose(tf.add<tf.Tensor2D>(scores, mask));
    const weights = withGradient([given], () => {
      const value = nearestInSimplex(given);
      const gradient = (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
        const support = tf.cast(tf.greater(saved!, 0), "float32");
        const inside = tf.mul(dy, support);
        const mean = tf.div(tf.sum(inside, 1, true), tf.sum(support, 1, true));
        return tf.mul(support, tf.sub(inside, mean));
      };
      return { value, saved: [value], gradient };
    });
    return tf.transpose(weights);
  },
  ofText(scores) {
    let sum = 0;
    let threshold = 0;
    for (const [index, score] of Float64Array.from(scores).sort().reverse().entries()) {
      if (1 + (index + 1) * score <= sum + score) break;
      sum += score;
      threshold = (sum - 1) / (index + 1);
    }
    return Float64Array.from(scores, (score) => Math.max(0, score - threshold));
  },
};

/** Row by row, [batch, time]. */
function nearestInSimplex(scores: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => {
    const centered = tf.sub(scores, tf.max(scores, 1, true));
    const { values: sorted } = tf.topk(centered, scores.shape[1], true);
    const sums = tf.cumsum(sorted, 1);
    const counts = tf.range(1, scores.shape[1] + 1);
    const inSupport = tf.cast(tf.greater(tf.add(1, tf.mul(counts, sorted)), sums), "float32");
    const size = tf.sum(inSupport, 1, true);
    const isLast = tf.cast(tf.equal(counts, size), "float32");
    const threshold = tf.div(tf.sub(tf.sum(tf.mul(sums, isLast), 1, true), 1), size);
    return tf.relu(tf.sub(centered, threshold)) as tf.Tensor2D;
  });
}

/** Every word the same, whatever its score: the frozen attention of Wiegreffe & Pinter 2019, section 3.2. */
const uniform: Normalization = {
  usesScores: false,
  ofBatch(_, mask) {
    const isWord = tf.cast(tf.equal(mask, 0), "float32");
    return tf.div(isWord, tf.sum(isWord, 0));
  },
  ofText: (scores) => new Float64Array(scores.length).fill(1 / scores.length),
};

/** Every way from scores to attention weights by its name. */
export const normalizations = { softmax, sparsemax, uniform } satisfies Record<string, Normalization>;

export type AttentionWeightsName = keyof typeof normalizations;
