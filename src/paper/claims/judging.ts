import { questionOnlyName } from "../../data/corpora/questionOnly";
import { paperGroups } from "../../stats/classGroups";
import { gapInterval, type MeanInterval, meanInterval, type TextValue } from "../../stats/interval";
import { kendallTau } from "../../stats/kendall";
import { type Measure, measures, metricOf } from "../besidePaper";
import { decimal } from "../numberWords";
import { type PublishedMetric, publishedNumber } from "../published";
import {
  type ComparedStudy,
  isSolved,
  labelOf,
  type Model,
  modelsOf,
  numberIn,
  type StudiesOf,
  sameBut,
  type TextRow,
  textsOfClass,
  valuesOf,
} from "../studies";
import { fewestRuns, type Judgement, type Measured, seen, type Verdict } from "./claim";

// What every claim is judged by, whatever it measures.

/** A column of the texts, or a number made from the row. */
export type Value = Parameters<typeof valuesOf>[1];

/** A model with those of its runs that do their task, or with all where none does. */
export interface JudgedModel extends Model {
  /** Why its task is not known to be done; "" where it is. */
  unsolved: string;
  /** Its attention, and the values of the options in which the models of its corpus differ. */
  variant: string[];
}

/** The models over an encoder whose attention is learnt, by corpus: with dot attention only where there is no other. */
export function modelsOver(runs: StudiesOf, encoder: string, options: { withDot?: boolean } = {}): JudgedModel[] {
  const all = modelsOf(runs).filter(
    ({ study }) =>
      study.encoder === encoder &&
      study.config.attentionWeights !== "uniform" &&
      !study.corpus.endsWith(questionOnlyName("")),
  );
  const besideDot = ({ study: { corpus, attention } }: Model) =>
    attention === "dot" && all.some(({ study }) => study.corpus === corpus && study.attention !== "dot");
  return all.filter((model) => options.withDot || !besideDot(model)).map((model) => withSolved(model, runs));
}

/** A model of a corpus, encoder and attention as another, but for what is asked otherwise. */
export function otherModel(
  runs: StudiesOf,
  model: Model,
  other: { encoder?: string; attention?: string; attentionWeights?: string },
): JudgedModel | undefined {
  const wanted = JSON.stringify(sorted({ ...model.names, ...other }));
  const found = modelsOf(runs).find(({ names }) => JSON.stringify(sorted(names)) === wanted);
  return found && withSolved(found, runs);
}

function sorted(names: object): [string, unknown][] {
  return Object.entries(names).sort(([a], [b]) => a.localeCompare(b));
}

/** Pairs of an encoder's model and the BiLSTM's that differ in the encoder alone. */
export function besideBilstm(runs: StudiesOf, encoder: string): { other: JudgedModel; bilstm: JudgedModel }[] {
  return modelsOver(runs, encoder).flatMap((other) =>
    modelsOver(runs, "bilstm")
      .filter((bilstm) => sameBut("encoder", bilstm, other))
      .map((bilstm) => ({ other, bilstm })),
  );
}

/**
 * In classification a run counts from a third of the way between the majority class and no error; with a question or
 * hypothesis where it is better than every model of the question alone, by more than these are apart.
 */
function withSolved(model: Model, runs: StudiesOf): JudgedModel {
  const { study, studies } = model;
  const variant = variantOf(model, runs);
  if (study.task === "classification") return { ...model, variant, ...solvedOf(studies.filter(isSolved), studies) };
  const blind = runs.configurations.filter(({ corpus }) => corpus === questionOnlyName(study.corpus));
  if (blind.length === 0)
    return { ...model, variant, unsolved: "no model of the question alone shows that the text is read" };
  const accuracies = blind.map(({ scores }) => scores.accuracy);
  const [lowest, highest] = [Math.min(...accuracies), Math.max(...accuracies)];
  const isBetter = ({ scores }: ComparedStudy) => scores.accuracy > highest + (highest - lowest);
  return { ...model, variant, ...solvedOf(studies.filter(isBetter), studies) };
}

