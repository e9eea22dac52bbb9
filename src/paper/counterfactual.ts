import type { Task } from "../data/dataset";
import { type AdversaryColumns, farJsd, missedJsd, summarizeAdversaries } from "../stats/adversarySummary";
import { attentionBinOf, attentionBins } from "../stats/attentionBins";
import { allClasses, mostClasses } from "../stats/correlationSummary";
import { mean, quantile } from "../stats/summary";
import { type ComparedRun, checkRun, paperModel } from "./compare";
import { percent, three } from "./numberWords";
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
  permutationTvd: number;
}

/** What was run, and on which task: it decides the paper's ε. */
export interface CounterfactualRun extends ComparedRun {
  task: Task;
}

/** The paper's ε (section 4.2.2): .01 in classification, .05 of texts with a question. */
export function epsilonOfPaper({ task }: Pick<CounterfactualRun, "task">): 0.01 | 0.05 {
  return task === "classification" ? 0.01 : 0.05;
}

/** The paper's corpora of each task, for ranges. */
const corporaOfTask: Record<Task, readonly PublishedQuery["corpus"][]> = {
  classification: binaryCorpora,
  "question answering": ["cnn", "babi1", "babi2", "babi3"],
  inference: ["snli"],
};

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
  /** The smallest and the largest published number over the classes of the paper's corpora of the same task. */
  rangeLow: number | undefined;
  rangeHigh: number | undefined;
}

/**
 * The published ε-max JSD (figure 7) and permutation changes (figure 6) of one encoder and attention beside ours.
 *
 * The published ε-max JSD is that of ε = .05, and the authors' code counts a text where the search finds nothing as 0;
 * ours does so here. A corpus that the paper does not have is compared with the range over its corpora of the same task
 * (of classification: its binary ones). With more than three classes there is no split, as in the paper.
 *
 * @throws UserError for an encoder or attention that the paper does not have, or class names that do not fit its classes
 */
export function compareCounterfactuals(
  rows: readonly CounterfactualColumns[],
  run: CounterfactualRun,
): CounterfactualComparison[] {
  checkRun(run);
  return classesOf(run).flatMap(({ name, label }) => {
    const members = label === "overall" ? rows : rows.filter(({ predicted }) => predicted === name);
    const jsd = members.map(({ searchJsd05 }) => searchJsd05 ?? 0);
    const cell = { class: name, label, run };
    return [
      compareCell({ ...cell, measure: "mean ε-max JSD", bin: "all", metric: "emaxjsd_mean", values: jsd }),
      ...attentionBins.map((bin, index) => {
        const inBin = members.filter(({ maxAttention }) => attentionBinOf(maxAttention) === index);
        const values = inBin.map(({ permutationTvd }) => permutationTvd);
        const metric = `perm_dy_median@maxattn${bin}` as const;
        return compareCell({ ...cell, measure: "median Δŷ", bin, metric, values });
      }),
    ];
  });
}

function classesOf({ classNames }: ComparedRun): { name: string; label: number | "overall" }[] {
  if (classNames.length > mostClasses) return [{ name: allClasses, label: "overall" }];
  return classNames.map((name, label) => ({ name, label }));
}

type Cell = Pick<CounterfactualComparison, "measure" | "class" | "bin"> & {
  label: number | "overall";
  run: CounterfactualRun;
  metric: PublishedMetric;
  values: readonly number[];
};

function compareCell({ measure, class: name, bin, label, run, metric, values }: Cell): CounterfactualComparison {
  const query = { ...paperModel(run), metric };
  const { corpus } = run;
  const theirs = isPaperCorpus(corpus) ? published({ ...query, corpus, class: label }).rerun : undefined;
  const ours = values.length === 0 ? undefined : bin === "all" ? mean(values) : quantile(values, 0.5);
  const others = publishedOverCorpora(query, run.task);
  return {
    measure,
    class: name,
    bin,
    n: values.length,
    published: theirs,
    ours,
    difference: ours === undefined || theirs === undefined ? undefined : ours - theirs,
    rangeLow: others.length > 0 ? Math.min(...others) : undefined,
    rangeHigh: others.length > 0 ? Math.max(...others) : undefined,
  };
}

function publishedOverCorpora(query: Pick<PublishedQuery, "encoder" | "attention" | "metric">, task: Task): number[] {
  return corporaOfTask[task].flatMap((corpus) =>
    tableClasses(corpus).flatMap((label) => published({ ...query, corpus, class: label }).rerun ?? []),
  );
}

