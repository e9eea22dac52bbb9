import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { makeFolder, unfinishedPath } from "../../atomicWrite";
import { processorFeatures } from "../../backend/processor";
import { fileSha256 } from "../../data/files/download";
import { UserError } from "../../errors";
import { withLock } from "../../lock";
import { cacheFolder, projectFolder } from "../../paths";
import { sha256 } from "../../sha256";
import { type CommandError, explain, pipEnvironment, run, type Terminal, usefulLines } from "./steps.cjs";

/** Why libtensorflow with our kernels cannot be loaded, if so, and the files that were damaged and are made anew. */
export type NativeBackend = { problem?: string; damaged: string[] };

/** Why there can be no native backend on this machine; WebAssembly takes over. */
class NativeProblem extends Error {}

const tfjsNodeFolder = join(projectFolder, "node_modules", "@tensorflow", "tfjs-node");
const addonLink = join("lib", "napi-v8", "tfjs_binding.node");

/** The folder of the cache that holds libtensorflow and the addons. */
export function nativeFolder(): string {
  return join(cacheFolder(), "native");
}

/**
 * Where libtensorflow with its headers lies, and the addon for the sources and the processor as they are: tfjs-node's
 * binding and our kernels. What is there is whole.
 */
export function nativeFiles() {
  const wheels = readFileSync(requirements("libtensorflow"), "utf8");
  const sources = addonFiles().map((path) => [relative(projectFolder, path), sha256(readFileSync(path))]);
  const key = [wheels, process.platform, process.arch, processorFeatures(), compilerFlags, sources];
  return {
    tensorflow: join(nativeFolder(), `libtensorflow-${sha256(wheels).slice(0, 12)}`, "tensorflow"),
    addon: join(nativeFolder(), `addon-${sha256(JSON.stringify(key)).slice(0, 16)}`, basename(addonLink)),
  };
}

/** The wheels of the Python package index of which pip takes the one for this platform, by version and SHA-256. */
function requirements(what: "libtensorflow" | "zig"): string {
  return join(__dirname, `${what}.txt`);
}

/**
 * Makes the native TensorFlow backend available: downloads libtensorflow, compiles the addon and links it, each only where
 * the cache does not hold it. Where that cannot work, a line says why; a wrong checksum, a missing network or a full disk
 * is no such reason but an error.
 *
 * @param python one with pip
 * @param verify whether every file that the cache holds is hashed, and a folder with a damaged one made anew; takes seconds
 */
export async function setUpNativeBackend(
  terminal: Terminal,
  python: Promise<string>,
  { packageFolder = tfjsNodeFolder, verify = false } = {},
): Promise<NativeBackend> {
  const { tensorflow, addon } = nativeFiles();
  const damaged: string[] = [];
  try {
    const work = async () => {
      if (verify)
        for (const path of [tensorflow, addon].filter(existsSync))
          damaged.push(...(await removeDamaged(terminal, dirname(path))));
      if (!existsSync(tensorflow)) await install(terminal, python, "libtensorflow", dirname(tensorflow));
      if (!existsSync(addon)) await buildAddon(terminal, python, { tensorflow, addon });
    };
    const onWait = () => terminal.line(`  Another set-up works on ${nativeFolder()}; waiting until it is done.`);
    makeFolder(nativeFolder());
    if (verify || ![tensorflow, addon].every(existsSync)) await withLock(nativeFolder(), work, { onWait });
    await linkAddon(addon, packageFolder);
    // On nodes of several kinds the link in a shared folder is that of the last one.
    process.env.ATTENTION_ADDON = addon;
    return { damaged };
  } catch (error) {
    if (!(error instanceof NativeProblem)) throw error;
    await rm(join(packageFolder, addonLink), { force: true });
    terminal.line(
      `  The native TensorFlow backend cannot be built here: ${error.message}. WebAssembly takes over, about 20 times slower.`,
    );
    return { problem: error.message, damaged };
  }
}