function variantOf({ names }: Model, runs: StudiesOf): string[] {
  const ofCorpus = modelsOf(runs).filter((other) => other.names.corpus === names.corpus);
  const { corpus: _, encoder: __, ...options } = names;
  const isShared = (option: string, value: string) =>
    !/^attention/.test(option) && ofCorpus.every(({ names }) => (names as Record<string, unknown>)[option] === value);
  return Object.entries(options).flatMap(([option, value]) => (isShared(option, value) ? [] : [value]));
}

function solvedOf(solved: readonly ComparedStudy[], all: readonly ComparedStudy[]) {
  return solved.length > 0 ? { studies: solved, unsolved: "" } : { studies: all, unsolved: "the task is not solved" };
}

/** Every model over a BiLSTM with each of the two correlations. */
export function eachCorrelation(
  runs: StudiesOf,
  judge: (model: JudgedModel, measure: Measure) => Judgement | Judgement[],
): Judgement[] {
  return modelsOver(runs, "bilstm").flatMap((model) => measures.flatMap((measure) => judge(model, measure)));
}

/** The predicted classes that the paper tells apart, or undefined, for all texts. */
export function classesOf({ study }: Model): (string | undefined)[] {
  return paperGroups(study.rows, study.classNames).map((group) => group.class);
}

/** As in "sst's negative texts". */
export function textsIn({ names }: Model, name?: string): string {
  return `${names.corpus}'s${name === undefined ? "" : ` ${name}`} texts`;
}

/** What a judgement is of, as in "τ_g, negative, dot": with the options in which the models of its corpus differ. */
export function nameOf({ variant }: JudgedModel, ...parts: (string | undefined)[]): string {
  return [...parts, ...variant.filter((value) => value !== "additive")].filter((part) => part !== undefined).join(", ");
}

/**
 * The mean of a number over the runs of a model, of all texts or of a predicted class; undefined where no text has it.
 */
export function estimate({ studies }: Model, of: Value, name?: string) {
  return estimateOf(studies.map((study) => valuesOf({ rows: textsOfClass(study, name) }, of)));
}

/** The mean over runs; undefined where no text has a value. */
export function estimateOf(runs: readonly (readonly TextValue[])[], level = 0.95): MeanInterval | undefined {
  const interval = meanInterval(runs, { ...fewestRunsOf, level });
  return interval.n > 0 ? interval : undefined;
}

/** The mean of one number of each run, as of a correlation over its texts. */
export function estimateOfRuns({ studies }: Model, of: (study: ComparedStudy) => number | undefined) {
  const values = studies.flatMap((study) => of(study) ?? []);
  return estimateOf(values.map((value) => [{ id: "all texts", value }]));
}

/** How far the mean of one model is above another's, with Welch's interval over runs. */
export function gap(model: Model | undefined, other: Model | undefined, of: Value): MeanInterval | undefined {
  if (model === undefined || other === undefined) return undefined;
  const [values, others] = [model, other].map(({ studies }) => studies.map((study) => valuesOf(study, of)));
  const interval = gapInterval(values!, others!, fewestRunsOf);
  return interval.n > 0 ? interval : undefined;
}

/** Intervals are over enough runs, or there is none: over texts alone they would say nothing of another run. */
export const fewestRunsOf = { fewestRuns, resamples: 0 };

/** The test score of each run: F1 of the second class, or accuracy. */
export function scoreRuns({ studies }: Model): TextValue[][] {
  return studies.map(({ scores }) => [{ id: "all texts", value: scores.f1 ?? scores.accuracy }]);
}

/** One number of a text less another; undefined where it lacks either. */
export function less(first: string, second: string): (row: TextRow) => number | undefined {
  return (row) => {
    const [one, other] = [numberIn(row, first), numberIn(row, second)];
    return one === undefined || other === undefined ? undefined : one - other;
  };
}

/** A correlation of the learnt attention less that of permuted attention, both imposed on the unchanged network. */
export function aboveNull(measure: string): (row: TextRow) => number | undefined {
  return less(`${measure}Imposed`, `${measure}Null`);
}