/**
 * How far our numbers are from the published ones, or, for a corpus that the paper does not have, how many lie within
 * the range over its corpora of the same task.
 *
 * @param comparison what `compareCounterfactuals` returned for the run
 */
export function describeCounterfactuals(
  comparison: readonly CounterfactualComparison[],
  { corpus, task }: CounterfactualRun,
): string {
  const own = isPaperCorpus(corpus);
  const sentences = (["mean ε-max JSD", "median Δŷ"] as const).map((measure) => {
    const rows = comparison.filter((row) => row.measure === measure && row.ours !== undefined);
    return own ? closeness(measure, rows) : placeInRange(measure, rows, task);
  });
  const opening = own ? `**${corpus}**, beside the published:` : `The paper has no corpus "${corpus}".`;
  const closing = own
    ? "These numbers are published of one run alone, so how far chance moves them is not known."
    : "Other texts, other numbers: this places our result among the paper's, it does not reproduce one.";
  return [opening, "", ...sentences.map((sentence) => `- ${sentence}`), "", closing].join("\n");
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

function placeInRange(measure: string, all: readonly CounterfactualComparison[], task: Task): string {
  const rows = all.filter(({ rangeLow }) => rangeLow !== undefined);
  if (rows.length === 0) return `${measure}: there is nothing to compare.`;
  const outside = rows.filter(({ ours, rangeLow, rangeHigh }) => ours! < rangeLow! || ours! > rangeHigh!);
  const inside = rows.length - outside.length;
  const exceptions = outside.map(
    (row) =>
      `${three(row.ours!)} for ${nameOf(row)} lies ${row.ours! < row.rangeLow! ? "below" : "above"} it (${three(row.rangeLow!)} to ${three(row.rangeHigh!)})`,
  );
  const placed = `${measure}: within the range over its ${task === "classification" ? "binary classification" : task} corpora in ${inside} of ${rows.length} cases`;
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
 * output (for at least half of the texts of every predicted class the exact ε-max JSD at the paper's ε is at least
 * `farJsd`; in part where that is so of one class). Texts with a question have no exact one; there what the search found
 * counts, a lower bound, which can show that the finding holds but not that it does not. The thresholds are this study's.
 */
export function answerCounterfactual(rows: readonly CounterfactualColumns[], run: CounterfactualRun): string {
  checkRun(run);
  const opening = `**${run.corpus}**, ${run.encoder} with ${run.attention} attention, ${rows.length} texts:\n`;
  if (rows.length === 0) return `${opening}\nThere is no text, so the question stays open.`;
  const epsilon = epsilonOfPaper(run);
  const summaries = summarizeAdversaries(rows, run.classNames).filter((summary) => summary.epsilon === epsilon);
  const all = summaries.at(-1)!;
  const changes = rows.map(({ permutationTvd }) => permutationTvd);
  const sentences = [
    `Permuted weights: the median Δŷ is ${three(quantile(changes, 0.5))}; in ${percent(littleShare(rows))} of the texts it is at most ${littleChange}.`,
    `Searched weights, ε = ${epsilon}: ${found(all)}`,
    ...(all.exact === undefined ? [] : [`Exact, ε = ${epsilon}: ${exactly(all.exact, all.far!, all.missed!)}`]),
  ];
  const verdict = `${permutationVerdict(littleShare(rows))} ${adversaryVerdict(summaries)}`;
  return [opening, ...sentences.map((sentence) => `- ${sentence}`), `\n${verdict}`].join("\n");
}

function littleShare(rows: readonly Pick<CounterfactualColumns, "permutationTvd">[]): number {
  return rows.filter(({ permutationTvd }) => permutationTvd <= littleChange).length / rows.length;
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
  return `The paper's finding that permuting often changes the output little ${judgedLittle(little)}.`;
}

function judgedLittle(little: number): string {
  return little >= 0.5 ? "holds here" : little >= 0.25 ? "holds here in part" : "does not hold here";
}

function adversaryVerdict(summaries: readonly Summary[]): string {
  const claim = "Its finding that an attention far from the model's own keeps the output";
  const { holds, fails, isExact } = judgedFar(summaries);
  const by = isExact ? "" : ", by what the search found alone";
  if (fails.length === 0) {
    const whose = holds.includes(allClasses) ? "" : " of every predicted class";
    return `${claim} holds here, for the majority of the texts${whose}${by}.`;
  }
  if (!isExact) {
    return `${claim} is not decided here for ${fails.join(", ")}: the search, a lower bound, found a far one for no majority of the texts, and there is no exact adversary.`;
  }
  if (holds.length === 0) return `${claim} does not hold here for the majority of the texts of any predicted class.`;
  return `${claim} holds here for the majority of ${holds.join(", ")}, but not for the majority of ${fails.join(", ")}.`;
}

/** For which predicted classes the majority of the texts has an attention that is far and keeps the output. */
function judgedFar(summaries: readonly Summary[]): { holds: string[]; fails: string[]; isExact: boolean } {
  const classes = summaries.length > 1 ? summaries.slice(0, -1).filter(({ n }) => n > 0) : summaries;
  const isExact = classes.every(({ far }) => far !== undefined);
  const isFar = ({ far, searchFar }: Summary) => ((isExact ? far : searchFar) ?? 0) >= 0.5;
  const names = (of: readonly Summary[]) => of.map((summary) => summary.class);
  return { holds: names(classes.filter(isFar)), fails: names(classes.filter((each) => !isFar(each))), isExact };
}

/**
 * Research question 2 over several corpora: where permuting changes the output little, and where the majority of the
 * texts has an attention that is far from the model's own and keeps the output.
 */
export function answerAcrossCounterfactuals(
  runs: readonly (CounterfactualRun & { rows: readonly CounterfactualColumns[] })[],
): string {
  const judged = runs
    .filter(({ rows }) => rows.length > 0)
    .map((run) => {
      const epsilon = epsilonOfPaper(run);
      const summaries = summarizeAdversaries(run.rows, run.classNames).filter((each) => each.epsilon === epsilon);
      const { fails, isExact } = judgedFar(summaries);
      return { corpus: run.corpus, little: littleShare(run.rows), isFar: fails.length === 0, isExact };
    });
  const named = (of: readonly { corpus: string }[]) =>
    of.length === 0 ? "none" : of.map(({ corpus }) => corpus).join(", ");
  const { length } = judged;
  const little = judged.filter((each) => each.little >= 0.5);
  const far = judged.filter(({ isFar }) => isFar);
  const open = judged.filter(({ isFar, isExact }) => !isFar && !isExact);
  return [
    `**Over ${length} ${length === 1 ? "corpus" : "corpora"}:**\n`,
    `- Permuting changes the output of the majority of the texts little in ${little.length} of ${length}: ${named(little)}.`,
    `- The majority of the texts of every predicted class has a far attention that keeps the output in ${far.length} of ${length}: ${named(far)}${open.length > 0 ? `; not decided, as there is no exact adversary: ${named(open)}` : ""}.`,
  ].join("\n");
}

/** Nats; where the exact maximum rises by less there is hardly anything for the search to use. */
const noticeableRise = 0.005;

/**
 * How much of a larger ε the search uses: by how much its results and the exact maximum rise from ε = .01 to .05, on the
 * texts that have all four; undefined where no text has, as of texts with a question.
 */
export function describeSlack(
  rows: readonly CounterfactualColumns[],
  { corpus }: Pick<ComparedRun, "corpus">,
): string | undefined {
  const rises = rows.flatMap(({ searchJsd01, searchJsd05, exactJsd01, exactJsd05 }) =>
    searchJsd01 === undefined || searchJsd05 === undefined || exactJsd01 === undefined || exactJsd05 === undefined
      ? []
      : [{ search: searchJsd05 - searchJsd01, exact: exactJsd05 - exactJsd01 }],
  );
  if (rises.length === 0) return undefined;
  const search = mean(rises.map((rise) => rise.search));
  const exact = mean(rises.map((rise) => rise.exact));
  const risen = `**${corpus}**: from ε = 0.01 to 0.05 the exact maximum rises by ${three(exact)} nats on average, what the search finds by ${three(search)} (${rises.length} texts).`;
  if (exact < noticeableRise) return `${risen} A larger ε can hardly bring more here.`;
  return `${risen} The search turns ${percent(search / exact)} of that into distance. Its penalty allows a change of 0.01 in both cases, so the published ε of 0.05 admits hardly more than 0.01 would.`;
}
