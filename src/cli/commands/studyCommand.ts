import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { counted } from "../../counted";
import { findCorpus } from "../../data/catalog";
import { checkOwnCorpus, flagOf, ownCorpusSchema } from "../../data/ownCorpusOptions";
import { requireNumber, UserError, unknownName } from "../../errors";
import { readOptions, type WrittenOption } from "../../options";
import { resultsFolder, studiesFolder } from "../../paths";
import { groupBy } from "../../stats/summary";
import { analysisSchema, resolveAnalysis } from "../../study/analysis";
import { type ComputedProfile, computedProfileNames } from "../../study/config";
import { askedName, combinationsOf, type Design, nameOf, studyOptionsSchema } from "../../study/design";
import { type Step, type StudyJob, steps } from "../../study/makeStudy";
import { type Prepared, setUp } from "../setup/setUp";
import type { Terminal } from "../setup/steps.cjs";
import { describePlan } from "./dryRun";
import { computeStudy } from "./study";
import { compareAgain, jobsAgain } from "./verify";

const examples = `
Examples:
  npm run study -- --corpus reviews
  npm run study -- --corpus sst --encoder bilstm,cnn,average --attention additive,dot --seed 0,1,2 \\
                   --profile paper --vectors paper --out results/sst
  npm run study -- --corpus snli --profile paper --set epochs=10 --set batchSize=64 --jobs 2
  npm run study -- --corpus-file reviews.csv --text-column text --label-column stars --dry-run
  npm run study -- --verify data/study 2

Killed, stopped or failed, the same command goes on where it was. What is finished is not computed again.

Exit codes: 0 all configurations are there; 1 a wrong option, or a configuration failed; 130 stopped by Ctrl-C.`;

/** Flags that give an option of a schema: the list that it is added to, its form, the option, what help says. */
const schemaFlags: [list: "set" | "analysis" | "own", flags: string, option: string | undefined, about: string][] = [
  ["set", "--encoder <names>", "encoder", "bilstm, cnn, average, or one of your own (default: bilstm)"],
  ["set", "--attention <names>", "attention", "additive, dot, or one of your own (default: additive)"],
  ["set", "--weights <names>", "attentionWeights", "softmax, sparsemax, uniform (default: softmax)"],
  ["set", "--seed <numbers>", "seed", "seeds, separated by commas (default: 0)"],
  ["set", "--vectors <source>", "wordVectors", "random (default), paper, one that npm run vectors lists, or a file"],
  ["set", "--limit <n>", "limit", "at most so many examples of each split"],
  ["set", "--set <name=value>", undefined, "any option of a model, as in epochs=4; all of several, with commas"],
  [
    "analysis",
    "--analysis <name=value>",
    undefined,
    `what is computed beside the paper's, as in permutations=500, epsilons=.02, search.variant=code, importances=integratedGradients; one of ${Object.keys(analysisSchema.shape).join(", ")}; may be repeated`,
  ],
  ["analysis", "--test-limit <n>", "testLimit", "at most so many texts of the test split: --analysis testLimit=n"],
  ...Object.entries(ownCorpusSchema.shape).map(([option, rule]): (typeof schemaFlags)[number] => {
    const flags = `${flagOf(option)}${rule.safeParse(true).success ? "" : " <value>"}`;
    return ["own", flags, option, `of your own corpus: ${rule.description}`];
  }),
];

interface Options {
  corpus?: string;
  corpusFile?: string;
  profile: ComputedProfile;
  set?: WrittenOption[];
  analysis?: WrittenOption[];
  own?: WrittenOption[];
  out: string;
  only?: Step;
  jobs: number;
  json?: boolean;
  dryRun?: boolean;
  verify?: string;
}

/** Adds `npm run study`: trains and analyses every combination of what it is given. */
export function addStudyCommand(program: Command, prepared: Prepared): void {
  const command = studyCommand().action(async (count: number, options: Options) => {
    const { verify } = options;
    const out = verify === undefined ? options.out : join(resultsFolder, "verify");
    const jobs = verify === undefined ? jobsOf(options) : await jobsAgain(verify, count, out);
    // A model that was kept would not be trained again; what is interrupted goes on, what is finished and equal is removed.
    if (verify !== undefined) process.env.ATTENTION_MODELS = join(out, "models");
    await setUp(prepared);
    if (options.dryRun) return dryRun(prepared.terminal, jobs);
    await computeStudy(prepared, jobs, { jobs: options.jobs, json: options.json === true });
    for (const { isSame, text } of verify === undefined ? [] : await compareAgain(verify, out)) {
      if (options.json) process.stdout.write(`${JSON.stringify({ event: "verified", isSame, text })}\n`);
      else prepared.terminal.line(text);
      if (!isSame) process.exitCode = 1;
    }
    if (verify !== undefined && process.exitCode !== 1) rmSync(out, { recursive: true, force: true });
  });
  program.addCommand(command);
}

