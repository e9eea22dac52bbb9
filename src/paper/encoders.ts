import { UserError, unknownName } from "../errors";
import { groupBy } from "../stats/groupBy";
import { mean } from "../stats/summary";
import {
  type ComparedRow,
  type ComparedRun,
  type ComparisonRow,
  compareWithPaper,
  type Measure,
  metricOf,
} from "./compare";
import { signed, three } from "./numberWords";
import { binaryCorpora, isPaperCorpus, type PublishedQuery, published, tableClasses } from "./published";

/** One trained model with its rows, one per text. */
export interface EncoderRun extends ComparedRun {
  seed: number;
  scores: { auc: number | undefined };
  rows: readonly (ComparedRow & { id: string })[];
}

/** A mean per text, over training runs that differ in the seed alone. */
export interface SeedSummary {
  encoder: string;
  attention: string;
  /** How many runs have a value. */
  seeds: number;
  /** The mean of the runs' means; undefined where no text has a value. */
  mean: number | undefined;
  /** The smallest of the runs' means, and the largest. */
  low: number | undefined;
  high: number | undefined;
}

/**
 * The mean of a column for each encoder and attention, with its range over seeds: that range is what chance in the
 * training does, beside which a difference between encoders stands. Texts without a value are left out.
 *
 * @param column as in "tauGradient" or "permutationTvd"; "auc" is the run's test score, one number for each
 * @throws UserError when no row of any run has the column
 */
export function summarizeSeeds(runs: readonly EncoderRun[], column: string): SeedSummary[] {
  const names = new Set(["auc", ...runs.flatMap(({ rows }) => Object.keys(rows[0] ?? {}))]);
  if (!names.has(column)) throw unknownName("column", column, [...names]);
  return groupByModel(runs).map((group) => {
    const means = definedOnly(group.map((run) => (column === "auc" ? run.scores.auc : meanOf(run.rows, column))));
    return { encoder: group[0]!.encoder, attention: group[0]!.attention, seeds: means.length, ...meanAndRange(means) };
  });
}

/** One mean of Table 2 beside ours over all seeds. */
export type EncoderComparison = Pick<
  ComparisonRow,
  "measure" | "class" | "paper" | "ours" | "difference" | "meanNoise" | "maxNoise" | "rangeLow" | "rangeHigh"
> & { encoder: string; attention: string };

/**
 * Mean τ_g and τ_loo of Table 2 beside ours, by encoder, attention and predicted class, with the published run-to-run
 * noise. Ours is the mean over the runs that differ in the seed alone.
 *
 * @throws UserError as `compareWithPaper`
 */
export function compareEncoders(runs: readonly EncoderRun[]): EncoderComparison[] {
  return groupByModel(runs).flatMap((group) => {
    const { encoder, attention } = group[0]!;
    const tables = group.map((run) => compareWithPaper(run.rows, run).filter(({ statistic }) => statistic === "mean"));
    return tables[0]!.map((row, index) => {
      const { mean: ours } = meanAndRange(definedOnly(tables.map((table) => table[index]!.ours)));
      const difference = ours === undefined || row.paper === undefined ? undefined : ours - row.paper;
      const { measure, paper, meanNoise, maxNoise, rangeLow, rangeHigh } = row;
      return {
        encoder,
        attention,
        measure,
        class: row.class,
        paper,
        ours,
        difference,
        meanNoise,
        maxNoise,
        rangeLow,
        rangeHigh,
      };
    });
  });
}

/** How much more the average encoder agrees than the BiLSTM, over published cells. */
export interface PublishedGap {
  mean: number;
  low: number;
  high: number;
  /** How many cells (corpus and class) have both encoders. */
  cells: number;
}

/**
 * Mean τ of the average encoder less that of the BiLSTM (for τ_loo the paper's figure 5), over all cells of some corpora
 * in the run of Table 2; the paper itself prints additive attention alone. A cell that is NaN for either is left out.
 *
 * @param corpora default: the paper's binary classification corpora
 */
export function publishedGap(
  measure: Measure,
  attention: string,
  corpora: readonly PublishedQuery["corpus"][] = binaryCorpora,
): PublishedGap {
  const query = { attention: attention as PublishedQuery["attention"], metric: metricOf(measure, "mean") };
  const gaps = corpora.flatMap((corpus) =>
    tableClasses(corpus).flatMap((label) => {
      const of = (encoder: PublishedQuery["encoder"]) => published({ ...query, corpus, encoder, class: label }).paper;
      const [average, bilstm] = [of("average"), of("bilstm")];
      return average === undefined || bilstm === undefined ? [] : [average - bilstm];
    }),
  );
  return { mean: mean(gaps), low: Math.min(...gaps), high: Math.max(...gaps), cells: gaps.length };
}

const symbols: { [measure in Measure]: string } = { tauGradient: "τ_g", tauLeaveOneOut: "τ_loo" };

