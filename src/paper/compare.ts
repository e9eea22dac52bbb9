import { UserError, unknownName } from "../errors";
import {
  allClasses,
  type CorrelationColumns,
  type CorrelationSummary,
  summarizeByClass,
} from "../stats/correlationSummary";
import { mean } from "../stats/summary";
import {
  binaryCorpora,
  isPaperCorpus,
  type PublishedMetric,
  type PublishedQuery,
  paperAttentions,
  paperCorpora,
  paperEncoders,
  published,
  tableClasses,
} from "./published";

/** The two correlations of Table 2, by the names of our columns. */
export const measures = ["tauGradient", "tauLeaveOneOut"] as const;
export type Measure = (typeof measures)[number];

/** As the prose writes them. */
export const symbols: { [measure in Measure]: string } = { tauGradient: "τ_g", tauLeaveOneOut: "τ_loo" };

/** What our rows need to have to be compared. */
export type ComparedRow = CorrelationColumns<Measure>;

/** What was run. */
export interface ComparedRun {
  /** One of the paper's corpora is compared with its own numbers, any other with the range over the paper's. */
  corpus: string;
  encoder: string;
  attention: string;
  /** By label; for a corpus of the paper in the published order, for example ["negative", "positive"]. */
  classNames: readonly string[];
}

/** The three numbers that Table 2 gives for each correlation. */
export type Statistic = "mean" | "standard deviation" | "significant share";

/** One number of Table 2 beside ours. */
export interface ComparisonRow {
  measure: Measure;
  /** The predicted class, or "all". */
  class: string;
  statistic: Statistic;
  /** Table 2, the run of 2019-04-02. */
  paper: number | undefined;
  ours: number | undefined;
  /** Ours less the paper's. */
  difference: number | undefined;
  /** The authors' runs of 2019-04-24 to 05-15. */
  rerun: number | undefined;
  /** The distance between the two published runs in this very cell. */
  cellNoise: number | undefined;
  /** The mean of that distance over all corpora and classes, for this encoder, attention and statistic. */
  meanNoise: number;
  /** The largest of them. */
  maxNoise: number;
  /** The smallest number of Table 2 for this statistic, over the paper's binary classification corpora. */
  rangeLow: number;
  /** The largest of them. */
  rangeHigh: number;
  /** Why a number is missing; "" where none is. */
  missing: string;
}

const metricStems = { tauGradient: "tau_grad", tauLeaveOneOut: "tau_loo" } as const;
const statistics = { mean: "mean", "standard deviation": "std", "significant share": "sigfrac" } as const;
const oursBy: { [statistic in Statistic]: (summary: CorrelationSummary) => number | undefined } = {
  mean: (summary) => summary.mean,
  "standard deviation": (summary) => summary.standardDeviation,
  "significant share": (summary) => summary.significantOfAll,
};

/** The published name of a number of Table 2, for example "tau_grad_mean". */
export function metricOf(measure: Measure, statistic: Statistic): PublishedMetric {
  return `${metricStems[measure]}_${statistics[statistic]}`;
}

/**
 * Table 2 beside ours: a row for each correlation, predicted class and statistic, with the published run-to-run noise.
 *
 * Means and standard deviations of ours are over the instances whose tau is defined; the significant share counts an
 * undefined one as not significant, as the published one does. For a corpus that the paper does not have, the paper's
 * columns are undefined and say so.
 *
 * @throws UserError for an encoder or attention that the paper does not have, or class names that do not fit its classes
 */
export function compareWithPaper(rows: readonly ComparedRow[], run: ComparedRun): ComparisonRow[] {
  checkRun(run);
  return measures.flatMap((measure) =>
    comparedSummaries(rows, measure, run).flatMap((summary) =>
      (Object.keys(statistics) as Statistic[]).map((statistic) => compareCell(summary, measure, statistic, run)),
    ),
  );
}

/** By predicted class, or of all instances where the paper does not tell classes apart. */
export function comparedSummaries(
  rows: readonly ComparedRow[],
  measure: Measure,
  { corpus, classNames }: ComparedRun,
): ({ class: string } & CorrelationSummary)[] {
  const summaries = summarizeByClass<Measure>(rows, measure, { classNames, resamples: 0 });
  const overall = isPaperCorpus(corpus) ? tableClasses(corpus).includes("overall") : summaries.length === 1;
  return summaries.filter((summary) => (summary.class === allClasses) === overall);
}

/** How far the two published runs are apart in one statistic. */
export interface PublishedNoise {
  mean: number;
  max: number;
  /** Where the largest distance is, for example "snli 0". */
  maxAt: string;
  /** How many cells (corpus and class) both runs have. */
  cells: number;
}

/**
 * The distance between the two published runs in one metric of Table 2, over all corpora and classes of an encoder and
 * an attention. A cell that is NaN in either run is left out.
 */
