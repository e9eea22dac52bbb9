import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { counted } from "../counted";
import { explained, unknownName } from "../errors";
import { projectFolder, resultsFolder, studiesFolder } from "../paths";
import { buildReport } from "../report/buildReport";
import { profileNames } from "../study/config";
import { installVectors, listCorpora, listVectors } from "./commands/corpora";
import { diagnose, removeLeftovers } from "./commands/doctor";
import { openLab } from "./commands/lab";
import { runNotebooks } from "./commands/notebooks";
import { addStudyCommand, oneOf, wholeNumber } from "./commands/studyCommand";
import { sweep } from "./commands/sweep";
import { type Prepared, setUp } from "./setup/setUp";
import { writeStartPage } from "./setup/startPage.cjs";
import { printable } from "./setup/steps.cjs";

/** Runs one of the commands. @throws UserError for all that the user or the system is the cause of */
export async function main(args: readonly string[], prepared: Prepared): Promise<void> {
  await commands(prepared)
    .parseAsync([...args], { from: "user" })
    .catch((error) => Promise.reject(explained(error)));
}

/** The commands with their options; a wrong name or option is answered with the nearest one and exit code 1. */
export function commands(prepared: Prepared): Command {
  const program = new Command("npm run")
    .description("Attention is not Explanation, re-run as TypeScript notebooks.")
    .configureOutput({ outputError: (text, write) => write(printable(text)) });
  program
    .command("start")
    .description("set up, run the notebooks, and write their report into results/")
    .option(
      "--profile <name>",
      "quick, paper (its protocol) or released (our rows)",
      oneOf("profile", profileNames),
      "quick",
    )
    .option("--in-place", "write the outputs into the notebooks themselves as well")
    .option("--again", "run also the notebooks of which nothing has changed")
    .action(async (options) => runNotebooks(prepared, await setUp(prepared), options));
  addStudyCommand(program, prepared);
  program
    .command("sweep")
    .description("run many studies as jobs, on this machine, through Slurm or on Kubernetes: see workflow/README.md")
    .option("--config <file>", "what is computed", join(projectFolder, "workflow", "config", "config.yaml"))
    .option("--profile <name>", "local, slurm, kubernetes, or a folder with a profile of Snakemake", "local")
    .option("--jobs <n>", "jobs at the same time", wholeNumber("jobs", { from: 1 }))
    .option("--dry-run", "print the jobs and what they cost, and run none")
    .action(async (options) => sweep(prepared, options));
  program
    .command("report")
    .description("make a page that shows all finished studies: figures, tables beside the paper's, every text")
    .argument("[folders...]", "folders that are searched for studies, with all below them", [studiesFolder])
    .option("--out <folder>", "where the page is written, in place of an older one", join(resultsFolder, "report"))
    .action(async (folders: string[], { out }: { out: string }) => {
      await prepared.environment.ready;
      const { page, studies } = await prepared.terminal.step("report", () => buildReport(folders, out));
      writeStartPage();
      prepared.terminal.line(
        `Done: ${counted(studies, "study", "studies")}; open ${resolve(page)} in a browser, no server is needed.`,
      );
    });
  program
    .command("lab")
    .description("open JupyterLab on the notebooks")
    .option("--no-browser", "only print the address")
    .option("--port <n>", "port to listen on (default: 8888 or near it)", wholeNumber("port", { from: 1, to: 65535 }))
    .action(async (options) => openLab(prepared, await setUp(prepared), options));
  program
    .command("test")
    .description("run all tests, or those whose path contains one of the words; long: those that take up to an hour")
    .argument("[words...]")
    .action(async (words) => runTests(await setUp(prepared).then(() => words)));
  program
    .command("doctor")
    .description("print versions, backend, paths and free space, and test the computation")
    .option("--json", "machine-readable")
    .option("--clean", "list what earlier versions left in results and cache, how large it is, and remove it")
    .action(async (options) => {
      if (options.clean) await removeLeftovers(prepared.terminal);
      else await diagnose(await setUp(prepared, { verify: true }), options);
    });
  program
    .command("corpora")
    .description("list the corpora: state, counts beside the published ones, licence; or tell all about one")
    .argument("[name]", "as in sst")
    .action(async (name) => listCorpora(prepared, name));
  const vectors = program
    .command("vectors")
    .description("list the pretrained word vectors: state, size, licence")
    .allowExcessArguments()
    .action((_, { args: [name] }: Command) => {
      if (name !== undefined) throw unknownName("command of vectors", name, ["install"]);
      listVectors(prepared);
    });
  vectors
    .command("install")
    .description("bring one of them into the cache folder")
    .argument("<name>", "as in glove-6b-100d")
    .action(async (name) => installVectors(prepared, name));
  for (const command of program.commands) command.usage(`-- ${command.usage()}`);
  return program;
}

async function runTests(words: readonly string[]): Promise<void> {
  const options = ["--import", "tsx", join("test", "run.ts"), ...words];
  const child = spawn(process.execPath, options, { cwd: projectFolder, stdio: "inherit" });
  const [code] = await once(child, "close");
  process.exitCode = code ?? 1;
}
