import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { writeFileAtomic } from "../../atomicWrite";
import { processorFeatures } from "../../backend/processor";
import { UserError } from "../../errors";
import { withLock } from "../../lock";
import { cacheFolder, projectFolder } from "../../paths";
import { type Addon, compileAddon, compileProblem, compilers, nativeFlags } from "./compiler";
import { checkFolder, type Health, writeManifest } from "./manifest";
import { CommandError, logFile, run, type Terminal } from "./steps.cjs";
import { installWheel, libraryNames, moveNeeded, tensorflowVersion, type Wheel, wheelFor } from "./wheels";

export type NativeBackend = { kind: "ready"; folders: NativeFolders } | { kind: "failed"; reason: string };

/** Where libtensorflow with its headers lies, and the addon: tfjs-node's binding and our kernels. */
type NativeFolders = ReturnType<typeof nativeFolders>;

/** What the steps of the set-up share; its Python has pip, which knows the package index to use. */
interface Site {
  terminal: Terminal;
  python: Promise<string>;
  wheel: Wheel;
  folders: NativeFolders;
}

/** Why there can be no native backend on this machine; WebAssembly takes over. */
class NativeProblem extends Error {}

const addonName = "tfjs_binding.node";
const addonLink = join("lib", "napi-v8", addonName);
const tfjsNodeFolder = join(projectFolder, "node_modules", "@tensorflow", "tfjs-node");
const kernelFolder = join(projectFolder, "src", "backend", "native");

/** The folder of the cache that holds libtensorflow, the addons and, after a failure, `failed.json` with the reason. */
export function nativeFolder(): string {
  return join(cacheFolder(), "native");
}

export function failureFile(): string {
  return join(nativeFolder(), "failed.json");
}

/**
 * Makes the native TensorFlow backend available: downloads libtensorflow, compiles the addon and links it, each only where
 * the cache does not hold it intact. Where that cannot work, a line and a note in the cache say why; a wrong checksum, a
 * missing network or a full disk is no such reason but an error. @param python one with pip
 */
export async function setUpNativeBackend(terminal: Terminal, python: Promise<string>): Promise<NativeBackend> {
  try {
    const wheel = usableWheel();
    const folders = nativeFolders(wheel);
    const checks = await Promise.all(Object.values(folders).map((folder) => checkFolder(folder)));
    if (checks.some(({ problem }) => problem !== undefined))
      await underLock(terminal, () => install({ terminal, python, wheel, folders }));
    await linkAddon(folders);
    // On nodes of several kinds the link in a shared folder is that of the last one.
    process.env.ATTENTION_ADDON = join(folders.addon, addonName);
    await rm(failureFile(), { force: true });
    return { kind: "ready", folders };
  } catch (error) {
    if (!(error instanceof NativeProblem)) throw error;
    await writeFileAtomic(failureFile(), `${JSON.stringify({ reason: error.message })}\n`);
    await rm(join(tfjsNodeFolder, addonLink), { force: true });
    terminal.line(
      `  The native TensorFlow backend cannot be built here: ${error.message}. WebAssembly takes over, about 20 times slower.`,
    );
    return { kind: "failed", reason: error.message };
  }
}

/** Hashes every file of the native backend; a damaged folder is told and removed, so that the next set-up makes it anew. */
export async function verifyNativeBackend(terminal: Terminal, folders: NativeFolders): Promise<Health[]> {
  const checks: Health[] = [];
  for (const folder of Object.values(folders)) {
    const health = await checkTelling(terminal, folder, "full");
    checks.push(health);
    if (health.problem !== undefined) await underLock(terminal, () => rm(folder, { recursive: true, force: true }));
  }
  return checks;
}

/** For the sources and the processor as they are. */
export function nativeFolders(wheel: Wheel) {
  return {
    tensorflow: join(nativeFolder(), `tensorflow-${tensorflowVersion}-${wheel.sha256.slice(0, 12)}`),
    addon: join(nativeFolder(), `addon-${addonKey(wheel)}`),
  };
}

export function usableWheel(): Wheel {
  const wheel = wheelFor("tensorflow", process.platform, process.arch);
  if (wheel === undefined)
    throw new NativeProblem(`the package index has no libtensorflow for ${process.platform} on ${process.arch}`);
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  if (process.platform === "linux" && header?.glibcVersionRuntime === undefined)
    throw new NativeProblem("libtensorflow needs glibc, and this Linux has another C library");
  return wheel;
}

/** The addon depends on the sources, the flags, libtensorflow and the processor; all of them make its key. */
function addonKey(wheel: Wheel): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([1, wheel.sha256, process.platform, process.arch, processorFeatures(), flagsOf("*.cc")]));
  for (const path of [...filesIn(join(tfjsNodeFolder, "binding")), ...filesIn(kernelFolder)])
    hash.update(`\0${relative(projectFolder, path)}\0`).update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Runs the work while no other set-up, of this or another clone, changes the cache. */
