import type { Example } from "../data/dataset";
import type { AttentionModel } from "../model/model";
import type { Prediction } from "../model/predict";
import type { Random } from "../stats/random";

/**
 * A measure of how much each word matters for the output: what attention is compared with (paper, Algorithm 1).
 *
 * A study has a column for its agreement with attention, as in `tauGradient`, and its values over the words.
 */
export interface Importance<Name extends string = string> {
  /** As in "gradient": the end of its columns' names. Letters and digits, beginning with a small letter. */
  name: Name;
  /** As in "g": the subscript of τ. */
  symbol: string;
  /** As in "gradient" or "leave-one-out". */
  title: string;
  /** One sentence that says how it is computed. */
  meaning: string;
  /** Why there is no agreement where it is 0 at every word, as in "saturated output". Default "zero importance". */
  whenZero?: string;
  /** Raised whenever the same model and text would give other numbers. Without one, nothing is kept between runs. */
  version?: number;
  /**
   * A number for each word of each text, in the texts' order; an empty list for a text that has none. Words that are equal
   * by definition must have equal values to the last bit.
   */
  compute(texts: TextsToExplain): Promise<(readonly number[])[]>;
}

/** Some texts of a corpus with what the model says of them. */
export interface TextsToExplain {
  model: AttentionModel;
  texts: readonly Example[];
  /** Of the texts, in their order. */
  predictions: readonly Prediction[];
  /** Random numbers for a text, the same ones in any company: they depend on the model's seed, the importance and its id. */
  random(text: Pick<Example, "id">): Random;
  /** Told the share that is done, from 0 to 1. */
  onProgress?: (share: number) => void;
  /** Stops between two runs of the model. */
  signal?: AbortSignal;
}
