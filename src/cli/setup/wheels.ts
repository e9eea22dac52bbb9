import { existsSync, readdirSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CommandError, explain, pipEnvironment, run } from "./steps.cjs";

/** A pinned wheel of the Python package index whose files are used; no Python runs in it. */
export type Wheel = { project: string; version: string; sha256: string; platform: string };

export const tensorflowVersion = "2.15.1";

/** By platform: pip's name for it, libtensorflow (of which linux-x64 alone was tried) and the zig compiler. */
const wheels: Record<string, { platform: string; tensorflow: [project: string, sha256: string]; zig: string }> = {
  "linux-x64": {
    platform: "manylinux2014_x86_64",
    tensorflow: ["tensorflow-cpu", "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26"],
    zig: "806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130",
  },
  "linux-arm64": {
    platform: "manylinux2014_aarch64",
    tensorflow: ["tensorflow-cpu-aws", "d4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e"],
    zig: "edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230",
  },
  "darwin-arm64": {
    platform: "macosx_12_0_arm64",
    tensorflow: ["tensorflow", "aa926114d1e13ffe5b2ea59c3f195216f26646d7fe36e9e5207b291e4b7902ff"],
    zig: "acae2a9ce67ed249ad68d42c21bc73b5f9d51a33ba5ea42f609f78683e8d9bb7",
  },
  "darwin-x64": {
    platform: "macosx_12_0_x86_64",
    tensorflow: ["tensorflow", "6761efe511e6ee0f893f60738fefbcc51d6dc386eeaaafea59d21899ef369ffd"],
    zig: "47af4f85e3e59bd672126cc026d3a01b516cad24b9a9ea075abfe8532f4c6bc1",
  },
};

/** The wheel for a platform and processor in Node's names, or undefined where there is none. */
export function wheelFor(what: "tensorflow" | "zig", platform: string, architecture: string): Wheel | undefined {
  const found = wheels[`${platform}-${architecture}`];
  if (found === undefined) return undefined;
  if (what === "zig") return { project: "ziglang", version: "0.15.2", sha256: found.zig, platform: found.platform };
  const [project, sha256] = found.tensorflow;
  return { project, version: tensorflowVersion, sha256, platform: found.platform };
}

/**
 * Unpacks a wheel into a folder with pip, as that is set to find it; false if the index does not have it.
 * @throws UserError if the network or the disk fails, or what came has another SHA-256
 */
export async function installWheel(python: string, wheel: Wheel, folder: string, log: string): Promise<boolean> {
  const { project, version, sha256, platform } = wheel;
  const requirements = `${folder}.txt`;
  const temporary = `${folder}.tmp`;
  await mkdir(temporary, { recursive: true });
  await writeFile(requirements, `${project}==${version} --hash=sha256:${sha256}\n`);
  const tags = ["--only-binary", ":all:", "--platform", platform, "--python-version", "3.11", "--implementation", "cp"];
  const options = ["--require-hashes", "--no-deps", "--no-compile", "--no-cache-dir", "--progress-bar", "off"];
  const args = ["-m", "pip", "install", "--target", folder, ...tags, ...options, "-r", requirements];
  try {
    await run(python, args, { env: { ...pipEnvironment(), TMPDIR: temporary }, log });
    return true;
  } catch (error) {
    if (error instanceof CommandError && /No matching distribution found/.test(error.output)) return false;
    throw explain(`Installing ${project} ${version}`, error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(requirements, { force: true });
  }
}

export function libraryNames(platform: string): [string, string] {
  return platform === "darwin"
    ? ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"]
    : ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
}

const headers = "Eigen unsupported third_party/eigen3 tensorflow/c tensorflow/core/platform tsl xla/c".split(" ");

/** Moves the libraries, those that they need themselves, and the headers of the unpacked wheel; gives back all files. */
export async function moveNeeded(from: string, to: string, platform: string): Promise<string[]> {
  const needed = [
    ...libraryNames(platform).map((name) => `tensorflow/${name}`),
    ...headers.map((folder) => `tensorflow/include/${folder}`),
    ...readdirSync(from).filter((name) => /^tensorflow_[a-z_]+\.libs$/.test(name)),
  ];
  for (const path of needed.filter((path) => existsSync(join(from, path)))) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await rename(join(from, path), join(to, path));
  }
  const all = readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return all.map((entry) => join(entry.parentPath, entry.name).slice(to.length + 1));
}
