import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { writeFileAtomic } from "../../atomicWrite";
import { counted } from "../../counted";
import { UserError } from "../../errors";
import { duration, timeLeft } from "../../notebook/progress";
import { startBrowserServer } from "../../notebook/render";
import { projectFolder, releasedFolder, resultsFolder, studiesFolder } from "../../paths";
import { buildReport } from "../../report/buildReport";
import { sha256 } from "../../sha256";
import type { Profile } from "../../study/config";
import { sumsOf } from "../setup/nativeBackend";
import { jupyterEnvironment, type Machine, type Prepared } from "../setup/setUp";
import { writeStartPage } from "../setup/startPage.cjs";
import { usefulLines } from "../setup/steps.cjs";

/** The notebooks that `npm start` runs, in this order, with their shares in the time that all of them take in quick. */
const shares = {
  "rq1-correlation": 0.26,
  "rq3-encoders": 0.3,
  "rq4-tasks-and-length": 0.25,
  "rq2-counterfactual": 0.08,
  "00-tour": 0.05,
  exercises: 0.06,
};
const notebooks = Object.keys(shares) as (keyof typeof shares)[];

/** How much of its time a notebook that computes a study spends with that. */
const shareOfStudy = 0.85;

/** A notebook computes on one core for most of its time. */
const together = Math.min(2, availableParallelism());

interface NotebookOptions {
  profile: Profile;
  inPlace?: boolean;
  again?: boolean;
}

interface NotebookState {
  name: keyof typeof shares;
  isDone: boolean;
  /** The cell that runs, and what it tells. */
  cell: string;
  told?: string;
  /** How much of its study is done, from 0 to 1, as far as it has told. */
  studied: number;
  /** The error's text of the cell that failed. */
  failure?: string;
}

/** The notebooks that run; Ctrl-C and a failure end them. */
const children = new Set<ChildProcess>();

/** Runs the notebooks, makes the report of their studies, and says what to open; what is unchanged is not run again. */
export async function runNotebooks(prepared: Prepared, machine: Machine, options: NotebookOptions): Promise<void> {
  const { terminal } = prepared;
  const start = Date.now();
  const keys = await keysOf(options.profile);
  const made = options.again || options.inPlace ? undefined : readMade(options.profile);
  const states = notebooks.map((name): NotebookState => {
    return { name, isDone: false, cell: "starting its kernel", studied: 0 };
  });
  const isUnchanged = ({ name }: NotebookState) => made?.[name] === keys[name];
  const browser = states.every(isUnchanged) ? undefined : await startBrowserServer();
  // The figures of all pages are live by this one file.
  const plotly = await readFile(require.resolve("plotly.js-dist/plotly.js"));
  await writeFileAtomic(join(resultsFolder, "plotly.js"), plotly);
  const waiting = states.values();
  const runInTurn = async (): Promise<void> => {
    for (const state of waiting) {
      const begun = Date.now();
      if (!isUnchanged(state)) await runNotebook(machine, state, { ...options, browser: browser?.address });
      state.isDone = true;
      writeStartPage();
      const how = isUnchanged(state) ? "as it was; --again runs it" : `done in ${duration(Date.now() - begun)}`;
      terminal.line(`  ${state.name}: ${how}`);
    }
  };
  const timer = setInterval(() => terminal.status(progressLine(states, Date.now() - start), 10_000), 1000);
  const work = Promise.all(Array.from({ length: together }, runInTurn));
  await untilDone(prepared, work).finally(() => clearInterval(timer));
  await (await browser?.server)?.close();
  await writeMade(options.profile, keys);
  const studies = options.profile === "released" ? [studiesFolder, releasedFolder] : [studiesFolder];
  const report = await terminal.step("report", () => buildReport(studies, join(resultsFolder, "report")));
  const page = writeStartPage();
  terminal.line(
    `Done in ${duration(Date.now() - start)}: ${counted(notebooks.length, "notebook")}, a report of ${counted(report.studies, "study", "studies")}.`,
  );
  terminal.line(`Open ${relative(projectFolder, page)}: it leads to all of them.`);
  terminal.line("Next: npm run lab opens the notebooks, to ask something of your own.");
}

/** A page's name: profiles other than "quick" do not overwrite its pages. */
function named(name: string, profile: Profile): string {
  return profile === "quick" ? name : `${name}-${profile}`;
}

function progressLine(states: readonly NotebookState[], elapsed: number): string {
  const done = states.filter(({ isDone }) => isDone);
  const told = states.flatMap(({ name, isDone, told }) => (told && !isDone ? [`${name}: ${told}`] : []));
  const left = timeLeft(shareDone(states), elapsed, "about ");
  return `  ${done.length} of ${states.length} notebooks, ${duration(elapsed)}${left}; ${told.join("; ")}`;
}

