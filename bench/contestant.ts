import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Work } from "./work";

/** What a contestant says of one run of a stage. */
export interface Run {
  seconds: number;
  /** One number that stands for what was computed, as the loss or a mean; the contestants' numbers are compared. */
  answer: number;
  /** Of the process so far. */
  peakMegabytes: number;
}

/** A process that runs a stage when it is told to, and sleeps between. */
export interface Contestant {
  name: string;
  run(stage: string): Promise<Run>;
  stop(): void;
}

/** This project, on the work in a file. */
export const startOurs = (work: string, ...options: string[]) =>
  start(process.execPath, ["--import", "tsx", join(__dirname, "oursWorker.ts"), work, ...options]);

/** PyTorch on the same work. */
export const startPytorch = (work: string, ...options: string[]) =>
  start(process.env.BENCH_PYTHON!, [join(__dirname, "pytorch_worker.py"), work, ...options]);

/** Each line to the process names a stage; each line from it is a JSON object. */
async function start(program: string, args: string[]): Promise<Contestant> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ${args.join(" ")} ended without an answer`);
    return JSON.parse(value);
  };
  const { ready } = await answer();
  const run = (stage: string): Promise<Run> => {
    child.stdin.write(`${stage}\n`);
    return answer();
  };
  return { name: ready, run, stop: () => child.stdin.end() };
}

/** Calls `use` with a folder that holds work.json and is removed afterwards. */
export async function withWork(work: Work, use: (path: string, folder: string) => Promise<void>): Promise<void> {
  if (loadavg()[0]! > 0.5) console.error(`The machine is busy (load ${loadavg()[0]}): the numbers will mean little.`);
  const folder = mkdtempSync(join(tmpdir(), "attention-bench-"));
  try {
    const path = join(folder, "work.json");
    writeFileSync(path, JSON.stringify(work));
    await use(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** "min / median / max" */
export function spread(values: readonly number[], digits: number): string {
  return [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(digits)).join(" / ");
}
