// Times `npm start`, `npm start` again and `npm test` in a fresh clone with an empty home and cache folder, and samples
// the memory of all processes that they start. Linux.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectFolder } from "../src/paths";

interface Run {
  seconds: number;
  peakMegabytes: number;
}

/** Kilobytes that a process holds, shared pages counted in parts; 0 once it is gone. */
function memoryOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss:\s+(\d+)/m)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The process and all that it started, and they. */
function descendants(leader: number): string[] {
  const parents = new Map<string, string>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      parents.set(pid, fields[1]!);
    } catch {}
  }
  const family = new Set([String(leader)]);
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

async function measure(folder: string, environment: NodeJS.ProcessEnv, args: string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn("npm", args, { cwd: folder, env: environment, stdio: ["ignore", "ignore", "inherit"] });
  let peak = 0;
  const sample = () => {
    peak = Math.max(
      peak,
      descendants(child.pid!).reduce((sum, pid) => sum + memoryOf(pid), 0),
    );
  };
  const timer = setInterval(sample, 500);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(timer);
  const run = { seconds: (performance.now() - started) / 1000, peakMegabytes: peak / 1024 };
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed with exit code ${code}`);
  console.error(`npm ${args.join(" ")}: ${run.seconds.toFixed(1)} s, ${run.peakMegabytes.toFixed(0)} MB`);
  return run;
}

async function measureClone(runs: Record<string, Run[]>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "attention-clone-"));
  try {
    const [clone, home] = [join(folder, "clone"), join(folder, "home")];
    mkdirSync(home);
    execFileSync("git", ["clone", "--quiet", projectFolder, clone]);
    const { XDG_CACHE_HOME: _, ...inherited } = process.env;
    const environment = { ...inherited, HOME: home };
    runs["npm start, first"]!.push(await measure(clone, environment, ["start"]));
    runs["npm start, again"]!.push(await measure(clone, environment, ["start"]));
    runs["npm test"]!.push(await measure(clone, environment, ["test"]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function spread(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!]
    .map((value) => value.toFixed(0))
    .join(" / ");
}

async function main(): Promise<void> {
  const repetitions = Number(process.argv.find((word) => word.startsWith("--repetitions="))?.split("=")[1] ?? 5);
  const runs: Record<string, Run[]> = { "npm start, first": [], "npm start, again": [], "npm test": [] };
  for (let repetition = 0; repetition < repetitions; repetition++) await measureClone(runs);
  console.log(`min / median / max of ${repetitions}`);
  for (const [name, measured] of Object.entries(runs)) {
    const seconds = spread(measured.map((run) => run.seconds));
    const memory = spread(measured.map((run) => run.peakMegabytes));
    console.log(`${name.padEnd(18)} ${seconds} s, ${memory} MB at the peak`);
  }
}

main();
