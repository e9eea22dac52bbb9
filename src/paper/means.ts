import { meanInterval, type TextValue } from "../stats/interval";
import { mean } from "../stats/summary";
import { measures } from "./besidePaper";
import { type PublishedClass, type PublishedMetric, publishedNumber, sources, tableClasses } from "./published";
import { type ComparedStudy, type ModelNames, modelsOf, rangeOf, type StudiesOf, valuesOf } from "./studies";

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
  return columns.flatMap((measure) =>
    modelsOf(runs).flatMap(({ names, studies }) => {
      const isScore = Object.hasOwn(studies[0]!.scores, measure);
      const values = studies.map((study) => (isScore ? scoreOf(study, measure) : valuesOf(study, measure)));
      const { runs: _, n, ...interval } = meanInterval(values);
      const each = values.flatMap((texts) => (texts.length > 0 ? mean(texts.map(({ value }) => value)) : []));
      const told = each.length > 1 ? { each } : {};
      return n === 0
        ? []
        : [{ ...names, measure, source: "ours" as const, ...interval, n: isScore ? undefined : n, ...told }];
    }),
  );
}

function scoreOf({ scores }: ComparedStudy, measure: string): TextValue[] {
  const value = scores[measure as keyof typeof scores];
  return value === undefined ? [] : [{ id: "all texts", value }];
}

/** What low and high of a published mean are. */
export const classInterval = "lowest to highest predicted class";

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
