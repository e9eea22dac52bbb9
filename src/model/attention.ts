import type { Scoring } from "../backend/bilstmWithoutEach";
import type { tf } from "../backend/tensorflow";
import type { Random } from "../stats/random";
import type { Weights } from "./weights";

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
  /** The same in a form that kernels know, if it has one: leave-one-out is then several times faster. */
  scoring?(weights: Weights, question?: tf.Tensor2D): Scoring;
}
