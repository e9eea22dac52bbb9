import type { Sequences } from "./bilstm";
import { runKernel, tf } from "./tensorflow";

/**
 * What scores the states h of each text: vᵀ tanh(W h + offset), or h · query. `offsets` are [batch, hidden] and `queries`
 * [batch, 2 * hidden], or one row for all texts.
 */
export type Scoring =
  | { kind: "additive"; projection: tf.Tensor2D; offsets: tf.Tensor2D; vector: tf.Tensor }
  | { kind: "dot"; queries: tf.Tensor2D };

/** The ways from scores to weights that the kernel knows. */
export const kernelNormalizations = ["softmax", "sparsemax", "uniform"];

/**
 * Σ_t α_t h_t of every text without each of its words, for a bidirectional LSTM; native only. What the removed word does
 * not change is not computed anew.
 *
 * @param projected as the BiLSTM takes it, [words, 8 * hidden]
 * @param recurrent recurrent weights by direction, [2, hidden, 4 * hidden]
 * @param sequences of two words or more with start and end; fastest where texts of one length stand side by side
 * @returns [words of all texts, 2 * hidden]: the words of the first text one after another, then those of the second
 */
export function bilstmWithoutEach(
  projected: tf.Tensor2D,
  recurrent: tf.Tensor3D,
  { rows, lengths }: Sequences,
  scoring: Scoring,
  normalization: string,
): tf.Tensor2D {
  return tf.tidy(() => {
    const none = tf.tensor1d([]);
    const weights =
      scoring.kind === "additive"
        ? [scoring.projection, scoring.offsets, scoring.vector]
        : [none, scoring.queries, none];
    const settings = tf.tensor1d([kernelNormalizations.indexOf(normalization)], "int32");
    const inputs = [projected, rows, recurrent, lengths, ...weights, settings];
    return runKernel("AttentionBilstmWithoutEach", {}, inputs, 1)[0] as tf.Tensor2D;
  });
}
