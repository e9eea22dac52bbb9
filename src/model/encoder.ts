import type { tf } from "../backend/tensorflow";
import type { ModelConfig } from "../config";
import type { Random } from "../stats/random";
import type { Batch } from "./batch";
import type { Weights } from "./weights";

/** What turns word vectors into the states that attention averages (paper, section 3: h = Enc(x_e)). */
export interface Encoder {
  /** Length of one state. */
  stateSize(config: ModelConfig): number;
  /** Trained tensors with their first values; their names begin with "encoder.". */
  createWeights(config: ModelConfig, random: Random): Weights;
  /**
   * @param embedded vectors of the batch's words, [words, embedding]
   * @returns states, [time, batch, state]; zero beyond a sequence's length
   */
  encode(weights: Weights, embedded: tf.Tensor2D, batch: Batch): tf.Tensor3D;
}
