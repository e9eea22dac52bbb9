import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { UserError } from "../../errors";
import { findEarlierStudies } from "../../study/files";
import type { StudyJob } from "../../study/makeStudy";
import type { Prepared } from "../setup/setUp";
import { usefulLines } from "../setup/steps.cjs";
import { StudyReport } from "./studyReport";
import type { StudyResult } from "./studyResult";
import type { FromWorker, ToWorker } from "./studyWorker";

export interface StudyCommandOptions {
  /** Processes that compute at the same time. */
  jobs: number;
  /** One JSON object a line on standard output instead of text. */
  json: boolean;
}

type Result = ({ kind: "done" } & StudyResult) | { kind: "failed"; message: string } | { kind: "stopped" };

/**
 * Computes configurations of the study in processes of their own and tells what came of each.
 *
 * The exit code is 0 when all are there, 1 when one failed (the others are computed all the same), 130 after Ctrl-C.
 */
export async function computeStudy(
  prepared: Prepared,
  jobs: readonly StudyJob[],
  { jobs: processes, json }: StudyCommandOptions,
): Promise<void> {
  const earlier = await findEarlierStudies(jobs[0]!.out);
  if (earlier.length > 0 && !json) {
    prepared.terminal.line(
      `${earlier.length} results of version 0.3.0 or earlier in ${jobs[0]!.out} are left alone and not read; npm run doctor -- --clean lists and removes them.`,
    );
  }
  const report = new StudyReport(prepared.terminal, jobs, json);
  const queue = jobs.entries();
  const workers = new Set<Worker>();
  const results: Result[] = [];
  let isStopped = false;
  prepared.onStop(() => {
    if (isStopped) process.exit(130);
    isStopped = true;
    report.stopping();
    for (const worker of workers) worker.stop();
  });
  const work = async () => {
    let worker = new Worker();
    workers.add(worker);
    try {
      for (const [index, job] of queue) {
        if (isStopped) return;
        if (worker.hasEnded) {
          workers.delete(worker);
          worker = new Worker();
          workers.add(worker);
        }
        report.begin(index);
        const result = await worker.run(job, (progress) => report.progress(index, progress));
        results.push(result);
        report.end(index, result);
        if (result.kind === "stopped") return;
      }
    } finally {
      workers.delete(worker);
      worker.end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, jobs.length) }, work));
  report.finish(results, isStopped);
  if (isStopped) process.exit(130);
  if (results.some(({ kind }) => kind === "failed")) process.exitCode = 1;
}

/** A process that computes one configuration after another. */
class Worker {
  private readonly child: ChildProcess;
  private errors = "";

  constructor() {
    this.child = fork(join(__dirname, "studyWorker.ts"), [], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors = (this.errors + text).slice(-20_000);
    });
  }

  run(job: StudyJob, onProgress: (progress: Extract<FromWorker, { kind: "progress" }>) => void): Promise<Result> {
    return new Promise((resolve) => {
      const onExit = (code: number | null, signal: string | null) =>
        finish({ kind: "failed", message: `${endingOf(code, signal)}\n${usefulLines(this.errors)}`.trim() });
      const onMessage = (message: FromWorker) => {
        if (message.kind === "progress") onProgress(message);
        else finish(message);
      };
      const finish = (result: Result) => {
        this.child.off("exit", onExit).off("message", onMessage);
        resolve(result);
      };
      this.child.on("exit", onExit).on("message", onMessage);
      this.send({ kind: "run", job });
    });
  }

  /** Killed or crashed: it takes no further configuration. */
  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  stop(): void {
    this.send({ kind: "stop" });
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private send(message: ToWorker): void {
    this.child.send(message, (error) => {
      if (error && this.child.connected)
        throw new UserError(`A process of the study cannot be reached: ${error.message}.`);
    });
  }
}

/** What likely happened to a process, and what to do. */
function endingOf(code: number | null, signal: string | null): string {
  const next = "the same command goes on from what is kept";
  if (signal === "SIGKILL" || code === 134) {
    return `Its process was killed (${signal ?? "out of memory"}), as happens when memory runs out; take fewer --jobs, a lower --test-limit or shorter texts, and ${next}.`;
  }
  return `Its process ended with ${signal ?? `exit code ${code}`}; ${next}.`;
}
