import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { decodeTensors, encodeTensors, readTensors, type TensorFile } from "../../src/model/checkpoint";
import { type AttentionModel, createModel, disposeModel } from "../../src/model/model";
import { predict, predictedLabel } from "../../src/model/predict";
import { type CheckpointStore, type TrainingProgress, trainModel } from "../../src/model/train";
import { smallConfig, smallDataset } from "./smallModel";

before(() => loadBackend());

const dataset = smallDataset();

/** Keeps the bytes of every epoch but the last, as files would. */
function memoryStore(files: Uint8Array[] = []): CheckpointStore & { files: Uint8Array[] } {
  return {
    files,
    load: async () => files.at(-1) && decodeTensors(files.at(-1)!),
    save: async (file) => {
      files.push(Buffer.concat(encodeTensors(file)));
    },
  };
}

function bits(tensors: TensorFile["tensors"]): Record<string, Uint32Array> {
  const entries = Object.entries(tensors).map(([name, { values }]) => [name, new Uint32Array(values.slice().buffer)]);
  return Object.fromEntries(entries);
}

const bitsOf = (model: AttentionModel) => bits(readTensors(model.weights));

test("a model learns which word decides", async () => {
  const { model, log } = await trainModel(dataset, { ...smallConfig, epochs: 12 });
  assert.deepEqual(
    log.map(({ epoch }) => epoch),
    Array.from({ length: 12 }, (_, index) => index + 1),
  );
  assert.ok(log.at(-1)!.loss < log[0]!.loss / 4, JSON.stringify(log));
  const predictions = await predict(model, dataset.test);
  const right = predictions.filter((prediction, index) => {
    return predictedLabel(prediction) === dataset.test[index]!.label;
  });
  assert.ok(right.length >= 18, `${right.length} of 20 right`);
});

test("the same seed gives the same bits, another seed other weights", async () => {
  const first = await trainModel(dataset, smallConfig);
  const again = await trainModel(dataset, smallConfig);
  assert.deepEqual(bitsOf(again.model), bitsOf(first.model));
  assert.deepEqual(
    again.log.map(({ seconds: _, ...rest }) => rest),
    first.log.map(({ seconds: _, ...rest }) => rest),
  );
  const [one, other] = [0, 1].map((seed) => createModel({ ...smallConfig, seed }, dataset.vocabulary, dataset));
  for (const name of Object.keys(one!.weights)) assert.notDeepEqual(bitsOf(one!)[name], bitsOf(other!)[name], name);
  const trained = await trainModel(dataset, { ...smallConfig, seed: 1 });
  assert.notDeepEqual(bitsOf(trained.model), bitsOf(first.model));
});

test("a new model's weights are drawn from the ranges that PyTorch draws them from", () => {
  const words = Array.from({ length: 2000 }, (_, index) => `w${index}`);
  const { weights } = createModel(
    { ...smallConfig, hiddenSize: 64, embeddingSize: 50, embeddingScale: 0.5 },
    words,
    dataset,
  );
  const values = (name: string) => Array.from(weights[name]!.dataSync());
  const largest = (name: string) => Math.max(...values(name).map(Math.abs));
  const bounds = {
    "encoder.inputWeights": 1 / 8,
    "encoder.recurrentWeights": 1 / 8,
    "encoder.inputBias": 1 / 8,
    "encoder.recurrentBias": 1 / 8,
    "attention.projection": 1 / Math.sqrt(128),
    "attention.bias": 1 / Math.sqrt(128),
    "attention.vector": 1 / 8,
    "decoder.weights": 1 / Math.sqrt(128),
  };
  for (const [name, bound] of Object.entries(bounds)) {
    assert.ok(largest(name) <= bound && largest(name) > 0.9 * bound, `${name}: ${largest(name)} of ${bound}`);
  }
  const vectors = values("embedding.vectors");
  assert.ok(vectors.slice(0, 50).every((value) => value === 0));
  const deviation = Math.sqrt(vectors.slice(50).reduce((sum, x) => sum + x * x, 0) / (vectors.length - 50));
  assert.ok(Math.abs(deviation - 0.5) < 0.01, `${deviation}`);
});

test("the weights of the epoch with the best dev AUC are kept, never the first epoch's", async () => {
  let kept = new Set<number>();
  for (const seed of [0, 1, 2, 3]) {
    const store = memoryStore();
    const { model, log } = await trainModel(dataset, { ...smallConfig, seed, epochs: 6 });
    await trainModel(dataset, { ...smallConfig, seed, epochs: 7 }, { store });
    const later = log.slice(1);
    const best = later.find(({ devScore }) => devScore === Math.max(...later.map((entry) => entry.devScore)))!.epoch;
    const { tensors } = decodeTensors(store.files[best - 1]!);
    const values = Object.entries(tensors).flatMap(([name, tensor]) => {
      return name.startsWith("value/") ? [[name.slice("value/".length), tensor] as const] : [];
    });
    assert.deepEqual(bitsOf(model), bits(Object.fromEntries(values)), `seed ${seed}: epoch ${best}`);
    kept = kept.add(best);
  }
  assert.ok(
    [...kept].some((epoch) => epoch < 6),
    `the best epoch is not always the last one: ${[...kept]}`,
  );
});

