import { type ChildProcess, fork } from "node:child_process";
import { on } from "node:events";
import { totalmem } from "node:os";
import { join, relative } from "node:path";
import { makeFolder } from "../../atomicWrite";
import { counted } from "../../counted";
import { duration, timeLeft } from "../../notebook/progress";
import { decimal } from "../../paper/numberWords";
import { cacheFolder, studiesFolder } from "../../paths";
import { mean } from "../../stats/summary";
import { askedName } from "../../study/design";
import type { StudyJob, StudyProgress } from "../../study/makeStudy";
import type { Study } from "../../study/study";
import type { Prepared } from "../setup/setUp";
import { type Terminal, usefulLines } from "../setup/steps.cjs";
import type { FromWorker } from "./studyWorker";

/** Computes configurations in processes of their own; exit code 0 if all are there, 1 if one failed, 130 after Ctrl-C. */
export async function computeStudy(
  prepared: Prepared,
  jobs: readonly StudyJob[],
  { jobs: processes, json }: { jobs: number; json: boolean },
): Promise<void> {
  makeFolder(jobs[0]!.out);
  const report = new StudyReport(prepared.terminal, jobs, json);
  const queue = jobs.entries();
  const workers: ChildProcess[] = [];
  const results: Ended[] = [];
  let isStopped = false;
  prepared.onStop(() => {
    if (isStopped) process.exit(130);
    isStopped = true;
    report.stopping();
    for (const worker of workers) worker.kill("SIGINT");
  });
  const work = async () => {
    let worker: ChildProcess | undefined;
    for (const [index, job] of queue) {
      if (isStopped) break;
      if (worker?.exitCode !== null || worker.signalCode !== null) {
        worker = startWorker();
        workers.push(worker);
      }
      report.begin(index);
      const result = await compute(worker, job, (progress) => report.progress(index, progress));
      results.push(result);
      report.end(index, result);
    }
    if (worker?.connected) worker.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(processes, jobs.length) }, work));
  report.finish(results, isStopped);
  if (isStopped) process.exit(130);
  if (results.some(({ kind }) => kind === "failed")) process.exitCode = 1;
}

function startWorker(): ChildProcess {
  const stdio = ["ignore", "inherit", "pipe", "ipc"] as const;
  return fork(join(__dirname, "studyWorker.ts"), [], { execArgv: ["--import", "tsx"], stdio: [...stdio] });
}

