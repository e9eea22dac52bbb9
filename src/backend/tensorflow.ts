import { dirname } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { UserError, unknownName } from "../errors";

export { tf };

/** How tensors are computed: by libtensorflow with our kernels, or by WebAssembly where that could not be built. */
export type BackendKind = "native" | "wasm";

/** The part of tfjs-node's backend that reaches any kernel of libtensorflow, ours included. */
interface NativeBackend {
  binding: { TF_Version: string };
  executeMultipleOutputs(op: string, attributes: [], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

let loaded: Promise<BackendKind> | undefined;

/** Loads libtensorflow with our kernels, once, or, where that could not be built, WebAssembly, which is said. */
export function loadBackend(): Promise<BackendKind> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<BackendKind> {
  const problem = loadNative();
  if (problem === undefined) return "native";
  if (process.env.ATTENTION_BACKEND === "native")
    throw new UserError(
      `ATTENTION_BACKEND asks for the native TensorFlow backend, but it is missing here (${problem}); run npm run doctor on this machine, or leave the variable out.`,
    );
  console.warn(
    `The native TensorFlow backend is missing (${problem}); WebAssembly computes instead, about 20 times slower; npm run doctor says why.`,
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
    const addon = process.env.ATTENTION_ADDON;
    const load = require.extensions[".node"]!;
    if (addon)
      require.extensions[".node"] = (module, path) => load(module, path.endsWith("tfjs_binding.node") ? addon : path);
    require("@tensorflow/tfjs-node");
    tf.setBackend("tensorflow");
    return undefined;
  } catch (error) {
    return (error as Error).message.split("\n")[0]!.trim();
  }
}

/** Whether our kernels can be called; loadBackend() comes first. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/** Runs one kernel of libtensorflow that has no attributes. */
export function runKernel(op: string, inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
  return (tf.backend() as unknown as NativeBackend).executeMultipleOutputs(op, [], inputs, outputs);
}

/** What is computed, all tensors that were made for it freed; unlike tf.tidy it does not search the result for tensors. */
export function freed<Result>(compute: () => Result): Result {
  let result: Result | undefined;
  tf.tidy(() => {
    result = compute();
  });
  return result as Result;
}

/** What {@link withGradient} computes. */
interface Differentiable<Value> {
  value: Value;
  /** What the gradient needs. */
  saved: tf.Tensor[];
  /** The gradients by the inputs. @param dy that by the value */
  gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor | tf.Tensor[];
}

/** Computes something of some inputs whose gradient by them is known. */
export function withGradient<Value extends tf.Tensor>(
  inputs: tf.Tensor[],
  compute: () => Differentiable<Value>,
): Value {
  const run = tf.customGrad((...given) => {
    const { value, saved, gradient } = compute();
    (given.at(-1) as unknown as tf.GradSaveFunc)(saved);
    return { value, gradFunc: gradient };
  });
  return run(...inputs) as Value;
}

/** [time, batch, columns]: tf.gather, whose gradient WebAssembly lacks. @param rows row numbers, [time, batch], any more than once */
export function takeRows(table: tf.Tensor2D, rows: tf.Tensor2D): tf.Tensor3D {
  return withGradient([table], () => ({
    value: tf.gather(table, rows) as tf.Tensor as tf.Tensor3D,
    saved: [rows],
    gradient: (dy, [saved]) => tf.scatterND(tf.expandDims(saved!, 2), dy, table.shape),
  }));
}

/** The version of libtensorflow, or undefined on the WebAssembly backend. */
export function nativeVersion(): string | undefined {
  return isNative() ? (tf.backend() as unknown as NativeBackend).binding.TF_Version : undefined;
}
