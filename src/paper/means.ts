import { gapInterval, meanInterval, type TextValue } from "../stats/interval";
import { mean } from "../stats/summary";
import { measures, metricOf } from "./besidePaper";
import { type PublishedClass, type PublishedMetric, publishedNumber, sources, tableClasses } from "./published";
import { areSame, type Model, type ModelNames, modelsOf, perColumn, requireColumns, type StudiesOf } from "./studies";
import { numberIn, rangeOf, valuesOf } from "./texts";

/** A mean of one model, ours or published. */
export type MeanRow = ModelNames & {
  /** A column of the texts, or a test score. */
  measure: string;
  source: "ours" | "permuted weights" | (typeof sources)[keyof typeof sources];
  mean: number | undefined;
  low: number | undefined;
  high: number | undefined;
  /** Our texts. */
  n: number | undefined;
  /** What low and high are. */
  interval: string;
  /** Of several training runs, the mean of each. */
  each?: number[];
};

/**
 * The mean of some columns for each model, with its interval over training runs, or over texts where there are few. A model
 * without a text that has a value has no row.
 */
export function means(columns: readonly string[], runs: StudiesOf): MeanRow[] {
  return perColumn(runs, columns, (model, measure) => {
    const found = runsWith(model, measure);
    if (found.length === 0) return [];
    const { runs: _, n: texts, ...interval } = meanInterval(found.map((run) => run.texts));
    const n = Object.hasOwn(model.study.scores, measure) ? undefined : texts;
    const each = found.length > 1 ? { each: found.map((run) => run.mean) } : {};
    return [{ source: "ours" as const, ...interval, n, ...each }];
  });
}

/** The training runs that have a column of the texts, or a test score: their texts with a value, and the mean of these. */
function runsWith({ studies }: Pick<Model, "studies">, measure: string) {
  return studies.flatMap((study) => {
    const score = numberIn(study.scores, measure);
    const texts: TextValue[] = score === undefined ? valuesOf(study, measure) : [{ id: "all texts", value: score }];
    if (texts.length === 0) return [];
    return [{ seed: study.seed, texts, mean: mean(texts.map(({ value }) => value)) }];
  });
}

/** What low and high of a published mean are. */
const classInterval = "lowest to highest predicted class";

/** The published mean of each measure, and of which class where it is one number for a corpus. */
export const publishedMeans: { [measure: string]: { metric: PublishedMetric; of?: PublishedClass } } = {
  tauGradient: { metric: "tau_grad_mean" },
  tauLeaveOneOut: { metric: "tau_loo_mean" },
  tauGradientLeaveOneOut: { metric: "corr_grad_loo_mean", of: "overall" },
  lessTauGradient: { metric: "diff_gradloo_minus_attngrad_mean", of: "overall" },
  lessTauLeaveOneOut: { metric: "diff_gradloo_minus_attnloo_mean", of: "overall" },
  searchJsd05: { metric: "emaxjsd_mean" },
  accuracy: { metric: "eval_accuracy", of: "overall" },
  f1: { metric: "eval_f1", of: 1 },
  macroF1: { metric: "eval_macro_f1", of: "overall" },
  auc: { metric: "eval_roc_auc", of: "overall" },
};

/**
 * What the authors published of some measures for the models of these studies, a row for each of their two runs and for
 * their code run here: to stand beside our means. It is the mean over the predicted classes, with the lowest and the highest of them.
 *
 * A measure or a model that nothing is published of has no row.
 *
 * @example published(["tauGradient", "tauLeaveOneOut"], runs)
 */
export function published(measures: string | readonly string[], runs: StudiesOf): MeanRow[] {
  return perColumn(runs, [measures].flat(), ({ study }, measure) => {
    const { metric, of } = publishedMeans[measure] ?? {};
    if (metric === undefined) return [];
    const classes = of === undefined ? tableClasses(study.corpus) : [of];
    const cells = classes.map((label) => publishedNumber(study, metric, label));
    return (["paper", "rerun", "code"] as const).flatMap((run) => {
      const values = cells.flatMap((cell) => cell[run] ?? []);
      if (values.length === 0) return [];
      const { mean, low, high } = rangeOf(values);
      const ends = values.length > 1 ? { low, high } : { low: undefined, high: undefined };
      const interval = values.length > 1 ? classInterval : "";
      return [{ source: sources[run], mean, ...ends, n: undefined, interval }];
    });
  });
}

