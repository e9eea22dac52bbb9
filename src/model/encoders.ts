import { type Recurrence, bilstm as readBoth } from "../backend/bilstm";
import { convolution, presence } from "../backend/convolution";
import { takeRows, tf, withGradient } from "../backend/tensorflow";
import type { Random } from "../stats/random";
import type { ModelConfig } from "../study/config";
import type { Sequences } from "./batch";
import { uniformWeights, type Weights } from "./weights";

/** What turns word vectors into the states that attention averages (paper, section 3: h = Enc(x_e)). */
export interface Encoder {
  /** Length of one state. */
  stateSize(config: ModelConfig): number;
  /** Trained tensors with their first values. */
  createWeights(config: ModelConfig, random: Random): Weights;
  /**
   * The product of word vectors with weights that encoding begins with, [words, n], without a bias, if it begins with one:
   * the gradients of word vectors then take a third of the time.
   *
   * @param embedded [words, embedding]
   */
  project?(weights: Weights, embedded: tf.Tensor2D): tf.Tensor2D;
  /**
   * @param embedded vectors of the batch's words, [words, embedding], or what `project` has made of them
   * @returns states, [time, batch, state]; zero beyond a sequence's length
   */
  encode(weights: Weights, embedded: tf.Tensor2D, sequences: Sequences, config: ModelConfig): tf.Tensor3D;
  /**
   * One vector for a whole question or hypothesis: the Q of the paper's section 3.
   *
   * @param states [time, batch, state]
   * @returns [batch, state]
   */
  summarize(states: tf.Tensor3D, sequences: Sequences): tf.Tensor2D;
  /**
   * How many words on each side of a missing one have another state; undefined where it may be all. For leave-one-out
   * then only these are computed anew.
   */
  reach?: number;
  /** What `project` has made, in a form that kernels know, if it is a BiLSTM: leave-one-out is then several times faster. */
  recurrence?(weights: Weights, projected: tf.Tensor2D): Recurrence;
}

/**
 * One-layer bidirectional LSTM, the encoder of the paper's main results (section 3). First values are drawn as PyTorch
 * draws them, and as there it has two biases, which the optimiser moves apart. A question is summarised by the last
 * state of each direction.
 */
const bilstm: Encoder = {
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

  project: ({ inputWeights }, embedded) => tf.matMul(embedded, inputWeights as tf.Tensor2D),

  encode: (weights, projected, sequences) => readBoth(recurrenceOf(weights, projected), sequences),

  summarize(states, { lengths }) {
    const [time, batch, size] = states.shape;
    const isLast = tf.oneHot(tf.sub(lengths, tf.scalar(1, "int32")).toInt(), time); // [batch, time]
    const lastOnly = tf.mul(states, tf.expandDims(tf.transpose(isLast), 2));
    const forward = tf.slice(tf.sum<tf.Tensor2D>(lastOnly, 0), [0, 0], [batch, size / 2]);
    const backward = tf.reshape(tf.slice(states, [0, 0, size / 2], [1, batch, size / 2]), [batch, size / 2]);
    return tf.concat([forward, backward as tf.Tensor2D], 1);
  },

  recurrence: recurrenceOf,
};

function recurrenceOf({ inputBias, recurrentBias, recurrentWeights }: Weights, projected: tf.Tensor2D): Recurrence {
  const gates = tf.add<tf.Tensor2D>(projected, tf.add(inputBias!, recurrentBias!));
  return { projected: gates, recurrent: recurrentWeights as tf.Tensor3D };
}

/** Words that each kernel sees. */
export const kernelWidths = [1, 3, 5, 7] as const;

/**
 * Convolutions of widths 1, 3, 5 and 7 with ReLU, a quarter of the hidden units each, without pooling; the CNN of the
 * paper's code. A question is summarised by its largest value of each filter.
 */
const cnn: Encoder = {
  reach: Math.floor(kernelWidths.at(-1)! / 2),

  stateSize: ({ hiddenSize }) => kernelWidths.length * filtersOf(hiddenSize),

  createWeights({ embeddingSize, hiddenSize }, random) {
    const filters = filtersOf(hiddenSize);
    const bounds = kernelWidths.map((width) => 1 / Math.sqrt(width * embeddingSize));
    const kernels = kernelWidths.map((width, index) =>
      uniformWeights([embeddingSize, width * filters], bounds[index]!, random),
    );
    const biases = bounds.map((bound) => uniformWeights([filters], bound, random));
    const weights = { weights: tf.concat(kernels, 1), bias: tf.concat(biases) };
    tf.dispose([kernels, biases]);
    return weights;
  },

  project: ({ weights }, embedded) => tf.matMul(embedded, weights as tf.Tensor2D), // [words, Σ widths * filters]

  encode: ({ bias }, projected, sequences) => convolution(projected, bias as tf.Tensor1D, sequences, kernelWidths),

  summarize: largestOverTime,
};

function filtersOf(hiddenSize: number): number {
  return Math.max(1, Math.floor(hiddenSize / kernelWidths.length));
}

/** As tf.max, whose gradient counts every one of equal values in full: a word that occurs twice would count twice. */
function largestOverTime(states: tf.Tensor3D): tf.Tensor2D {
  return withGradient([states], () => {
    const value = tf.max<tf.Tensor2D>(states, 0);
    const gradient = (dy: tf.Tensor, [all, largest]: tf.Tensor[]) => {
      const isLargest = tf.cast(tf.equal(all!, tf.expandDims(largest!, 0)), "float32");
      return tf.mul(isLargest, tf.div(dy, tf.sum(isLargest, 0)));
    };
    return { value, saved: [states, value], gradient };
  });
}

/**
 * A projection of each word by itself, so that a state knows nothing of other words: the paper's "average" (section 3).
 * tanh as in its code, or ReLU as in its text. A question is summarised by the mean of its states.
 */
const average: Encoder = {
  reach: 0,

  stateSize: ({ hiddenSize }) => hiddenSize,

  createWeights({ embeddingSize, hiddenSize }, random) {
    const bound = 1 / Math.sqrt(embeddingSize);
    return {
      weights: uniformWeights([embeddingSize, hiddenSize], bound, random),
      bias: uniformWeights([hiddenSize], bound, random),
    };
  },

  project: ({ weights }, embedded) => tf.matMul(embedded, weights as tf.Tensor2D),

  encode({ bias }, projected, { rows, lengths, time }, { averageActivation }) {
    const activate = averageActivation === "relu" ? tf.relu : tf.tanh;
    const ofWords = activate(tf.add<tf.Tensor2D>(projected, bias!)); // [words, state]
    return tf.mul<tf.Tensor3D>(takeRows(ofWords, rows), tf.expandDims(presence(lengths, time), 2));
  },

  summarize: (states, { lengths }) =>
    tf.div<tf.Tensor2D>(tf.sum(states, 0), tf.expandDims(tf.cast(lengths, "float32"), 1)),
};

/** Every encoder by its name, that of the field; published files call the BiLSTM "lstm". */
export const encoders = { bilstm, cnn, average } satisfies Record<string, Encoder>;
