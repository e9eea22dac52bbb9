// Compiles the kernels for processors with AVX2 alone, and prints where the addon lies.
import { join } from "node:path";
import {
  compileAddon,
  compilerFlags,
  installedCompilers,
  nativeFiles,
  nativeFolder,
} from "../src/cli/setup/nativeBackend";

async function main(): Promise<void> {
  const { tensorflow } = nativeFiles();
  const flags = compilerFlags.map((flag) => flag.replace("-march=native", "-march=x86-64-v3"));
  const addon = join(nativeFolder(), "addon-avx2", "tfjs_binding.node");
  const [compiler] = await installedCompilers();
  await compileAddon(compiler!, { tensorflow, addon, flags });
  console.log(addon);
}

main();
