import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { sstEpoch } from "./work";

/** What a contestant says of one epoch. */
interface Epoch {
  seconds: number;
  /** Summed over the epoch: both contestants must learn. */
  loss: number;
  peakMegabytes: number;
}

interface Contestant {
  name: string;
  epochs: Epoch[];
  train(): Promise<void>;
  stop(): void;
}

/** Starts a process that trains one epoch for every line that it reads. */
async function start(program: string, args: string[]): Promise<Contestant> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ${args.join(" ")} ended without an answer`);
    return JSON.parse(value);
  };
  const name: string = (await answer()).ready;
  const epochs: Epoch[] = [];
  const train = async () => {
    child.stdin.write("\n");
    epochs.push(await answer());
  };
  return { name, epochs, train, stop: () => child.stdin.end() };
}

const spread = (values: number[], digits: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  return {
    min: sorted[0]!.toFixed(digits),
    median: middle.toFixed(digits),
    max: sorted.at(-1)!.toFixed(digits),
    middle,
  };
};

function report({ name, epochs }: Contestant, steps: number): number {
  const seconds = epochs.map((epoch) => epoch.seconds);
  const epoch = spread(seconds, 2);
  const step = spread(
    seconds.map((value) => (1000 * value) / steps),
    1,
  );
  const losses = epochs.map(({ loss }) => loss.toFixed(0)).join(" ");
  console.log(`${name}
  step   ${step.min} / ${step.median} / ${step.max} ms (min / median / max)
  epoch  ${epoch.min} / ${epoch.median} / ${epoch.max} s
  memory ${epochs.at(-1)!.peakMegabytes.toFixed(0)} MB at its peak
  loss   ${losses}`);
  return epoch.middle;
}

const numberOption = (name: string): number | undefined => {
  const option = process.argv.find((word) => word.startsWith(`--${name}=`));
  return option === undefined ? undefined : Number(option.split("=")[1]);
};

async function main(): Promise<void> {
  const repetitions = numberOption("repetitions") ?? 5;
  const work = await sstEpoch();
  work.batches = work.batches.slice(0, numberOption("batches"));
  if (loadavg()[0]! > 0.5) console.error(`The machine is busy (load ${loadavg()[0]}): the numbers will mean little.`);
  const steps = work.batches.length;
  const folder = mkdtempSync(join(tmpdir(), "attention-bench-"));
  const path = join(folder, "work.json");
  writeFileSync(path, JSON.stringify(work));
  const contestants: Contestant[] = [];
  try {
    const python = process.env.BENCH_PYTHON!;
    const script = join(__dirname, "pytorch_worker.py");
    contestants.push(await start(process.execPath, ["--import", "tsx", join(__dirname, "oursWorker.ts"), path]));
    contestants.push(await start(python, [script, path]));
    if (process.argv.includes("--fused")) contestants.push(await start(python, [script, path, "--fused"]));
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const contestant of contestants) {
        await contestant.train();
        const { seconds } = contestant.epochs.at(-1)!;
        console.error(`epoch ${repetition} of ${repetitions}: ${seconds.toFixed(2)} s, ${contestant.name}`);
      }
    }
    console.log(`${work.origin}: ${steps} batches of 32, ${work.tokens} word vectors of 300; ${cpus().length} cores`);
    const [ours, ...others] = contestants.map((contestant) => report(contestant, steps));
    for (const [index, theirs] of others.entries()) {
      console.log(`ratio of the medians, ${contestants[index + 1]!.name} to ours: ${(theirs / ours!).toFixed(2)}`);
    }
  } finally {
    for (const contestant of contestants) contestant.stop();
    rmSync(folder, { recursive: true });
  }
}

main();
