import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { sha256 } from "../sha256";

/** What decides the code that kernels are compiled to: the processor's model and, on Linux, all that it can do. */
export function processorFeatures(): string {
  const model = cpus()[0]?.model ?? "";
  if (process.platform !== "linux") return model;
  const features = /^(flags|Features)\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[2] ?? "";
  return model + features;
}

/** The model, and a hash of what it can do: numbers are the same to the last bit on processors of one kind. */
export function processorKind(): string {
  return `${cpus()[0]?.model} (${sha256(processorFeatures()).slice(0, 8)})`;
}
