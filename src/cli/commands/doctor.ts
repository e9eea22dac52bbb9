import { statfsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { cacheFolder, mirrorFolder, projectFolder, resultsFolder } from "../../paths";
import { nativeFolder } from "../setup/nativeBackend";
import type { Machine } from "../setup/setUp";
import { CommandError, run, usefulLines } from "../setup/steps.cjs";
import { findLeftovers, summaryOf } from "./leftovers";

interface Computation {
  backend: string;
  libtensorflow?: string;
  /** Steps of a small model, and how far their losses are from what they should be; null where they fail. */
  results: { name: string; maxDifference: number | null }[];
  /** Why there is nothing else. */
  problem?: string;
}

/** The largest difference that the rounding of 32-bit numbers explains. */
const tolerance = 1e-4;

/** Prints versions, backend, paths, free space, the health of the cache and a self-test; exit code 1 if any is wrong. */
export async function diagnose(machine: Machine, { json }: { json?: boolean }): Promise<void> {
  const { native } = machine;
  const reason = native.problem ?? "libtensorflow with this project's kernels";
  const { problem, ...computation } = await compute();
  const { backend, results } = computation;
  const about = await facts(machine, reason, computation);
  const problems = results
    .filter(({ maxDifference }) => maxDifference === null || maxDifference > tolerance)
    .map(({ name, maxDifference }) => `${name} is off by ${maxDifference}, more than ${tolerance}`);
  if (problem !== undefined) problems.push(`the self-test failed: ${problem}`);
  if (native.problem === undefined && backend !== "native" && process.env.ATTENTION_BACKEND !== "wasm")
    problems.push(`the native backend cannot be used; remove ${nativeFolder()}: the next set-up makes it anew`);
  const verdict = problems.length === 0 ? "healthy" : "ill";
  const diagnosis = { verdict, problems, backend: { kind: backend, reason }, about, selfTest: results };
  const rows = [...Object.entries(about), ...problems.map((problem) => ["problem", problem]), ["verdict", verdict]];
  const text = rows.map(([name = "", value]) => `${name.padEnd(14)} ${value}\n`).join("");
  process.stdout.write(json ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : text);
  if (verdict === "ill") process.exitCode = 1;
}

async function compute(): Promise<Computation> {
  const script = join(__dirname, "selfTestProcess.ts");
  try {
    const output = await run(process.execPath, ["--import", "tsx", script], { cwd: projectFolder });
    return JSON.parse(output.trim().split("\n").at(-1)!);
  } catch (error) {
    const problem = error instanceof CommandError ? `${error.message}\n${usefulLines(error.output)}` : String(error);
    return { backend: "none", libtensorflow: "not loaded", results: [], problem };
  }
}

/** All other versions are those of the lock files. */
async function facts(
  { python, native: { problem, damaged } }: Machine,
  reason: string,
  { backend, libtensorflow = "none", results }: Computation,
) {
  const health = damaged.length === 0 ? "every file intact" : `made anew, as damaged: ${damaged.join(", ")}`;
  const { bavail, bsize } = statfsSync(cacheFolder());
  const tests = results.map(({ name, maxDifference }) => {
    return [name, `differs by ${maxDifference?.toExponential(1)} from what it should be`] as const;
  });
  return {
    node: process.versions.node,
    python: `${(await run(python, ["--version"])).trim()}, ${python}`,
    libtensorflow,
    processor: cpus()[0]?.model ?? "unknown",
    backend: `${backend} (${reason})`,
    "native files": problem === undefined ? health : "no native backend",
    project: projectFolder,
    results: resultsFolder,
    cache: cacheFolder(),
    mirror: mirrorFolder() ?? "none (ATTENTION_DATA_MIRROR is not set)",
    "free disk": `${((bavail * bsize) / 1e9).toFixed(1)} GB`,
    "left over": `${summaryOf(await findLeftovers())} of earlier versions; npm run doctor -- --clean removes them`,
    ...(Object.fromEntries(tests) as Record<string, string>),
  };
}
