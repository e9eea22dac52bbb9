import { runKernel, tf } from "./tensorflow";

/** How the search for adversarial attention climbs. */
export interface ClimbSettings {
  /** K, the candidates of a text. */
  candidates: number;
  /** Total variation of the output that costs nothing. */
  slack: number;
  /** λ, what a change of the output beyond it costs. */
  lambda: number;
  /** Weight of the divergence of one pair of candidates. */
  pairWeight: number;
  learningRate: number;
  steps: number;
}

/** Texts of a search one after another: N words in all, and M possible answers. */
export interface PackedTexts {
  /** Words of each text, [texts]. */
  lengths: Int32Array;
  /** The model's own attention, [N]. */
  own: Float32Array;
  /** Logits of the candidates at the start, text by text and in each candidate by candidate, [K * N]. */
  starts: Float32Array;
  decoders:
    | {
        kind: "linear";
        /** s_t of every word, [N]. */
        scores: Float32Array;
        /** [texts] */
        biases: Float32Array;
      }
    | {
        kind: "tanh";
        /** P_t of every word, [N, hidden]. */
        projected: Float32Array;
        /** [texts, hidden] */
        offsets: Float32Array;
        /** How many answers each text may have, [texts]. */
        counts: Int32Array;
        /** Weights of every text's possible answers, [M, hidden]. */
        answers: Float32Array;
        /** [M] */
        biases: Float32Array;
      };
}

/**
 * The candidates' attention after all steps, for all texts in one call of the fused kernel (src/backend/native/adversary.cc
 * says what it minimises). It needs libtensorflow; the plain reference is `plainSearch` of src/model/attentionSearch.ts.
 *
 * @returns placed as `starts`
 */
export function fusedSearch({ lengths, own, starts, decoders }: PackedTexts, settings: ClimbSettings): Float32Array {
  const { slack, lambda, pairWeight, learningRate, steps } = settings;
  return tf.tidy(() => {
    const shared = [own, starts, lengths, Float32Array.of(slack, lambda, pairWeight, learningRate, steps)].map(vector);
    if (decoders.kind === "linear") {
      const inputs = [...shared, vector(decoders.scores), vector(decoders.biases)];
      return runKernel("AttentionAdversaryLinear", {}, inputs, 1)[0]!.dataSync<"float32">();
    }
    const { projected, offsets, counts, answers, biases } = decoders;
    const hidden = offsets.length / lengths.length;
    const matrices = [tf.tensor2d(projected, [own.length, hidden]), tf.tensor2d(offsets, [lengths.length, hidden])];
    const outer = [vector(counts), tf.tensor2d(answers, [biases.length, hidden]), vector(biases)];
    return runKernel("AttentionAdversaryTanh", {}, [...shared, ...matrices, ...outer], 1)[0]!.dataSync<"float32">();
  });
}

/** A tensor of the array's own kind. */
function vector(values: Float32Array | Int32Array): tf.Tensor1D {
  return tf.tensor1d(values, values instanceof Int32Array ? "int32" : "float32");
}
