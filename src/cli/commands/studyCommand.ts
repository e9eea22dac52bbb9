import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { type AdversaryOptions, checkAdversaryOptions } from "../../analysis/interventions/adversary/search";
import { findCorpus } from "../../data/catalog";
import { UserError, unknownName } from "../../errors";
import { resultsFolder } from "../../paths";
import {
  type AttentionWeightsName,
  attentionNames,
  attentionWeightsNames,
  type ComputedProfile,
  computedProfileNames,
  encoderNames,
  type ModelConfig,
  modelConfig,
} from "../../study/config";
import type { StudyJob } from "../../study/run";
import { type Prepared, setUp } from "../setup/setUp";
import { computeStudy } from "./study";

const examples = `
Examples:
  npm run study -- --corpus reviews
  npm run study -- --corpus sst --encoder bilstm,cnn,average --attention additive,dot --seed 0,1,2 \\
                   --profile paper --vectors paper --out results/sst
  npm run study -- --corpus snli --profile paper --set epochs=10 --set batchSize=64 --jobs 2
  npm run study -- --corpus-file reviews.csv --text-column text --label-column stars

Killed, stopped or failed, the same command goes on where it was. What is finished is not computed again.

Exit codes: 0 all configurations are there; 1 a wrong option, or a configuration failed; 130 stopped by Ctrl-C.`;

interface Options {
  corpus?: string[];
  corpusFile?: string;
  textColumn: string;
  labelColumn: string;
  questionColumn?: string;
  encoder: string[];
  attention: string[];
  weights: AttentionWeightsName;
  seed: number[];
  profile: ComputedProfile;
  vectors?: string;
  set: Partial<ModelConfig>;
  search: AdversaryOptions;
  limit?: number;
  testLimit?: number;
  out: string;
  jobs: number;
  json?: boolean;
}

/** Adds `npm run study`: trains and analyses every combination of what it is given. */
export function addStudyCommand(program: Command, prepared: Prepared): void {
  program
    .command("study")
    .description("train and analyse models: every combination of the corpora, encoders, attentions and seeds given")
    .option("--corpus <names>", "corpora, separated by commas; npm run corpora lists them", list)
    .option("--corpus-file <path>", "a corpus of your own: .csv, .tsv or .jsonl, also with .gz")
    .option("--text-column <name>", "of your own corpus: the column with the text", "text")
    .option("--label-column <name>", "of your own corpus: the column with the class", "label")
    .option("--question-column <name>", "of your own corpus: the column with a question or hypothesis, if it has one")
    .option("--encoder <names>", `${encoderNames.join(", ")}`, namesOf("encoder", encoderNames), ["bilstm"])
    .option("--attention <names>", `${attentionNames.join(", ")}`, namesOf("attention", attentionNames), ["additive"])
    .option(
      "--weights <name>",
      `attention weights: ${attentionWeightsNames.join(", ")}`,
      oneOf("weights", attentionWeightsNames),
      "softmax",
    )
    .option("--seed <numbers>", "seeds, separated by commas", seeds, [0])
    .option(
      "--profile <name>",
      "quick: a part of the corpus, about a minute; paper: all of it, the paper's protocol",
      oneOf("profile", computedProfileNames),
      "quick",
    )
    .option(
      "--vectors <source>",
      "first word vectors: random, paper (the paper's for the corpus), a name that npm run vectors lists, or a file (default: random)",
    )
    .option("--set <name=value>", "any option of a model, as in epochs=4; may be repeated", modelSetting, {})
    .option(
      "--search <name=value>",
      "any option of the adversarial search, as in variant=code (as in the paper's code) or steps=100; may be repeated",
      searchSetting,
      {},
    )
    .option("--limit <n>", "at most so many examples of each split", count)
    .option("--test-limit <n>", "analyse at most so many examples of the test split", count)
    .option("--out <folder>", "where the results are written", join(resultsFolder, "study"))
    .option("--jobs <n>", "processes that compute at the same time", count, 1)
    .option("--json", "a line of JSON for every step, for machines")
    .usage("-- --corpus <names> [options]")
    .addHelpText("after", examples)
    .action(async (options: Options) => {
      const jobs = jobsOf(options);
      await setUp(prepared);
      await computeStudy(prepared, jobs, { jobs: options.jobs, json: options.json === true });
    });
}

/**
 * Every configuration that the options name, in the order of corpus, seed, encoder, attention.
 *
 * @throws UserError for a name that does not exist, before anything is computed
 */
export function jobsOf(options: Options): StudyJob[] {
  const analysis = { search: options.search };
  const { profile, limit, testLimit } = options;
  const out = resolve(options.out);
  const jobs = corporaOf(options).flatMap((corpus) =>
    options.seed.flatMap((seed) =>
      options.encoder.flatMap((encoder) =>
        options.attention.map((attention): StudyJob => {
          const named = { encoder, attention, seed, attentionWeights: options.weights } as Partial<ModelConfig>;
          const vectors = options.vectors === undefined ? {} : { wordVectors: options.vectors };
          return {
            corpus,
            profile,
            limit,
            testLimit,
            analysis,
            out,
            options: { ...vectors, ...options.set, ...named },
          };
        }),
      ),
    ),
  );
  for (const { options: model } of jobs) modelConfig(model);
  return jobs;
}

function corporaOf({ corpus, corpusFile, textColumn, labelColumn, questionColumn }: Options): StudyJob["corpus"][] {
  if ((corpus === undefined) === (corpusFile === undefined)) {
    throw new UserError(
      "A study needs either corpora by name (--corpus sst) or one of your own (--corpus-file reviews.csv), and not both; npm run corpora lists the names.",
    );
  }
  for (const name of corpus ?? []) findCorpus(name);
  if (corpusFile === undefined) return corpus!;
  return [{ path: resolve(corpusFile), textColumn, labelColumn, ...(questionColumn && { questionColumn }) }];
}

function list(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim()))].filter((name) => name !== "");
}

function namesOf(kind: string, valid: readonly string[]) {
  const check = oneOf(kind, valid);
  return (text: string) => list(text).map(check);
}

/** A commander parser for one of a few names. */
export function oneOf(kind: string, valid: readonly string[]) {
  return (name: string) => {
    if (!valid.includes(name)) throw unknownName(kind, name, valid);
    return name;
  };
}

function seeds(text: string): number[] {
  return list(text).map((seed) => {
    const { seed: checked } = modelConfig({ seed: seed === "" ? Number.NaN : Number(seed) });
    return checked;
  });
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError("It is a whole number of at least 1.");
  return number;
}

/** name=value; numbers become numbers. */
function namedValue(text: string): Record<string, string | number> {
  const [name, value, ...more] = text.split("=");
  if (!name || !value || more.length > 0)
    throw new InvalidArgumentError("It is written as name=value, as in epochs=4.");
  return { [name]: Number.isNaN(Number(value)) ? value : Number(value) };
}

function modelSetting(text: string, previous: Partial<ModelConfig>): Partial<ModelConfig> {
  const option = namedValue(text) as Partial<ModelConfig>;
  modelConfig(option);
  return { ...previous, ...option };
}

function searchSetting(text: string, previous: AdversaryOptions): AdversaryOptions {
  const option = namedValue(text) as AdversaryOptions;
  checkAdversaryOptions(option);
  return { ...previous, ...option };
}
