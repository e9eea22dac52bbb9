import type { Decoder } from "../model/decoder";
import type { Quantity } from "./quantity";

/**
 * Other attention weights for a text, its states held fixed, and what they do to the output (paper, section 4.2).
 *
 * Most are made by {@link simpleIntervention}, from a function that gives the weights.
 */
export interface Intervention<
  Name extends string = string,
  Column extends string = string,
  PerEpsilon extends string = string,
> {
  /** As in "permutation": the beginning of its columns' names. Letters and digits, beginning with a small letter. */
  name: Name;
  /** As in "permuted attention". */
  title: string;
  /** One sentence that says which attention it gives the text. */
  meaning: string;
  /** Raised whenever the same model and text would give other numbers. Without one, nothing is kept between runs. */
  version?: number;
  columns: readonly Quantity<Column>[];
  /** Columns that it has for each ε, whose digits end their names, as in `searchJsd01`. Default: none. */
  perEpsilon?: {
    columns: readonly Quantity<PerEpsilon>[];
    /** The ε at which it is computed. */
    epsilons(settings: InterventionSettings): readonly number[];
  };
  /** What of the settings its numbers depend on; default: nothing. */
  dependsOn?(settings: InterventionSettings): object;
  /** Whether it is defined for the decoder of texts with a question too; default true. */
  linearOnly?: boolean;
  /** What it does to each text, in their order. */
  compute(texts: readonly AttendedText[], settings: InterventionSettings): Intervened[];
}

/** What an intervention may know of a text. */
export interface AttendedText {
  id: string;
  /** The model's own, one weight per word. */
  attention: readonly number[];
  /** The output as a function of the attention. */
  decoder: Decoder;
  /** Every importance that the study has, by name: a number per word. */
  importances: Readonly<Record<string, readonly number[]>>;
  /** Seeds random numbers of the text for one intervention: they depend on the model's seed and the text's id alone. */
  seed(intervention: string): string;
}

/** What came of a text. */
export interface Intervened {
  /** By column; undefined where there is no value. */
  numbers: Record<string, number | undefined>;
  /** One of the other attentions, to be shown over the words; undefined where there is none to show. */
  attention?: readonly number[];
}

export interface InterventionSettings {
  /** Permutations of a text's attention. Default 100, the paper's. */
  permutations: number;
  /** Total variations of the output that count as unchanged. Default .01 and .05, the paper's for classification and for questions. */
  epsilons: readonly number[];
  /** Of the adversarial search. */
  search: SearchSettings;
}

/** Settings of the adversarial search; what is not given has the variant's value. */
export interface SearchSettings {
  variant?: "paper" | "code";
  candidates?: number;
  lambda?: number;
  slack?: number;
  steps?: number;
  learningRate?: number;
  startDeviation?: number;
  corners?: boolean;
}
