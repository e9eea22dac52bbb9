// node bench/run.mjs training | study | length | profile | quick | sweep | door [options]; see README.md beside this file.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const benches = {
  training: "training.ts",
  study: "study.ts",
  length: "length.ts",
  profile: "profile.ts",
  quick: "quick.ts",
  sweep: "sweep.ts",
  door: "door.py",
};
const besidePytorch = ["training", "study"];

function run(program, args, environment = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: dirname(folder),
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** A Python with PyTorch: the one in BENCH_PYTHON, else that of bench/.venv, which is made on first use. */
function pythonWithTorch() {
  if (process.env.BENCH_PYTHON) return process.env.BENCH_PYTHON;
  const python = join(folder, ".venv", "bin", "python");
  const installed = () =>
    spawnSync(python, ["-c", "import torch, scipy, safetensors"], { stdio: "ignore" }).status === 0;
  if (existsSync(python) && installed()) return python;
  console.error("Installing PyTorch into bench/.venv, several gigabytes, once.");
  run("python3", ["-m", "venv", join(folder, ".venv")]);
  run(python, ["-m", "pip", "install", "--quiet", "--requirement", join(folder, "requirements.txt")]);
  return python;
}

/** Holds both sides to AVX2. */
function avx2Environment() {
  const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", join(folder, "avx2.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
  const libraries = { ONEDNN_MAX_CPU_ISA: "AVX2", MKL_ENABLE_INSTRUCTIONS: "AVX2", ATEN_CPU_CAPABILITY: "avx2" };
  return { BENCH_ADDON: String(stdout).trim(), ...libraries };
}

const [name, ...options] = process.argv.slice(2);
if (!Object.hasOwn(benches, name ?? "")) {
  console.error(`Which benchmark? One of ${Object.keys(benches).join(", ")}, as in: node bench/run.mjs training`);
  process.exit(1);
}
const environment = besidePytorch.includes(name) ? { BENCH_PYTHON: pythonWithTorch() } : {};
if (options.includes("--avx2")) Object.assign(environment, avx2Environment());
const script = join(folder, benches[name]);
if (name === "door") run(join(dirname(folder), ".venv", "bin", "python"), [script, ...options]);
else run(process.execPath, ["--import", "tsx", script, ...options], environment);
