import { type Agreements, agreements } from "../analysis/agreement";
import { explain } from "../analysis/importance";
import { paperImportances } from "../analysis/importances/all";
import { gradient as gradientImportance } from "../analysis/importances/gradient";
import { leaveOneOut } from "../analysis/importances/leaveOneOut";
import type { AttendedText } from "../analysis/intervention";
import { exact as exactIntervention } from "../analysis/interventions/adversary/exact";
import { search as searchIntervention } from "../analysis/interventions/adversary/search";
import type { SearchSettings } from "../analysis/interventions/adversary/settings";
import { permutation } from "../analysis/interventions/permutation";
import { kendall } from "../analysis/statistics/kendall";
import { tf } from "../backend/tensorflow";
import type { Example } from "../data/dataset";
import { type Decoder, wordsOf } from "../model/decoder";
import type { AttentionModel } from "../model/model";
import { type Prediction, predict, predictedLabel } from "../model/predict";
import { textDecoders } from "../model/textDecoders";
import { type ExactColumns, exactColumns } from "../stats/exactCurve";
import { deriveSeed } from "../stats/random";

/** What other attention weights do to the output of one text. JSD in nats, total variation from 0 to 1. */
export type CounterfactualRow = ExactColumns & {
  /** Median total variation of the output over 100 permutations of the attention. */
  permutationTvd: number;
  /** ε-max JSD that the search found, for ε = .01 and .05; undefined where no candidate keeps the output. */
  searchJsd01: number | undefined;
  searchJsd05: number | undefined;
  /** Candidates of the search that keep the output within ε. */
  searchFeasible01: number;
  searchFeasible05: number;
};

/** One text with the results of all analyses. */
export type InstanceRow = {
  id: string;
  words: number;
  /** Name of the predicted class; the paper groups by it. */
  predicted: string;
  /** Name of the true class. */
  label: string;
  /** Probability of the predicted class. */
  probability: number;
  maxAttention: number;
} & Agreements<"tau", readonly ["gradient", "leaveOneOut"]> &
  CounterfactualRow;

/** The columns of an instance row, in the order in which they are written. */
export const instanceColumns: readonly (keyof InstanceRow)[] = [
  "id",
  "words",
  "predicted",
  "label",
  "probability",
  "maxAttention",
  ...(["tauGradient", "tauLeaveOneOut", "tauGradientLeaveOneOut"] as const).flatMap(
    (tau) => [tau, `${tau}PValue`, `${tau}Undefined`] as const,
  ),
  "permutationTvd",
  "searchJsd01",
  "searchJsd05",
  "searchFeasible01",
  "searchFeasible05",
  ...exactColumns.map(({ column }) => column),
];

/** The weights on the words of one text, to be shown over them; each has one number per word, rounded to 4 digits. */
export type TextWeights = {
  /** That of its instance row. */
  id: string;
  words: string[];
  question?: string[];
  /** The model's own. */
  attention: number[];
  gradient: number[];
  /** Null for the only word of a text. */
  leaveOneOut: (number | null)[];
  /** The furthest attention that the search found within the paper's ε; null where it found none. */
  adversarial: number[] | null;
  /** The furthest attention there is within the paper's ε; null but in classification. */
  exact: number[] | null;
};

/** The analyses, in the order in which they run. */
export const stages = [
  "prediction",
  "gradient",
  "leaveOneOut",
  "correlation",
  "decoders",
  "permutation",
  "search",
  "exact",
] as const;
export type Stage = (typeof stages)[number];

export interface InstanceOptions {
  /** Of the adversarial search, which is always judged by both ε. Default: the paper's variant. */
  search?: SearchSettings;
}

export interface Analysed {
  rows: InstanceRow[];
  /** Of the same texts, in the same order. */
  texts: TextWeights[];
  /** Label of each prediction, and its first logit: for the scores. */
  predicted: number[];
  logits: number[];
  /** Wall-clock seconds of each stage. */
  seconds: Record<Stage, number>;
}

/** The ε that the search is judged by: the paper's for classification and for questions (section 4.2.2). */
const epsilons = [0.01, 0.05] as const;

/**
 * All analyses of some texts, one row each: prediction, τ_g, τ_loo, permutation, adversarial search and exact adversary.
 *
 * Random draws depend on the model's seed and the text's id or length alone, so a text has the same row in any company.
 *
 * @param onProgress told the share that is done, from 0 to 1
 * @param signal stops between two texts or runs of the model
 */
