import { bootstrapMeanInterval, mean } from "../stats/summary";
import { type ComparedRun, checkRun, paperModel } from "./compare";
import { signed } from "./numberWords";
import { type PublishedQuery, paperCorpora, published } from "./published";

// The paper's yardstick (figures 3 and 4): how much closer the two measures of importance are to one another than
// attention is to either.

/** What our rows need to have. */
export interface YardstickColumns {
  tauGradient: number | undefined;
  tauLeaveOneOut: number | undefined;
  tauGradientLeaveOneOut: number | undefined;
}

export interface YardstickRun extends ComparedRun {
  rows: readonly YardstickColumns[];
}

/**
 * The measure that attention is correlated with in the difference.
 *
 * - "leave-one-out" (figure 3): tau(gradient, leave-one-out) less tau(attention, leave-one-out)
 * - "gradient" (figure 4): tau(gradient, leave-one-out) less tau(attention, gradient)
 */
export const yardsticks = ["leave-one-out", "gradient"] as const;
export type Yardstick = (typeof yardsticks)[number];

/** Which of the paper's figures has each yardstick, and what is taken from it there: for the titles of our figures. */
export const yardstickTitles: { [yardstick in Yardstick]: string } = {
  "leave-one-out": "Figure 3: less τ(attention, leave-one-out)",
  gradient: "Figure 4: less τ(attention, gradient)",
};

/** The mean difference per text on one corpus, ours or published. */
export type YardstickRow = {
  yardstick: Yardstick;
  corpus: string;
  source: "ours" | "published";
  /** Texts with both correlations; undefined of a published mean. */
  n: number | undefined;
  /** Above 0: the two measures agree more with one another than attention with the measure. */
  mean: number | undefined;
  /** The 95 % bootstrap interval over texts; published ones have none. */
  low: number | undefined;
  high: number | undefined;
};

const columns = { "leave-one-out": "tauLeaveOneOut", gradient: "tauGradient" } as const;
const metrics = {
  "leave-one-out": "diff_gradloo_minus_attnloo_mean",
  gradient: "diff_gradloo_minus_attngrad_mean",
} as const;

/**
 * The differences of figures 3 and 4: ours for each run, and those that the authors published (their runs of 2019-04-24
 * to 05-15) over the paper's corpora, for the encoder and attention of the first run.
 *
 * The published files name the two differences the other way round; they stand here under their right names.
 *
 * @throws UserError for an encoder or attention that the paper does not have
 */
export function yardstickRows(runs: readonly YardstickRun[]): YardstickRow[] {
  for (const run of runs) checkRun(run);
  return yardsticks.flatMap((yardstick) => [
    ...runs.map((run) => ourRow(yardstick, run)),
    ...runs.slice(0, 1).flatMap((run) => publishedRows(yardstick, paperModel(run))),
  ]);
}

function ourRow(yardstick: Yardstick, { corpus, rows }: YardstickRun): YardstickRow {
  const differences = yardstickDifferences(yardstick, rows);
  const [low, high] = bootstrapMeanInterval(differences) ?? [];
  const center = differences.length > 0 ? mean(differences) : undefined;
  return { yardstick, corpus, source: "ours", n: differences.length, mean: center, low, high };
}

/** The difference of each text that has both correlations. */
export function yardstickDifferences(yardstick: Yardstick, rows: readonly YardstickColumns[]): number[] {
  return rows.flatMap((row) => {
    const [importance, attention] = [row.tauGradientLeaveOneOut, row[columns[yardstick]]];
    return importance === undefined || attention === undefined ? [] : [importance - attention];
  });
}

function publishedRows(yardstick: Yardstick, model: Pick<PublishedQuery, "encoder" | "attention">): YardstickRow[] {
  return paperCorpora.map((corpus) => {
    const rerun = publishedYardstick(yardstick, { ...model, corpus });
    return { yardstick, corpus, source: "published", n: undefined, mean: rerun, low: undefined, high: undefined };
  });
}

/** The mean difference that the authors published for a corpus and a model (their runs of 2019-04-24 to 05-15). */
export function publishedYardstick(
  yardstick: Yardstick,
  run: Pick<PublishedQuery, "corpus" | "encoder" | "attention">,
): number | undefined {
  return published({ ...run, metric: metrics[yardstick], class: "overall" }).rerun;
}

/**
 * What the differences say: on how many of our corpora the two measures agree more with one another than attention with
 * either, and how that compares with the published means.
 *
 * @param rows what `yardstickRows` returned
 */
export function describeYardstick(rows: readonly YardstickRow[]): string {
  return yardsticks.map((yardstick) => `- ${describeOne(yardstick, rows)}`).join("\n");
}

function describeOne(yardstick: Yardstick, rows: readonly YardstickRow[]): string {
  const of = (source: YardstickRow["source"]) =>
    rows.filter((row) => row.yardstick === yardstick && row.source === source && row.mean !== undefined);
  const [ours, theirs] = [of("ours"), of("published")];
  if (ours.length === 0) return `${yardstickTitles[yardstick]}: no text has both correlations.`;
  const above = ours.filter(({ low }) => low !== undefined && low > 0).length;
  const below = ours.filter(({ high }) => high !== undefined && high < 0);
  const contrary = below.length === 0 ? "" : `; below 0 on ${below.map(({ corpus }) => corpus).join(", ")}`;
  return (
    `${yardstickTitles[yardstick]}: the difference is above 0 (95 % interval over texts) on ${above} of ${ours.length} corpora${contrary}. ` +
    `Its mean over them is ${meanOf(ours)}; ${theirs.length === 0 ? "none is published for this model" : `the published mean over ${theirs.length} corpora is ${meanOf(theirs)}`}.`
  );
}

function meanOf(rows: readonly YardstickRow[]): string {
  return signed(mean(rows.map((row) => row.mean!)));
}