async function compute(
  worker: ChildProcess,
  job: StudyJob,
  onProgress: (progress: StudyProgress) => void,
): Promise<Ended> {
  let errors = "";
  worker.stderr!.removeAllListeners("data").setEncoding("utf8");
  worker.stderr!.on("data", (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  worker.send(job, () => undefined);
  for await (const [message] of on(worker, "message", { close: ["exit"] }) as AsyncIterable<[FromWorker]>) {
    if (message.kind !== "progress") return message;
    onProgress(message);
  }
  const { exitCode, signalCode } = worker;
  if (signalCode === "SIGINT") return { kind: "stopped" };
  return { kind: "failed", message: endingOf(exitCode, signalCode, errors) };
}

/** What likely happened to a process, and what to do. */
function endingOf(code: number | null, signal: string | null, errors: string): string {
  const next = "the same command goes on from what is kept";
  if (signal === "SIGKILL" || /out of memory|bad_alloc|OOM when allocating/i.test(errors)) {
    const gigabytes = (totalmem() / 2 ** 30).toFixed(1);
    return `Its process was ended by ${signal ?? `exit code ${code}`}, as happens when memory runs out (this machine has ${gigabytes} GiB); take fewer --jobs, a lower --test-limit or shorter texts, and ${next}.`;
  }
  return `Its process ended with ${signal ?? `exit code ${code}`}; ${next}.\n${usefulLines(errors)}`.trim();
}

export type Ended =
  | ({ kind: "done" } & StudyResult)
  | { kind: "failed"; message: string }
  | { kind: "begun" | "stopped" };

/** Tells how a study goes: one line for each configuration and a line of progress, or a JSON object a line. */
export class StudyReport {
  private readonly running = new Map<number, { since: number; stageSince: number; progress?: StudyProgress }>();
  private readonly told = new Set<string>();
  private lastTold = Date.now();
  private readonly started = Date.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly jobs: readonly StudyJob[],
    private readonly json: boolean,
  ) {
    this.tell({ event: "study", configurations: jobs.length });
  }

  begin(index: number): void {
    this.running.set(index, { since: Date.now(), stageSince: Date.now() });
    this.tell({ event: "begin", ...nameOf(this.jobs[index]!) });
  }

  progress(index: number, progress: StudyProgress): void {
    const entry = this.running.get(index)!;
    if (entry.progress?.stage !== progress.stage) entry.stageSince = Date.now();
    entry.progress = progress;
    if (Date.now() - this.lastTold < 500) return;
    this.lastTold = Date.now();
    const { stage, done, total, note } = progress;
    this.tell({ event: "progress", ...nameOf(this.jobs[index]!), stage, done, total, note });
    const text = [...this.running].map(([running]) => this.describe(running)).join(" | ");
    if (!this.json) this.terminal.status(`  ${this.terminal.interactive ? "" : "  "}${text}`, 15_000);
  }

  end(index: number, result: Ended): void {
    const { since } = this.running.get(index)!;
    this.running.delete(index);
    const { kind: event, ...rest } = result;
    const label = askedName(this.jobs[index]!);
    let text: string | undefined;
    const time = duration(Date.now() - since);
    if (result.kind === "begun") text = `  ${label}: ${this.jobs[index]!.only} done in ${time}`;
    if (result.kind === "failed") text = `  ${label} failed: ${result.message}`;
    if (result.kind === "done") {
      const how = result.wasThere ? "was there already" : `in ${time}`;
      const notes = result.notes.filter((note) => !this.told.has(note));
      for (const note of notes) this.told.add(note);
      text = [`  ${label}, ${how}: ${resultLine(result)}`, ...notes].join("\n    ");
    }
    this.tell({ event, ...nameOf(this.jobs[index]!), ...rest }, text);
  }

  stopping(): void {
    this.tell({ event: "stopping" }, "  Stopping after this step (Ctrl-C again ends it at once).");
  }

  finish(results: readonly Ended[], isStopped: boolean): void {
    const done = results.filter(({ kind }) => kind === "done" || kind === "begun").length;
    const failed = results.filter(({ kind }) => kind === "failed").length;
    const { out, only } = this.jobs[0]!;
    const time = duration(Date.now() - this.started);
    const said = `${done} of ${counted(this.jobs.length, "configuration")}`;
    const folder = relative(studiesFolder, out) === "" ? "" : ` -- ${relative("", out) || "."}`;
    let text = `Done: ${said} in ${time}; the folder of each, with rows.csv, summary.json and texts.parquet, is in ${out}\nNext: npm run report${folder} makes a page of them.`;
    if (only === "preparation" || only === "training")
      text = `Done: ${only} of ${said} in ${time}; corpora, word vectors and models are in ${cacheFolder()}`;
    if (failed > 0) text = `${said} finished in ${time}, ${failed} failed; what is finished is in ${out}`;
    if (isStopped)
      text = `Stopped with ${said} finished in ${out}; all that is done is kept, and the same command goes on from there.`;
    this.tell({ event: "finished", done, failed, of: this.jobs.length, isStopped, out }, text);
  }

  private describe(index: number): string {
    const { stageSince, progress } = this.running.get(index)!;
    if (!progress) return askedName(this.jobs[index]!);
    const { stage, done, total, note } = progress;
    const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : "";
    const left = timeLeft(done / total, Date.now() - stageSince);
    return `${askedName(this.jobs[index]!)}: ${stage}${share}${note ? `, ${note}` : ""}${left}`;
  }

  private tell(event: object, text?: string): void {
    if (this.json) process.stdout.write(`${JSON.stringify(event)}\n`);
    else if (text !== undefined) this.terminal.line(text);
  }
}

function nameOf(job: StudyJob) {
  const { encoder, attention, seed } = job.options;
  const corpus = typeof job.corpus === "string" ? job.corpus : job.corpus.path;
  return { name: askedName(job), corpus, encoder, attention, seed };
}

type StudyResult = ReturnType<typeof resultOf>;

/** What is told of a finished configuration, with the mean of each column over the texts that have a value. */
export function resultOf({ name, folder, source, scores, columns, rows, about }: Study) {
  const means: Record<string, number> = {};
  for (const { name: column } of columns.filter(({ kind }) => kind === "number")) {
    const values = rows.flatMap((row) => (row as Record<string, unknown>)[column] ?? []) as number[];
    if (values.length > 0) means[column] = mean(values);
  }
  return { name, folder, wasThere: source === "read back", notes: about.corpus.notes, scores, means };
}

function resultLine({ scores, means }: StudyResult): string {
  const number = (value: number | undefined) => (value === undefined ? "–" : decimal(value, 3));
  const score = scores.f1 === undefined ? `accuracy ${number(scores.accuracy)}` : `F1 ${number(scores.f1)}`;
  return `${score}, τ_g ${number(means.tauGradient)}, τ_loo ${number(means.tauLeaveOneOut)}, median TVD ${number(means.permutationTvd)}, ε-max JSD ${number(means.searchJsd05)}; ${scores.texts} texts`;
}
