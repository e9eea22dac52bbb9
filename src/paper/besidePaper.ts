import { toldClasses } from "../stats/classGroups";
import { significanceLevel } from "../stats/significance";
import { mean, quantile, standardDeviation } from "../stats/summary";
import { symbolOf } from "./numberWords";
import { type PublishedMetric, publishedNumber, sources } from "./published";
import { areSame, labelOf, type Model, modelsOf, type StudiesOf } from "./studies";
import { meanOver, numberIn, type TextRow, textsOfClass } from "./texts";

/** The four bins of a text's largest attention weight, as in the paper's figures 6 and 8; the last one has also 1. */
export const attentionBins = ["0.00-0.25", "0.25-0.50", "0.50-0.75", "0.75-1.00"] as const;

/** The two correlations of Table 2, by the names of our columns. */
export const measures = ["tauGradient", "tauLeaveOneOut"] as const;
export type Measure = (typeof measures)[number];

interface Compared {
  measure: string;
  /** As in "mean"; of permutation, the median of the texts whose largest weight is in a range. */
  statistic: string;
  metric: PublishedMetric;
  /** Of which texts; default: all. */
  isIn?: (row: TextRow) => boolean;
  of: (rows: readonly TextRow[]) => number | undefined;
}

const statisticTitles = { mean: "mean", std: "standard deviation", sigfrac: "share with p ≤ .05" } as const;
const stems = { tauGradient: "tau_grad", tauLeaveOneOut: "tau_loo" } as const;

/** The published name of a number of Table 2, for example "tau_grad_mean". */
export function metricOf(measure: Measure, statistic: keyof typeof statisticTitles): PublishedMetric {
  return `${stems[measure]}_${statistic}`;
}

const compared: readonly Compared[] = [
  ...measures.flatMap((measure) =>
    (["mean", "std", "sigfrac"] as const).map((statistic) => ({
      measure,
      statistic: statisticTitles[statistic],
      metric: metricOf(measure, statistic),
      of: (rows: readonly TextRow[]) => ofCorrelation(rows, measure, statistic),
    })),
  ),
  {
    measure: "searchJsd05",
    statistic: "mean",
    metric: "emaxjsd_mean",
    of: (rows) => meanOver(rows, (row) => numberIn(row, "searchJsd05")),
  },
  ...attentionBins.map((bin, index) => ({
    measure: "permutationTvd",
    statistic: `median, largest weight ${bin}`,
    metric: `perm_dy_median@maxattn${bin}` as const,
    isIn: (row: TextRow) => Math.min(3, Math.floor(4 * (numberIn(row, "maxAttention") ?? Number.NaN))) === index,
    of: (rows: readonly TextRow[]) => {
      const changes = rows.flatMap((row) => numberIn(row, "permutationTvd") ?? []);
      return changes.length > 0 ? quantile(changes, 0.5) : undefined;
    },
  })),
];

/** Of the texts with a tau; but those with p ≤ .05 are a share of all, as published. Undefined where none is computed. */
function ofCorrelation(rows: readonly TextRow[], measure: Measure, statistic: keyof typeof statisticTitles) {
  const computed = rows.filter((row) => measure in row);
  if (statistic === "sigfrac")
    return meanOver(computed, (row) => Number((numberIn(row, `${measure}PValue`) ?? 1) <= significanceLevel));
  const taus = computed.flatMap((row) => numberIn(row, measure) ?? []);
  if (taus.length === 0) return undefined;
  return statistic === "mean" ? mean(taus) : standardDeviation(taus);
}

/**
 * Every number that the authors published and we compute, side by side: Table 2, the mean ε-max JSD (figure 7) and the
 * medians of the change under permutation (figure 6). `paper` is Table 2 (run of 2019-04-02), `rerun` the authors' runs
 * of 2019-04-24 to 05-15, `code` the mean of their code run on our texts and vectors, `ours` the mean over seeds, `difference`
 * ours less the paper's or, where there is none, the re-run's.
 *
 * The published ε-max JSD is that of ε = .05, and counts a text where the search finds nothing as 0; ours does so here.
 * What the paper does not have leaves its columns empty, and `missing` says why. `class` is undefined of all texts.
 *
 * @param of default: "tauGradient", "tauLeaveOneOut", "searchJsd05" and "permutationTvd"
 */
