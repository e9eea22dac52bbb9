import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gradient } from "../../src/analysis/importances/gradient";
import { gradientNorm } from "../../src/analysis/importances/gradientNorm";
import { integratedGradients } from "../../src/analysis/importances/integratedGradients";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";
import { amsgradStep, createParameter } from "../../src/backend/amsgrad";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createModel, hasQuestion } from "../../src/model/model";
import { predict } from "../../src/model/predict";
import { trainStep } from "../../src/model/train";
import type { Weights } from "../../src/model/weights";
import { modelConfig } from "../../src/study/config";
import { explained } from "../analysis/explained";
import { assertAllClose } from "../close";
import {
  createGoldenModel,
  type Golden,
  goldenExamples,
  goldens,
  type ModelGolden,
  optimiserGolden,
  toTensors,
} from "./pytorchGoldens";

before(async () => {
  const kind = await loadBackend();
  if (process.env.ATTENTION_BACKEND === "wasm") assert.equal(kind, "wasm");
});

for (const golden of goldens) {
  for (const [name, modelGolden] of Object.entries(golden.models)) {
    const title = `${golden.task}, ${name}`;
    test(`${title}: a new model has weights of PyTorch's shapes`, () => checkShapes(golden, modelGolden));
    test(`${title}: predictions are PyTorch's`, () => checkPredictions(golden, modelGolden));
    test(`${title}: the output with other attention is PyTorch's`, () => checkGivenAttention(golden, modelGolden));
    test(`${title}: importances are PyTorch's`, () => checkImportances(golden, modelGolden));
    test(`${title}: three steps of training end with PyTorch's weights`, () => checkTraining(golden, modelGolden));
  }
}

function checkShapes({ task, words, classes }: Golden, { config, weights }: ModelGolden): void {
  const vocabulary = Array.from({ length: words }, (_, index) => `w${index}`);
  const model = createModel(modelConfig(config), vocabulary, { task, classNames: new Array(classes).fill("class") });
  const shapes = Object.entries(model.weights).map(([name, { shape }]) => [name, shape]);
  const expected = Object.entries(weights).map(([name, { shape }]) => [name, shape]);
  assert.deepEqual(Object.fromEntries(shapes), Object.fromEntries(expected));
}

async function checkPredictions(golden: Golden, modelGolden: ModelGolden): Promise<void> {
  const predictions = await predict(createGoldenModel(golden, modelGolden), goldenExamples(golden));
  for (const [index, { logits, output, attention }] of modelGolden.said.entries()) {
    const received = predictions[index]!;
    const expected = logits.map((logit) => logit ?? Number.NEGATIVE_INFINITY);
    const isPossible = expected.map(Number.isFinite);
    assert.deepEqual(received.logits.map(Number.isFinite), isPossible, `possible answers of text ${index}`);
    assertAllClose(
      received.logits.filter(Number.isFinite),
      expected.filter(Number.isFinite),
      `logits of text ${index}`,
    );
    assertAllClose(received.output, output, `output of text ${index}`);
    assertAllClose(received.attention, attention, `attention of text ${index}`);
    const zeros = (weights: number[]) => weights.map((weight) => weight === 0);
    assert.deepEqual(zeros(received.attention), zeros(attention), `words of text ${index} without any attention`);
  }
}

async function checkGivenAttention(golden: Golden, modelGolden: ModelGolden): Promise<void> {
  const attention = modelGolden.said.map((said) => [...said.attention].reverse());
  const predictions = await predict(createGoldenModel(golden, modelGolden), goldenExamples(golden), { attention });
  for (const [index, { outputOfReversedAttention }] of modelGolden.said.entries()) {
    assertAllClose(predictions[index]!.output, outputOfReversedAttention, `output of text ${index}`);
  }
}

async function checkImportances(golden: Golden, modelGolden: ModelGolden): Promise<void> {
  const model = createGoldenModel(golden, modelGolden);
  const examples = goldenExamples(golden);
  for (const importance of [gradient, gradientNorm, integratedGradients, leaveOneOut]) {
    const values = await explained(importance, model, examples);
    for (const [index, said] of modelGolden.said.entries()) {
      assertAllClose(values[index]!, said[importance.name], `${importance.name} of text ${index}`);
    }
  }
}

function checkTraining(golden: Golden, modelGolden: ModelGolden): void {
  const { losses, weights } = modelGolden.trained;
  const model = createGoldenModel(golden, modelGolden);
  const state = { parameters: parametersOf(model.weights), step: 0 };
  for (const [step, batch] of golden.batches.entries()) {
    const summed = trainStep(model, state, batch, golden.positiveWeight);
    const loss = hasQuestion(golden) ? summed / batch.length : summed; // with a question PyTorch's loss is the mean
    assertAllClose([loss], [losses[step]!], `loss of step ${step}`);
  }
  assert.deepEqual(Object.keys(state.parameters).sort(), Object.keys(weights).sort());
  for (const [name, { values }] of Object.entries(weights)) {
    assertAllClose(state.parameters[name]!.value.dataSync(), values, `${name} after training`);
  }
}

for (const epsilonPlacement of ["outside", "inside"] as const) {
  test(`the optimiser with epsilon ${epsilonPlacement} the bias correction moves PyTorch's gradients to PyTorch's weights`, () => {
    const { config, trained, trainedWithEpsilonInside } = optimiserGolden;
    const { gradients, weights } = epsilonPlacement === "outside" ? trained : trainedWithEpsilonInside;
    const { learningRate, weightDecay, attentionWeightDecay } = config;
    for (const [name, parameter] of Object.entries(parametersOf(toTensors(optimiserGolden.weights)))) {
      const decay = name.startsWith("attention.") ? attentionWeightDecay : weightDecay;
      for (const [index, gradientsOfStep] of gradients.entries()) {
        const { shape, values } = gradientsOfStep[name]!;
        amsgradStep(parameter, tf.tensor(values, shape), { learningRate, decay, step: index + 1, epsilonPlacement });
      }
      assertAllClose(parameter.value.dataSync(), weights[name]!.values, name, 1e-6);
    }
  });
}

test("the padding's word vectors stay zero", () => {
  for (const golden of goldens) {
    const modelGolden = golden.models["bilstm-additive"]!;
    const model = createGoldenModel(golden, modelGolden);
    const state = { parameters: parametersOf(model.weights), step: 0 };
    for (const batch of golden.batches) trainStep(model, state, batch, golden.positiveWeight);
    for (const name of ["embedding.vectors", "questionEmbedding.vectors"].filter((name) => name in state.parameters)) {
      const padding = Array.from(state.parameters[name]!.value.dataSync()).slice(0, model.config.embeddingSize);
      assert.deepEqual(padding, new Array(model.config.embeddingSize).fill(0), `${golden.task}: ${name}`);
    }
  }
});

function parametersOf(weights: Weights) {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, createParameter(value)]));
}
