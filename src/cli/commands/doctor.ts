import { readFileSync, statfsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { cacheFolder, mirrorFolder, projectFolder, resultsFolder } from "../../paths";
import { checkFolder, type Health } from "../setup/manifest";
import { verifyNativeBackend } from "../setup/nativeBackend";
import { type Machine, type Prepared, setUp } from "../setup/setUp";
import { CommandError, run, usefulLines } from "../setup/steps.cjs";
import { findLeftovers, summaryOf } from "./leftovers";

/** What the process with the backend in it found. */
interface Computation {
  backend: string;
  libtensorflow?: string;
  /** Steps of a small model, and how far their losses are from what they should be; null where they fail. */
  results: { name: string; maxDifference: number | null }[];
  /** Why there is nothing else. */
  problem?: string;
}

/** All that `npm run doctor` tells. */
type Diagnosis = Awaited<ReturnType<typeof collect>>;

/** The largest difference that the rounding of 32-bit numbers explains. */
const tolerance = 1e-4;

/** Prints versions, backend, paths, free space, the health of the cache and a self-test; exit code 1 if any is wrong. */
export async function diagnose(prepared: Prepared, machine: Machine, { json }: { json?: boolean }): Promise<void> {
  const health = await verified(prepared, machine);
  const computation = await compute();
  const diagnosis = await collect(machine, health, computation);
  process.stdout.write(json ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : asText(diagnosis));
  if (diagnosis.verdict === "ill") process.exitCode = 1;
}

/** The health of the cache; what was damaged has been made anew afterwards. */
async function verified(prepared: Prepared, { native }: Machine): Promise<Health[]> {
  if (native.kind === "failed") return [];
  const health = await verifyNativeBackend(prepared.terminal, native.folders);
  if (health.some(({ problem }) => problem !== undefined)) await setUp(prepared);
  return health;
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

async function collect({ native, python }: Machine, health: Health[], computation: Computation) {
  const { backend, libtensorflow = "none", results, problem } = computation;
  const problems = results
    .filter(({ maxDifference }) => maxDifference === null || maxDifference > tolerance)
    .map(({ name, maxDifference }) => `${name} is off by ${maxDifference}, more than ${tolerance}`);
  if (problem !== undefined) problems.push(`the self-test failed: ${problem}`);
  const isIntact = health.every(({ problem }) => problem === undefined);
  const addon = native.kind === "ready" ? await checkFolder(native.folders.addon) : undefined;
  const { bavail, bsize } = statfsSync(cacheFolder());
  return {
    verdict: problems.length === 0 ? "healthy" : "ill",
    versions: {
      node: process.versions.node,
      npm: await version("npm", ["--version"]),
      python: (await version(python, ["--version"])).replace("Python ", ""),
      jupyterlab: await version(python, ["-m", "jupyterlab", "--version"]),
      tslab: packageVersion("tslab"),
      tfjs: packageVersion("@tensorflow/tfjs-node"),
      libtensorflow,
      compiler: addon?.about.compiler ?? "none",
      processor: cpus()[0]?.model ?? "unknown",
    },
    backend: {
      kind: backend,
      reason: native.kind === "failed" ? native.reason : "libtensorflow with this project's kernels",
    },
    cache: native.kind === "failed" ? "no native backend" : isIntact ? "every file intact" : "was damaged, made anew",
    paths: {
      project: projectFolder,
      results: resultsFolder,
      cache: cacheFolder(),
      python,
      mirror: mirrorFolder() ?? "none (ATTENTION_DATA_MIRROR is not set)",
    },
    freeGigabytes: Math.round((bavail * bsize) / 1e8) / 10,
    leftOver: summaryOf(await findLeftovers()),
    selfTest: results,
    problems,
  };
}

async function version(command: string, args: string[]): Promise<string> {
  const output = await run(command, args, { cwd: projectFolder }).catch(() => "unknown");
  return output.trim().split("\n").at(-1)!;
}

function packageVersion(name: string): string {
  return JSON.parse(readFileSync(join(projectFolder, "node_modules", name, "package.json"), "utf8")).version;
}

function asText(diagnosis: Diagnosis): string {
  const rows: [string, string][] = [
    ...Object.entries(diagnosis.versions),
    ["backend", `${diagnosis.backend.kind} (${diagnosis.backend.reason})`],
    ["native files", diagnosis.cache],
    ...Object.entries(diagnosis.paths).map(([name, path]): [string, string] => [`${name} path`, path]),
    ["free disk", `${diagnosis.freeGigabytes} GB`],
    ["left over", `${diagnosis.leftOver} of earlier versions; npm run doctor -- --clean removes them`],
    ...diagnosis.selfTest.map(({ name, maxDifference }): [string, string] => [
      "self-test",
      `${name}: differs by ${maxDifference?.toExponential(1)} from what it should be`,
    ]),
    ...diagnosis.problems.map((problem): [string, string] => ["problem", problem]),
    ["verdict", diagnosis.verdict],
  ];
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}\n`).join("");
}
