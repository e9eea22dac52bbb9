// Where the time of a training step goes, by operation. Operations run one after another, so their times add up; what is
// left is JavaScript: the tape of the gradient, the batch, the binding.
import { loadBackend, tf } from "../src/backend/tensorflow";
import { createModel } from "../src/model/model";
import { createOptimizer, tapeStep } from "../src/model/trainStep";
import { modelConfig } from "../src/study/config";
import { loadWork } from "./work";

interface Binding {
  executeOp(name: string, attributes: unknown[], inputs: number[], outputs: number): { shape: number[] }[];
}

/** Sizes that are the same in every batch. */
const fixed = new Set([1, 2, 128, 256, 300, 512, 1024]);

async function main(): Promise<void> {
  const kind = await loadBackend();
  if (kind !== "native") throw new Error("The profile reads the operations of the native backend, which is missing.");
  const { tokens, batches, positiveWeight, origin } = await loadWork("sst");
  const words = Array.from({ length: tokens - 4 }, (_, index) => String(index));
  const model = createModel(modelConfig(), words, { task: "classification", classNames: ["negative", "positive"] });
  const optimizer = createOptimizer(model);
  const some = batches.slice(0, 60);
  for (const batch of some.slice(0, 10)) tapeStep(model, optimizer, batch, positiveWeight);

  const times = new Map<string, { milliseconds: number; calls: number }>();
  const backend = tf.backend() as unknown as { binding: Binding };
  const { binding } = backend;
  const executeOp: Binding["executeOp"] = (name, attributes, inputs, outputs) => {
    const started = performance.now();
    const result = binding.executeOp(name, attributes, inputs, outputs);
    const key = `${name} -> [${result[0]!.shape.map((size) => (fixed.has(size) ? size : "n")).join(", ")}]`;
    const entry = times.get(key) ?? { milliseconds: 0, calls: 0 };
    times.set(key, { milliseconds: entry.milliseconds + performance.now() - started, calls: entry.calls + 1 });
    return result;
  };
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } });
  const started = performance.now();
  for (const batch of some) tapeStep(model, optimizer, batch, positiveWeight);
  const total = (performance.now() - started) / some.length;

  console.log(`${origin}: ${total.toFixed(1)} ms a step, mean of ${some.length}`);
  let operations = 0;
  let small = 0;
  for (const [name, { milliseconds, calls }] of [...times].sort(([, a], [, b]) => b.milliseconds - a.milliseconds)) {
    const each = milliseconds / some.length;
    operations += each;
    if (each < 0.2) small += each;
    else
      console.log(`${each.toFixed(2).padStart(7)} ms  ${(calls / some.length).toFixed(1).padStart(5)} calls  ${name}`);
  }
  console.log(`${small.toFixed(2).padStart(7)} ms  in operations below 0.2 ms`);
  console.log(`${(total - operations).toFixed(2).padStart(7)} ms  outside of operations`);
}

main();
