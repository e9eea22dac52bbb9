import type { Quantity } from "./quantity";

/**
 * A number that follows from what is stored of a text; it has a column of its name, and needs no model.
 *
 * @example
 * const halfOfAttention: Measure<"halfOfAttention"> = {
 *   name: "halfOfAttention",
 *   symbol: "n½",
 *   title: "words that hold half of the attention",
 *   meaning: "The fewest words whose attention adds up to a half.",
 *   digits: 0,
 *   of({ attention }) {
 *     let left = 0.5;
 *     return [...attention].sort((a, b) => b - a).findIndex((weight) => (left -= weight) <= 0) + 1;
 *   },
 * };
 */
export interface Measure<Name extends string = string> extends Quantity<Name> {
  /** Raised whenever the same text would give another. Without one, nothing is kept between runs. */
  version?: number;
  /** The number of one text; undefined where it has none. */
  of(text: MeasuredText): number | undefined;
}

/** What is stored of a text. */
export interface MeasuredText {
  /** The model's own attention, one weight per word. */
  attention: readonly number[];
  /** Every importance that the study has, by name: a number per word. */
  importances: Readonly<Record<string, readonly number[]>>;
  /** s_t, what each word's state contributes to the logit; undefined of a model that reads a question. */
  contributions?: readonly number[];
  /** The words; undefined of a corpus whose texts may not be passed on. */
  words?: readonly string[];
  /** Of its question or hypothesis; undefined in classification. */
  question?: readonly string[];
  /** Name of the predicted class, and of the true one. */
  predicted: string;
  label: string;
  /** Of the predicted class. */
  probability: number;
}