export function publishedNoise(query: Pick<PublishedQuery, "encoder" | "attention" | "metric">): PublishedNoise {
  const distances = tableCells(paperCorpora, query).flatMap(({ name, paper, rerun }) =>
    paper === undefined || rerun === undefined ? [] : [{ name, distance: Math.abs(paper - rerun) }],
  );
  const largest = distances.reduce((one, other) => (other.distance > one.distance ? other : one));
  return {
    mean: mean(distances.map(({ distance }) => distance)),
    max: largest.distance,
    maxAt: largest.name,
    cells: distances.length,
  };
}

/** The smallest and largest number of Table 2 over the paper's binary classification corpora. */
export interface PublishedRange {
  low: number;
  /** Where the smallest is, for example "20news 0". */
  lowAt: string;
  high: number;
  highAt: string;
  cells: number;
}

/** The range of one metric of Table 2 over the paper's seven binary corpora and their classes; NaN cells are left out. */
export function publishedRange(query: Pick<PublishedQuery, "encoder" | "attention" | "metric">): PublishedRange {
  const cells = tableCells(binaryCorpora, query).flatMap(({ name, paper }) =>
    paper === undefined ? [] : [{ name, paper }],
  );
  const lowest = cells.reduce((one, other) => (other.paper < one.paper ? other : one));
  const highest = cells.reduce((one, other) => (other.paper > one.paper ? other : one));
  return { low: lowest.paper, lowAt: lowest.name, high: highest.paper, highAt: highest.name, cells: cells.length };
}

function tableCells(
  corpora: readonly PublishedQuery["corpus"][],
  query: Pick<PublishedQuery, "encoder" | "attention" | "metric">,
) {
  return corpora.flatMap((corpus) =>
    tableClasses(corpus).map((label) => ({
      name: label === "overall" ? corpus : `${corpus} ${label}`,
      ...published({ ...query, corpus, class: label }),
    })),
  );
}

function compareCell(
  summary: { class: string } & CorrelationSummary,
  measure: Measure,
  statistic: Statistic,
  run: ComparedRun,
): ComparisonRow {
  const metric = metricOf(measure, statistic);
  const { paper, rerun, missing } = publishedCell(run, metric, summary.class);
  const ours = oursBy[statistic](summary);
  const noise = publishedNoise({ ...paperModel(run), metric });
  const range = publishedRange({ ...paperModel(run), metric });
  return {
    measure,
    class: summary.class,
    statistic,
    paper,
    ours,
    difference: ours === undefined || paper === undefined ? undefined : ours - paper,
    rerun,
    cellNoise: paper === undefined || rerun === undefined ? undefined : Math.abs(paper - rerun),
    meanNoise: noise.mean,
    maxNoise: noise.max,
    rangeLow: range.low,
    rangeHigh: range.high,
    missing: [missing, ours === undefined ? whyWithoutOurs(summary) : ""].filter(Boolean).join("; "),
  };
}

function publishedCell(run: ComparedRun, metric: PublishedMetric, className: string) {
  if (!isPaperCorpus(run.corpus)) return { paper: undefined, rerun: undefined, missing: "not a corpus of the paper" };
  const label = className === allClasses ? "overall" : run.classNames.indexOf(className);
  const cell = published({ ...paperModel(run), corpus: run.corpus, metric, class: label });
  const missing = [
    cell.paperMissing && `paper: ${cell.paperMissing}`,
    cell.rerunMissing && `rerun: ${cell.rerunMissing}`,
  ];
  return { paper: cell.paper, rerun: cell.rerun, missing: missing.filter(Boolean).join("; ") };
}

/** Why a class of ours has no number, for example "ours: no instance is predicted so". */
function whyWithoutOurs({ n }: CorrelationSummary): string {
  return n === 0 ? "ours: no instance is predicted so" : `ours: τ is undefined in each instance (${n})`;
}

/** The run's encoder and attention, known to be the paper's. */
export function paperModel({ encoder, attention }: ComparedRun): Pick<PublishedQuery, "encoder" | "attention"> {
  return { encoder, attention } as Pick<PublishedQuery, "encoder" | "attention">;
}

/** @throws UserError when the paper has nothing to compare the run with */
export function checkRun({ corpus, encoder, attention, classNames }: ComparedRun): void {
  if (!(paperEncoders as readonly string[]).includes(encoder)) {
    throw unknownName("encoder of the paper", encoder, paperEncoders);
  }
  if (!(paperAttentions as readonly string[]).includes(attention)) {
    throw unknownName("attention of the paper", attention, paperAttentions);
  }
  if (!isPaperCorpus(corpus)) return;
  const classes = tableClasses(corpus);
  if (classes.length === 1 || classes.length === classNames.length) return;
  throw new UserError(
    `The paper's numbers for ${corpus} have ${classes.length} classes, but ${classNames.length} class names came (${classNames.join(", ")}).`,
  );
}
