import { paperGroups } from "../../stats/classGroups";
import { type MeanInterval, meanInterval, type TextValue } from "../../stats/interval";
import { decimal } from "../numberWords";
import { type PublishedMetric, publishedNumber } from "../published";
import {
  type ComparedStudy,
  isSolved,
  labelOf,
  type Model,
  modelsOf,
  type StudiesOf,
  textsOfClass,
  valuesOf,
} from "../studies";
import { fewestRuns, type Judgement, seen, type Verdict } from "./claim";

// What every claim is judged by, whatever it measures.

/** The column of a correlation with weights that mean nothing: each text's attention permuted over its words. */
export function nullOf(measure: string): string {
  return `${measure}Null`;
}

/** The models over an encoder; of each those studies that solve their task, or all where none does. */
export function modelsOver(runs: StudiesOf, encoder: string): Model[] {
  const models = modelsOf(runs).filter(({ study }) => study.encoder === encoder);
  return models.map((model) => {
    const solved = model.studies.filter(isSolved);
    return solved.length > 0 ? { ...model, studies: solved } : model;
  });
}

/** The predicted classes that the paper tells apart, or undefined, for all texts. */
export function classesOf({ study }: Model): (string | undefined)[] {
  return paperGroups(study.rows, study.classNames).map((group) => group.class);
}

/** What a judgement is of, as in "τ_g, negative, dot": attention and options where they are not the paper's. */
export function nameOf({ names }: Model, ...parts: (string | undefined)[]): string {
  const { corpus: _, encoder: __, ...others } = names;
  const variant = Object.values(others).filter((value) => value !== "additive");
  return [...parts, ...variant].filter((part) => part !== undefined).join(", ");
}

/**
 * The mean of a number over the runs of a model, of all texts or of a predicted class; undefined where no text has it.
 */
export function estimate({ studies }: Model, of: Parameters<typeof valuesOf>[1], name?: string) {
  return estimateOf(studies.map((study) => valuesOf({ rows: textsOfClass(study, name) }, of)));
}

/** The mean over runs; undefined where no text has a value. */
export function estimateOf(runs: readonly (readonly TextValue[])[], level = 0.95): MeanInterval | undefined {
  const interval = meanInterval(runs, { fewestRuns, level });
  return interval.n > 0 ? interval : undefined;
}

/** What is published of a model, as in ".40, re-run .34". */
export function publishedWords(study: ComparedStudy, metric: PublishedMetric, name?: string) {
  const { paper, rerun, missing } = publishedNumber(study, metric, labelOf(study, name));
  const parts = [paper === undefined ? "" : decimal(paper), rerun === undefined ? "" : `re-run ${decimal(rerun)}`];
  return { words: parts.filter(Boolean).join(", "), missing };
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
  models: readonly Model[],
  of: string,
  numbers: Pick<Judgement, "effect" | "control" | "published">,
  decide: (effect: Ends, control: Ends) => [verdict: Verdict, reason: string],
): Judgement {
  const { effect, control } = numbers;
  const runs = Math.min(...models.map(({ studies }) => studies.length));
  const reasons = [
    models.every(({ studies }) => studies.every(isSolved)) ? "" : "the task is not solved",
    models[0]!.study.task === "classification" ? "" : "no model of the question alone shows that the text is read",
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
