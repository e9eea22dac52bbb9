import { join } from "node:path";
import type { Dataset } from "../data/dataset";
import { sha256 } from "../sha256";
import { type ComputedProfile, extentOf, type ModelConfig, modelConfig, type StudyProfile } from "./config";
import type { ModelIdentity } from "./obtainModel";

/** Raised whenever the folder of a study is laid out otherwise. */
export const formatVersion = 3;

/** What decides every number of a study, besides what is asked of its texts. */
export interface StudyIdentity {
  formatVersion: typeof formatVersion;
  profile: StudyProfile;
  model: ModelIdentity;
  /** SHA-256 of the texts that are analysed. */
  texts: string;
  /** What is asked for beside the profile's: of the model's options, and of how many examples. */
  options: StudyOptions;
}

/** Options of a model, and how much of the corpus is used. */
export interface StudyOptions extends Partial<ModelConfig> {
  /** At most so many examples of each split. Default: the profile's. */
  limit?: number;
  /** At most so many texts of the test split are analysed. Default: the profile's. */
  testLimit?: number;
}

/** The options that differ from those of the profile and the corpus, besides encoder, attention and seed. */
export function differingOptions(
  profile: ComputedProfile,
  dataset: Pick<Dataset, "corpus" | "task">,
  config: ModelConfig,
  { limit, testLimit }: StudyOptions,
): StudyOptions {
  const usual = modelConfig(extentOf(profile, dataset).options, dataset);
  const differing = Object.entries(config).filter(([name, value]) => {
    if (["encoder", "attention", "seed"].includes(name)) return false;
    if (name === "embeddingSize" && config.wordVectors !== "random") return false;
    return value !== usual[name as keyof ModelConfig];
  });
  const limits = Object.entries({ limit, testLimit }).filter(([, most]) => most !== undefined);
  return Object.fromEntries([...differing, ...limits]);
}

/** The name of a configuration wherever it is spoken of, as in "sst, bilstm, additive, seed 0, sparsemax". */
export function configurationName({ model, options }: Pick<StudyIdentity, "model" | "options">): string {
  const { encoder, attention, seed } = model.config;
  return [model.corpus, ...optionWords({ encoder, attention, seed, ...options })].join(", ");
}

/** As in ["bilstm", "seed 0", "sparsemax", "epochs 3"]: an option whose values say what they are stands without its name. */
export function optionWords({ encoder, attention, seed, ...others }: StudyOptions): string[] {
  const alone = ["encoder", "attention", "attentionWeights", "averageActivation", "wordVectors"];
  const inWords = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const given = Object.entries({ encoder, attention, seed, ...others }).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => (alone.includes(name) ? `${value}` : `${inWords(name)} ${value}`));
}

/** The folder of a study below `root`: readable, and another one for whatever decides another number. */
export function studyFolder(root: string, identity: StudyIdentity): string {
  const { corpus } = identity.model;
  const hash = sha256(JSON.stringify(identity)).slice(0, 8);
  const words = configurationName(identity).slice(`${corpus}, `.length);
  return join(root, corpus, `${words.replace(/[^\p{L}\p{N}.]+/gu, "-").slice(0, 80)}-${hash}`);
}

/** Stands for all that decides a study but its seed: studies that share it are runs of one model. */
export function modelKey({ model, ...identity }: StudyIdentity): string {
  const { seed: _, ...config } = model.config;
  return sha256(JSON.stringify({ ...identity, model: { ...model, config } })).slice(0, 8);
}
