import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { type Ended, StudyReport } from "../../../src/cli/commands/study";
import { addStudyCommand, jobsOf, jobsOfWords } from "../../../src/cli/commands/studyCommand";
import type { Prepared } from "../../../src/cli/setup/setUp";
import { Terminal } from "../../../src/cli/setup/steps.cjs";
import { studiesFolder } from "../../../src/paths";

/** The jobs of a command line. */
function jobsFor(...args: string[]) {
  const program = new Command();
  addStudyCommand(program, {} as Prepared);
  const study = program.commands[0]!;
  let jobs: ReturnType<typeof jobsOf> | undefined;
  study.exitOverride().configureOutput({ writeErr: () => undefined });
  study.action((_, options) => {
    jobs = jobsOf(options);
  });
  program.parse(["study", ...args], { from: "user" });
  return jobs!;
}

test("a step alone is asked for by its name", () => {
  assert.equal(jobsOfWords(["--corpus", "reviews", "--only", "training"])[0]!.only, "training");
  assert.throws(() => jobsOfWords(["--corpus", "reviews", "--only", "train"]), {
    name: "UserError",
    message:
      /There is no step "train"; did you mean "training"\? It must be one of "preparation", "training", "analysis"/,
  });
});

test("every combination of corpora, seeds, encoders and attentions is a job", () => {
  const jobs = jobsFor(
    "--corpus",
    "reviews,sst",
    "--encoder",
    "bilstm,average",
    "--attention",
    "additive,dot",
    "--seed",
    "0,1",
  );
  assert.equal(jobs.length, 16);
  assert.deepEqual(
    jobs.slice(0, 5).map(({ corpus, options }) => [corpus, options.seed, options.encoder, options.attention]),
    [
      ["reviews", 0, "bilstm", "additive"],
      ["reviews", 0, "bilstm", "dot"],
      ["reviews", 0, "average", "additive"],
      ["reviews", 0, "average", "dot"],
      ["reviews", 1, "bilstm", "additive"],
    ],
  );
});

test("what is not given has its default, and what comes twice is one job", () => {
  const jobs = jobsFor("--corpus", "reviews,reviews", "--seed", "0,0");
  assert.deepEqual(jobs, [
    {
      corpus: "reviews",
      profile: "quick",
      analysis: {},
      out: studiesFolder,
      options: { encoder: "bilstm", attention: "additive", seed: 0 },
      only: undefined,
    },
  ]);
});

test("options of the model, of the analysis and of a corpus of one's own are passed on", () => {
  const [job] = jobsFor(
    ...["--corpus-file", "/tmp/films.csv", "--text-column", "body", "--label-column", "stars", "--positive-from", "4"],
    ...["--set", "epochs=4", "--set", "averageActivation=relu", "--vectors", "glove-6b-100d", "--limit", "100"],
    ...["--analysis", "search.variant=code", "--analysis", "search.steps=50", "--analysis", "epsilons=0.02"],
    ...["--analysis", "search.corners=false", "--test-limit", "30"],
  );
  assert.deepEqual(job!.corpus, { path: "/tmp/films.csv", textColumn: "body", labelColumn: "stars", positiveFrom: 4 });
  const { epochs, averageActivation, wordVectors, limit } = job!.options;
  assert.deepEqual([epochs, averageActivation, wordVectors, limit], [4, "relu", "glove-6b-100d", 100]);
  const search = { variant: "code", steps: 50, corners: false };
  assert.deepEqual(job!.analysis, { epsilons: [0.02], testLimit: 30, search });
  assert.equal(jobsFor("--corpus", "sst", "--set", "attentionWeights=softmax,sparsemax", "--seed", "0,1").length, 4);
});

test("every option of a corpus of one's own is a flag, with the same meaning", () => {
  const flags = ["--text-column", "2", "--dev-share", "0.2", "--class-names", "0,1", "--missing-labels", "-1,?"];
  const own = (...more: string[]) => jobsFor("--corpus-file", "/tmp/a.csv", ...more)[0]!.corpus;
  assert.deepEqual(own(...flags, "--skip-invalid"), {
    path: "/tmp/a.csv",
    ...{ textColumn: 2, devShare: 0.2, classNames: ["0", "1"], missingLabels: ["-1", "?"], skipInvalid: true },
  });
  assert.throws(() => own("--dev-share", "2"), /^UserError: The option "devShare" must be the share .*, but 2 came/);
});

test("a wrong name or value, or a conflict, is answered before anything is computed", () => {
  const refused: [string[], RegExp][] = [
    [["--corpus", "stt"], /There is no corpus "stt"; did you mean "sst"\?/],
    [["--corpus", ""], /at least one corpus, but an empty list came/],
    [["--corpus", "sst", "--encoder", "lstm"], /There is no encoder "lstm"; did you mean "bilstm"\?/],
    [["--corpus", "sst", "--seed", "x"], /"seed" must be a whole number from 0 to 2147483647, but "x" came/],
    [["--corpus", "sst", "--set", "epoch=4"], /There is no option "epoch"; did you mean "epochs"\?/],
    [["--corpus", "sst", "--set", "epochs"], /written as name=value/],
    [["--corpus", "sst", "--set", "seed=5", "--seed", "1"], /"seed" must be given once, but --set seed=5 and --seed 1/],
    [["--corpus", "sst", "--analysis", "search.step=4"], /There is no option "step"; did you mean "steps"\?/],
    [
      ["--corpus", "sst", "--analysis", "search.steps=5", "--analysis", "search.steps=6"],
      /"search.steps" must be given once, but --analysis search.steps=5 and --analysis search.steps=6 came/,
    ],
    [
      ["--corpus", "sst", "--analysis", "testLimit=5", "--test-limit", "6"],
      /"testLimit" must be given once, but --analysis testLimit=5 and --test-limit 6 came/,
    ],
    [
      ["--corpus", "sst", "--analysis", "search.candidates=0"],
      /"search.candidates" must be a whole number from 1 to 1000/,
    ],
    [["--corpus", "sst", "--analysis", "epsilons=2"], /"epsilons" must be a list of numbers above 0 and up to 1/],
    [["--corpus", "sst", "--jobs", "0"], /"jobs" must be a whole number from 1, but 0 came/],
    [["--corpus", "sst", "--profile", "fast"], /There is no profile "fast"/],
    [["--corpus", "sst", "--out", ""], /needs a folder for its results, but --out is empty/],
    [[], /A study needs either corpora by name/],
    [["--corpus", "sst", "--corpus-file", "a.csv"], /and not both/],
  ];
  for (const [args, message] of refused) assert.throws(() => jobsFor(...args), message, args.join(" "));
});

test("a study ends with where it is, and with the command that comes next", () => {
  const ended = (...args: string[]) => {
    let text = "";
    const terminal = new Terminal({ write: (line: string) => (text += line) } as unknown as NodeJS.WriteStream);
    const jobs = jobsFor("--corpus", "reviews", ...args);
    new StudyReport(terminal, jobs, false).finish([{ kind: "done" } as Ended], false);
    return text;
  };
  assert.match(ended(), /^Done: 1 of 1 configuration in 0 s; .*\nNext: npm run report makes a page of them\.\n$/);
  assert.match(ended("--out", "results/mine"), /\nNext: npm run report -- results\/mine makes a page/);
});
