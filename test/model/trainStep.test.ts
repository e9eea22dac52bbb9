import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, runKernel, tf } from "../../src/backend/tensorflow";
import { readTensors } from "../../src/model/checkpoint";
import { createModel } from "../../src/model/model";
import {
  chooseStep,
  createOptimizer,
  differenceOfStep,
  type Instance,
  nativeStep,
  type TrainStep,
  tapeStep,
} from "../../src/model/trainStep";
import { createRandom } from "../../src/stats/random";
import { type ModelConfig, modelConfig } from "../../src/study/config";
import { assertAllClose } from "../close";

const skip = process.env.ATTENTION_BACKEND === "wasm" && "the native step needs the native backend";

before(() => loadBackend());

const words = Array.from({ length: 40 }, (_, index) => `word${index}`);

function classifier(options: Partial<ModelConfig>) {
  return createModel(modelConfig(options), words, { task: "classification", classNames: ["negative", "positive"] });
}

function instances(lengths: readonly number[], seed = "instances"): Instance[] {
  const random = createRandom(seed);
  return lengths.map((length) => ({
    ids: Array.from({ length }, () => random.integer(44)),
    label: random.integer(2),
  }));
}

/** Losses and the optimiser's state after a step for each batch. */
function train(step: TrainStep, options: Partial<ModelConfig>, batches: Instance[][]) {
  const model = classifier(options);
  const optimizer = createOptimizer(model);
  const losses = batches.map((batch) => step(model, optimizer, batch, 1.7));
  const state = readTensors(optimizer.state());
  optimizer.dispose();
  return { losses, state };
}

const batches: [what: string, lengths: number[]][] = [
  ["one word", [1]],
  ["one text", [7]],
  ["equal lengths", [4, 4, 4]],
  ["ragged lengths", [3, 9, 2, 5, 9, 1]],
];
const sizes = [
  { hiddenSize: 1, embeddingSize: 1 },
  { hiddenSize: 5, embeddingSize: 6 },
  { hiddenSize: 16, embeddingSize: 70 },
];

for (const attention of ["additive", "dot"] as const) {
  for (const [what, lengths] of batches) {
    test(`${attention}, ${what}: loss and all gradients of the native step are the tape's`, { skip }, () => {
      for (const size of sizes) {
        // Without decay the mean after the first update is a tenth of the gradient.
        const options = { ...size, attention, weightDecay: 0, attentionWeightDecay: 0 };
        const [native, tape] = [nativeStep, tapeStep].map((step) => train(step, options, [instances(lengths)]));
        assertAllClose(native!.losses, tape!.losses, "loss");
        for (const [name, { values }] of Object.entries(tape!.state)) {
          if (!name.startsWith("mean/")) continue;
          const gradients = [native!.state[name]!.values, values].map((means) => means.map((mean) => 10 * mean));
          assertAllClose(gradients[0]!, gradients[1]!, `gradient of ${name.slice(5)}`);
          assert.ok(what === "one word" || gradients[1]!.some((gradient) => gradient !== 0), name);
        }
      }
    });
  }

  test(`${attention}: an epoch of native steps ends as one of the tape, and twice with the same bits`, { skip }, () => {
    const options = { hiddenSize: 16, embeddingSize: 20, attention, attentionWeightDecay: 1e-3 };
    const random = createRandom("lengths");
    const epoch = Array.from({ length: 60 }, (_, index) =>
      instances(
        Array.from({ length: 1 + random.integer(12) }, () => 1 + random.integer(20)),
        `batch ${index}`,
      ),
    );
    const [native, again, tape] = [nativeStep, nativeStep, tapeStep].map((step) => train(step, options, epoch));
    assert.deepEqual(again, native);
    assertAllClose(native!.losses, tape!.losses, "losses", 1e-4);
    for (const [name, { values }] of Object.entries(tape!.state)) {
      assertAllClose(native!.state[name]!.values, values, name, 1e-4);
    }
  });
}

test("the native step trains the paper's main models, the tape all others", { skip }, () => {
  const how = (options: Partial<ModelConfig>) => chooseStep(classifier(options)).how;
  assert.equal(how({}), "one native operation a step");
  assert.equal(how({ attention: "dot" }), "one native operation a step");
  for (const options of [{ encoder: "cnn" }, { encoder: "average" }, { attentionWeights: "sparsemax" }] as const)
    assert.equal(how(options), "operation by operation");
  const asked = createModel(modelConfig(), words, { task: "inference", classNames: ["no", "yes", "maybe"] });
  assert.equal(chooseStep(asked).step, tapeStep);
});

test("a native step that fails its test leaves the training to the tape, which is said in one line", {
  skip,
}, (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  context.mock.method(tf.backend() as never as { executeMultipleOutputs(): unknown }, "executeMultipleOutputs", () => {
    throw new Error("illegal instruction");
  });
  const { step, how } = chooseStep(classifier({}));
  context.mock.restoreAll();
  assert.equal(step, tapeStep);
  assert.match(how, /^operation by operation, as the native training step differs/);
  assert.equal(warn.mock.callCount(), 1);
});

test("the self-test agrees with either step, and finds one whose gradients are off by a tenth", () => {
  for (const attention of ["additive", "dot"] as const) {
    for (const step of skip ? [tapeStep] : [tapeStep, nativeStep])
      assert.ok(differenceOfStep(step, attention) < 1e-4, attention);
    const off: TrainStep = (model, optimizer, batch, weight) => tapeStep(model, optimizer, batch, weight * 1.1);
    assert.ok(differenceOfStep(off, attention) > 1e-2, attention);
  }
});

test("the native step refuses what does not fit in a sentence", { skip }, () => {
  const model = classifier({ hiddenSize: 2, embeddingSize: 3 });
  const optimizer = createOptimizer(model);
  const step = (ids: number[]) => nativeStep(model, optimizer, [{ ids, label: 1 }], 1);
  assert.throws(() => step([]), /a text needs a word/);
  assert.throws(() => nativeStep(model, optimizer, [], 1), /a batch needs a text/);
  assert.throws(() => step([44]), /ids names a word without a vector/);
  assert.throws(() => step([-1]), /ids names a word without a vector/);
  const empty = tf.tensor1d([], "int32");
  assert.throws(() => runKernel("AttentionTrainingStepDot", new Array(38).fill(empty), 1));
});

for (const [name, step] of Object.entries({ tapeStep, nativeStep })) {
  test(`a hundred calls of ${name} keep no tensor`, { skip: step === nativeStep && skip }, () => {
    const before = tf.memory().numTensors;
    const model = classifier({ hiddenSize: 4, embeddingSize: 5 });
    const optimizer = createOptimizer(model);
    const after = tf.memory().numTensors;
    for (let index = 0; index < 100; index++) {
      assert.ok(Number.isFinite(step(model, optimizer, instances([1, 6, 3], String(index)), 1)));
    }
    assert.equal(optimizer.step, 100);
    assert.equal(tf.memory().numTensors, after);
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}
