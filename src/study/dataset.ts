import { type CorpusName, findCorpus, loadDataset } from "../data/catalog";
import { questionOnlyName } from "../data/corpora/questionOnly";
import type { Dataset, ReadOptions } from "../data/dataset";
import { ownCorpus } from "../data/ownCorpus";
import type { OwnCorpus } from "../data/ownCorpusOptions";
import type { ComputedProfile, ModelConfig } from "./config";
import type { StudyOptions } from "./identity";
import { type Extent, extentOf } from "./profiles";

/** A corpus of the catalogue by its name, as "babi1" or "babi1-question-only", or your own. */
export type CorpusChoice = CorpusName | OwnCorpus;

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
