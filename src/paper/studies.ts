import type { Task } from "../data/dataset";
import { unknownName } from "../errors";
import type { ValueOfLength } from "../stats/byLength";
import { averagedOverRuns } from "../stats/interval";
import { groupBy, mean } from "../stats/summary";

/** A text's row; its other columns are read by name, as a study has those of its own analyses. */
export interface TextRow {
  id: string;
  words: number;
  /** Name of the predicted class, and of the true one. */
  predicted: string;
  label: string;
}

/** A study as far as comparisons and claims read it. */
export interface ComparedStudy {
  corpus: string;
  task: Task;
  /** By label; for a corpus of the paper in the published order, for example ["negative", "positive"]. */
  classNames: readonly string[];
  encoder: string;
  attention: string;
  seed: number;
  config: { attentionWeights: string };
  /** "given" of rows that another program wrote. */
  profile?: string;
  /** Stands for all but the seed, where studies of several profiles, corpora of one name or backends are side by side. */
  model?: string;
  /** Options that differ from the profile's. */
  options?: object;
  /** `chance` is the accuracy of always giving the most frequent label. */
  scores: { texts: number; accuracy: number; chance: number; f1?: number; macroF1: number; auc?: number };
  rows: readonly TextRow[];
  /** The texts of the corpus, and the words of its vocabulary. */
  about?: { corpus: { train: number; dev: number; test: number; vocabulary: number } };
  /** By the seed of another run of its model: the mean of measures with that run's attention, gradient or output. */
  otherRuns?: { [seed: number]: { [measure: string]: number | undefined } };
}

/** What the functions of this folder take: studies, as `study` of a notebook gives them back. */
export interface StudiesOf {
  configurations: readonly ComparedStudy[];
}

/** What a row of any table says of the model that it is of; options that differ from the profile's are columns too. */
export type ModelNames = { corpus: string; encoder: string; attention: string };

/** Studies that differ in the seed alone. */
export type Model = ReturnType<typeof modelsOf>[number];

/**
 * The studies by all but their seed, in their order: `study` is the first of a model's, and what it says but for seed,
 * scores and rows is true of all.
 */
export function modelsOf({ configurations }: StudiesOf) {
  const groups = groupBy(configurations, (study) => JSON.stringify([namesOf(study), study.model]));
  return [...groups.values()].map((studies) => ({ names: namesOf(studies[0]!), study: studies[0]!, studies }));
}

/** What a row says of the study that it is of, but for the seed. */
function namesOf({ corpus, encoder, attention, config, options }: ComparedStudy): ModelNames {
  const { attentionWeights } = config;
  const { seed: _, ...others } = { ...(attentionWeights === "softmax" ? {} : { attentionWeights }), ...options } as {
    seed?: number;
  };
  return { ...others, corpus, encoder, attention };
}

/** For each column and model what `of` gives, in rows that begin with the names of both. */
export function perColumn<Row extends object>(
  runs: StudiesOf,
  columns: readonly string[],
  of: (model: Model, column: string) => readonly Row[],
) {
  const models = modelsOf(runs);
  return columns.flatMap((measure) =>
    models.flatMap((model) => of(model, measure).map((row) => ({ ...model.names, measure, ...row }))),
  );
}

/** Whether what two rows say of their models is the same, in whatever order. */
export function areSame(one: ModelNames, other: ModelNames): boolean {
  const [own, others] = [one, other].map((names) => JSON.stringify(Object.entries(names).sort()));
  return own === others;
}

/** A row with all its columns. */
export function columnsOf(row: object): Readonly<Record<string, unknown>> {
  return row as Record<string, unknown>;
}

/** The numbers of figures 3 and 4: τ(gradient, leave-one-out) less the agreement of attention with one of them. */
const yardsticks: { [column: string]: string } = {
  lessTauGradient: "tauGradient",
  lessTauLeaveOneOut: "tauLeaveOneOut",
};

/**
 * A column's value in a row, where it is a number; a search that found nothing counts as 0, as in the authors' plots,
 * and `lessTauGradient` and `lessTauLeaveOneOut` follow from their two correlations.
 */
export function numberIn(row: object, column: string): number | undefined {
  const less = yardsticks[column];
  if (less !== undefined) return differenceIn(row, "tauGradientLeaveOneOut", less);
  const value = columnsOf(row)[column];
  if (typeof value === "number") return value;
  return /^searchJsd\d/.test(column) && column in row ? 0 : undefined;
}

/** One column's value in a row less another's; undefined where it lacks either. */
export function differenceIn(row: object, first: string, second: string): number | undefined {
  const [one, other] = [numberIn(row, first), numberIn(row, second)];
  return one === undefined || other === undefined ? undefined : one - other;
}

/**
 * The texts of a study, or of a predicted class, that have a value, of a column or made from the row, with the story or
 * premise that they share.
 */
export function valuesOf(
  study: Pick<ComparedStudy, "rows"> & { task?: Task },
  of: string | ((row: TextRow) => number | undefined),
  name?: string,
): ValueOfLength[] {
  const { rows, task = "classification" } = study;
  const texts: ValueOfLength[] = [];
  let cluster = 0;
  for (const [index, row] of rows.entries()) {
    if (index > 0 && !goesOn(task, row.words, rows[index - 1]!.words)) cluster += 1;
    if (name !== undefined && row.predicted !== name) continue;
    const value = typeof of === "string" ? numberIn(row, of) : of(row);
    const shared = task === "classification" ? undefined : String(cluster);
    if (value !== undefined) texts.push({ id: row.id, words: row.words, cluster: shared, value });
  }
  return texts;
}

/**
 * Whether a text shares what the one before it has: neighbours are of one story while they grow, as each question has all
 * that was told before it, and of one premise while they have the same length. Where this takes two together, an interval
 * is too wide, never too narrow.
 */
function goesOn(task: Task, words: number, before: number): boolean {
  return task === "inference" ? words === before : words > before;
}

/** The texts of a model, or of a predicted class of it, that have a value: each once, with its mean over the seeds. */
export function textsOf({ studies }: Pick<Model, "studies">, column: string, name?: string): ValueOfLength[] {
  return averagedOverRuns(studies.map((study) => valuesOf(study, column, name)));
}

/** @throws UserError that names the nearest column, where no study has this one */
export function requireColumns({ configurations }: StudiesOf, columns: readonly string[]): void {
  const known = new Set(configurations.flatMap(({ rows }) => Object.keys(rows[0] ?? {})));
  for (const column of columns)
    if (known.size > 0 && !known.has(column)) throw unknownName("column", column, [...known]);
}

/** The texts of a predicted class; all where none is named. */
export function textsOfClass({ rows }: Pick<ComparedStudy, "rows">, name: string | undefined): readonly TextRow[] {
  return name === undefined ? rows : rows.filter(({ predicted }) => predicted === name);
}

/** A predicted class as the published numbers have it, "overall" where none is named. */
export function labelOf({ classNames }: ComparedStudy, name: string | undefined): number | "overall" {
  return name === undefined ? "overall" : classNames.indexOf(name);
}

/** The mean of what items give, of those that give something. */
export function meanOver<Item>(items: readonly Item[], read: (item: Item) => number | undefined): number | undefined {
  return rangeOf(items.flatMap((item) => read(item) ?? [])).mean;
}

/** The mean of some numbers with the smallest and the largest; all undefined of none. */
export function rangeOf(values: readonly number[]): { mean?: number; low?: number; high?: number } {
  return values.length > 0 ? { mean: mean(values), low: Math.min(...values), high: Math.max(...values) } : {};
}
