import { questionOnlyName } from "../../data/corpora/questionOnly";
import { toldClasses } from "../../stats/classGroups";
import { gapInterval, type MeanInterval, meanInterval, type TextValue } from "../../stats/interval";
import { kendallTau } from "../../stats/kendall";
import { type Measure, measures, metricOf } from "../besidePaper";
import { decimal, percent, symbolOf } from "../numberWords";
import { type PublishedMetric, publishedNumber } from "../published";
import { solvedRuns } from "../scores";
import { areSame, type ComparedStudy, labelOf, type Model, modelsOf, type StudiesOf } from "../studies";
import { differenceIn, numberIn, type TextRow, valuesOf } from "../texts";
import { type Claim, type Ends, fewestRuns, type Line, rowOf, seen } from "./claim";

// What every claim is judged by, whatever it measures.

/** A column of the texts, or a number made from the row. */
type Value = Parameters<typeof valuesOf>[1];

/** Of which predicted class, and how its number is written. */
interface Telling {
  name?: string;
  write?: (value: number) => string;
}

/** A model with those of its runs that do their task, or with all where none does, and what these say on average. */
export class JudgedModel implements Model {
  readonly names: Model["names"];
  readonly study: ComparedStudy;
  readonly studies: ComparedStudy[];
  /** Why its task is not known to be done; "" where it is. */
  readonly unsolved: string;
  /** Its attention, and the values of the options in which the models of its corpus differ. */
  readonly variant: string[];

  /** @param runs all, of which with a question those of the question alone tell what is solved */
  constructor(
    { names, study, studies }: Model,
    private readonly runs: StudiesOf,
  ) {
    const { isTold, solved } = solvedRuns(studies, runs);
    const beyond = study.task === "classification" ? "" : " beyond the question or hypothesis alone";
    const untold = "no model of the question alone shows that the text is read";
    this.unsolved = !isTold ? untold : solved.length > 0 ? "" : `the task is not solved${beyond}`;
    [this.names, this.study, this.studies] = [names, study, isTold && solved.length > 0 ? solved : studies];
    this.variant = variantOf(names, runs);
  }

  /** The model that differs from this one in these names alone. */
  other(names: { encoder?: string; attention?: string; attentionWeights?: string }): JudgedModel | undefined {
    const found = modelsOf(this.runs).find((model) => areSame(model.names, { ...this.names, ...names }));
    return found && new JudgedModel(found, this.runs);
  }

  /** As in "the negative texts of sst". */
  texts(name?: string): string {
    return `the ${name === undefined ? "" : `${name} `}texts of ${this.names.corpus}`;
  }

  /** The mean of a number over the runs, of all texts or of a predicted class; undefined where no text has it. */
  mean(of: Value, name?: string): MeanInterval | undefined {
    return estimateOf(this.studies.map((study) => valuesOf(study, of, name)));
  }

  /** The mean of one number of each run, as of a correlation over its texts. */
  meanOfRuns(of: (study: ComparedStudy) => number | undefined): MeanInterval | undefined {
    return estimateOf(this.studies.flatMap((study) => of(study) ?? []).map(asText));
  }

  /** How far the mean is above another model's, with Welch's interval over runs. */
  above(other: Model | undefined, of: Value): MeanInterval | undefined {
    const [values, others] = [this, other].map((model) => model?.studies.map((study) => valuesOf(study, of)) ?? []);
    const interval = gapInterval(values!, others!, fewestRunsOf);
    return interval.n > 0 ? interval : undefined;
  }

  /** The same of the test score. */
  scoresAbove(other: Model): MeanInterval {
    const [scores, others] = [this, other].map(({ studies }) => studies.map(scoreOf).map(asText));
    return gapInterval(scores!, others!, fewestRunsOf);
  }

  /** How far the scores of two runs are apart, on average. */
  scoresApart(): MeanInterval | undefined {
    const scores = this.studies.map(scoreOf);
    const pairs = scores.flatMap((one, index) =>
      scores.slice(index + 1).map((other, later) => ({ id: `${index} and ${later}`, value: Math.abs(one - other) })),
    );
    const found = estimateOf([pairs]);
    return found && { ...found, runs: scores.length };
  }