/** What is compared between tasks; a search that finds nothing counts as 0, as in the published plots. */
export const taskMeasures = ["tauGradient", "tauLeaveOneOut", "permutationTvd", "searchJsd05"] as const;

/** Agreement, permutation and adversary of each model, and beside them what is published; of permutation nothing is. */
export function taskMeans(runs: StudiesOf): MeanRow[] {
  return [...means(taskMeasures, runs), ...published(taskMeasures, runs)];
}

/** How far the two importances agree: a band behind the means of attention's agreement with either. */
export function yardstick(runs: StudiesOf): Omit<MeanRow, "measure">[] {
  return means(["tauGradientLeaveOneOut"], runs).map(({ measure: _, ...row }) => row);
}

/**
 * The τ that permuted weights have, imposed on the unchanged network, as a source beside attention's own: what the form of
 * the network gives to weights that mean nothing.
 */
export function formNull(runs: StudiesOf): MeanRow[] {
  return measures.flatMap((measure) =>
    means([`${measure}Null`], runs).map(({ each: _, ...row }) => ({
      ...row,
      measure,
      source: "permuted weights" as const,
    })),
  );
}

/**
 * How far a column's mean over the average encoder is above that over a BiLSTM (figure 5 of the paper), for each corpus
 * and attention that has both.
 *
 * @returns `rows`, with Welch's interval over runs, or that over texts where there are few, and the difference of `each`
 *   seed that both have; what is `published` of it; and, as the control, what any two `seeds` of one encoder are apart
 */
export function figure5(runs: StudiesOf, columns: readonly string[] = ["tauLeaveOneOut"]) {
  requireColumns(runs, columns);
  const models = modelsOf(runs);
  const all = perColumn(runs, columns, (average, measure) => {
    const { names, study } = average;
    const bilstm = models.find((other) => areSame(other.names, { ...names, encoder: "bilstm" }));
    if (study.encoder !== "average" || bilstm === undefined) return [];
    const [own, others] = [runsWith(average, measure), runsWith(bilstm, measure)];
    const each = own.flatMap(({ seed, mean }) =>
      others.flatMap((other) => (other.seed === seed ? mean - other.mean : [])),
    );
    const spreads = [own, others].flatMap((found) => {
      const { low, high } = rangeOf(found.map((run) => run.mean));
      return found.length > 1 ? high! - low! : [];
    });
    const [texts, otherTexts] = [own, others].map((found) => found.map((run) => run.texts));
    const { runs: _, ...gap } = gapInterval(texts!, otherTexts!);
    const theirs = publishedGap(measure, study);
    const whose = { ...names, encoder: "average − bilstm", measure };
    return gap.n > 0 ? [{ whose, each, gap, most: rangeOf(spreads).high, theirs }] : [];
  });
  return {
    rows: all.map(({ whose, each, gap }): MeanRow => ({ ...whose, source: "ours", ...gap, each })),
    published: all.flatMap(({ whose, theirs }): MeanRow[] =>
      theirs ? [{ ...whose, source: sources.paper, ...theirs, n: undefined, interval: classInterval }] : [],
    ),
    seeds: all.flatMap(({ whose, most }) => (most === undefined ? [] : [{ ...whose, low: -most, high: most }])),
  };
}

/**
 * Mean τ of the average encoder less that of the BiLSTM (for τ_loo the paper's figure 5), over all classes of a corpus
 * in the run of Table 2, with the lowest and the highest; the paper itself prints additive attention alone. A cell that
 * is NaN for either is left out.
 *
 * @returns undefined where nothing is published
 */
export function publishedGap(measure: string, study: Model["study"]) {
  const known = measures.find((name) => name === measure);
  if (known === undefined) return undefined;
  const gaps = tableClasses(study.corpus).flatMap((label) => {
    const [average, bilstm] = ["average", "bilstm"].map(
      (encoder) => publishedNumber({ ...study, encoder }, metricOf(known, "mean"), label).paper,
    );
    return average === undefined || bilstm === undefined ? [] : [average - bilstm];
  });
  return gaps.length > 0 ? (rangeOf(gaps) as { mean: number; low: number; high: number }) : undefined;
}
