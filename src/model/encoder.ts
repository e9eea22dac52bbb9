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
   * States of texts of equal length, without padding, without each of some words: for an encoder that can do with less
   * than to read the shortened texts anew.
   *
   * @param removed positions, ascending, from 1 to time - 2
   * @returns without start and end, [time - 3, removed * batch, state]: column r * batch + b is text b without removed[r]
   */
  encodeWithoutEach?(
    weights: Weights,
    embedded: tf.Tensor2D,
    sequences: Sequences,
    removed: readonly number[],
  ): tf.Tensor3D;
}