const downloads = {
  libtensorflow: { title: "libtensorflow (about 207 MB)", module: "tensorflow" },
  zig: { title: "the zig compiler (about 93 MB), as no other compiles the kernels", module: "ziglang" },
};

/** For one of the few versions of Python that libtensorflow has wheels for, as no Python runs in them. */
const pipOptions = [
  ..."--only-binary :all: --python-version 3.11 --implementation cp --require-hashes --no-deps".split(" "),
  ..."--no-compile --no-cache-dir --progress-bar off".split(" "),
];

/** Parts of the wheel of libtensorflow that nothing needs, a quarter of it. */
const unused = "python compiler lite include/external include/tensorflow/compiler".split(" ");

/** Has pip, as that is set to find it, unpack the wheel for this platform. @throws NativeProblem if there is none */
async function install(terminal: Terminal, python: Promise<string>, what: keyof typeof downloads, folder: string) {
  const { title, module } = downloads[what];
  await terminal.step(`Downloaded ${title}`, async () => {
    const fresh = await unfinishedPath(folder);
    const temporary = join(fresh, "tmp");
    await mkdir(temporary, { recursive: true });
    const args = ["-m", "pip", "install", "--target", fresh, ...pipOptions, "--requirement", requirements(what)];
    const options = { env: { ...pipEnvironment(), TMPDIR: temporary }, log: `pip-${what}` };
    await run(await python, args, options).catch((error) => {
      if (!/No matching distribution found/.test(error.output)) throw explain(`Installing ${what}`, error);
    });
    if (!existsSync(join(fresh, module)))
      throw new NativeProblem(`the package index has no ${what} for ${process.platform} on ${process.arch}`);
    for (const path of [temporary, ...unused.map((part) => join(fresh, "tensorflow", part))])
      await rm(path, { recursive: true, force: true });
    await replaceFolder(fresh, folder);
  });
}

const sumsName = "SHA256SUMS";

/** Keeps the SHA-256 of each file of a new folder in it, and puts it in the old one's place. */
async function replaceFolder(fresh: string, folder: string): Promise<void> {
  await writeFile(join(fresh, sumsName), (await sumsOf(fresh)).join("\n"));
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
}

/** A line for each file of a folder, as sha256sum writes and checks it. */
export async function sumsOf(folder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) lines.push(`${await fileSha256(path)}  ${relative(folder, path)}`);
  }
  return lines;
}

/** Removes a folder of which a file is missing or has another content than when it was made; tells and gives back which. */
async function removeDamaged(terminal: Terminal, folder: string): Promise<string[]> {
  const kept = await readFile(join(folder, sumsName), "utf8").catch(() => "");
  const found = new Set(await sumsOf(folder));
  const line = kept.split("\n").find((line) => !found.has(line));
  if (line === undefined) return [];
  const path = join(folder, line.slice(66));
  terminal.line(`  ${path} is damaged; it is made anew.`);
  await rm(folder, { recursive: true });
  return [path];
}

/** Tries each compiler until one has made an addon that loads. */
async function buildAddon(terminal: Terminal, python: Promise<string>, files: ReturnType<typeof nativeFiles>) {
  const problems: string[] = [];
  const zig = join(nativeFolder(), "zig");
  process.env.ZIG_GLOBAL_CACHE_DIR = process.env.ZIG_LOCAL_CACHE_DIR = join(zig, "cache");
  for (const command of [...(await installedCompilers()), [join(zig, "ziglang", "zig"), "c++"]]) {
    const name = [basename(command[0]!), ...command.slice(1)].join(" ");
    const fresh = await unfinishedPath(dirname(files.addon));
    const addon = join(fresh, basename(files.addon));
    try {
      if (name === "zig c++" && !existsSync(zig)) await install(terminal, python, "zig", zig);
      await terminal.step(`Compiled the kernels with ${name}`, async () => {
        await compileAddon(command, { ...files, addon });
        const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" };
        await run(process.execPath, ["-e", "require(process.argv[1])", addon], { env });
      });
      await replaceFolder(fresh, dirname(files.addon));
      return await rm(zig, { recursive: true, force: true });
    } catch (error) {
      const { output, message, log } = error as CommandError;
      if (/ENOSPC|No space left/i.test(output ?? message))
        throw new UserError(`There is no space left in ${nativeFolder()} for the compiler; free some and start again.`);
      if ((error as Error).name === "UserError") throw error;
      const problem = usefulLines(output ?? message, 1).trim();
      problems.push(`${name}: ${problem}${log === undefined ? "" : ` (see ${log})`}`);
    }
  }
  throw new NativeProblem(problems.join("; "));
}

