import { type ChildProcess, fork } from "node:child_process";
import { on } from "node:events";
import { totalmem } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../atomicWrite";
import type { StudyJob } from "../../study/makeStudy";
import type { Prepared } from "../setup/setUp";
import { usefulLines } from "../setup/steps.cjs";
import { type Ended, StudyReport } from "./studyReport";
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
  onProgress: (progress: Extract<FromWorker, { kind: "progress" }>) => void,
): Promise<Ended> {
  let errors = "";
  worker.stderr!.setEncoding("utf8").on("data", (text: string) => {
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
