import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { findCorpus } from "../../data/catalog";
import { ownCorpusFlags, ownCorpusFromFlags } from "../../data/ownCorpusOptions";
import { UserError, unknownName } from "../../errors";
import { readOption } from "../../options";
import { resultsFolder } from "../../paths";
import { type AnalysisOptions, analysisSchema, resolveAnalysis } from "../../study/analysis";
import { type ComputedProfile, computedProfileNames } from "../../study/config";
import { combinationsOf, type Design, studyOptionsSchema } from "../../study/design";
import type { StudyJob } from "../../study/makeStudy";
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
  profile: ComputedProfile;
  set: OptionOfModel[];
  analysis: string[];
  out: string;
  jobs: number;
  json?: boolean;
  [ofModel: string]: unknown;
}

/** An option as it was written, and the one that wrote it: two that say different things are a conflict. */
interface OptionOfModel {
  written: string;
  value: Record<string, unknown>;
}

/** Adds `npm run study`: trains and analyses every combination of what it is given. */
export function addStudyCommand(program: Command, prepared: Prepared): void {
  const command = program
    .command("study")
    .description("train and analyse models: every combination of the corpora and options given")
    .option("--corpus <names>", "corpora, separated by commas; npm run corpora lists them", list)
    .option("--corpus-file <path>", "a corpus of your own: .csv, .tsv or .jsonl, also with .gz")
    .addOption(ofModel("--encoder <names>", "encoder", "bilstm, cnn, average, or one of your own (default: bilstm)"))
    .addOption(ofModel("--attention <names>", "attention", "additive, dot, or one of your own (default: additive)"))
    .addOption(ofModel("--weights <names>", "attentionWeights", "softmax, sparsemax, uniform (default: softmax)"))
    .addOption(ofModel("--seed <numbers>", "seed", "seeds, separated by commas (default: 0)"))
    .addOption(
      ofModel(
        "--vectors <source>",
        "wordVectors",
        "first word vectors: random, paper (the paper's for the corpus), a name that npm run vectors lists, or a file (default: random)",
      ),
    )
    .option(
      "--set <name=value>",
      "any option of a model, as in epochs=4; several values, separated by commas, are all taken",
      setting,
      [],
    )
    .addOption(ofModel("--limit <n>", "limit", "at most so many examples of each split"))
    .option(
      "--profile <name>",
      "quick: a part of the corpus, about a minute; paper: all of it, the paper's protocol",
      oneOf("profile", computedProfileNames),
      "quick",
    )
    .option(
      "--analysis <name=value>",
      `what is computed beside the paper's, as in permutations=500, epsilons=.02, search.variant=code, importances=integratedGradients; one of ${Object.keys(analysisSchema.shape).join(", ")}; may be repeated`,
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .option("--test-limit <n>", "analyse at most so many texts of the test split: --analysis testLimit=n")
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
  for (const { flags, description } of ownCorpusFlags) command.option(flags, description);
}

/** An option of the command that stands for one of `--set`. */
function ofModel(flags: string, name: string, description: string): Option {
  return new Option(flags, description).argParser((text: string) => ({
    written: `${flags.split(" ")[0]} ${text}`,
    value: readOption(studyOptionsSchema, `${name}=${text}`),
  }));
}

function setting(text: string, before: OptionOfModel[]): OptionOfModel[] {
  return [...before, { written: `--set ${text}`, value: readOption(studyOptionsSchema, text) }];
}

/**
 * Every configuration that the options name, in the order of corpus, seed, encoder, attention, then of the others.
 *
 * @throws UserError for a name that does not exist and for a conflict, before anything is computed
 */
export function jobsOf(options: Options): StudyJob[] {
  const { profile } = options;
  const named = ["seed", "encoder", "attention", "weights", "vectors", "limit"].flatMap((name) => options[name] ?? []);
  const fields = withoutConflicts([...(named as OptionOfModel[]), ...options.set]);
  const limit = options.testLimit === undefined ? [] : [`testLimit=${options.testLimit}`];
  const analysis = analysisOf([...options.analysis, ...limit]);
  if (options.out.trim() === "") {
    throw new UserError(
      "A study needs a folder for its results, but --out is empty; name one, as in --out results/study.",
    );
  }
  const out = resolve(options.out);
  const usual = { seed: 0, encoder: "bilstm", attention: "additive" };
  const combinations = combinationsOf({ ...usual, ...fields, corpus: corporaOf(options) } as Design);
  return combinations.map(({ corpus, options: model }) => ({ corpus, profile, options: model, analysis, out }));
}

function withoutConflicts(options: readonly OptionOfModel[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const { value, written } of options) {
    for (const [name, one] of Object.entries(value)) {
      if (name in merged && JSON.stringify(merged[name]) !== JSON.stringify(one)) {
        const earlier = options.find((other) => name in other.value)!.written;
        throw new UserError(
          `The option "${name}" must be given once, but ${earlier} and ${written} came; give all its values in one, separated by commas.`,
        );
      }
      merged[name] = one;
    }
  }
  return merged;
}

function analysisOf(written: readonly string[]): AnalysisOptions {
  const read = written.map((text) => ({ written: text, value: readOption(analysisSchema, text) }));
  const { search: _, ...others } = withoutConflicts(read.filter(({ value }) => !("search" in value)));
  const inSearch = read.filter(({ value }) => "search" in value);
  const search = withoutConflicts(
    inSearch.map(({ written, value }) => ({
      written: `--analysis ${written}`,
      value: value.search as Record<string, unknown>,
    })),
  );
  const analysis = { ...others, ...(inSearch.length > 0 && { search }) } as AnalysisOptions;
  resolveAnalysis(analysis);
  return analysis;
}

function corporaOf({ corpus, corpusFile, ...options }: Options): StudyJob["corpus"][] {
  if ((corpus === undefined) === (corpusFile === undefined)) {
    throw new UserError(
      "A study needs either corpora by name (--corpus sst) or one of your own (--corpus-file reviews.csv), and not both; npm run corpora lists the names.",
    );
  }
  for (const name of corpus ?? []) findCorpus(name);
  if (corpusFile === undefined) return corpus!;
  return [ownCorpusFromFlags(resolve(corpusFile), options)];
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** A commander parser for one of a few names. */
export function oneOf(kind: string, valid: readonly string[]) {
  return (name: string) => {
    if (!valid.includes(name)) throw unknownName(kind, name, valid);
    return name;
  };
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError("It is a whole number of at least 1.");
  return number;
}
