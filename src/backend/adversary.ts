import { runKernel, tf } from "./tensorflow";

/** Decoders of some texts, packed text after text: of classifiers, or of models with a question. */
export interface PackedDecoders {
  /** Words of each text, [texts]. */
  lengths: Int32Array;
  /** What every word contributes: [words, 1] to the logit, or [words, hidden]. */
  states: Float32Array;
  /** Bias of the logit, [texts, 1], or what is added to the hidden layer, [texts, hidden]. */
  offset: Float32Array;
  /** Of models with a question. */
  outer?: {
    /** [hidden, classes] */
    weights: Float32Array;
    /** [classes] */
    bias: Float32Array;
    /** 0 for possible answers, a large negative number for others, [texts, classes]. */
    impossible: Float32Array;
  };
}

/** Settings of the search, as src/analysis/adversarial.ts explains them. */
export interface ClimbSettings {
  slack: number;
  lambda: number;
  pairWeight: number;
  learningRate: number;
  steps: number;
}

/**
 * The adversarial search for many texts at once, on the native backend alone.
 *
 * @param own the models' own attention, [words]
 * @param starts logarithmic weights: for each text, one row of its length for each candidate
 * @returns the weights at the end, laid out as the starts
 */
export function climbAll(
  decoders: PackedDecoders,
  own: Float32Array,
  starts: Float32Array,
  { slack, lambda, pairWeight, learningRate, steps }: ClimbSettings,
): Float32Array {
  const { lengths, states, offset, outer } = decoders;
  const [texts, words] = [lengths.length, own.length];
  const classes = outer?.bias.length ?? 0;
  return tf.tidy(() => {
    const inputs = [
      tf.tensor1d(lengths, "int32"),
      tf.tensor1d(own),
      tf.tensor1d(starts),
      tf.tensor1d([slack, lambda, pairWeight, learningRate, steps]),
      tf.tensor2d(states, [words, states.length / words]),
      tf.tensor2d(offset, [texts, offset.length / texts]),
      tf.tensor2d(outer?.weights ?? new Float32Array(0), [classes && offset.length / texts, classes]),
      tf.tensor1d(outer?.bias ?? new Float32Array(0)),
      tf.tensor2d(outer?.impossible ?? new Float32Array(0), [outer ? texts : 0, classes]),
    ];
    return runKernel("AttentionAdversary", {}, inputs, 1)[0]!.dataSync<"float32">();
  });
}
