import type { Example } from "../data/dataset";
import { UserError } from "../errors";
import type { Attentions } from "../model/imposedRemovals";
import type { AttentionModel } from "../model/model";
import { type Prediction, predictedLabel } from "../model/predict";
import { rerun, type Variant, wordVectors } from "../model/rerun";
import { createRandom, deriveSeed, type Random } from "../stats/random";
import type { MeasuredText } from "./measure";
import { checkColumnName } from "./quantity";

/**
 * A measure of how much each word matters for the output: what attention is compared with (paper, Algorithm 1).
 *
 * A study has a column for its agreement with attention, as in `tauGradient`, and its values over the words. One's own is
 * made by {@link importance}.
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
  /**
   * Its values under attention that is imposed on the unchanged network, [weighting][words] of each text. With it a study
   * has columns for its agreement with that attention, as in `tauGradientNull`.
   *
   * @param attentions of each text some attentions, as many for all of them
   */
  under?(texts: TextsToExplain, attentions: readonly Attentions[]): Promise<(readonly number[])[][]>;
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

/**
 * What an importance says of some texts, for each in their order.
 *
 * @throws UserError where it is not a number for each word, or none at all
 */
export async function explain(
  { name, compute }: Pick<Importance, "name" | "compute">,
  texts: Omit<TextsToExplain, "random">,
): Promise<(readonly number[])[]> {
  const values = await compute({ ...texts, random: randomOf(name, texts.model) });
  for (const [index, { id, tokens }] of texts.texts.entries()) {
    const ofText = values[index];
    if (ofText?.length === 0 || (ofText?.length === tokens.length && ofText.every(Number.isFinite))) continue;
    const came = ofText?.length === tokens.length ? "some that are none" : (ofText?.length ?? "nothing");
    throw new UserError(
      `The importance "${name}" must give one number per word, but for "${id}" of ${tokens.length} words ${came} came; return a list as long as the words.`,
    );
  }
  return values;
}

/** The random numbers of an importance. */
export function randomOf(name: string, { config }: Pick<AttentionModel, "config">): TextsToExplain["random"] {
  return ({ id }) => createRandom(deriveSeed(config.seed, name, id));
}

/** One text, as an importance of one's own sees it. */
export interface TextToExplain extends Pick<MeasuredText, "question" | "attention" | "predicted" | "probability"> {
  words: readonly string[];
  /** The model's vectors of the words, [words][embedding]. */
  vectors: readonly Float32Array[];
  /** Random numbers of this text, the same ones in any company. */
  random: Random;
  /** What the model says of changed versions of the text, in their order: see {@link Variant}. */
  rerun(variants: readonly Variant[]): Promise<(Prediction & Pick<TextToExplain, "probability">)[]>;
}

type OfText = { ofText(text: TextToExplain): readonly number[] | Promise<readonly number[]> };

/**
 * An importance of one's own, from a function that gives one number per word: of one text (`ofText`, at once or as a
 * promise) or of all texts (`compute`).
 *
 * @param name as in "inputNorm": the end of its columns' names
 * @param options.symbol the subscript of τ
 * @param options.title default: the name
 * @param options.version without one it is computed anew each time
 * @throws UserError for a name that cannot end a column's name
 * @example
 * const inputNorm = importance("inputNorm", {
 *   symbol: "n",
 *   meaning: "Length of the word's vector.",
 *   ofText: ({ vectors }) => vectors.map((vector) => Math.hypot(...vector)),
 * });
 * @example
 * const silenced = importance("silenced", {
 *   symbol: "s",
 *   meaning: "How far the predicted class's probability moves when the word's vector is zero.",
 *   ofText: async ({ vectors, probability, rerun }) => {
 *     const zero = vectors[0]!.map(() => 0);
 *     const variants = vectors.map((_, t) => ({ vectors: vectors.map((vector, u) => (u === t ? zero : vector)) }));
 *     return (await rerun(variants)).map((variant) => Math.abs(variant.probability - probability));
 *   },
 * });
 */
export function importance<const Name extends string>(
  name: Name,
  options: Pick<Importance, "symbol" | "meaning" | "whenZero" | "version" | "under"> & { title?: string } & (
      | OfText
      | Pick<Importance, "compute">
    ),
): Importance<Name> {
  checkColumnName("importance", name);
  const compute = "ofText" in options ? (texts: TextsToExplain) => ofEach(texts, options.ofText) : options.compute;
  return { ...options, name, title: options.title ?? name, compute };
}

async function ofEach(
  { model, texts, predictions, random, onProgress, signal }: TextsToExplain,
  ofText: OfText["ofText"],
): Promise<(readonly number[])[]> {
  const values: (readonly number[])[] = [];
  for (const [index, text] of texts.entries()) {
    signal?.throwIfAborted();
    const { attention, output } = predictions[index]!;
    const label = predictedLabel({ output });
    const ofWords = await ofText({
      words: text.tokens,
      question: text.question,
      vectors: wordVectors(model, text.tokens),
      attention,
      predicted: model.classNames[label]!,
      probability: output[label]!,
      random: random(text),
      rerun: async (variants) =>
        (await rerun(model, text, variants)).map((said) => ({ ...said, probability: said.output[label]! })),
    });
    values.push(ofWords);
    onProgress?.(values.length / texts.length);
  }
  return values;
}
