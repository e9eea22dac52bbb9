import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { unknownName } from "../errors";
import { cacheFolder } from "../paths";

export { tf };

/** How tensors are computed: by libtensorflow with our kernels, or by WebAssembly where that could not be built. */
export type BackendKind = "native" | "wasm";

interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** The part of tfjs-node's backend that reaches any kernel of libtensorflow, ours included. */
interface NativeBackend {
  binding: { TF_ATTR_BOOL: number; TF_Version: string };
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

let loaded: Promise<BackendKind> | undefined;

/**
 * Loads the tensor backend once: libtensorflow with our kernels, or, where the set-up could not build it, WebAssembly,
 * which is said in one line on standard error.
 *
 * @returns which of the two computes from now on
 */
export function loadBackend(): Promise<BackendKind> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<BackendKind> {
  const problem = loadNative();
  if (problem === undefined) return "native";
  console.warn(
    `The native TensorFlow backend is missing (${problem}); WebAssembly computes instead, about 20 times slower.`,
  );
  const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  return "wasm";
}

/** Loads libtensorflow; the answer is undefined, or the reason why it cannot be loaded. */
function loadNative(): string | undefined {
  const wanted = process.env.ATTENTION_BACKEND || "native";
  if (wanted !== "native" && wanted !== "wasm") throw unknownName("ATTENTION_BACKEND", wanted, ["native", "wasm"]);
  if (wanted === "wasm") return "ATTENTION_BACKEND asks for wasm";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  // Node 23 dropped two functions that tfjs-node calls.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  try {
    require("@tensorflow/tfjs-node");
    tf.setBackend("tensorflow");
    return undefined;
  } catch (error) {
    return buildFailure() ?? firstLine(error);
  }
}

/** The reason that the set-up left when it could not build the native backend. */
function buildFailure(): string | undefined {
  try {
    return JSON.parse(readFileSync(join(cacheFolder(), "native", "failed.json"), "utf8")).reason;
  } catch {
    return undefined;
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0] as string;
}

/** Whether our kernels can be called; loadBackend() comes first. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/**
 * Runs one kernel of libtensorflow.
 *
 * @param booleans the kernel's attributes, all boolean
 */
export function runKernel(
  op: string,
  booleans: Record<string, boolean>,
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  const backend = tf.backend() as unknown as NativeBackend;
  const attributes = Object.entries(booleans).map(([name, value]) => ({
    name,
    type: backend.binding.TF_ATTR_BOOL,
    value,
  }));
  return backend.executeMultipleOutputs(op, attributes, inputs, outputs);
}

/** The version of libtensorflow, or undefined on the WebAssembly backend. */
export function nativeVersion(): string | undefined {
  return isNative() ? (tf.backend() as unknown as NativeBackend).binding.TF_Version : undefined;
}
