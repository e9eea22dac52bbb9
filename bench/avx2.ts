// Compiles the kernels for processors with AVX2 alone, and prints where the addon lies.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { compileAddon, installedCompilers } from "../src/cli/setup/compiler";
import { addonOf, nativeFolder, nativeFolders, usableWheel } from "../src/cli/setup/nativeBackend";

async function main(): Promise<void> {
  const addon = addonOf(nativeFolders(usableWheel()).tensorflow);
  const flagsOf = (flags: readonly string[]) => flags.map((flag) => flag.replace("-march=native", "-march=x86-64-v3"));
  const sources = addon.sources.map(({ path, flags }) => ({ path, flags: flagsOf(flags) }));
  const folder = join(nativeFolder(), "addon-avx2");
  mkdirSync(folder, { recursive: true });
  const [compiler] = await installedCompilers();
  if (!compiler) throw new Error("There is no C++ compiler here.");
  const name = "tfjs_binding.node";
  await compileAddon(compiler, { ...addon, sources }, { folder, name, log: join(folder, "compile") });
  console.log(join(folder, name));
}

main();