export function besidePaper(runs: StudiesOf, of?: readonly string[]) {
  const shown = compared.filter(({ measure }) => of?.includes(measure) ?? true);
  const rows = modelsOf(runs).flatMap((model) =>
    shown.flatMap((what) => toldClasses(model.study.classNames).map((name) => compare(model, what, name))),
  );
  const columns = {
    ...{ corpus: "Corpus", encoder: "encoder", attention: "attention", symbol: "", class: "predicted", statistic: "" },
    ...{ n: "texts", paper: "paper", rerun: sources.rerun, code: sources.code, ours: "ours", difference: "difference" },
    missing: "missing",
  };
  return { rows, columns, caption: "Beside the paper" };
}

function compare({ names, study, studies }: Model, what: Compared, name: string | undefined) {
  const { measure, statistic, metric, isIn = () => true, of } = what;
  const groups = studies.map((each) => textsOfClass(each, name).filter(isIn));
  const ours = meanOver(groups, of);
  const n = Math.round(mean(groups.map(({ length }) => length)));
  const { paper, rerun, code, missing } = publishedNumber(study, metric, labelOf(study, name));
  const theirs = paper ?? rerun;
  const withoutOurs = n === 0 ? "ours: no such text" : `ours: undefined in each text (${n})`;
  return {
    ...names,
    ...{ measure, symbol: symbolOf(measure), class: name, statistic, n, paper, rerun, code, ours },
    difference: ours === undefined || theirs === undefined ? undefined : ours - theirs,
    missing: [missing, ours === undefined ? withoutOurs : ""].filter(Boolean).join("; "),
  };
}

const endings = { mean: "Mean", "standard deviation": "Std", "share with p ≤ .05": "Significant" } as const;
type Numbers = {
  [name in `${"gradient" | "averageGradient" | "leaveOneOut"}${(typeof endings)[keyof typeof endings]}`]?: number;
};

/**
 * Table 2 in the paper's layout: for each corpus and predicted class τ_g of an encoder, τ_g of the average encoder, and
 * τ_loo of the first: mean and standard deviation over texts, and the share with p ≤ .05. Ours, as means over seeds,
 * stand above the paper's (run of 2019-04-02), the authors' later run, and their code run here, as far as these have any.
 */
export function table2(runs: StudiesOf) {
  const models = modelsOf(runs);
  const rowsOf = (model: Model, name: string | undefined) => {
    const average = models.find(({ names }) => areSame(names, { ...model.names, encoder: "average" }));
    const cells = [
      ...cellsOf("gradient", model, "tauGradient", name),
      ...(average ? cellsOf("averageGradient", average, "tauGradient", name) : []),
      ...cellsOf("leaveOneOut", model, "tauLeaveOneOut", name),
    ];
    return (["ours", "paper", "rerun", "code"] as const).flatMap((run) => {
      const numbers: Numbers = Object.fromEntries(cells.map((cell) => [cell.column, cell[run]]));
      if (run !== "ours" && Object.values(numbers).every((value) => value === undefined)) return [];
      const [source, n] = run === "ours" ? [run, cells[0]!.n] : [sources[run], undefined];
      return [{ ...model.names, class: name, source, n, ...numbers }];
    });
  };
  const rows = models
    .filter(({ study }) => study.encoder !== "average")
    .flatMap((model) => toldClasses(model.study.classNames).flatMap((name) => rowsOf(model, name)));
  const columns = {
    ...{ corpus: "Corpus", encoder: "encoder", attention: "attention", class: "predicted", source: "", n: "texts" },
    ...{ gradientMean: "τ_g", gradientStd: "± std", gradientSignificant: "p ≤ .05" },
    ...{ averageGradientMean: "τ_g, average", averageGradientStd: "± std", averageGradientSignificant: "p ≤ .05" },
    ...{ leaveOneOutMean: "τ_loo", leaveOneOutStd: "± std", leaveOneOutSignificant: "p ≤ .05" },
  };
  return { rows, columns, caption: "Table 2" };
}

function cellsOf(start: string, model: Model, measure: Measure, name: string | undefined) {
  return compared
    .filter((what) => what.measure === measure)
    .map((what) => ({
      column: start + endings[what.statistic as keyof typeof endings],
      ...compare(model, what, name),
    }));
}