/** 1 where a number of the text is at most a bound, else 0. */
export function atMost(bound: number, of: string | ((row: TextRow) => number | undefined)) {
  return (row: TextRow): number | undefined => {
    const value = typeof of === "string" ? numberIn(row, of) : of(row);
    return value === undefined ? undefined : Number(value <= bound);
  };
}

/** What the paper's search may change: .01, and .05 where there is a question. */
export const unchanged = 0.01;

/** The exact ε-max JSD at the paper's ε as a share of the largest there is, whatever the output does. */
export function shareOfCeiling(row: TextRow): number | undefined {
  const [jsd, ceiling] = [numberIn(row, "exactJsd01"), numberIn(row, "jsdCeiling")];
  return jsd === undefined || !ceiling ? undefined : jsd / ceiling;
}

/** Kendall's τ-b of two columns over the texts of a run. */
export function rankCorrelation(rows: readonly TextRow[], first: string, second: string): number | undefined {
  const both = rows.flatMap((row) => {
    const [one, other] = [numberIn(row, first), numberIn(row, second)];
    return one === undefined || other === undefined ? [] : [[one, other] as const];
  });
  if (both.length < 2) return undefined;
  const result = kendallTau(
    both.map(([one]) => one),
    both.map(([, other]) => other),
  );
  return result.kind === "defined" ? result.tau : undefined;
}

/** What is published of a model, as in ".40, re-run .34". */
export function publishedWords(study: ComparedStudy, metric: PublishedMetric, name?: string) {
  const { paper, rerun, code, missing } = publishedNumber(study, metric, labelOf(study, name));
  const parts = [
    paper === undefined ? "" : decimal(paper),
    rerun === undefined ? "" : `re-run ${decimal(rerun)}`,
    code === undefined ? "" : `their code here ${decimal(code)}`,
  ];
  return { words: parts.filter(Boolean).join(", "), missing };
}

/** A number of Table 2. */
export function inTable2({ study }: Model, measure: Measure, statistic: Parameters<typeof metricOf>[1], name?: string) {
  return publishedWords(study, metricOf(measure, statistic), name);
}

/** Where the paper has no such number. */
export const notPublished = { words: "", missing: "not published" };

/** A number of ours. @param sentence with # where the number stands */
export function measured(
  sentence: string,
  found: MeanInterval | undefined,
  unit: Measured["unit"] = "number",
): Measured {
  return { sentence, unit, estimate: found };
}

/** An interval whose ends are known. */
export type Ends = { mean: number; low: number; high: number };

/** The verdict where the whole interval is below a bound or above it; else nothing is decided. */
export function bySide({ low, high }: Ends, bound: number, sides: { below: Verdict; above: Verdict }): Verdict {
  if (high < bound) return sides.below;
  return low > bound ? sides.above : "not decided";
}

/**
 * Decides, unless something is missing that no number makes up for: a task that is solved, enough training runs, the
 * effect, or its control.
 *
 * @param decide the claim's own rule
 */
export function judged(
  models: readonly JudgedModel[],
  of: string,
  numbers: Pick<Judgement, "effect" | "control" | "published">,
  decide: (effect: Ends, control: Ends) => [verdict: Verdict, reason: string],
): Judgement {
  const { effect, control } = numbers;
  const runs = Math.min(...models.map(({ studies }) => studies.length));
  const reasons = [
    ...new Set(models.map(({ unsolved }) => unsolved)),
    effect.estimate === undefined ? "the effect is not computed" : "",
    runs >= fewestRuns ? "" : `${seen(runs)}, and ${fewestRuns} runs are needed`,
    control.estimate === undefined ? "the control is not computed" : "",
  ].filter(Boolean);
  const [verdict, reason] =
    reasons.length > 0
      ? (["not decided", reasons.join("; ")] as const)
      : decide(effect.estimate as Ends, control.estimate as Ends);
  return { corpus: models[0]!.names.corpus, of, ...numbers, verdict, reason };
}