  /** A mean in words, as in "flipped by half of the permutations: 3 %"; undefined where no text has a value. */
  told(title: string, of: Value, { name, write = decimal }: Telling = {}): string | undefined {
    const mean = this.mean(of, name)?.mean;
    return mean === undefined ? undefined : `${title} ${write(mean)}`;
  }

  /** A number of the texts that the model is sure of, and of the others: "sure texts (p > .99, 3 % of them) 98 %, others 40 %". */
  toldBySureness(of: OfRow, { name, write = decimal }: Telling): string | undefined {
    const isSure = where("probability", (probability) => probability > sure);
    const parts = [isSure, among(isSure, true, of), among(isSure, false, of)];
    const [share, ...means] = parts.map((part) => this.mean(part, name)?.mean);
    if (share === undefined || means.every((value) => value === undefined)) return undefined;
    const [own, others] = means.map((value) => (value === undefined ? "none" : write(value)));
    return `sure texts (p > ${decimal(sure)}, ${percent(share)} of them) ${own}, others ${others}`;
  }

  /** What is published of it, as in ".40, re-run .34". */
  published(metric: PublishedMetric, name?: string) {
    const { paper, rerun, code, missing } = publishedNumber(this.study, metric, labelOf(this.study, name));
    const parts = [
      paper === undefined ? "" : decimal(paper),
      rerun === undefined ? "" : `re-run ${decimal(rerun)}`,
      code === undefined ? "" : `their code here ${decimal(code)}`,
    ];
    return { words: parts.filter(Boolean).join(", "), missing };
  }

  /** A number of Table 2. */
  inTable2(measure: Measure, statistic: Parameters<typeof metricOf>[1], name?: string) {
    return this.published(metricOf(measure, statistic), name);
  }
}

/** From this probability of its prediction on a model is sure: an ε of the output is then much in logits. */
const sure = 0.99;

/** Intervals are over enough runs, or there is none: over texts alone they would say nothing of another run. */
const fewestRunsOf = { fewestRuns, resamples: 0 };

/** The mean over runs; undefined where no text has a value. */
export function estimateOf(runs: readonly (readonly TextValue[])[], level = 0.95): MeanInterval | undefined {
  const interval = meanInterval(runs, { ...fewestRunsOf, level });
  return interval.n > 0 ? interval : undefined;
}

function asText(value: number): TextValue[] {
  return [{ id: "all texts", value }];
}

/** The test score of a run: F1 of the second class, or accuracy. */
function scoreOf({ scores }: ComparedStudy): number {
  return scores.f1 ?? scores.accuracy;
}

function variantOf(names: Model["names"], runs: StudiesOf): string[] {
  const ofCorpus = modelsOf(runs).filter((other) => other.names.corpus === names.corpus);
  const { corpus: _, encoder: __, ...options } = names;
  const isShared = (option: string, value: string) =>
    !/^attention/.test(option) && ofCorpus.every(({ names }) => (names as Record<string, unknown>)[option] === value);
  return Object.entries(options).flatMap(([option, value]) => (isShared(option, value) ? [] : [value]));
}

/** What a claim is judged of. */
export interface Case {
  model: JudgedModel;
  corpus: string;
  /** What the model is held against, where that too must do its task. */
  beside?: JudgedModel;
}

/**
 * Every model over an encoder whose attention is learnt: with dot attention only where its corpus has no other. What is said
 * of the BiLSTM is also asked of models whose rows were read from a file.
 */
export function eachModel(runs: StudiesOf, encoder = "bilstm", { withDot = false } = {}): Case[] {
  const all = modelsOf(runs).filter(
    ({ study }) =>
      (study.encoder === encoder || (encoder === "bilstm" && study.profile === "given")) &&
      study.config.attentionWeights !== "uniform" &&
      !study.corpus.endsWith(questionOnlyName("")),
  );
  const besideDot = ({ study: { corpus, attention } }: Model) =>
    attention === "dot" && all.some(({ study }) => study.corpus === corpus && study.attention !== "dot");
  return all
    .filter((model) => withDot || !besideDot(model))
    .map((model) => ({ model: new JudgedModel(model, runs), corpus: model.names.corpus }));
}