test("training that goes on from any epoch ends with the bits of an uninterrupted one", async () => {
  const config = { ...smallConfig, epochs: 4 };
  const store = memoryStore();
  const whole = await trainModel(dataset, config, { store });
  assert.equal(store.files.length, 3);
  for (let epochs = 1; epochs <= 3; epochs++) {
    const resumed = await trainModel(dataset, config, { store: memoryStore(store.files.slice(0, epochs)) });
    assert.deepEqual(bitsOf(resumed.model), bitsOf(whole.model), `after ${epochs} epochs`);
    assert.deepEqual(
      resumed.log.map(({ loss, devScore }) => [loss, devScore]),
      whole.log.map(({ loss, devScore }) => [loss, devScore]),
    );
  }
});

test("progress is told after every batch, and an abort signal stops at the next one", async () => {
  const told: TrainingProgress[] = [];
  const controller = new AbortController();
  const store = memoryStore();
  const onProgress = (progress: TrainingProgress) => {
    told.push(progress);
    if (progress.epoch === 2 && progress.done === 11) controller.abort();
  };
  const training = trainModel(dataset, smallConfig, { onProgress, signal: controller.signal, store });
  await assert.rejects(training, {
    name: "UserError",
    message: "Training was stopped in epoch 2; 1 finished epoch is kept, and the next call goes on from there.",
  });
  assert.equal(told.length, 11);
  assert.deepEqual(
    told.map(({ done }) => done),
    Array.from({ length: 11 }, (_, index) => index + 1),
  );
  assert.ok(told.every(({ total, epochs, loss }) => total === 24 && epochs === 3 && loss > 0));
  assert.deepEqual([told[7]!.devScore, typeof told[8]!.devScore], [undefined, "number"]);
  assert.equal(store.files.length, 1);
});

test("a checkpoint is written behind the steps of the next epoch", async () => {
  const written: (() => void)[] = [];
  const store = { load: async () => undefined, save: () => new Promise<void>((done) => written.push(done)) };
  const onProgress = ({ epoch, done }: TrainingProgress) => done === 8 * epoch && written[epoch - 2]?.();
  const { log } = await trainModel(dataset, smallConfig, { store, onProgress });
  assert.deepEqual([log.length, written.length], [3, 2]);
});

test("a checkpoint that cannot be written ends the training with its error", async () => {
  const store = { load: async () => undefined, save: () => Promise.reject(new Error("the disk is full")) };
  await assert.rejects(trainModel(dataset, smallConfig, { store }), { message: "the disk is full" });
});

test("stopped without a finished epoch, or without a store, it says that nothing is kept", async () => {
  const signal = AbortSignal.abort();
  const message = "Training was stopped in epoch 1; nothing is kept.";
  await assert.rejects(trainModel(dataset, smallConfig, { signal, store: memoryStore() }), { message });
  await assert.rejects(trainModel(dataset, smallConfig, { signal }), { message });
});

test("a split of one class is refused, as is an empty one", async () => {
  const positives = dataset.train.filter(({ label }) => label === 1);
  await assert.rejects(trainModel({ ...dataset, train: positives }, smallConfig), {
    name: "UserError",
    message:
      'Training needs at least two classes in the train split of "small", but all 30 texts are "positive"; give texts of another class too.',
  });
  const negatives = dataset.dev.filter(({ label }) => label === 0);
  await assert.rejects(trainModel({ ...dataset, dev: negatives }, smallConfig), {
    message:
      'Training needs at least two classes in the dev split of "small", but all 15 texts are "negative"; give texts of another class too.',
  });
  await assert.rejects(trainModel({ ...dataset, train: [] }, smallConfig), {
    message:
      'Training needs at least two classes in the train split of "small", but it is empty; give texts of another class too.',
  });
});

test("a text without words in the corpus is refused", async () => {
  const empty = { id: "empty", tokens: [], label: 0 };
  await assert.rejects(trainModel({ ...dataset, train: [...dataset.train, empty] }, smallConfig), {
    name: "UserError",
    message:
      'Training needs at least one word in every text, but "empty" in the train split of "small" has none; leave it out.',
  });
});

test("training that diverges is said, with the learning rate", async () => {
  await assert.rejects(trainModel(dataset, { ...smallConfig, learningRate: 1e38 }), {
    name: "UserError",
    message: "Training diverged: the model's output is not a number; lower the learning rate (now 1e+38).",
  });
});

test("a whole training keeps the model's weights alone, a stopped or refused one nothing", async () => {
  const before = tf.memory().numTensors;
  const { model } = await trainModel(dataset, smallConfig, { store: memoryStore() });
  assert.equal(tf.memory().numTensors - before, Object.keys(model.weights).length);
  disposeModel(model);
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(trainModel(dataset, smallConfig, { signal: AbortSignal.abort() }));
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(trainModel({ ...dataset, dev: [] }, smallConfig));
  await assert.rejects(trainModel(dataset, { ...smallConfig, learningRate: 1e38 }));
  assert.equal(tf.memory().numTensors, before);
});
