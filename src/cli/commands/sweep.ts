import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { findCorpus } from "../../data/catalog";
import { vectorSource, vectorState } from "../../data/words/vectorSources";
import { UserError } from "../../errors";
import { withLock } from "../../lock";
import { cacheFolder, projectFolder } from "../../paths";
import type { Prepared } from "../setup/setUp";
import { CommandError, run } from "../setup/steps.cjs";
import { jobsOfWords } from "./studyCommand";

/** What workflow/scripts/plan.py makes of a configuration file: its folder, and what each study is given. */
interface Plan {
  out: string;
  configurations: { corpus: string; arguments: string[] }[];
  restricted: string | null;
}

/** Runs many studies as jobs of Snakemake; the exit code is its own. @throws UserError before any job where one cannot run */
export async function sweep(
  { terminal, onStop, workflowPython }: Prepared,
  options: Record<string, string>,
): Promise<void> {
  const { config = "", profile = "" } = options;
  const python = await workflowPython();
  const script = (name: string) => join(projectFolder, "workflow", "scripts", `${name}.py`);
  const plan: Plan = await run(python, [script("plan"), resolve(config)]).then(JSON.parse, (error) => {
    throw error instanceof CommandError ? new UserError(error.output.trim()) : error;
  });
  checkPlan(plan, options);
  mkdirSync(plan.out, { recursive: true });
  const args = ["--config", resolve(config), "--profile", profile, "--source-cache", join(cacheFolder(), "snakemake")];
  if (options.jobs) args.push("--jobs", String(options.jobs));
  if (options.dryRun) args.push("--dry-run");
  const onWait = () => terminal.line(`Another sweep works in ${plan.out}; waiting until it is done.`);
  const work = async () => {
    // In a group of its own, so that a stop reaches all its jobs, and each once.
    const child = spawn(python, [script("run"), ...args], { detached: true, stdio: ["ignore", "inherit", "inherit"] });
    onStop(() => process.kill(-child.pid!, "SIGINT"));
    [process.exitCode = 1] = await once(child, "close");
  };
  await withLock(join(plan.out, "sweep"), work, { onWait });
}

/** Refuses, before any job, what no study would take, corpora that are not at hand, and restricted ones on any node. */
function checkPlan({ configurations, restricted }: Plan, { profile, dryRun }: Record<string, string>): void {
  const jobs = configurations.flatMap((configuration) => jobsOfWords(configuration.arguments));
  for (const name of new Set(jobs.flatMap(({ options }) => options.wordVectors ?? []))) {
    if (["random", "paper"].includes(name) || /[./\\]/.test(name)) continue;
    const state = vectorState(vectorSource(name));
    if (state.kind === "needs your file" && !dryRun)
      throw new UserError(`The word vectors "${name}" of the sweep are not at hand; bring them with: ${state.how}`);
  }
  for (const corpus of new Set(configurations.map((configuration) => findCorpus(configuration.corpus)))) {
    const state = corpus.state();
    if (state.kind === "needs your file" && !dryRun)
      throw new UserError(`The corpus "${corpus.name}" of the sweep is not at hand; ${state.how}.`);
    if (corpus.restricted && profile !== "local" && restricted === null)
      throw new UserError(
        `Jobs of the restricted corpus "${corpus.name}" need nodes that may hold it, but the configuration names none; add them, as in restricted: {nodes: credentialed}.`,
      );
  }
}
