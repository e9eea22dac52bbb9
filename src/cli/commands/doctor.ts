import { statfsSync } from "node:fs";
import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, dirname, join } from "node:path";
import { counted, megabytes } from "../../counted";
import { cacheFolder, mirrorFolder, projectFolder, resultsFolder } from "../../paths";
import { findStudies } from "../../study/files";
import { modelFormat } from "../../study/obtainModel";
import { nativeFiles, nativeFolder } from "../setup/nativeBackend";
import type { Machine } from "../setup/setUp";
import { CommandError, run, type Terminal, usefulLines } from "../setup/steps.cjs";

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

/**
 * Prints versions, backend, paths, free space, the health of the cache and a self-test; exit code 1 if any is wrong. All
 * other versions are those of the lock files.
 */
export async function diagnose({ python, native }: Machine, { json }: { json?: boolean }): Promise<void> {
  const { problem, backend, libtensorflow = "none", results } = await compute();
  const reason = native.problem ?? "libtensorflow with this project's kernels";
  const { damaged } = native;
  const health = damaged.length === 0 ? "every file intact" : `made anew, as damaged: ${damaged.join(", ")}`;
  const { bavail, bsize } = statfsSync(cacheFolder());
  const about: Record<string, string> = {
    node: process.versions.node,
    python: `${(await run(python, ["--version"])).trim()}, ${python}`,
    libtensorflow,
    processor: cpus()[0]?.model ?? "unknown",
    backend: `${backend} (${reason})`,
    "native files": native.problem === undefined ? health : "no native backend",
    project: projectFolder,
    results: resultsFolder,
    cache: cacheFolder(),
    mirror: mirrorFolder() ?? "none (ATTENTION_DATA_MIRROR is not set)",
    "free disk": `${((bavail * bsize) / 1e9).toFixed(1)} GB`,
    "left over": `${summaryOf(await findLeftovers())} of earlier versions; npm run doctor -- --clean removes them`,
  };
  const problems: string[] = [];
  for (const { name, maxDifference } of results) {
    about[name] = `differs by ${maxDifference?.toExponential(1)} from what it should be`;
    if (maxDifference === null || maxDifference > tolerance)
      problems.push(`${name} is off by ${maxDifference}, more than ${tolerance}`);
  }
  if (problem !== undefined) problems.push(`the self-test failed: ${problem}`);
  if (native.problem === undefined && backend !== "native" && process.env.ATTENTION_BACKEND !== "wasm")
    problems.push(`the native backend cannot be used; remove ${nativeFolder()}: the next set-up makes it anew`);
  const verdict = problems.length === 0 ? "healthy" : "ill";
  const diagnosis = { verdict, problems, backend: { kind: backend, reason }, about, selfTest: results };
  const rows = [...Object.entries(about), ...problems.map((each) => ["problem", each]), ["verdict", verdict]];
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

/** What earlier versions left in results and cache, and this one does not read: nothing else ever touches it. */
export async function findLeftovers() {
  const [models, selected] = [join(cacheFolder(), "models"), join(cacheFolder(), "vectors", "selected")];
  const studies = await findStudies(resultsFolder, "instances.csv");
  const found = [
    ...studies.map((path) => ({ path, what: "a study of 0.3.0 or earlier" })),
    ...(await inside(models, isEarlierModel, "a model of an earlier format")),
    ...(await inside(cacheFolder(), (path) => basename(path) === "prepared", "corpora as 0.3.0 prepared them")),
    ...(await inside(selected, (path) => path.endsWith(".bin"), "word vectors of 0.3.0")),
    ...(await inside(nativeFolder(), isEarlierNative, "libtensorflow or kernels of another version")),
  ];
  return Promise.all(found.map(async (one) => ({ ...one, bytes: await bytesOf(one.path) })));
}

/** Tells what there is, then removes it. */
export async function removeLeftovers(terminal: Pick<Terminal, "line">): Promise<void> {
  const leftovers = await findLeftovers();
  for (const { path, what, bytes } of leftovers) terminal.line(`${megabytes(bytes)}  ${path} (${what})`);
  for (const { path } of leftovers) await rm(path, { recursive: true });
  terminal.line(leftovers.length === 0 ? "Nothing is left over." : `Removed: ${summaryOf(leftovers)}.`);
}

/** As in "12 files and folders, 346 MB". */
function summaryOf(leftovers: readonly { bytes: number }[]): string {
  const bytes = leftovers.reduce((sum, one) => sum + one.bytes, 0);
  return `${counted(leftovers.length, "file or folder", "files and folders")}, ${megabytes(bytes)}`;
}

async function inside(folder: string, isLeft: (path: string) => boolean | Promise<boolean>, what: string) {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  const left = await Promise.all(paths.map(isLeft));
  return paths.filter((_, index) => left[index]).map((path) => ({ path, what }));
}

async function isEarlierModel(folder: string): Promise<boolean> {
  const config = await readFile(join(folder, "config.json"), "utf8").catch(() => "");
  return Number(/"formatVersion": ?(\d+)/.exec(config)?.[1]) < modelFormat;
}

function isEarlierNative(path: string): boolean {
  const isOurs = Object.values(nativeFiles()).some((file) => dirname(file) === path);
  return !isOurs && /^(addon|(lib)?tensorflow)-|^failed/.test(basename(path));
}

async function bytesOf(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true }).catch(() => []); // a file has nothing inside
  const about = await Promise.all(["", ...names].map((name) => lstat(join(path, name))));
  return about.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
