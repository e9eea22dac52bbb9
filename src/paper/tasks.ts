import type { Task } from "../data/dataset";
import { bootstrapMeanInterval, mean, quantile } from "../stats/summary";
import { type ComparedRow, type ComparedRun, checkRun, paperModel } from "./compare";
import { littleChange } from "./counterfactual";
import { three, two } from "./numberWords";
import { isPaperCorpus, type PublishedMetric, published, tableClasses } from "./published";

/** One trained model of a task with its rows, one per text; a study is one. */
export interface TaskRun extends ComparedRun {
  task: Task;
  scores: { accuracy: number };
  rows: readonly (ComparedRow & {
    id: string;
    label: string;
    words: number;
    maxAttention: number;
    permutationTvd: number;
    searchJsd05: number | undefined;
  })[];
}

/** How far from chance (0) to no error (1) the accuracy must be for a task to count as solved. This study's. */
export const solvedFrom = 1 / 3;

/** Whether a model does its task, beside what it would score without reading the text. */
export type TaskScore = {
  corpus: string;
  task: Task;
  encoder: string;
  texts: number;
  /** Mean number of words of a text. */
  words: number;
  accuracy: number;
  /** Share of the most frequent label. */
  chance: number;
  /** Of the way from chance to no error. */
  gained: number;
  solved: "yes" | "no";
  /** The authors' accuracy (their runs of 2019-04-24 to 05-15). */
  published: number | undefined;
};

/** The scores of each run; what attention does in a model that has learnt nothing says nothing. */
export function taskScores(runs: readonly TaskRun[]): TaskScore[] {
  return runs.map((run) => {
    checkRun(run);
    const { corpus, task, encoder, rows, scores } = run;
    const counts = new Map<string, number>();
    for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
    const chance = Math.max(...counts.values()) / rows.length;
    const gained = chance < 1 ? (scores.accuracy - chance) / (1 - chance) : 0;
    return {
      corpus,
      task,
      encoder,
      texts: rows.length,
      words: mean(rows.map(({ words }) => words)),
      accuracy: scores.accuracy,
      chance,
      gained,
      solved: gained >= solvedFrom ? "yes" : "no",
      published: isPaperCorpus(corpus)
        ? published({ ...paperModel(run), corpus, metric: "eval_accuracy", class: "overall" }).rerun
        : undefined,
    };
  });
}

/** The runs whose task is solved. */
export function solvedRuns<Run extends TaskRun>(runs: readonly Run[]): Run[] {
  const scores = taskScores(runs);
  return runs.filter((_, index) => scores[index]!.solved === "yes");
}

/** What is compared between tasks: the columns of `taskRows`. */
export const taskMeasures = ["tauGradient", "tauLeaveOneOut", "permutationTvd", "searchJsd"] as const;
export type TaskMeasure = (typeof taskMeasures)[number];

/** The measures of one text. */
export type TaskRow = { words: number } & { [measure in TaskMeasure]: number | undefined };

/**
 * The measures of each text, alike for all tasks: ε-max JSD is that of the search with ε = .05, and 0 where it finds
 * nothing, as in the authors' plots.
 */
export function taskRows({ rows }: Pick<TaskRun, "rows">): TaskRow[] {
  return rows.map(({ words, tauGradient, tauLeaveOneOut, permutationTvd, searchJsd05 }) => {
    return { words, tauGradient, tauLeaveOneOut, permutationTvd, searchJsd: searchJsd05 ?? 0 };
  });
}

/** A measure of one corpus: ours over its texts, or the published one over its predicted classes. */
export type TaskMean = {
  measure: TaskMeasure;
  corpus: string;
  encoder: string;
  source: "ours" | "published";
  /** Texts of ours that have a value. */
  n: number | undefined;
  mean: number | undefined;
  /** Ours: 95 % bootstrap interval over texts. Published: the lowest and the highest predicted class. */
  low: number | undefined;
  high: number | undefined;
};

const publishedMetrics = {
  tauGradient: "tau_grad_mean",
  tauLeaveOneOut: "tau_loo_mean",
  searchJsd: "emaxjsd_mean",
} satisfies { [measure in TaskMeasure]?: PublishedMetric };

/**
 * Agreement, permutation and adversary of each corpus, with the published numbers of the paper's corpora: those of
 * Table 2, and the ε-max JSD read back from the authors' plots. Of permutation the plots have medians within bins alone.
 */
export function taskMeans(runs: readonly TaskRun[]): TaskMean[] {
  return taskMeasures.flatMap((measure) => [
    ...runs.map((run) => ourMean(run, measure)),
    ...runs.flatMap((run) => publishedMean(run, measure)),
  ]);
}

