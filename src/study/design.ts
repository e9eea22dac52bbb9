import { z } from "zod";
import { type CorpusName, findCorpus, loadDataset } from "../data/catalog";
import { questionOnlyName } from "../data/corpora/questionOnly";
import type { Dataset, ReadOptions } from "../data/dataset";
import { nameOfOwn, ownCorpus } from "../data/ownCorpus";
import type { OwnCorpus } from "../data/ownCorpusOptions";
import { UserError } from "../errors";
import { checkOptions } from "../options";
import { groupBy } from "../stats/summary";
import { type ComputedProfile, type Extent, extentOf, type ModelConfig, modelSchema } from "./config";
import { optionWords, type StudyOptions } from "./identity";

/** A corpus of the catalogue by its name, as "babi1" or "babi1-question-only", or your own. */
export type CorpusChoice = CorpusName | OwnCorpus;

type OneOrMany<Value> = Value | readonly Value[];

/** What is studied: any field may be a list, and every combination is a configuration. */
export type Design = {
  /** Names that `npm run corpora` lists, or files of your own. */
  corpus: OneOrMany<CorpusChoice>;
} & Pick<StudyOptions, "limit"> & { [option in keyof ModelConfig]?: OneOrMany<ModelConfig[option]> };

/** The options of a configuration with their rules. */
export const studyOptionsSchema = modelSchema.extend({
  limit: z.number().int().min(1).describe("a whole number from 1"),
});

/** One combination. */
export interface Combination {
  corpus: CorpusChoice;
  options: StudyOptions;
}

/** Every combination of a design, each once, by corpus first. @throws UserError for a wrong option, and an empty list */
export function combinationsOf({ corpus, ...fields }: Design): Combination[] {
  const corpora = listOf("corpus", corpus);
  checkNames(corpora.filter((each) => typeof each !== "string"));
  let combinations = corpora.map((each): Combination => ({ corpus: each, options: {} }));
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const values = listOf(name, value as OneOrMany<unknown>);
    for (const each of values) checkOptions(studyOptionsSchema, { [name]: each });
    combinations = combinations.flatMap(({ corpus, options }) =>
      values.map((each) => ({ corpus, options: { ...options, [name]: each } })),
    );
  }
  return combinations;
}

/** @throws UserError for two corpora of your own that results could not tell apart */
function checkNames(own: readonly OwnCorpus[]): void {
  for (const [name, corpora] of groupBy(own, nameOfOwn)) {
    if (corpora.length === 1) continue;
    const paths = corpora.map(({ path }) => path).join(" and ");
    throw new UserError(
      `Corpora of your own must differ in their names, but ${paths} are both called "${name}"; give one another name.`,
    );
  }
}

function listOf<Value>(name: string, value: OneOrMany<Value>): Value[] {
  const values = new Map([value].flat().map((each) => [JSON.stringify(each), each as Value]));
  if (values.size > 0) return [...values.values()];
  throw new UserError(`A study needs at least one ${name}, but an empty list came; name one.`);
}

/** What was asked for, in the words of a configuration's name, as in "sst, bilstm, seed 0, sparsemax". */
export function askedName({ corpus, options }: Combination): string {
  return [nameOf(corpus), ...optionWords(options)].join(", ");
}

/** The corpora that have a question or hypothesis, with the texts taken away: what a model of these reaches needs no reading. */
export function questionsAlone(corpora: readonly CorpusChoice[]): CorpusChoice[] {
  return corpora
    .filter((corpus) => taskOf(corpus) !== "classification")
    .map((corpus) => (typeof corpus === "string" ? questionOnlyName(corpus) : { ...corpus, questionOnly: true }));
}

/** What a profile makes of a corpus: its texts, how many are analysed, and the model's options with the profile's. */
export async function loadStudied(
  profile: ComputedProfile,
  corpus: CorpusChoice,
  { limit, testLimit: _, ...options }: StudyOptions,
  reading: ReadOptions = {},
): Promise<{ dataset: Dataset; extent: Extent; options: Partial<ModelConfig> }> {
  const extent = extentOf(profile, { corpus: nameOf(corpus), task: taskOf(corpus) });
  const most = { ...reading, limit: limit ?? extent.limit };
  const dataset = await (typeof corpus === "string" ? loadDataset(corpus, most) : ownCorpus(corpus, most));
  return { dataset, extent, options: { ...extent.options, ...options } };
}

/** As it was asked for: a name or a path. */
export function nameOf(corpus: CorpusChoice): string {
  return typeof corpus === "string" ? corpus : corpus.path;
}

function taskOf(corpus: CorpusChoice): Dataset["task"] {
  if (typeof corpus === "string") return findCorpus(corpus).task;
  return corpus.questionColumn === undefined ? "classification" : "inference";
}