/** How much of all work is done, from 0 to 1. */
export function shareDone(states: readonly Pick<NotebookState, "name" | "isDone" | "studied">[]): number {
  return states.reduce(
    (sum, { name, isDone, studied }) => sum + shares[name] * (isDone ? 1 : shareOfStudy * studied),
    0,
  );
}

/** Whether the outputs that are in the results folder are those of the code, the data and the settings as they are. */
export async function areMade(profile: Profile): Promise<boolean> {
  return JSON.stringify(readMade(profile)) === JSON.stringify(await keysOf(profile));
}

const recordOf = (profile: Profile) => join(resultsFolder, "notebooks", `${named("made", profile)}.json`);

/** The key that each notebook had; undefined if not all have run yet, or a file that they left is gone. */
function readMade(profile: Profile): Record<string, string> | undefined {
  if (!existsSync(recordOf(profile))) return undefined;
  const { made, files } = JSON.parse(readFileSync(recordOf(profile), "utf8"));
  return (files as string[]).every((path) => existsSync(join(resultsFolder, path))) ? made : undefined;
}

async function writeMade(profile: Profile, made: Record<string, string>): Promise<void> {
  const files = readdirSync(resultsFolder, { recursive: true, encoding: "utf8" });
  await writeFileAtomic(recordOf(profile), `${JSON.stringify({ made, files })}\n`);
}

/** Of each notebook the key of all that its outputs depend on. */
async function keysOf(profile: Profile): Promise<Record<string, string>> {
  const shared = await keyOfShared(profile);
  return Object.fromEntries(notebooks.map((name) => [name, keyOf(name, shared)]));
}

/** Of all that the outputs of every notebook depend on: the code, the packages, the data of the project, the settings. */
async function keyOfShared(profile: Profile): Promise<string> {
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith("ATTENTION_"));
  const packages = readFileSync(join(projectFolder, "package-lock.json"), "utf8");
  const files = await Promise.all(["src", "data"].map((folder) => sumsOf(join(projectFolder, folder))));
  return sha256(JSON.stringify([profile, settings, packages, files]));
}

/** Of that and a notebook's cells. */
function keyOf(name: string, shared: string): string {
  const { cells } = JSON.parse(readFileSync(join(projectFolder, "notebooks", `${name}.ipynb`), "utf8"));
  return sha256(JSON.stringify([shared, (cells as { source: unknown }[]).map(({ source }) => source)]));
}

/** Waits for the notebooks, of which Ctrl-C and a failure stop all: first orderly, at a second Ctrl-C at once. */
async function untilDone({ terminal, onStop }: Prepared, work: Promise<unknown>): Promise<void> {
  const stopAll = () => Promise.all([...children].map((child) => child.kill("SIGINT") && once(child, "close")));
  let isStopped = false;
  onStop(() => {
    if (isStopped) for (const { pid } of children) process.kill(-pid!, "SIGKILL");
    else terminal.line("  Stopping; cells may finish their step (Ctrl-C again ends them at once).");
    isStopped = true;
    stopAll().then(() => {
      terminal.line(
        "Stopped. Trained models, checkpoints and all written results are kept; the next start goes on from there.",
      );
      process.exit(130);
    });
  });
  try {
    await work;
  } catch (error) {
    if (isStopped) await new Promise(() => {});
    await stopAll();
    throw error;
  }
}

/** Runs one notebook, in a process group of its own, so that Ctrl-C reaches it once, through us, and orderly. */
async function runNotebook(
  { python }: Machine,
  state: NotebookState,
  { profile, inPlace, browser }: NotebookOptions & { browser?: string },
): Promise<void> {
  const page = named(state.name, profile);
  const source = join(projectFolder, "notebooks", `${state.name}.ipynb`);
  const executed = join(resultsFolder, "notebooks", `${page}.ipynb`);
  const script = join(__dirname, "execute_notebook.py");
  const child = spawn(python, [script, source, executed, join(resultsFolder, `${page}.html`)], {
    cwd: projectFolder,
    env: { ...jupyterEnvironment(), ATTENTION_PROFILE: profile, ATTENTION_BROWSER_SERVER: browser },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  state.told = state.cell;
  createInterface(child.stdout).on("line", (line) => {
    Object.assign(state, JSON.parse(line));
    const percent = /(\d+) %/.exec(state.told ?? "")?.[1] ?? 0;
    state.studied = Math.max(state.studied, Number(percent) / 100);
  });
  const errors = text(child.stderr);
  const [code] = await once(child, "close");
  children.delete(child);
  const place = relative(projectFolder, source);
  if (state.failure !== undefined)
    throw new UserError(
      `${state.failure}\n(${state.cell} of ${place}; its outputs are in ${relative(projectFolder, executed)}.)`,
    );
  if (code !== 0) throw new UserError(`Running ${place} failed:\n${usefulLines(await errors)}`);
  if (inPlace) await writeFileAtomic(source, readFileSync(executed));
}