function ourMean(run: TaskRun, measure: TaskMeasure): TaskMean {
  const values = taskRows(run).flatMap((row) => row[measure] ?? []);
  const [low, high] = bootstrapMeanInterval(values) ?? [];
  const { corpus, encoder } = run;
  const ours = values.length > 0 ? mean(values) : undefined;
  return { measure, corpus, encoder, source: "ours", n: values.length, mean: ours, low, high };
}

function publishedMean(run: TaskRun, measure: TaskMeasure): TaskMean[] {
  const { corpus, encoder } = run;
  if (!isPaperCorpus(corpus) || measure === "permutationTvd") return [];
  const values = tableClasses(corpus).flatMap((label) => {
    const { paper, rerun } = published({
      ...paperModel(run),
      corpus,
      metric: publishedMetrics[measure],
      class: label,
    });
    return paper ?? rerun ?? [];
  });
  if (values.length === 0) return [];
  const ends = { low: Math.min(...values), high: Math.max(...values) };
  return [{ measure, corpus, encoder, source: "published", n: undefined, mean: mean(values), ...ends }];
}

/** A permutation that moves the output by at least this changes it much. This study's; the paper names none. */
export const muchChange = 0.25;

/**
 * Whether permuted attention changes the output much in question answering and little in classification, and in
 * inference most where the answer is entailment: what the published plots show (section 4.2.1, figure 6).
 *
 * Compared are the medians over texts of the median Δŷ, of solved tasks alone. The first finding holds where it is at
 * least `muchChange` in every corpus of questions and at most `littleChange` in every corpus of classification; in part
 * where each of the former is above each of the latter. The second holds where entailment has at least `muchChange` and
 * more than both other answers; in part where it has more.
 */
export function answerTasks(runs: readonly TaskRun[]): string {
  const solved = solvedRuns(runs);
  const unsolved = taskScores(runs).filter((score) => score.solved === "no");
  const left = unsolved.map(({ corpus, encoder, accuracy, chance }) => {
    return `- ${corpus}, ${encoder}: **not solved** (accuracy ${two(accuracy)}, chance ${two(chance)}), so nothing is claimed of it.`;
  });
  const encoders = [...new Set(solved.map(({ encoder }) => encoder))];
  const judged = encoders.flatMap((encoder) => {
    const ofEncoder = solved.filter((run) => run.encoder === encoder);
    const inference = ofEncoder.filter(({ task }) => task === "inference").map(judgeEntailment);
    return [judgePermutation(encoder, ofEncoder), ...inference];
  });
  return [...left, ...judged.map((sentence) => `- ${sentence}`)].join("\n");
}

function judgePermutation(encoder: string, runs: readonly TaskRun[]): string {
  const changes = runs.map((run) => ({ ...run, change: medianChange(run.rows) }));
  const questions = changes.filter(({ task }) => task === "question answering");
  const others = changes.filter(({ task }) => task === "classification");
  const told = changes.map(({ corpus, change }) => `${corpus} ${three(change)}`).join(", ");
  const opening = `Permuted attention, ${encoder}, median Δŷ: ${told}.`;
  if (questions.length === 0 || others.length === 0) {
    return `${opening} The finding compares question answering with classification; of one of them no task is solved, so it is **not judged**.`;
  }
  const finding = "The finding that the output changes much in question answering and little in classification";
  const lowest = Math.min(...questions.map(({ change }) => change));
  const highest = Math.max(...others.map(({ change }) => change));
  if (lowest <= highest) return `${opening} ${finding} **does not hold** here: the two overlap.`;
  if (lowest >= muchChange && highest <= littleChange) return `${opening} ${finding} **holds** here.`;
  const sizes = `at least ${three(lowest)} against at most ${three(highest)}, where much is ${muchChange} and little ${littleChange}`;
  return `${opening} ${finding} holds here **in part**: ${sizes}.`;
}

function judgeEntailment({ corpus, encoder, rows, classNames }: TaskRun): string {
  const changes = classNames.map((name) => {
    return { name, change: medianChange(rows.filter(({ predicted }) => predicted === name)) };
  });
  const told = changes.map(({ name, change }) => `${name} ${three(change)}`).join(", ");
  const opening = `Permuted attention on ${corpus}, ${encoder}, median Δŷ by answer: ${told}.`;
  const entailment = changes.find(({ name }) => name === "entailment")?.change;
  if (entailment === undefined || changes.some(({ change }) => Number.isNaN(change))) {
    return `${opening} The finding on entailment is **not judged**: not all three answers are given.`;
  }
  const finding = "The finding that entailment changes much, and more than the other answers,";
  const most = Math.max(...changes.map(({ change }) => change));
  if (entailment < most) return `${opening} ${finding} **does not hold** here.`;
  if (entailment >= muchChange) return `${opening} ${finding} **holds** here.`;
  return `${opening} ${finding} holds here **in part**: more, but less than ${muchChange}.`;
}

function medianChange(rows: TaskRun["rows"]): number {
  return quantile(
    rows.map(({ permutationTvd }) => permutationTvd),
    0.5,
  );
}
