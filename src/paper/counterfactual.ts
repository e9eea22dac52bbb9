import { type AdversaryColumns, farJsd, missedJsd, summarizeAdversaries } from "../stats/adversarySummary";
import { mean, quantile } from "../stats/summary";
import { type ComparedRun, checkRun, paperModel } from "./compare";
import {
  binaryCorpora,
  isPaperCorpus,
  type PublishedMetric,
  type PublishedQuery,
  published,
  tableClasses,
} from "./published";

/** What our rows need to have to be judged. */
export interface CounterfactualColumns extends AdversaryColumns {
  maxAttention: number;
  /** The paper's Δŷ: median total variation of the output over the permutations. */
  medianTvd: number;
}

/** One published number about counterfactual attention beside ours. */
export interface CounterfactualComparison {
  measure: "mean ε-max JSD" | "median Δŷ";
  /** The predicted class. */
  class: string;
  /** Of the largest attention weight, for example "0.00-0.25", or "all". */
  bin: string;
  /** Our texts. */
  n: number;
  /** The authors' runs of 2019-04-24 to 05-15, read back from their plots. */
  published: number | undefined;
  ours: number | undefined;
  /** Ours less the published. */
  difference: number | undefined;
  /** The smallest and the largest published number over the classes of the paper's binary classification corpora. */
  rangeLow: number;
  rangeHigh: number;
}

const bins = ["0.00-0.25", "0.25-0.50", "0.50-0.75", "0.75-1.00"] as const;

/**
 * The published ε-max JSD (figure 7) and permutation changes (figure 6) of one encoder and attention beside ours.
 *
 * The published ε-max JSD is that of ε = .05, and the authors' code counts a text where the search finds nothing as 0;
 * ours does so here. A corpus that the paper does not have is compared with the range over its binary ones.
 *
 * @throws UserError for an encoder or attention that the paper does not have, or class names that do not fit its classes
 */
export function compareCounterfactuals(
  rows: readonly CounterfactualColumns[],
  run: ComparedRun,
): CounterfactualComparison[] {
  checkRun(run);
  return run.classNames.flatMap((name, label) => {
    const members = rows.filter(({ predicted }) => predicted === name);
    const jsd = members.map(({ epsilonMaxJsd05 }) => epsilonMaxJsd05 ?? 0);
    const cell = { class: name, label, run };
    return [
      compareCell({ ...cell, measure: "mean ε-max JSD", bin: "all", metric: "emaxjsd_mean", values: jsd }),
      ...bins.map((bin, index) => {
        const inBin = members.filter(({ maxAttention }) => Math.min(3, Math.floor(4 * maxAttention)) === index);
        const values = inBin.map(({ medianTvd }) => medianTvd);
        const metric = `perm_dy_median@maxattn${bin}` as const;
        return compareCell({ ...cell, measure: "median Δŷ", bin, metric, values });
      }),
    ];
  });
}

type Cell = Pick<CounterfactualComparison, "measure" | "class" | "bin"> & {
  label: number;
  run: ComparedRun;
  metric: PublishedMetric;
  values: readonly number[];
};

function compareCell({ measure, class: name, bin, label, run, metric, values }: Cell): CounterfactualComparison {
  const query = { ...paperModel(run), metric };
  const { corpus } = run;
  const theirs = isPaperCorpus(corpus) ? published({ ...query, corpus, class: label }).rerun : undefined;
  const ours = values.length === 0 ? undefined : bin === "all" ? mean(values) : quantile(values, 0.5);
  const others = publishedOverCorpora(query);
  return {
    measure,
    class: name,
    bin,
    n: values.length,
    published: theirs,
    ours,
    difference: ours === undefined || theirs === undefined ? undefined : ours - theirs,
    rangeLow: Math.min(...others),
    rangeHigh: Math.max(...others),
  };
}

function publishedOverCorpora(query: Pick<PublishedQuery, "encoder" | "attention" | "metric">): number[] {
  return binaryCorpora.flatMap((corpus) =>
    tableClasses(corpus).flatMap((label) => published({ ...query, corpus, class: label }).rerun ?? []),
  );
}

/**
 * How far our numbers are from the published ones, or, for a corpus that the paper does not have, how many lie within
 * the range over its binary corpora.
 *
 * @param comparison what `compareCounterfactuals` returned for the run
 */
export function describeCounterfactuals(
  comparison: readonly CounterfactualComparison[],
  { corpus }: ComparedRun,
): string {
  const own = isPaperCorpus(corpus);
  const sentences = (["mean ε-max JSD", "median Δŷ"] as const).map((measure) => {
    const rows = comparison.filter((row) => row.measure === measure && row.ours !== undefined);
    return own ? closeness(measure, rows) : placeInRange(measure, rows);
  });
  const opening = own ? [] : [`The paper has no corpus "${corpus}".`];
  const closing = own
    ? "These numbers are published of one run alone, so how far chance moves them is not known."
    : "Other texts, other numbers: this places our result among the paper's, it does not reproduce one.";
  return [...opening, "", ...sentences.map((sentence) => `- ${sentence}`), "", closing].join("\n");
}