/** Every model over an encoder beside the BiLSTM's that differ from it in the encoder alone. */
export function besideBilstm(runs: StudiesOf, encoder: string): (Case & { beside: JudgedModel })[] {
  return eachModel(runs, encoder).flatMap((one) =>
    eachModel(runs)
      .filter(({ model }) => areSame({ ...model.names, encoder }, one.model.names))
      .map(({ model }) => ({ ...one, beside: model })),
  );
}

/** Each case with each of the two correlations. */
export function eachCorrelation<Of extends Case>(cases: readonly Of[]): (Of & { measure: Measure; symbol: string })[] {
  return cases.flatMap((one) => measures.map((measure) => ({ ...one, measure, symbol: symbolOf(measure) })));
}

/** Each case with each predicted class that the paper tells apart, or with undefined, for all texts. */
export function eachClass<Of extends Case>(cases: readonly Of[]): (Of & { name: string | undefined })[] {
  return cases.flatMap((one) => toldClasses(one.model.study.classNames).map((name) => ({ ...one, name })));
}

/** One number of a text less another; undefined where it lacks either. */
export function less(first: string, second: string): OfRow {
  return (row) => differenceIn(row, first, second);
}

/** A correlation of the learnt attention less that of permuted attention, both imposed on the unchanged network. */
export function aboveNull(measure: string): OfRow {
  return less(`${measure}Imposed`, `${measure}Null`);
}

type OfRow = (row: TextRow) => number | undefined;

/** 1 where a text's number in a column is as wanted, else 0; undefined where it has none. */
export function where(column: string, isWanted: (value: number) => boolean): OfRow {
  return (row) => {
    const value = numberIn(row, column);
    return value === undefined ? undefined : Number(isWanted(value));
  };
}

export function atMost(column: string, most: number): OfRow {
  return where(column, (value) => value <= most);
}

/** A number of the texts of which something is so, or is not. */
export function among(isSo: (row: TextRow) => unknown, wanted: boolean, of: OfRow): OfRow {
  return (row) => (Boolean(isSo(row)) === wanted ? of(row) : undefined);
}

/** Kendall's τ-b of two columns over the texts of a run. */
export function rankCorrelation(rows: readonly TextRow[], first: string, second: string): number | undefined {
  const both = rows.flatMap((row) => {
    const [one, other] = [numberIn(row, first), numberIn(row, second)];
    return one === undefined || other === undefined ? [] : [[one, other] as const];
  });
  const [ones, others] = [both.map(([one]) => one), both.map(([, other]) => other)];
  return kendallTau(ones, others).value;
}

/**
 * A claim from the cases that it is judged of and what it comes to in each.
 *
 * @param needs default: a study over a BiLSTM
 */
export function claim<Of extends Case>({
  over,
  judge,
  needs = "a study over a BiLSTM",
  ...about
}: Omit<Claim, "needs" | "judge"> & {
  needs?: string;
  over(runs: StudiesOf): Of[];
  judge(one: Of): Line | Line[];
}): Claim {
  const rowsOf = (one: Of) => [judge(one)].flat().map((line) => rowOf(about.id, decided(one, line), line));
  return { ...about, needs, judge: (runs) => over(runs).flatMap(rowsOf) };
}

/**
 * Decides, unless something is missing that no number makes up for: a task that is solved, enough training runs, the
 * effect, or its control.
 */
function decided({ model, beside, corpus }: Case, { of = [], effect, control, decide }: Line) {
  const models = beside ? [model, beside] : [model];
  const runs = Math.min(...models.map(({ studies }) => studies.length));
  const variant = model.variant.filter((value) => value !== "additive");
  const lacks = model.study.profile === "given" ? "needs the model, not its rows alone" : "is not computed";
  const missing = [
    ...new Set(models.map(({ unsolved }) => unsolved)),
    effect.estimate === undefined ? `the effect ${lacks}` : "",
    runs >= fewestRuns ? "" : `${seen(runs)}, and ${fewestRuns} runs are needed`,
    control.estimate === undefined ? `the control ${lacks}` : "",
  ].filter(Boolean);
  const about = { corpus, of: [...of, ...variant].filter((part) => part !== undefined).join(", ") };
  if (missing.length > 0) return { ...about, verdict: "not decided" as const, reason: missing.join("; ") };
  const found = decide(effect.estimate as Ends, control.estimate as Ends);
  const [verdict, reason] = typeof found === "string" ? [found, "the whole interval decides"] : found;
  return { ...about, verdict, reason };
}
