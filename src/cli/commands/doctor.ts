import { readFileSync, statfsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { counted, megabytes } from "../../counted";
import { cacheFolder, mirrorFolder, projectFolder, resultsFolder } from "../../paths";
import { findEarlierStudies } from "../../study/files";
import { modelFormat } from "../../study/obtainModel";
import { checkFolder } from "../setup/manifest";
import { nativeFolders, usableWheel, verifyNativeBackend } from "../setup/nativeBackend";
import { type Machine, type Prepared, setUp } from "../setup/setUp";
import { CommandError, run, usefulLines } from "../setup/steps.cjs";

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
export async function diagnose(prepared: Prepared, machine: Machine, { json }: { json?: boolean }): Promise<void> {
  const files = await verified(prepared, machine);
  const computation = await compute();
  const { backend, results } = computation;
  const about = await facts(machine, files, computation);
  const problems = results
    .filter(({ maxDifference }) => maxDifference === null || maxDifference > tolerance)
    .map(({ name, maxDifference }) => `${name} is off by ${maxDifference}, more than ${tolerance}`);
  if (computation.problem !== undefined) problems.push(`the self-test failed: ${computation.problem}`);
  const verdict = problems.length === 0 ? "healthy" : "ill";
  const diagnosis = {
    verdict,
    problems,
    backend: { kind: backend, reason: reasonOf(machine) },
    about,
    selfTest: results,
  };
  const rows = [...Object.entries(about), ...problems.map((problem) => ["problem", problem]), ["verdict", verdict]];
  const text = rows.map(([name = "", value]) => `${name.padEnd(14)} ${value}\n`).join("");
  process.stdout.write(json ? `${JSON.stringify(diagnosis, undefined, 2)}\n` : text);
  if (verdict === "ill") process.exitCode = 1;
}

/** The health of the native backend's files; what was damaged has been made anew afterwards. */
async function verified(prepared: Prepared, { native }: Machine): Promise<string> {
  if (native.kind === "failed") return "no native backend";
  const health = await verifyNativeBackend(prepared.terminal, native.folders);
  if (health.every(({ problem }) => problem === undefined)) return "every file intact";
  await setUp(prepared);
  return "was damaged, made anew";
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

async function facts(machine: Machine, files: string, { backend, libtensorflow = "none", results }: Computation) {
  const { native, python } = machine;
  const addon = native.kind === "ready" ? await checkFolder(native.folders.addon) : undefined;
  const { bavail, bsize } = statfsSync(cacheFolder());
  const tests = results.map(({ name, maxDifference }) => {
    return [name, `differs by ${maxDifference?.toExponential(1)} from what it should be`] as const;
  });
  return {
    node: process.versions.node,
    npm: await version("npm", ["--version"]),
    python: `${await version(python, ["--version"])}, ${python}`,
    jupyterlab: await version(python, ["-m", "jupyterlab", "--version"]),
    tslab: packageVersion("tslab"),
    tfjs: packageVersion("@tensorflow/tfjs-node"),
    libtensorflow,
    compiler: addon?.about.compiler ?? "none",
    processor: cpus()[0]?.model ?? "unknown",
    backend: `${backend} (${reasonOf(machine)})`,
    "native files": files,
    project: projectFolder,
    results: resultsFolder,
    cache: cacheFolder(),
    mirror: mirrorFolder() ?? "none (ATTENTION_DATA_MIRROR is not set)",
    "free disk": `${((bavail * bsize) / 1e9).toFixed(1)} GB`,
    "left over": `${summaryOf(await findLeftovers())} of earlier versions; npm run doctor -- --clean removes them`,
    ...(Object.fromEntries(tests) as Record<string, string>),
  };
}

function reasonOf({ native }: Machine): string {
  return native.kind === "failed" ? native.reason : "libtensorflow with this project's kernels";
}

async function version(command: string, args: string[]): Promise<string> {
  const output = await run(command, args, { cwd: projectFolder }).catch(() => "unknown");
  return output.trim().split("\n").at(-1)!;
}

function packageVersion(name: string): string {
  return JSON.parse(readFileSync(join(projectFolder, "node_modules", name, "package.json"), "utf8")).version;
}

/** Something that an earlier version of this project left, and this one does not read. */
interface Leftover {
  path: string;
  /** As in "a study of version 0.3.0 or earlier". */
  what: string;
  bytes: number;
}

/** Results and files of the cache that this version does not read: nothing else ever touches them. */
export async function findLeftovers(): Promise<Leftover[]> {
  const cache = cacheFolder();
  const found = [
    ...(await findEarlierStudies(resultsFolder)).map((path) => ({ path, what: "a study of version 0.3.0 or earlier" })),
    ...(await inside(join(cache, "models"), isEarlierModel, "a model of an earlier format")),
    ...(await inside(
      cache,
      async (path) => basename(path) === "prepared",
      "corpora as earlier versions prepared them",
    )),
    ...(await inside(
      join(cache, "vectors", "selected"),
      async (path) => path.endsWith(".bin"),
      "word vectors of 0.3.0",
    )),
    ...(await inside(join(cache, "native"), isOtherAddon, "kernels of another version")),
  ];
  return Promise.all(found.map(async (one) => ({ ...one, bytes: await bytesOf(one.path) })));
}

/** Tells what there is, then removes it. */
export async function removeLeftovers(tell: (line: string) => void): Promise<void> {
  const leftovers = await findLeftovers();
  for (const { path, what, bytes } of leftovers) tell(`${megabytes(bytes)}  ${path} (${what})`);
  for (const { path } of leftovers) await rm(path, { recursive: true });
  tell(leftovers.length === 0 ? "Nothing is left over from earlier versions." : `Removed: ${summaryOf(leftovers)}.`);
}

/** As in "12 files and folders, 345.6 MB". */
export function summaryOf(leftovers: readonly Leftover[]): string {
  const bytes = leftovers.reduce((sum, one) => sum + one.bytes, 0);
  return `${counted(leftovers.length, "file or folder", "files and folders")}, ${megabytes(bytes)}`;
}

/** What of a folder is left; not what cannot be judged, as kernels where there is no native backend. */
async function inside(folder: string, isLeft: (path: string) => Promise<boolean>, what: string) {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  const left = await Promise.all(paths.map((path) => isLeft(path).catch(() => false)));
  return paths.filter((_, index) => left[index]).map((path) => ({ path, what }));
}

async function isEarlierModel(folder: string): Promise<boolean> {
  const config = await readFile(join(folder, "config.json"), "utf8").catch(() => "{}");
  return JSON.parse(config).formatVersion < modelFormat;
}

async function isOtherAddon(folder: string): Promise<boolean> {
  return basename(folder).startsWith("addon-") && folder !== nativeFolders(usableWheel()).addon;
}

async function bytesOf(path: string): Promise<number> {
  const inside = await readdir(path, { recursive: true }).catch(() => []); // a file has nothing inside
  const about = await Promise.all([path, ...inside.map((name) => join(path, name))].map((each) => stat(each)));
  return about.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