function closeness(measure: string, rows: readonly CounterfactualComparison[]): string {
  const compared = rows.filter(({ difference }) => difference !== undefined);
  if (compared.length === 0) return `${measure}: there is nothing to compare.`;
  const largest = compared.reduce((one, other) =>
    Math.abs(other.difference!) > Math.abs(one.difference!) ? other : one,
  );
  const typical = mean(compared.map(({ difference }) => Math.abs(difference!)));
  const sign = largest.difference! < 0 ? "below" : "above";
  return (
    `${measure}: ours are ${three(typical)} from the published on average over ${compared.length} numbers; the furthest is ` +
    `${three(largest.ours!)} for ${nameOf(largest)}, ${three(Math.abs(largest.difference!))} ${sign} the published ${three(largest.published!)}.`
  );
}

function placeInRange(measure: string, rows: readonly CounterfactualComparison[]): string {
  const outside = rows.filter(({ ours, rangeLow, rangeHigh }) => ours! < rangeLow || ours! > rangeHigh);
  const inside = rows.length - outside.length;
  const exceptions = outside.map(
    (row) =>
      `${three(row.ours!)} for ${nameOf(row)} lies ${row.ours! < row.rangeLow ? "below" : "above"} it (${three(row.rangeLow)} to ${three(row.rangeHigh)})`,
  );
  const placed = `${measure}: within the range over its binary classification corpora in ${inside} of ${rows.length} cases`;
  return exceptions.length === 0 ? `${placed}.` : `${placed}; ${exceptions.join(", ")}.`;
}

function nameOf({ class: name, bin }: CounterfactualComparison): string {
  return bin === "all" ? name : `${name} (largest weight ${bin})`;
}

/** A permutation that moves the output by no more than this changes it little. This study's; the paper names none. */
export const littleChange = 0.05;

/**
 * Research question 2 answered from our rows: whether other attention weights change the prediction, and whether that
 * supports the paper.
 *
 * Its findings, and when they hold here: permutation often changes the output little (for at least half of the texts the
 * median change is at most `littleChange`; in part from a quarter); an attention far from the model's own keeps the
 * output (for at least half of the texts of every predicted class the exact ε-max JSD at the paper's ε of .01 is at
 * least `farJsd`; in part where that is so of one class). The thresholds are this study's.
 */
export function answerCounterfactual(rows: readonly CounterfactualColumns[], run: ComparedRun): string {
  checkRun(run);
  const opening = `**${run.corpus}**, ${run.encoder} with ${run.attention} attention, ${rows.length} texts:\n`;
  if (rows.length === 0) return `${opening}\nThere is no text, so the question stays open.`;
  const summaries = summarizeAdversaries(rows, run.classNames).filter(({ epsilon }) => epsilon === 0.01);
  const all = summaries.at(-1)!;
  const changes = rows.map(({ medianTvd }) => medianTvd);
  const little = changes.filter((change) => change <= littleChange).length / changes.length;
  const sentences = [
    `Permuted weights: the median Δŷ is ${three(quantile(changes, 0.5))}; in ${percent(little)} of the texts it is at most ${littleChange}.`,
    `Searched weights, ε = 0.01: ${found(all)}`,
    ...(all.exact === undefined ? [] : [`Exact, ε = 0.01: ${exactly(all.exact, all.far!, all.missed!)}`]),
  ];
  const verdict = `${permutationVerdict(little)} ${adversaryVerdict(summaries)}`;
  return [opening, ...sentences.map((sentence) => `- ${sentence}`), `\n${verdict}`].join("\n");
}

type Summary = ReturnType<typeof summarizeAdversaries>[number];

function found({ search, nothingFound, n }: Summary): string {
  if (search === undefined) return "nothing that keeps the output was found in any text.";
  const nothing = nothingFound > 0 ? `; nothing was found in ${nothingFound} of ${n} texts` : "";
  return `mean ε-max JSD is ${three(search)}, of at most ${three(Math.LN2)}${nothing}.`;
}

function exactly(jsd: number, far: number, missed: number): string {
  return (
    `mean ε-max JSD is ${three(jsd)}; it is at least ${farJsd} in ${percent(far)} of the texts. ` +
    `The search missed more than ${missedJsd} of it, or all, in ${percent(missed)}.`
  );
}

function permutationVerdict(little: number): string {
  const claim = "The paper's finding that permuting often changes the output little";
  const judged = little >= 0.5 ? "holds here" : little >= 0.25 ? "holds here in part" : "does not hold here";
  return `${claim} ${judged}.`;
}

function adversaryVerdict(summaries: readonly Summary[]): string {
  const classes = summaries.slice(0, -1).filter(({ n }) => n > 0);
  const claim = "Its finding that an attention far from the model's own keeps the output";
  if (classes.some(({ far }) => far === undefined)) {
    return `${claim} is not judged here: without an exact adversary the search gives a lower bound alone.`;
  }
  const holds = classes.filter(({ far }) => far! >= 0.5).map((group) => group.class);
  const fails = classes.filter(({ far }) => far! < 0.5).map((group) => group.class);
  if (fails.length === 0) return `${claim} holds here, for the majority of the texts of every predicted class.`;
  if (holds.length === 0) return `${claim} does not hold here for the majority of the texts of any predicted class.`;
  return `${claim} holds here for the majority of ${holds.join(", ")}, but not for the majority of ${fails.join(", ")}.`;
}

function three(value: number): string {
  return value.toFixed(3);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
