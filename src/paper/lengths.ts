import { relationToLength, significanceByLength } from "../stats/byLength";
import { allClasses, summarizeByClass } from "../stats/correlationSummary";
import { mean } from "../stats/summary";
import { type Measure, measures, symbols } from "./compare";
import { percent, three } from "./numberWords";
import { solvedRuns, type TaskMeasure, type TaskRun, taskMeasures, taskRows } from "./tasks";
import { agreementThresholds, agreementWords } from "./verdict";

/** How one measure of one corpus goes with the length of its texts. */
export type LengthRow = {
  corpus: string;
  encoder: string;
  measure: TaskMeasure;
  n: number;
  /** Kendall's τ-b of the measure with the number of words, over texts: the size. */
  tau: number | undefined;
  /** Its two-sided p-value: the significance. */
  pValue: number | undefined;
};

/** The rank correlation of each measure with length, within each corpus. */
export function lengthRelations(runs: readonly TaskRun[]): LengthRow[] {
  return runs.flatMap((run) => {
    const rows = taskRows(run);
    return taskMeasures.map((measure) => {
      return { corpus: run.corpus, encoder: run.encoder, measure, ...relationToLength(rows, measure) };
    });
  });
}

/** The significant share of one correlation in the shortest and the longest fifth of a corpus's texts. */
export type SignificanceGrowth = {
  corpus: string;
  encoder: string;
  measure: Measure;
  /** Mean number of words in the shortest fifth and in the longest. */
  shortWords: number;
  longWords: number;
  /** The share of texts with p <= .05 in each. */
  short: number;
  long: number;
  /** What the shares would be if τ were spread at both lengths as over all texts. */
  shortAtSameTau: number;
  longAtSameTau: number;
};

/** How the significant share grows with length within each corpus, beside what length alone makes of it. */
export function significanceGrowth(runs: readonly TaskRun[]): SignificanceGrowth[] {
  return runs.flatMap(({ corpus, encoder, rows }) =>
    measures.flatMap((measure) => {
      const bins = significanceByLength<Measure>(rows, measure);
      const [short, long] = [bins[0], bins.at(-1)];
      if (short === undefined || long === undefined || short === long) return [];
      const lengths = { shortWords: short.words, longWords: long.words };
      const shares = { short: short.significant, long: long.significant };
      const alone = { shortAtSameTau: short.atSameTau, longAtSameTau: long.atSameTau };
      return [{ corpus, encoder, measure, ...lengths, ...shares, ...alone }];
    }),
  );
}

/** From this mean number of words on the texts of a corpus count as long. This study's. */
export const longText = 100;
/** From this share of significant texts on a correlation counts as significant over a corpus. This study's. */
export const mostlySignificant = 0.75;

/**
 * Research question 4, second part, from our rows: whether attention is more reliable in longer texts.
 *
 * The paper's finding, that long documents give significant but still weak correlations, holds for a corpus with at
 * least `longText` words a text where at least `mostlySignificant` of the texts have p <= .05 and the mean τ is not strong
 * (below .5); it is contradicted where the mean is strong; where fewer are significant, it does not show. Nothing is
 * claimed of a task that is not solved. Then it is told how often τ goes with length within a corpus (τ-b of at least .1
 * in size), and whether the significant share grows more than length alone makes it.
 */
export function answerLength(runs: readonly TaskRun[]): string {
  const solved = solvedRuns(runs);
  const unsolved = runs.filter((run) => !solved.includes(run)).map(({ corpus, encoder }) => `${corpus} (${encoder})`);
  const long = solved.filter(({ rows }) => mean(rows.map(({ words }) => words)) >= longText);
  const judged =
    long.length === 0
      ? [`No solved corpus has ${longText} words a text, so the finding on long documents is **not judged**.`]
      : long.flatMap((run) => measures.map((measure) => judgeLong(run, measure)));
  const within = solved.length > 0 ? [describeRelations(solved), describeGrowth(solved)] : [];
  const left = unsolved.length > 0 ? [`Not solved, so left out: ${unsolved.join(", ")}.`] : [];
  return [...judged, ...within, ...left].map((sentence) => `- ${sentence}`).join("\n");
}

function judgeLong(run: TaskRun, measure: Measure): string {
  const summaries = summarizeByClass<Measure>(run.rows, measure, { classNames: run.classNames, resamples: 0 });
  const { mean: tau, significantOfAll } = summaries.find((summary) => summary.class === allClasses)!;
  const words = Math.round(mean(run.rows.map((row) => row.words)));
  const name = `**${run.corpus}**, ${run.encoder}, ${words} words a text`;
  if (tau === undefined) return `${name}: no text has a defined ${symbols[measure]}.`;
  const opening = `${name}: ${symbols[measure]} is significant in ${percent(significantOfAll!)} of the texts, its mean is ${three(tau)}, ${agreementWords(tau)}.`;
  const finding = "The finding that long documents give significant but still weak correlations";
  if (tau >= agreementThresholds.strong) return `${opening} ${finding} is **contradicted** here.`;
  if (significantOfAll! < mostlySignificant) return `${opening} ${finding} **does not show** here.`;
  return `${opening} ${finding} **holds** here.`;
}

function describeRelations(runs: readonly TaskRun[]): string {
  const relations = lengthRelations(runs).filter(({ measure }) => measure in symbols);
  const named = (rows: readonly LengthRow[]) =>
    rows.map(({ corpus, encoder, measure, tau }) => {
      return `${symbols[measure as Measure]} of ${corpus} (${encoder}, ${three(tau!)})`;
    });
  const falling = named(relations.filter(({ tau }) => tau !== undefined && tau <= -agreementThresholds.weak));
  const rising = named(relations.filter(({ tau }) => tau !== undefined && tau >= agreementThresholds.weak));
  const rest = relations.length - falling.length - rising.length;
  return (
    `Within a corpus, τ rises with length (τ-b of at least ${agreementThresholds.weak}) in ${rising.length} of ${relations.length} cases` +
    `${rising.length > 0 ? `: ${rising.join(", ")}` : ""}; it falls in ${falling.length}${falling.length > 0 ? `: ${falling.join(", ")}` : ""}; ` +
    `in ${rest} it hardly goes with length.`
  );
}

function describeGrowth(runs: readonly TaskRun[]): string {
  const growth = significanceGrowth(runs);
  if (growth.length === 0) return "Each corpus has texts of one length alone.";
  const grown = mean(growth.map(({ short, long }) => long - short));
  const alone = mean(growth.map(({ shortAtSameTau, longAtSameTau }) => longAtSameTau - shortAtSameTau));
  return (
    `From the shortest fifth of the texts to the longest the significant share grows by ${points(grown)} percentage points ` +
    `on average; with τ spread alike at every length it would grow by ${points(alone)}.`
  );
}

function points(share: number): string {
  return (100 * share).toFixed(0);
}
