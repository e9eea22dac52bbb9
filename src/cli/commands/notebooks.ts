import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { UserError } from "../../errors";
import { duration } from "../../notebook/progress";
import { projectFolder, releasedFolder, resultsFolder, studiesFolder } from "../../paths";
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
    const line = startLine(terminal, `${index + 1} of ${notebooks.length}, ${name}`, timeLeft);
    const drawn = await runNotebook(prepared, machine, { name, show: line.show, ...options }).finally(line.end);
    terminal.line(`  ${name}: ${drawn} figures in ${duration(Date.now() - begun)}`);
    figures += drawn;
  }
  const studies = options.profile === "released" ? [studiesFolder, releasedFolder] : [studiesFolder];
  const report = await terminal.step("report", () => buildReport(studies, join(resultsFolder, "report")));
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

/**
 * Runs one notebook, in a process group of its own, so that Ctrl-C reaches it once, through us, and orderly.
 *
 * @returns how many figures it has
 */
async function runNotebook(
  { terminal, onStop }: Prepared,
  { python }: Machine,
  { name, show, profile, inPlace }: NotebookOptions & { name: string; show: (text?: string) => void },
): Promise<number> {
  const page = named(name, profile);
  const source = join(projectFolder, "notebooks", `${name}.ipynb`);
  const executed = join(resultsFolder, "notebooks", `${page}.ipynb`);
  const script = join(__dirname, "execute_notebook.py");
  const child = spawn(python, [script, source, executed, join(resultsFolder, `${page}.html`)], {
    cwd: projectFolder,
    env: { ...jupyterEnvironment(), ATTENTION_PROFILE: profile },
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
  const seen = follow(child.stdout, show);
  const errors = text(child.stderr);
  const [code] = await once(child, "close");
  if (isStopped) {
    terminal.line(
      "Stopped. Trained models, checkpoints and all written results are kept; the next start goes on from there.",
    );
    process.exit(130);
  }
  const place = relative(projectFolder, source);
  if (seen.failure !== undefined)
    throw new UserError(
      `${seen.failure}\n(${seen.cell} of ${place}; its outputs are in ${relative(projectFolder, executed)}.)`,
    );
  if (code !== 0) throw new UserError(`Running ${place} failed:\n${usefulLines(await errors)}`);
  if (inPlace) await copyFile(executed, source);
  return seen.figures;
}

type Report =
  | { kind: "cell"; index: number; of: number; title: string }
  | { kind: "progress"; text: string }
  | { kind: "failed"; text: string }
  | { kind: "done"; figures: number };

/** Shows what a notebook reports; the answer fills until its end. */
function follow(reports: NodeJS.ReadableStream, show: (text?: string) => void) {
  const seen = { cell: "starting its kernel", figures: 0, failure: undefined as string | undefined };
  createInterface(reports).on("line", (line) => {
    const report = JSON.parse(line) as Report;
    if (report.kind === "cell") seen.cell = `cell ${report.index} of ${report.of}, ${report.title}`;
    if (report.kind === "cell") show(seen.cell);
    if (report.kind === "progress") show(report.text.split("\n")[0]);
    if (report.kind === "failed") seen.failure = report.text;
    if (report.kind === "done") seen.figures = report.figures;
  });
  return seen;
}

/** How far a notebook is, with the time left for all: a terminal's last line, elsewhere a line now and then. */
function startLine(terminal: Terminal, name: string, timeLeft: () => number) {
  const start = Date.now();
  let told = "starting its kernel";
  const written = () =>
    `  ${name}: ${duration(Date.now() - start)}, about ${duration(timeLeft())} left for all; ${told}`;
  const show = (now = told) => {
    told = now;
    terminal.status(written(), 10_000);
  };
  if (!terminal.interactive) terminal.line(written());
  const timer = setInterval(show, 1000);
  return { show, end: () => clearInterval(timer) };
}