export async function underLock<Result>(terminal: Terminal, work: () => Promise<Result>): Promise<Result> {
  await mkdir(nativeFolder(), { recursive: true });
  const onWait = () => terminal.line(`  Another set-up works on ${nativeFolder()}; waiting until it is done.`);
  return withLock(nativeFolder(), work, { onWait });
}

async function install(site: Site): Promise<void> {
  const { terminal, folders } = site;
  for (const name of readdirSync(nativeFolder()))
    if (name.startsWith("new-")) await rm(join(nativeFolder(), name), { recursive: true, force: true });
  for (const [folder, make] of [
    [folders.tensorflow, installTensorflow],
    [folders.addon, buildAddon],
  ] as const) {
    const { problem } = await checkTelling(terminal, folder);
    if (problem !== undefined) await make(site);
  }
}

async function checkTelling(terminal: Terminal, folder: string, depth?: "full"): Promise<Health> {
  const health = await checkFolder(folder, depth);
  if (health.problem !== undefined && existsSync(folder))
    terminal.line(`  ${folder} is damaged (${health.problem}); it is made anew.`);
  return health;
}

async function installTensorflow({ terminal, python, wheel, folders }: Site): Promise<void> {
  await terminal.step(`Downloaded libtensorflow ${tensorflowVersion} (about 207 MB)`, async () => {
    const fresh = join(nativeFolder(), `new-tensorflow-${process.pid}`);
    const unpacked = `${fresh}-all`;
    if (!(await installWheel(await python, wheel, unpacked, logFile("pip-tensorflow"))))
      throw new NativeProblem(`the package index does not have ${wheel.project} ${wheel.version} for this platform`);
    const paths = await moveNeeded(unpacked, fresh, process.platform);
    await rm(unpacked, { recursive: true });
    await writeManifest(fresh, paths, { version: tensorflowVersion, wheel: `${wheel.project} ${wheel.version}` });
    await replaceFolder(fresh, folders.tensorflow);
  });
}

async function replaceFolder(fresh: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
}

/** Tries each compiler until one has made an addon that loads. */
async function buildAddon({ terminal, python, folders }: Site): Promise<void> {
  const [zigFolder, fresh] = [join(nativeFolder(), "zig"), join(nativeFolder(), `new-addon-${process.pid}`)];
  const log = join(cacheFolder(), "logs", "compile");
  const problems: string[] = [];
  for await (const compiler of compilers(terminal, python, zigFolder))
    try {
      await rm(fresh, { recursive: true, force: true });
      await terminal.step(`Compiled the kernels with ${compiler.name}`, async () => {
        await compileAddon(compiler, addonOf(folders.tensorflow), { folder: fresh, name: addonName, log });
        const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" };
        await run(process.execPath, ["-e", "require(process.argv[1])", join(fresh, addonName)], { env });
      });
      await writeManifest(fresh, [addonName], { compiler: compiler.name });
      await replaceFolder(fresh, folders.addon);
      return await rm(zigFolder, { recursive: true, force: true });
    } catch (error) {
      if (/ENOSPC|No space left/i.test(error instanceof CommandError ? error.output : String(error)))
        throw new UserError(`There is no space left in ${nativeFolder()} for the compiler; free some and start again.`);
      problems.push(`${compiler.name}: ${compileProblem(error)}`);
    }
  await rm(fresh, { recursive: true, force: true });
  throw new NativeProblem(problems.join("; ") || "there is no C++ compiler");
}

export function addonOf(tensorflowFolder: string): Addon {
  const sources = [
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(tfjsNodeFolder, "binding", name)),
    ...filesIn(kernelFolder).filter((path) => path.endsWith(".cc")),
  ];
  return {
    sources: sources.map((path) => ({ path, flags: flagsOf(basename(path)) })),
    includes: [
      join(projectFolder, "node_modules", "node-api-headers", "include"),
      join(tensorflowFolder, "tensorflow", "include"),
    ],
    libraries: libraryNames(process.platform).map((name) => join(tensorflowFolder, "tensorflow", name)),
    libraryFolders: [`../${basename(tensorflowFolder)}/tensorflow`, "../../deps/lib"],
  };
}

function flagsOf(source: string): string[] {
  const flags = ["-std=c++17", "-fPIC", "-pthread", "-DNDEBUG"];
  return /^tfjs_/.test(source)
    ? [...flags, "-O2", "-DNAPI_VERSION=8"]
    : [...flags, "-O3", "-fvisibility=hidden", ...nativeFlags()];
}

export async function linkAddon(folders: NativeFolders, packageFolder = tfjsNodeFolder): Promise<void> {
  const addon = join(folders.addon, addonName);
  const destination = join(packageFolder, addonLink);
  if ((await readlink(destination).catch(() => undefined)) === addon) return;
  await mkdir(dirname(destination), { recursive: true });
  const fresh = `${destination}.${process.pid}`;
  await rm(fresh, { force: true });
  await symlink(addon, fresh);
  await rename(fresh, destination);
}
