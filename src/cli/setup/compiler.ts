import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { downloadWithProgress } from "../commands/downloadProgress";
import { unpack } from "./archive";
import { fileAddress, indexAddress } from "./packageIndex";
import { CommandError, run, type Terminal, usefulLines } from "./steps.cjs";

/** A C++ compiler: the program with the arguments that come before all others. */
export interface Compiler {
  name: string;
  command: string[];
  environment?: NodeJS.ProcessEnv;
}

/** What is compiled into one addon. */
export interface Addon {
  sources: { path: string; flags: readonly string[] }[];
  includes: readonly string[];
  /** Library files to link with. */
  libraries: readonly string[];
  /** Where the addon finds them when it is loaded, relative to itself. */
  libraryFolders: readonly string[];
}

/** The compilers of this machine, best first: `CXX` if it is set, g++, clang++; only those that answer. */
export async function installedCompilers(environment = process.env, platform = process.platform): Promise<Compiler[]> {
  const chosen = environment.CXX?.trim();
  const commands = [...(chosen ? [chosen.split(/\s+/)] : []), ["g++"], ["clang++"]];
  if (platform === "darwin" && !chosen && !(await answers(["xcode-select", "-p"], environment))) return [];
  const compilers: Compiler[] = [];
  for (const command of commands)
    if (await answers([...command, "--version"], environment)) compilers.push({ name: command.join(" "), command });
  return compilers;
}

async function answers([program = "", ...rest]: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return run(program, rest, { env }).then(
    () => true,
    () => false,
  );
}

/** The compiler flags that use all that this machine's processor can do. */
export function nativeFlags(architecture = process.arch): string[] {
  return architecture === "arm64" ? ["-mcpu=native"] : ["-march=native"];
}

/**
 * Compiles all sources side by side and links them into `<folder>/<name>`.
 *
 * @throws CommandError if the compiler refuses
 */
export async function compileAddon(
  compiler: Compiler,
  addon: Addon,
  { folder, name, log }: { folder: string; name: string; log: string },
): Promise<void> {
  const objectFolder = join(folder, "objects");
  await mkdir(objectFolder, { recursive: true });
  const includes = addon.includes.flatMap((include) => ["-I", include]);
  const objects = addon.sources.map(({ path }) => join(objectFolder, `${basename(path)}.o`));
  const compileAll = addon.sources.map(({ path, flags }, index) =>
    call(compiler, [...flags, ...includes, "-c", path, "-o", objects[index] as string], `${log}.${basename(path)}.log`),
  );
  await Promise.allSettled(compileAll);
  await Promise.all(compileAll);
  const platformFlags = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const origin = process.platform === "darwin" ? "@loader_path" : "$ORIGIN";
  await call(
    compiler,
    [
      ...["-shared", "-pthread", "-o", join(folder, name)],
      ...[...objects, ...addon.libraries, ...platformFlags],
      ...addon.libraryFolders.map((path) => `-Wl,-rpath,${origin}/${path}`),
    ],
    `${log}.link.log`,
  );
  await rm(objectFolder, { recursive: true });
}

async function call({ command, environment }: Compiler, args: string[], log: string): Promise<void> {
  const [program = "", ...rest] = command;
  await run(program, [...rest, ...args], { env: { ...process.env, ...environment }, log });
}

/** In one line what a compiler had against the sources. */
export function compileProblem(error: unknown): string {
  if (!(error instanceof CommandError)) return String((error as Error).message);
  const line = usefulLines(error.output, 1).trim() || error.message;
  return error.log === undefined ? line : `${line} (see ${error.log})`;
}

interface ZigWheel {
  file: string;
  sha256: string;
  bytes: number;
}

/** The zig compiler as the package index has it, for machines without a compiler. */
const zigWheels: Record<string, ZigWheel> = {
  "linux-x64": {
    file: "ziglang-0.15.2-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl",
    sha256: "806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130",
    bytes: 93_508_126,
  },
  "linux-arm64": {
    file: "ziglang-0.15.2-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
    sha256: "edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230",
    bytes: 90_542_084,
  },
  "darwin-arm64": {
    file: "ziglang-0.15.2-py3-none-macosx_12_0_arm64.whl",
    sha256: "acae2a9ce67ed249ad68d42c21bc73b5f9d51a33ba5ea42f609f78683e8d9bb7",
    bytes: 92_993_702,
  },
  "darwin-x64": {
    file: "ziglang-0.15.2-py3-none-macosx_12_0_x86_64.whl",
    sha256: "47af4f85e3e59bd672126cc026d3a01b516cad24b9a9ea075abfe8532f4c6bc1",
    bytes: 97_049_112,
  },
};

/**
 * The zig compiler, downloaded into a folder if it is not there yet; undefined where there is none for this platform.
 *
 * @throws UserError if the download fails
 */
export async function zigCompiler(
  terminal: Terminal,
  python: Promise<string>,
  folder: string,
): Promise<Compiler | undefined> {
  const wheel = zigWheels[`${process.platform}-${process.arch}`];
  if (wheel === undefined) return undefined;
  const program = join(folder, "ziglang", "zig");
  if (!existsSync(program)) {
    const url = await fileAddress(await indexAddress(python), "ziglang", wheel.file);
    if (url === undefined) return undefined;
    const archive = join(folder, "..", wheel.file);
    await downloadWithProgress(terminal, { url, destination: archive, label: "the zig compiler", ...wheel });
    const unpacked = `${folder}.new`;
    await rm(unpacked, { recursive: true, force: true });
    await unpack(archive, unpacked, (path) => path.startsWith("ziglang/"));
    await chmod(join(unpacked, "ziglang", "zig"), 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(unpacked, folder);
    await rm(archive);
  }
  const cache = join(folder, "cache");
  return {
    name: "zig c++",
    command: [program, "c++"],
    environment: { ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
  };
}