/** The sources and headers of the addon: tfjs-node's binding and our kernels. */
function addonFiles(): string[] {
  const folders = [join(tfjsNodeFolder, "binding"), join(projectFolder, "src", "backend", "native")];
  const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return paths.filter((path) => /\.(cc|h)$/.test(path)).sort();
}

/** The C++ compilers to try, each a program with its first arguments: `CXX` if it is set, g++, clang++. */
export async function installedCompilers(): Promise<string[][]> {
  const chosen = process.env.CXX?.trim();
  const own = chosen ? [chosen.split(/\s+/)] : [];
  // On a Mac without its developer tools the other names open a dialog.
  if (process.platform === "darwin" && (await run("xcode-select", ["-p"]).catch(() => "")) === "") return own;
  return [...own, ["g++"], ["clang++"]];
}

export const compilerFlags = [
  ...["-std=c++17", "-O3", "-fPIC", "-pthread", "-fvisibility=hidden", "-DNDEBUG", "-DNAPI_VERSION=8"],
  process.arch === "arm64" ? "-mcpu=native" : "-march=native",
];

/**
 * Compiles the addon's sources side by side and links them.
 *
 * @param compiler as in {@link installedCompilers}
 * @param tensorflow libtensorflow's folder, in whose place the addon finds it when it is loaded, relative to itself
 */
export async function compileAddon(
  [program = "", ...first]: readonly string[],
  { tensorflow, addon, flags = compilerFlags }: { tensorflow: string; addon: string; flags?: readonly string[] },
): Promise<void> {
  await run(program, [...first, "--version"]);
  const objectFolder = `${addon}.objects`;
  await mkdir(objectFolder, { recursive: true });
  const folders = [join(projectFolder, "node_modules", "node-api-headers", "include"), join(tensorflow, "include")];
  const includes = folders.map((folder) => `-I${folder}`);
  const sources = addonFiles().filter((path) => path.endsWith(".cc"));
  const objects = sources.map((source) => join(objectFolder, `${basename(source)}.o`));
  const compileAll = sources.map((source, index) => {
    const args = [...first, ...flags, ...includes, "-c", source, "-o", objects[index]!];
    return run(program, args, { log: `compile.${basename(source)}` });
  });
  await Promise.allSettled(compileAll);
  await Promise.all(compileAll);
  const [ending, origin, forMac] =
    process.platform === "darwin"
      ? ["2.dylib", "@loader_path", ["-undefined", "dynamic_lookup"]]
      : ["so.2", "$ORIGIN", []];
  const libraries = ["cc", "framework"].map((name) => join(tensorflow, `libtensorflow_${name}.${ending}`));
  const place = `-Wl,-rpath,${origin}/../${basename(dirname(tensorflow))}/${basename(tensorflow)}`;
  const args = [...first, "-shared", "-pthread", "-o", addon, ...objects, ...libraries, ...forMac, place];
  await run(program, args, { log: "compile.link" });
  await rm(objectFolder, { recursive: true });
}

export async function linkAddon(addon: string, packageFolder = tfjsNodeFolder): Promise<void> {
  const destination = join(packageFolder, addonLink);
  if ((await readlink(destination).catch(() => undefined)) === addon) return;
  await mkdir(dirname(destination), { recursive: true });
  const fresh = `${destination}.${process.pid}`;
  await rm(fresh, { force: true });
  await symlink(addon, fresh);
  await rename(fresh, destination);
}
