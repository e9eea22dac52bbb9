import type { Task } from "../data/dataset";
import { unknownName } from "../errors";
import { groupBy } from "../stats/summary";
import type { TextRow } from "./texts";

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

/** @throws UserError that names the nearest column, where no study has this one */
export function requireColumns({ configurations }: StudiesOf, columns: readonly string[]): void {
  const known = new Set(configurations.flatMap(({ rows }) => Object.keys(rows[0] ?? {})));
  for (const column of columns)
    if (known.size > 0 && !known.has(column)) throw unknownName("column", column, [...known]);
}

/** A predicted class as the published numbers have it, "overall" where none is named. */
export function labelOf({ classNames }: ComparedStudy, name: string | undefined): number | "overall" {
  return name === undefined ? "overall" : classNames.indexOf(name);
}