/**
 * Research question 3 answered from our runs: whether the average encoder agrees far better with importance than the
 * BiLSTM, for each attention and each correlation.
 *
 * "Far better" is measured by the paper: the finding holds where every run of the average encoder is above every run of
 * the BiLSTM and their means are at least as far apart as in the closest class of Table 2 (additive attention, binary
 * corpora); it holds in direction only where they are closer. Where the runs overlap it does not show; where every run
 * of the average encoder is below, it is contradicted.
 *
 * @throws UserError when no attention has runs of both encoders
 */
export function answerEncoders(runs: readonly EncoderRun[]): string {
  const attentions = [...new Set(runs.map(({ attention }) => attention))].filter((attention) =>
    ["average", "bilstm"].every((encoder) =>
      runs.some((run) => run.encoder === encoder && run.attention === attention),
    ),
  );
  if (attentions.length === 0) {
    const names = [...new Set(runs.map(({ encoder }) => encoder))].join(", ");
    throw new UserError(
      `The paper's finding compares the encoders "average" and "bilstm" of one attention, but runs of ${names || "no encoder"} came; train both.`,
    );
  }
  const lines = attentions.flatMap((attention) =>
    (["tauGradient", "tauLeaveOneOut"] as const).map(
      (measure) => `- Mean ${symbols[measure]}, ${attention} attention: ${judge(measure, attention, runs)}`,
    ),
  );
  return [`**${runs[0]!.corpus}**:\n`, ...lines].join("\n");
}

function judge(measure: Measure, attention: string, runs: readonly EncoderRun[]): string {
  const summaries = summarizeSeeds(
    runs.filter((run) => run.attention === attention),
    measure,
  );
  const [average, bilstm] = ["average", "bilstm"].map((name) => summaries.find(({ encoder }) => encoder === name)!);
  if (average!.mean === undefined || bilstm!.mean === undefined)
    return `${summaries.map(withRange).join(", ")}; so it stays open.`;
  const gap = average!.mean - bilstm!.mean;
  const paper = publishedGap(measure, attention);
  return (
    `${summaries.map(withRange).join(", ")}. Average less bilstm is ${signed(gap)}; ` +
    `published, it goes from ${signed(paper.low)} to ${signed(paper.high)} over ${paper.cells} class means of the binary corpora${ownGap(measure, attention, runs[0]!.corpus)}. ` +
    `${verdict(average!, bilstm!, publishedGap(measure, "additive").low)}${cautionOfOneSeed(average!, bilstm!)}`
  );
}

/** @param far the gap from which on it is far better */
function verdict(average: SeedSummary, bilstm: SeedSummary, far: number): string {
  const gap = average.mean! - bilstm.mean!;
  const finding = "The finding that average encoders agree far better";
  if (average.high! < bilstm.low!) return `${finding} is **contradicted** here: they agree less in every run.`;
  if (average.low! <= bilstm.high!) return `${finding} **does not show** here: the runs overlap, so chance decides.`;
  if (gap < far) return `${finding} holds **in direction only**: the smallest gap in the paper is ${signed(far)}.`;
  return `${finding} **holds** here.`;
}

function cautionOfOneSeed(average: SeedSummary, bilstm: SeedSummary): string {
  return average.seeds > 1 && bilstm.seeds > 1 ? "" : " But with one seed, nothing says what another run would give.";
}

function ownGap(measure: Measure, attention: string, corpus: string): string {
  if (!isPaperCorpus(corpus)) return "";
  const own = publishedGap(measure, attention, [corpus]);
  return own.cells === 0 ? "" : `, and is ${signed(own.mean)} on ${corpus}`;
}

function withRange({ encoder, mean: center, low, high, seeds }: SeedSummary): string {
  if (center === undefined) return `${encoder} undefined`;
  const range = seeds > 1 ? ` (${seeds} seeds: ${three(low!)} to ${three(high!)})` : "";
  return `${encoder} ${three(center)}${range}`;
}

function groupByModel(runs: readonly EncoderRun[]): EncoderRun[][] {
  return [...groupBy(runs, ({ encoder, attention }) => `${encoder} ${attention}`).values()];
}

function meanOf(rows: readonly object[], column: string): number | undefined {
  const values = rows
    .map((row) => (row as { [name: string]: unknown })[column])
    .filter((value): value is number => typeof value === "number");
  return values.length > 0 ? mean(values) : undefined;
}

function definedOnly(values: readonly (number | undefined)[]): number[] {
  return values.filter((value): value is number => value !== undefined);
}

function meanAndRange(values: readonly number[]): Pick<SeedSummary, "mean" | "low" | "high"> {
  if (values.length === 0) return { mean: undefined, low: undefined, high: undefined };
  return { mean: mean(values), low: Math.min(...values), high: Math.max(...values) };
}
