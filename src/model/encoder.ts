import type { Scoring } from "../backend/bilstmWithoutEach";
import type { tf } from "../backend/tensorflow";
import type { Random } from "../stats/random";
import type { ModelConfig } from "../study/config";
import type { Sequences } from "./batch";
import type { Weights } from "./weights";

/** What turns word vectors into the states that attention averages (paper, section 3: h = Enc(x_e)). */
export interface Encoder {
  /** Length of one state. */
  stateSize(config: ModelConfig): number;
  /** Trained tensors with their first values. */
  createWeights(config: ModelConfig, random: Random): Weights;
  /**
   * @param embedded vectors of the batch's words, [words, embedding]
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
  /**
   * Σ_t α_t h_t of texts of two words or more without each of their words: for an encoder that can do with less than to
   * read the shortened texts anew. Native only.
   *
   * @param normalization one of `kernelNormalizations`
   * @returns [words of all texts, state], text by text
   */
  contextsWithoutEach?(
    weights: Weights,
    embedded: tf.Tensor2D,
    sequences: Sequences,
    scoring: Scoring,
    normalization: string,
  ): tf.Tensor2D;
}
