import { meanInterval, type TextValue } from "../stats/interval";
import {
  type PublishedClass,
  type PublishedMetric,
  paperCorpora,
  publishedNumber,
  sources,
  tableClasses,
} from "./published";
import { type ComparedStudy, type ModelNames, modelsOf, rangeOf, type StudiesOf, valuesOf } from "./studies";

/** A mean of one model, ours or published. */
export type MeanRow = ModelNames & {
  /** A column of the texts, or a test score. */
  measure: string;
  source: "ours" | (typeof sources)[keyof typeof sources];
  mean: number | undefined;
  low: number | undefined;
  high: number | undefined;
  /** Our texts. */
  n: number | undefined;
  /** What low and high are. */
  interval: string;
};

/**
 * The mean of some columns for each model, with its interval over training runs, or over texts where there is one run.
 */
export function means(columns: readonly string[], runs: StudiesOf): MeanRow[] {
  return columns.flatMap((measure) =>
    modelsOf(runs).map(({ names, studies }) => {
      const { runs: _, ...interval } = meanInterval(studies.map((study) => valuesIn(study, measure)));
      return { ...names, measure, source: "ours" as const, ...interval };
    }),
  );
}

/** Of a test score, the one that the study has. */
function valuesIn(study: ComparedStudy, measure: string): TextValue[] {
  if (!Object.hasOwn(study.scores, measure)) return valuesOf(study, measure);
  const value = study.scores[measure as keyof ComparedStudy["scores"]];
  return value === undefined ? [] : [{ id: "all texts", value }];
}

/** What low and high of a published mean are. */
export const classInterval = "lowest to highest predicted class";

/** The published mean of each measure, and of which class where it is one number for a corpus. */
const publishedMeans: { [measure: string]: { metric: PublishedMetric; of?: PublishedClass } } = {
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
  return [measures].flat().flatMap((measure) =>
    modelsOf(runs).flatMap(({ names, study }) => {
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
        return [{ ...names, measure, source: sources[run], mean, ...ends, n: undefined, interval }];
      });
    }),
  );
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
 * Figures 3 and 4: the mean over texts of τ(gradient, leave-one-out) less τ(attention, leave-one-out),
 * `lessTauLeaveOneOut`, and less τ(attention, gradient), `lessTauGradient`; ours for each model, and those that the
 * authors published (their runs of 2019-04-24 to 05-15) for every corpus of the paper. Above 0 the two importances
 * agree more with one another than attention with the one.
 *
 * The published files name the two differences the other way round; they stand here under their right names.
 */
export function yardstickRows(runs: StudiesOf): MeanRow[] {
  const everywhere = modelsOf(runs).flatMap(({ study }) =>
    paperCorpora.map((corpus) => {
      const classNames = tableClasses(corpus).map(String);
      return { ...study, corpus, classNames, seed: 0, options: undefined };
    }),
  );
  const both = ["lessTauLeaveOneOut", "lessTauGradient"];
  return [...means(both, runs), ...published(both, { configurations: everywhere })];
}