export async function analyzeInstances(
  model: AttentionModel,
  examples: readonly Example[],
  { search = {} }: InstanceOptions = {},
  { onProgress, signal }: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<Analysed> {
  const watch = new Stopwatch();
  const predictions = await watch.time("prediction", () => predict(model, examples));
  const toExplain = { model, texts: examples, predictions, signal };
  const gradient = await watch.time("gradient", () => explain(gradientImportance, toExplain));
  const removal = await watch.time("leaveOneOut", () =>
    explain(leaveOneOut, { ...toExplain, onProgress: (share) => onProgress?.(0.5 * share) }),
  );
  const correlations = await watch.time("correlation", () =>
    examples.map(({ id, tokens, label }, index) => {
      const { attention, output } = predictions[index]!;
      const predicted = predictedLabel({ output });
      const importances = { gradient: gradient[index]!, leaveOneOut: removal[index]! };
      return {
        id,
        words: tokens.length,
        predicted: model.classNames[predicted]!,
        label: model.classNames[label]!,
        probability: output[predicted]!,
        maxAttention: Math.max(...attention),
        ...agreements(kendall, paperImportances, { attention, importances }),
      };
    }),
  );
  const rows: InstanceRow[] = new Array(examples.length);
  const texts: TextWeights[] = new Array(examples.length);
  let done = 0;
  for await (const group of grouped(watch.timeEach("decoders", textDecoders(model, examples)))) {
    signal?.throwIfAborted();
    const attacked = group.map(({ index, decoder }): AttendedText => {
      const { id } = examples[index]!;
      const seed = (name: string) => deriveSeed(model.config.seed, name, id);
      return { id, decoder, attention: predictions[index]!.attention, importances: {}, seed };
    });
    const found = await counterfactuals(attacked, search, watch);
    for (const [place, { index }] of group.entries()) {
      const { row, ...attentions } = found[place]!;
      const { attention } = predictions[index]!;
      const importance = { attention, gradient: gradient[index]!, leaveOneOut: removal[index]! };
      rows[index] = { ...correlations[index]!, ...row };
      texts[index] = weightsOf(examples[index]!, { ...importance, ...attentions });
    }
    done += group.length;
    onProgress?.(0.5 + (0.5 * done) / examples.length);
    await tf.nextFrame();
  }
  return { rows, texts, ...answersOf(predictions), seconds: watch.seconds };
}

/** Words of the texts whose counterfactuals are computed together: some tens of milliseconds. */
const wordsTogether = 1_024;

async function* grouped<T extends { decoder: Decoder }>(items: AsyncGenerator<T>): AsyncGenerator<T[]> {
  let group: T[] = [];
  let words = 0;
  for await (const item of items) {
    group.push(item);
    words += wordsOf(item.decoder);
    if (words < wordsTogether) continue;
    yield group;
    group = [];
    words = 0;
  }
  if (group.length > 0) yield group;
}

interface Counterfactual {
  row: CounterfactualRow;
  adversarial: readonly number[] | null;
  exact: readonly number[] | null;
}

async function counterfactuals(
  texts: readonly AttendedText[],
  search: SearchSettings = {},
  watch: Stopwatch,
): Promise<Counterfactual[]> {
  const settings = { permutations: 100, epsilons, search };
  const permuted = await watch.time("permutation", () => permutation.compute(texts, settings));
  const found = await watch.time("search", () => searchIntervention.compute(texts, settings));
  const exact = await watch.time("exact", () => exactIntervention.compute(texts, settings));
  return texts.map((_, index) => {
    const { permutationTvd } = permuted[index]!.numbers;
    const ofExact = Object.fromEntries(exactColumns.map(({ column }) => [column, exact[index]!.numbers[column]]));
    return {
      row: { permutationTvd, ...found[index]!.numbers, ...ofExact } as CounterfactualRow,
      adversarial: found[index]!.attention ?? null,
      exact: exact[index]!.attention ?? null,
    };
  });
}

function weightsOf(
  { id, tokens, question }: Example,
  weights: { [Name in keyof Omit<TextWeights, "id" | "words" | "question">]: readonly number[] | null },
): TextWeights {
  const ofWords = (values: readonly number[]) => tokens.map((_, word) => rounded(values[word]));
  const named = Object.entries(weights).map(([name, values]) => [name, values && ofWords(values)]);
  return { id, words: tokens, ...(question && { question }), ...Object.fromEntries(named) };
}

function rounded(weight: number | undefined): number | null {
  return weight === undefined ? null : Number(weight.toPrecision(4));
}

function answersOf(predictions: readonly Prediction[]): Pick<Analysed, "predicted" | "logits"> {
  return {
    predicted: predictions.map(predictedLabel),
    logits: predictions.map(({ logits }) => logits[0]!),
  };
}

/** Adds up the time of each stage. */
class Stopwatch {
  readonly seconds = Object.fromEntries(stages.map((stage) => [stage, 0])) as Record<Stage, number>;

  async time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.seconds[stage] += (performance.now() - started) / 1000;
    return result;
  }

  /** Times the making of each item, not what is done with it. */
  async *timeEach<T>(stage: Stage, items: AsyncGenerator<T>): AsyncGenerator<T> {
    for (;;) {
      const { done, value } = await this.time(stage, () => items.next());
      if (done) return;
      yield value;
    }
  }
}
