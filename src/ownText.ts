import { type AdversaryOptions, searchAdversary } from "./analysis/adversarial";
import { exactAdversary } from "./analysis/exactAdversary";
import { permutedAttentions } from "./analysis/permutation";
import { type Decoder, decode } from "./model/decoder";
import type { AttentionModel } from "./model/model";
import { predict, predictedLabel } from "./model/predict";
import { textDecoders } from "./model/textDecoders";
import { jensenShannon, totalVariation } from "./stats/divergence";
import { deriveSeed } from "./stats/random";

/** A text of one's own that a model has read. */
interface ReadText {
  label: number;
  predicted: string;
  /** Of the predicted class. */
  probability: number;
  attention: number[];
  decoder: Decoder;
}

/** One permutation of a text's attention. */
export type Shuffle = {
  /** The same weights at other words. */
  attention: number[];
  /** Of the class that the model predicts with its own attention. */
  probability: number;
  /** Total variation of the output, from 0 to 1. */
  change: number;
};

/** The attention of one text, and the same weights at other words. */
export interface ShuffledText {
  predicted: string;
  /** Of the predicted class, under the model's own attention. */
  probability: number;
  /** The model's own, one weight per word. */
  attention: number[];
  /** In the order in which they were drawn. */
  shuffles: Shuffle[];
}
