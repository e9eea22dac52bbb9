import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gradientImportance } from "../../src/analysis/gradient";
import { leaveOneOut } from "../../src/analysis/leaveOneOut";
import { amsgradStep, createParameter } from "../../src/backend/amsgrad";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { predict } from "../../src/model/predict";
import { trainStep } from "../../src/model/train";
import type { Weights } from "../../src/model/weights";
import { assertAllClose } from "../close";
import { golden, goldenConfig, goldenExamples, goldenModel, toTensors } from "./bilstmAdditive";

before(async () => {
  const kind = await loadBackend();
  if (process.env.ATTENTION_BACKEND === "wasm") assert.equal(kind, "wasm");
});

test("predictions are PyTorch's: logit, probability, attention", async () => {
  const predictions = await predict(goldenModel(), goldenExamples);
  for (const [index, { logit, probability, attention }] of golden.texts.entries()) {
    const received = predictions[index]!;
    assertAllClose([received.logit], [logit], `logit of text ${index}`);
    assertAllClose([received.probability], [probability], `probability of text ${index}`);
    assertAllClose(received.attention, attention, `attention of text ${index}`);
  }
});

test("gradient importance is PyTorch's, with the attention held fixed", async () => {
  const model = goldenModel();
  const predictions = await predict(model, goldenExamples);
  const importance = await gradientImportance(model, goldenExamples, predictions);
  for (const [index, { gradientImportance: expected }] of golden.texts.entries()) {
    assert.ok(Math.max(...expected) > 1e-3, "the golden has something to say");
    assertAllClose(importance[index]!, expected, `gradient importance of text ${index}`);
  }
});

test("leave-one-out importance is PyTorch's", async () => {
  const model = goldenModel();
  const predictions = await predict(model, goldenExamples);
  const importance = await leaveOneOut(model, goldenExamples, predictions);
  for (const [index, { probability, probabilityWithoutEach }] of golden.texts.entries()) {
    const expected = probabilityWithoutEach.map((without) => Math.abs(without - probability));
    assertAllClose(importance[index]!, expected, `leave-one-out importance of text ${index}`);
  }
});

test("three steps of training end with the weights that PyTorch's formula of 2019 gives", () => {
  const { losses, weights } = golden.trained.outside;
  const state = { parameters: parametersOf(goldenModel().weights), step: 0 };
  for (const [step, { ids, labels }] of golden.batches.entries()) {
    const instances = ids.map((sequence, b) => ({ ids: sequence, label: labels[b]! }));
    const loss = trainStep(goldenConfig, state, instances, golden.positiveWeight);
    assertAllClose([loss], [losses[step]!], `loss of step ${step}`);
  }
  for (const [name, { values }] of Object.entries(weights)) {
    assertAllClose(state.parameters[name]!.value.dataSync(), values, `${name} after training`);
  }
});

for (const epsilonPlacement of ["outside", "inside"] as const) {
  test(`the optimiser with epsilon ${epsilonPlacement} the bias correction moves PyTorch's gradients to PyTorch's weights`, () => {
    const { gradients, weights } = golden.trained[epsilonPlacement];
    const parameters = parametersOf(toTensors(golden.weights));
    for (const [name, parameter] of Object.entries(parameters)) {
      const decay = name.startsWith("attention.") ? 0 : goldenConfig.weightDecay;
      for (const [index, gradientsOfStep] of gradients.entries()) {
        const { shape, values } = gradientsOfStep[name]!;
        const settings = { learningRate: goldenConfig.learningRate, decay, step: index + 1, epsilonPlacement };
        amsgradStep(parameter, tf.tensor(values, shape), settings);
      }
      assertAllClose(parameter.value.dataSync(), weights[name]!.values, name, 1e-6);
    }
  });
}

test("the padding's word vector stays zero", () => {
  assert.ok(golden.trained.outside.weights["embedding.vectors"]!.values.slice(0, 6).every((value) => value === 0));
  const state = { parameters: parametersOf(goldenModel().weights), step: 0 };
  const instances = [
    { ids: [5, 6, 7], label: 0 },
    { ids: [8], label: 1 },
  ];
  trainStep(goldenConfig, state, instances, 1);
  const vectors = state.parameters["embedding.vectors"]!.value.dataSync();
  assert.deepEqual([...vectors.slice(0, goldenConfig.embeddingSize)], new Array(goldenConfig.embeddingSize).fill(0));
});

function parametersOf(weights: Weights) {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, createParameter(value)]));
}
