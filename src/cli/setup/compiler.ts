import { existsSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { CommandError, logFile, run, type Terminal, usefulLines } from "./steps.cjs";
import { installWheel, wheelFor } from "./wheels";

/** A C++ compiler: the program with the arguments that come before all others. */
type Compiler = { name: string; command: string[] };

export interface Addon {
  sources: { path: string; flags: readonly string[] }[];
  includes: readonly string[];
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

export function nativeFlags(architecture = process.arch): string[] {
  return architecture === "arm64" ? ["-mcpu=native"] : ["-march=native"];
}

/** Compiles all sources side by side and links them into `<folder>/<name>`. */
export async function compileAddon(
  compiler: Compiler,
  addon: Addon,
  { folder, name, log }: { folder: string; name: string; log: string },
): Promise<void> {
  const [program = "", ...first] = compiler.command;
  const call = (args: string[], log: string) => run(program, [...first, ...args], { log });
  const objectFolder = join(folder, "objects");
  await mkdir(objectFolder, { recursive: true });
  const includes = addon.includes.flatMap((include) => ["-I", include]);
  const objects = addon.sources.map(({ path }) => join(objectFolder, `${basename(path)}.o`));
  const compileAll = addon.sources.map(({ path, flags }, index) =>
    call([...flags, ...includes, "-c", path, "-o", objects[index] as string], `${log}.${basename(path)}.log`),
  );
  await Promise.allSettled(compileAll);
  await Promise.all(compileAll);
  const platformFlags = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const origin = process.platform === "darwin" ? "@loader_path" : "$ORIGIN";
  await call(
    [
      ...["-shared", "-pthread", "-o", join(folder, name)],
      ...[...objects, ...addon.libraries, ...platformFlags],
      ...addon.libraryFolders.map((path) => `-Wl,-rpath,${origin}/${path}`),
    ],
    `${log}.link.log`,
  );
  await rm(objectFolder, { recursive: true });
}

/** In one line what a compiler had against the sources. */
export function compileProblem(error: unknown): string {
  if (!(error instanceof CommandError)) return String((error as Error).message);
  const line = usefulLines(error.output, 1).trim() || error.message;
  return error.log === undefined ? line : `${line} (see ${error.log})`;
}

/** The compilers to try: those of this machine, then zig, which is installed if it is asked for and is not there yet. */
export async function* compilers(terminal: Terminal, python: Promise<string>, zigFolder: string) {
  const installed = await installedCompilers();
  yield* installed;
  const wheel = wheelFor("zig", process.platform, process.arch);
  if (wheel === undefined) return;
  if (installed.length === 0)
    terminal.line(
      "  There is no C++ compiler here; zig from the Python package index compiles, which takes about two minutes.",
    );
  const program = join(zigFolder, "ziglang", "zig");
  if (!existsSync(program)) {
    await rm(zigFolder, { recursive: true, force: true });
    const install = async () => installWheel(await python, wheel, zigFolder, logFile("pip-zig"));
    if (!(await terminal.step("Downloaded the zig compiler (about 93 MB)", install))) return;
    await chmod(program, 0o755);
  }
  const caches = ["GLOBAL", "LOCAL"].map((which) => `ZIG_${which}_CACHE_DIR=${join(zigFolder, "cache")}`);
  yield { name: "zig c++", command: ["env", ...caches, program, "c++"] };
}