/** What the words after `npm run study --` ask for. @throws UserError as {@link jobsOf} */
export function jobsOfWords(words: readonly string[]): StudyJob[] {
  return jobsOf(studyCommand().parse(words, { from: "user" }).opts());
}

function studyCommand(): Command {
  const command = new Command("study")
    .description("train and analyse models: every combination of the corpora and options given")
    .option("--corpus <names>", "corpora, separated by commas; npm run corpora lists them")
    .option("--corpus-file <path>", "a corpus of your own: .csv, .tsv or .jsonl, also with .gz")
    .option(
      "--profile <name>",
      "quick: a part of the corpus, about a minute; paper: all of it, the paper's protocol",
      oneOf("profile", computedProfileNames),
      "quick",
    )
    .option("--out <folder>", "where the results are written", studiesFolder)
    .option("--only <step>", "of each only this: preparation, training or analysis", oneOf("step", steps))
    .option("--jobs <n>", "processes that compute at the same time", wholeNumber("jobs", { from: 1 }), 1)
    .option("--dry-run", "only print what would be read and what it takes: texts, classes, words, time, memory")
    .option("--verify <folder>", "make some of the studies below a folder again, and say how far their numbers differ")
    .argument("[count]", "how many studies --verify makes again", wholeNumber("count", { from: 1 }), 1)
    .option("--json", "a line of JSON for every step, for machines")
    .usage("--corpus <names> [options]")
    .addHelpText("after", examples);
  for (const [list, flags, option, about] of schemaFlags) {
    const [flag] = flags.split(" ");
    const collect = (text: string, before: WrittenOption[] = []) => [
      ...before,
      { written: `${flag} ${text}`, text: option === undefined ? text : `${option}=${text}` },
    ];
    command.addOption(
      Object.assign(new Option(flags, about).argParser(collect).preset("true"), { attributeName: () => list }),
    );
  }
  return command;
}

/** Of each corpus what its first configuration would read. */
async function dryRun(terminal: Terminal, jobs: readonly StudyJob[]): Promise<void> {
  for (const [corpus, own] of groupBy(jobs, (job) => nameOf(job.corpus))) {
    terminal.line(`${corpus}: ${counted(own.length, "configuration")}; the first is ${askedName(own[0]!)}.`);
    for (const line of await describePlan(own[0]!)) terminal.line(`  ${line}`);
  }
  terminal.line("Nothing was trained or written; the same command without --dry-run does it.");
}

/** Every configuration that the options name. @throws UserError for a wrong name and a conflict */
export function jobsOf(options: Options): StudyJob[] {
  const { profile, only } = options;
  const fields = readOptions(studyOptionsSchema, options.set ?? []);
  const analysis = readOptions(analysisSchema, options.analysis ?? []);
  resolveAnalysis(analysis);
  if (options.out.trim() === "")
    throw new UserError(
      "A study needs a folder for its results, but --out is empty; name one, as in --out results/study.",
    );
  const out = resolve(options.out);
  const usual = { seed: 0, encoder: "bilstm", attention: "additive" };
  const combinations = combinationsOf({ ...usual, ...fields, corpus: corporaOf(options) } as Design);
  return combinations.map((combination) => ({ ...combination, profile, analysis, out, only }));
}

function corporaOf({ corpus, corpusFile, own = [] }: Options): StudyJob["corpus"][] {
  if ((corpus === undefined) === (corpusFile === undefined))
    throw new UserError(
      "A study needs either corpora by name (--corpus sst) or one of your own (--corpus-file reviews.csv), and not both; npm run corpora lists the names.",
    );
  if (corpusFile !== undefined) {
    const given = { path: resolve(corpusFile), ...readOptions(ownCorpusSchema, own) };
    checkOwnCorpus(given);
    return [given];
  }
  const names = corpus!.split(/[, ]+/).filter(Boolean);
  for (const name of names) findCorpus(name);
  return names;
}

export function oneOf(kind: string, valid: readonly string[]) {
  return (name: string) => {
    if (!valid.includes(name)) throw unknownName(kind, name, valid);
    return name;
  };
}

export function wholeNumber(option: string, range: { from: number; to?: number }) {
  return (text: string) => {
    requireNumber(option, Number(text), { ...range, integer: true });
    return Number(text);
  };
}
