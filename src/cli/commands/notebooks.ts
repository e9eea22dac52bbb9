import { spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../../errors";
import { duration } from "../../notebook/progress";
import { projectFolder, resultsFolder } from "../../paths";
import { buildReport } from "../../report/buildReport";
import type { Profile } from "../../study/config";
import { jupyterEnvironment, type Machine, type Prepared } from "../setup/setUp";
import { type Terminal, usefulLines } from "../setup/steps.cjs";

/** The notebooks that `npm start` runs, in this order; the seconds are a first guess, for the time left until one is done. */
const notebooks = [
  { name: "00-tour", seconds: 25 },
  { name: "rq1-correlation", seconds: 60 },
  { name: "rq2-counterfactual", seconds: 35 },
  { name: "rq3-encoders", seconds: 70 },
  { name: "rq4-tasks-and-length", seconds: 70 },
];

interface NotebookOptions {
  profile: Profile;
  inPlace?: boolean;
}

/** Runs the notebooks through the real kernel, makes the report of their studies, and says at the end what to open. */
export async function runNotebooks(prepared: Prepared, machine: Machine, options: NotebookOptions): Promise<void> {
  const { terminal } = prepared;
  const start = Date.now();
  const seconds = notebooks.map((notebook) => notebook.seconds);
  let figures = 0;
  for (const [index, { name }] of notebooks.entries()) {
    const begun = Date.now();
    const timeLeft = () => remaining(seconds, index, { before: begun - start, inside: Date.now() - begun });
    const line = new NotebookLine(terminal, `${index + 1} of ${notebooks.length}, ${name}`, timeLeft);
    const drawn = await runNotebook(prepared, machine, { name, line, ...options });
    terminal.line(`  ${name}: ${drawn} figures in ${duration(Date.now() - begun)}`);
    figures += drawn;
  }
  const studies = options.profile === "released" ? join(projectFolder, "data", "study") : join(resultsFolder, "study");
  const destination = join(resultsFolder, named("report", options.profile));
  const report = await terminal.step("report", () => buildReport([studies], destination));
  const pages = notebooks.map(({ name }) => `${named(name, options.profile)}.html`);
  terminal.line(
    `Done in ${duration(Date.now() - start)}: ${notebooks.length} notebooks with ${figures} figures, and a report of ${report.studies} studies, are in ${resultsFolder}; open ${report.page}, or beside its folder ${pages.slice(0, -1).join(", ")} or ${pages.at(-1)}. Figures and tables are in a folder for each notebook, as in ${join("rq1", options.profile)}.`,
  );
}

/** A page's name: profiles other than "quick" do not overwrite its pages. */
function named(name: string, profile: Profile): string {
  return profile === "quick" ? name : `${name}-${profile}`;
}

/**
 * About how long the notebooks will still take, in milliseconds: as long as was guessed, for as much as this machine and
 * profile were slower or faster so far.
 *
 * @param expected seconds of each notebook
 * @param index the one that runs
 * @param elapsed milliseconds that those before it took, and this one so far
 */
export function remaining(
  expected: readonly number[],
  index: number,
  { before, inside }: { before: number; inside: number },
): number {
  const sum = (seconds: readonly number[]) => 1000 * seconds.reduce((total, each) => total + each, 0);
  const pace = index === 0 ? 1 : before / sum(expected.slice(0, index));
  const [own, after] = [sum(expected.slice(index, index + 1)), sum(expected.slice(index + 1))];
  return Math.max(0, pace * own - inside) + Math.max(pace, inside / own) * after;
}

/** Runs one notebook; the answer is how many figures it has. */
async function runNotebook(
  prepared: Prepared,
  { python }: Machine,
  { name, line, profile, inPlace }: NotebookOptions & { name: string; line: NotebookLine },
): Promise<number> {
  const page = named(name, profile);
  const executed = join(resultsFolder, "notebooks", `${page}.ipynb`);
  const source = join(projectFolder, "notebooks", `${name}.ipynb`);
  const env = { ...jupyterEnvironment(), ATTENTION_PROFILE: profile };
  const paths = [source, executed, join(resultsFolder, `${page}.html`)];
  const figures = await execute(prepared, python, { paths, env, line }).finally(() => line.end());
  if (inPlace) await copyFile(executed, source);
  return figures;
}

type Report =
  | { kind: "cell"; index: number; of: number; title: string }
  | { kind: "progress"; text: string }
  | { kind: "failed"; text: string }
  | { kind: "done"; figures: number };

/** Runs the notebook in a process group of its own, so that Ctrl-C reaches it once, through us, and orderly. */
async function execute(
  { terminal, onStop }: Prepared,
  python: string,
  { paths, env, line }: { paths: readonly string[]; env: NodeJS.ProcessEnv; line: NotebookLine },
): Promise<number> {
  const script = join(__dirname, "execute_notebook.py");
  const child = spawn(python, [script, ...paths], {
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
  let figures = 0;
  let failure: string | undefined;
  createInterface(child.stdout).on("line", (text) => {
    const report = JSON.parse(text) as Report;
    if (report.kind === "cell") line.cell = `cell ${report.index} of ${report.of}, ${report.title}`;
    if (report.kind === "cell") line.show();
    if (report.kind === "progress") line.show(report.text.split("\n")[0]);
    if (report.kind === "failed") failure = report.text;
    if (report.kind === "done") figures = report.figures;
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (isStopped) {
    terminal.line(
      "Stopped. Trained models, checkpoints and all written results are kept; the next start goes on from there.",
    );
    process.exit(130);
  }
  const [source, executed] = paths.map((path) => relative(projectFolder, path));
  if (failure !== undefined)
    throw new UserError(`${failure}\n(${line.cell} of ${source}; its outputs are in ${executed}.)`);
  if (code !== 0) throw new UserError(`Running ${source} failed:\n${usefulLines(errors)}`);
  return figures;
}

/** How far a notebook is, with the time left for all: a terminal's last line, elsewhere a line now and then. */
class NotebookLine {
  /** Which cell runs. */
  cell = "starting its kernel";
  private note: string | undefined;
  private readonly start = Date.now();
  private lastLine = Date.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly terminal: Terminal,
    private readonly name: string,
    private readonly timeLeft: () => number,
  ) {
    if (!terminal.interactive) terminal.line(`  ${this.text()}`);
    this.timer = setInterval(() => this.draw(), 1000);
  }

  show(note?: string): void {
    this.note = note;
    this.draw();
  }

  end(): void {
    clearInterval(this.timer);
  }

  private draw(): void {
    this.terminal.status(`  ${this.text()}`);
    if (this.terminal.interactive || Date.now() - this.lastLine < 10_000) return;
    this.lastLine = Date.now();
    this.terminal.line(`  ${this.text()}`);
  }

  private text(): string {
    const times = `${duration(Date.now() - this.start)}, about ${duration(this.timeLeft())} left for all`;
    return `${this.name}: ${times}; ${this.note ?? this.cell}`;
  }
}
