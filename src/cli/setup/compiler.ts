import { readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { projectFolder } from "../../paths";
import { logFile, run } from "./steps.cjs";

export const tfjsNodeFolder = join(projectFolder, "node_modules", "@tensorflow", "tfjs-node");

/** The sources and headers of the addon: tfjs-node's binding and our kernels. */
export function addonFiles(): string[] {
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
    return run(program, args, { log: logFile(`compile.${basename(source)}`) });
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
  await run(program, args, { log: logFile("compile.link") });
  await rm(objectFolder, { recursive: true });
}
