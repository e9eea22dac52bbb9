import { type AdversaryOptions, searchAdversaries } from "./analysis/adversarial";
import { type CorrelationRow, correlate } from "./analysis/correlation";
import { exactAdversary } from "./analysis/exactAdversary";
import { gradientImportance } from "./analysis/gradient";
import { leaveOneOut } from "./analysis/leaveOneOut";
import { permuteAttention } from "./analysis/permutation";
import { tf } from "./backend/tensorflow";
import type { Example } from "./data/dataset";
import { type Decoder, wordsOf } from "./model/decoder";
import type { AttentionModel } from "./model/model";
import { type Prediction, predict, predictedLabel } from "./model/predict";
import { textDecoders } from "./model/textDecoders";
import { deriveSeed } from "./stats/random";

/** What other attention weights do to the output of one text. JSD in nats, total variation from 0 to 1. */
export type CounterfactualRow = {
  /** Median total variation of the output over 100 permutations of the attention. */
  medianTvd: number;
  /** ε-max JSD that the search found, for ε = .01 and .05; undefined where no candidate keeps the output. */
  epsilonMaxJsd01: number | undefined;
  epsilonMaxJsd05: number | undefined;
  /** Candidates of the search that keep the output within ε. */
  feasible01: number;
  feasible05: number;
  /** The global ε-max JSD; undefined but in classification, where the decoder is linear. */
  exactMaxJsd01: number | undefined;
  exactMaxJsd05: number | undefined;
};

/** One text with the results of all analyses. */
export type InstanceRow = CorrelationRow & CounterfactualRow;

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
  "medianTvd",
  "epsilonMaxJsd01",
  "epsilonMaxJsd05",
  "feasible01",
  "feasible05",
  "exactMaxJsd01",
  "exactMaxJsd05",
];

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
  search?: Omit<AdversaryOptions, "epsilons">;
}

export interface Analysed {
  rows: InstanceRow[];
  /** Label of each prediction, and its first logit: for the scores. */
  predicted: number[];
  logits: number[];
  /** Wall-clock seconds of each stage. */
  seconds: Record<Stage, number>;
}

/** The ε that instances are judged by: the paper's for classification and for questions (section 4.2.2). */
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
  const gradient = await watch.time("gradient", () => gradientImportance(model, examples, predictions));
  const removal = await watch.time("leaveOneOut", () =>
    leaveOneOut(model, examples, predictions, {
      signal,
      onProgress: ({ done, total }) => onProgress?.((0.5 * done) / total),
    }),
  );
  const correlations = await watch.time("correlation", () =>
    correlate(model, examples, predictions, { gradient, leaveOneOut: removal }),
  );
  const rows: InstanceRow[] = new Array(examples.length);
  let done = 0;
  for await (const group of grouped(watch.timeEach("decoders", textDecoders(model, examples)))) {
    signal?.throwIfAborted();
    const texts = group.map(({ index, decoder }): Text => {
      return { id: examples[index]!.id, decoder, attention: predictions[index]!.attention };
    });
    const seeds = (...parts: string[]) => deriveSeed(model.config.seed, ...parts);
    const counterfactual = await counterfactuals(texts, seeds, search, watch);
    for (const [place, { index }] of group.entries()) {
      rows[index] = { ...correlations[index]!, ...counterfactual[place]! };
    }
    done += group.length;
    onProgress?.(0.5 + (0.5 * done) / examples.length);
    await tf.nextFrame();
  }
  return { rows, ...answersOf(predictions), seconds: watch.seconds };
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

interface Text {
  id: string;
  decoder: Decoder;
  attention: readonly number[];
}

async function counterfactuals(
  texts: readonly Text[],
  seeds: (...parts: string[]) => string,
  search: InstanceOptions["search"],
  watch: Stopwatch,
): Promise<CounterfactualRow[]> {
  const permuted = await watch.time("permutation", () =>
    texts.map(({ decoder, attention }) => permuteAttention(decoder, attention, { seed: seeds("permutation") })),
  );
  const found = await watch.time("search", () =>
    searchAdversaries(
      texts.map(({ decoder, attention, id }) => ({ decoder, attention, seed: seeds("adversary", id) })),
      { ...search, epsilons },
    ),
  );
  const exact = await watch.time("exact", () =>
    texts.map(({ decoder, attention }) =>
      decoder.kind === "linear" ? exactAdversary(decoder, attention, epsilons) : [],
    ),
  );
  return texts.map((_, index) => {
    const [strict, loose] = found[index]!;
    const [exactStrict, exactLoose] = exact[index]!;
    return {
      medianTvd: permuted[index]!.medianTvd,
      epsilonMaxJsd01: strict!.jsd,
      epsilonMaxJsd05: loose!.jsd,
      feasible01: strict!.feasible,
      feasible05: loose!.feasible,
      exactMaxJsd01: exactStrict?.jsd,
      exactMaxJsd05: exactLoose?.jsd,
    };
  });
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
