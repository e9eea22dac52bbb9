import { findCorpus, loadDataset } from "../data/catalog";
import type { ReadOptions } from "../data/corpus";
import type { Dataset } from "../data/dataset";
import { type OwnCorpusOptions, ownCorpus } from "../data/ownCorpus";
import type { ComputedProfile, ModelConfig } from "./config";
import type { StudyOptions } from "./identity";
import { type Extent, extentOf } from "./profiles";

/** A file of your own: a column of texts and one of labels. */
export interface OwnCorpus {
  path: string;
  options: OwnCorpusOptions;
}

/** A corpus of the catalogue by its name, or your own. */
export type CorpusChoice = string | OwnCorpus;

/** What a profile makes of a corpus: its texts, how many are analysed, and the model's options with the profile's. */
export async function loadStudied(
  profile: ComputedProfile,
  corpus: CorpusChoice,
  { limit, testLimit: _, ...options }: StudyOptions,
  { onProgress }: ReadOptions = {},
): Promise<{ dataset: Dataset; extent: Extent; options: Partial<ModelConfig> }> {
  const extent = extentOf(profile, { corpus: nameOf(corpus), task: taskOf(corpus) });
  const most = { limit: limit ?? extent.limit, onProgress };
  const dataset = await (typeof corpus === "string"
    ? loadDataset(corpus, most)
    : ownCorpus(corpus.path, { ...corpus.options, ...most }));
  return { dataset, extent, options: { ...extent.options, ...options } };
}

/** As it was asked for: a name or a path. */
export function nameOf(corpus: CorpusChoice): string {
  return typeof corpus === "string" ? corpus : corpus.path;
}

function taskOf(corpus: CorpusChoice): Dataset["task"] {
  if (typeof corpus === "string") return findCorpus(corpus).task;
  return corpus.options.columns.question === undefined ? "classification" : "inference";
}
