import { spawn } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../errors";
import { projectFolder, resultsFolder } from "../paths";
import { jupyterEnvironment, type Machine, type Prepared } from "./setUp";
import { seconds, type Terminal, usefulLines } from "./steps.cjs";

/** The notebooks that `npm start` runs, in this order. */
const notebooks = [
  "notebooks/rq1-correlation.ipynb",
  "notebooks/rq2-counterfactual.ipynb",
  "notebooks/rq3-encoders.ipynb",
];

interface NotebookOptions {
  profile: string;
  inPlace?: boolean;
}

/** Runs the notebooks through the real kernel and says at the end what to open. */
export async function runNotebooks(prepared: Prepared, machine: Machine, options: NotebookOptions): Promise<void> {
  const pages: string[] = [];
  for (const notebook of notebooks) pages.push(await runNotebook(prepared, machine, notebook, options));
  prepared.terminal.line(`Done. The figures and tables are in ${resultsFolder}; open ${pages.join(" and ")}`);
}

/** Runs one notebook; the answer is its HTML page. */
async function runNotebook(
  prepared: Prepared,
  { python }: Machine,
  notebook: string,
  { profile, inPlace }: NotebookOptions,
): Promise<string> {
  const name = basename(notebook, ".ipynb");
  const executed = join(resultsFolder, "notebooks", `${name}.ipynb`);
  const page = join(resultsFolder, `${name}.html`);
  const source = join(projectFolder, notebook);
  const env = { ...jupyterEnvironment(), ATTENTION_PROFILE: profile };
  prepared.terminal.line(`${notebook} (profile ${profile}):`);
  await execute(prepared, python, [source, executed, page], env);
  if (inPlace) {
    await mkdir(join(projectFolder, "notebooks"), { recursive: true });
    await copyFile(executed, source);
  }
  return page;
}

type Report =
  | { kind: "cell"; index: number; of: number; title: string }
  | { kind: "progress"; text: string }
  | { kind: "failed"; text: string }
  | { kind: "done" };

/** Runs the notebook in a process group of its own, so that Ctrl-C reaches it once, through us, and orderly. */
async function execute(
  { terminal, onStop }: Prepared,
  python: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const script = join(__dirname, "execute_notebook.py");
  const child = spawn(python, [script, ...args], {
    cwd: projectFolder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let isStopped = false;
  onStop(() => {
    if (isStopped) process.kill(-(child.pid as number), "SIGKILL");
    else terminal.line("  Stopping; the cell may finish its step (Ctrl-C again ends it at once).");
    isStopped = true;
    child.kill("SIGINT");
  });
  const cells = new CellLines(terminal);
  let failure: string | undefined;
  createInterface(child.stdout).on("line", (line) => {
    const report = JSON.parse(line) as Report;
    if (report.kind === "cell") cells.begin(report.index, report.of, report.title);
    if (report.kind === "progress") cells.progress(report.text);
    if (report.kind === "failed") failure = report.text;
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  cells.end();
  if (isStopped) {
    terminal.line(
      "Stopped. Trained models, checkpoints and all written results are kept; the next start goes on from there.",
    );
    process.exit(130);
  }
  const where = relative(projectFolder, args[1] as string);
  if (failure !== undefined)
    throw new UserError(
      `${failure}\n(${cells.title} of ${relative(projectFolder, args[0] as string)}; its outputs are in ${where}.)`,
    );
  if (code !== 0) throw new UserError(`Running ${args[0]} failed:\n${usefulLines(errors)}`);
}

/** One line for each cell: on a terminal it shows the progress inside the cell, elsewhere a line now and then. */
class CellLines {
  private start = 0;
  private lastLine = 0;
  title = "";

  constructor(private readonly terminal: Terminal) {}

  begin(index: number, of: number, title: string): void {
    this.end();
    this.title = `cell ${index} of ${of}, ${title}`;
    this.start = Date.now();
    this.lastLine = this.start;
    if (this.terminal.interactive) this.terminal.status(`  ${this.title}`);
  }

  progress(text: string): void {
    const line = `    ${text.split("\n")[0]}`;
    if (this.terminal.interactive) this.terminal.status(line);
    else if (Date.now() - this.lastLine > 10_000) {
      this.lastLine = Date.now();
      this.terminal.line(line);
    }
  }

  end(): void {
    if (this.title !== "" && this.start > 0)
      this.terminal.line(`  ${this.title} (${seconds(Date.now() - this.start)})`);
    this.start = 0;
  }
}
