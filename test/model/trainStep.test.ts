import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, runKernel, tf } from "../../src/backend/tensorflow";
import { readTensors } from "../../src/model/checkpoint";
import { createModel, type Purpose } from "../../src/model/model";
import {
  chooseStep,
  createOptimizer,
  differenceOfStep,
  type Instance,
  nativeStep,
  stepKinds,
  type TrainStep,
  tapeStep,
} from "../../src/model/trainStep";
import { createRandom } from "../../src/stats/random";
import { type ModelConfig, modelConfig } from "../../src/study/config";
import { assertAllClose } from "../close";

const skip = process.env.ATTENTION_BACKEND === "wasm" && "the native step needs the native backend";

before(() => loadBackend());

const words = Array.from({ length: 40 }, (_, index) => `word${index}`);

const purposes = {
  "two classes": { task: "classification", classNames: ["negative", "positive"] },
  "three classes": { task: "classification", classNames: ["a", "b", "c"] },
  "a hypothesis": { task: "inference", classNames: ["no", "yes", "maybe"] },
  "a question of few answers": { task: "question answering", classNames: ["a", "b", "c", "d", "e"] },
} satisfies Record<string, Purpose>;
type PurposeName = keyof typeof purposes;

function classifier(options: Partial<ModelConfig>, purpose: PurposeName = "two classes") {
  return createModel(modelConfig(options), words, purposes[purpose]);
}

function instances(lengths: readonly number[], seed = "instances", purpose: PurposeName = "two classes"): Instance[] {
  const random = createRandom(seed);
  const idsOf = (length: number) => Array.from({ length }, () => random.integer(44));
  return lengths.map((length) => {
    const text = { ids: idsOf(length), label: random.integer(purposes[purpose].classNames.length) };
    if (purposes[purpose].task === "classification") return text;
    const asked = { ...text, question: idsOf(1 + random.integer(6)) };
    return purpose === "a hypothesis" ? asked : { ...asked, candidates: [text.label, (text.label + 2) % 5] };
  });
}

/** Losses and the optimiser's state after a step for each batch. */
function train(step: TrainStep, options: Partial<ModelConfig>, batches: Instance[][], purpose?: PurposeName) {
  const model = classifier(options, purpose);
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
/** The smallest, and two that each test draws for itself. */
function sizesFor(test: string) {
  const random = createRandom(test);
  const drawn = [8, 24].map((most) => ({
    hiddenSize: 1 + random.integer(most),
    embeddingSize: 1 + random.integer(70),
  }));
  return [{ hiddenSize: 1, embeddingSize: 1 }, ...drawn];
}

const attentions = {
  additive: { attention: "additive" },
  dot: { attention: "dot" },
  uniform: { attentionWeights: "uniform" },
} satisfies Record<string, Partial<ModelConfig>>;

const encoders = {
  bilstm: { encoder: "bilstm" },
  cnn: { encoder: "cnn" },
  average: { encoder: "average" },
  "average with ReLU": { encoder: "average", averageActivation: "relu" },
} satisfies Record<string, Partial<ModelConfig>>;

const models = Object.entries(encoders).flatMap(([encoder, encoderOptions]) =>
  Object.entries(attentions).map(([scores, attentionOptions]) => {
    return { name: `${encoder}, ${scores}`, model: { ...encoderOptions, ...attentionOptions } };
  }),
);

for (const { name, model } of models) {
  for (const purpose of Object.keys(purposes) as PurposeName[]) {
    for (const [what, lengths] of batches) {
      test(`${name}, ${purpose}, ${what}: loss and all gradients of the native step are the tape's`, { skip }, () => {
        for (const size of sizesFor(`${name}, ${purpose}, ${what}`)) {
          // Without decay the mean after the first update is a tenth of the gradient.
          const options = { ...size, ...model, weightDecay: 0, attentionWeightDecay: 0 };
          if (options.encoder === "average") options.hiddenSize = Math.max(2, size.hiddenSize); // else the tape's
          const batch = instances(lengths, undefined, purpose);
          const [native, tape] = [nativeStep, tapeStep].map((step) => train(step, options, [batch], purpose));
          assertAllClose(native!.losses, tape!.losses, "loss");
          for (const [weight, { values }] of Object.entries(tape!.state)) {
            if (!weight.startsWith("mean/")) continue;
            const gradients = [native!.state[weight]!.values, values].map((means) => means.map((mean) => 10 * mean));
            assertAllClose(gradients[0]!, gradients[1]!, `gradient of ${weight.slice(5)}`);
            assert.ok(what === "one word" || gradients[1]!.some((gradient) => gradient !== 0), weight);
          }
        }
      });
    }

    test(`${name}, ${purpose}: an epoch of native steps ends as one of the tape, and twice with the same bits`, {
      skip,
    }, () => {
      const options = { hiddenSize: 16, embeddingSize: 20, ...model, attentionWeightDecay: 1e-3 };
      const random = createRandom("lengths");
      const epoch = Array.from({ length: 24 }, (_, index) =>
        instances(
          Array.from({ length: 1 + random.integer(12) }, () => 1 + random.integer(20)),
          `batch ${index}`,
          purpose,
        ),
      );
      const [native, again, tape] = [nativeStep, nativeStep, tapeStep].map((step) =>
        train(step, options, epoch, purpose),
      );
      assert.deepEqual(again, native);
      assertAllClose(native!.losses, tape!.losses, "losses", 1e-4);
      for (const [weight, { values }] of Object.entries(tape!.state)) {
        assertAllClose(native!.state[weight]!.values, values, weight, 1e-4);
      }
    });
  }
}

test("the native step trains every model of the paper, the tape all others", { skip }, () => {
  const how = (options: Partial<ModelConfig>, purpose?: PurposeName) => chooseStep(classifier(options, purpose)).how;
  for (const { model } of models)
    for (const purpose of Object.keys(purposes) as PurposeName[])
      assert.equal(how(model, purpose), "one native operation a step");
  for (const options of [{ attentionWeights: "sparsemax" }, { encoder: "average", hiddenSize: 1 }] as const)
    assert.equal(how(options), "operation by operation");
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
  for (const kind of stepKinds) {
    for (const step of skip ? [tapeStep] : [tapeStep, nativeStep])
      assert.ok(differenceOfStep(step, kind) < 1e-4, JSON.stringify(kind));
    const off: TrainStep = (model, optimizer, batch, weight) => tapeStep(model, optimizer, batch, weight * 1.1);
    const wrong: TrainStep = (model, optimizer, batch, weight) => {
      const others = batch.map((instance) => ({ ...instance, label: 1 - instance.label }));
      return tapeStep(model, optimizer, others, weight);
    };
    // With a question no text has a weight.
    assert.ok(differenceOfStep(kind.withQuestion ? wrong : off, kind) > 1e-2, JSON.stringify(kind));
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
  assert.throws(() => runKernel("AttentionTrainingStep", new Array(115).fill(empty), 1));
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
