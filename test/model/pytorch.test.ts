import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gradient } from "../../src/analysis/importances/gradient";
import { gradientNorm } from "../../src/analysis/importances/gradientNorm";
import { integratedGradients } from "../../src/analysis/importances/integratedGradients";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { isBinary } from "../../src/data/dataset";
import { createModel } from "../../src/model/model";
import { predict } from "../../src/model/predict";
import { chooseStep, createOptimizer } from "../../src/model/trainStep";
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
import { predictWith } from "./smallModel";

before(async () => {
  const kind = await loadBackend();
  if (process.env.ATTENTION_BACKEND === "wasm") assert.equal(kind, "wasm");
});

for (const golden of goldens) {
  for (const [name, modelGolden] of Object.entries(golden.models)) {
    const title = `${golden.task} of ${golden.classes}, ${name}`;
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
  const predictions = await predictWith(createGoldenModel(golden, modelGolden), goldenExamples(golden), attention);
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
  const optimizer = createOptimizer(model);
  const { step } = chooseStep(model);
  for (const [index, batch] of golden.batches.entries()) {
    const summed = step(model, optimizer, batch, golden.positiveWeight);
    const loss = isBinary(model) ? summed : summed / batch.length; // of more than one logit PyTorch's loss is the mean
    assertAllClose([loss], [losses[index]!], `loss of step ${index}`);
  }
  assert.deepEqual([...optimizer.names].sort(), Object.keys(weights).sort());
  for (const [name, { values }] of Object.entries(weights)) {
    assertAllClose(optimizer.read(name).dataSync(), values, `${name} after training`);
  }
}

test("the optimiser moves PyTorch's gradients to PyTorch's weights", () => {
  const { config, trained } = optimiserGolden;
  const optimizer = createOptimizer({ config: modelConfig(config), weights: toTensors(optimiserGolden.weights) });
  for (const gradients of trained.gradients) {
    const rows = optimizer.names.map((name) => [name, tf.range(0, gradients[name]!.shape[0]!, 1, "int32")]);
    const byRow = rows.filter(([name]) => name === "embedding.vectors");
    optimizer.update(toTensors(gradients), Object.fromEntries(byRow));
  }
  for (const name of optimizer.names) {
    assertAllClose(optimizer.read(name).dataSync(), trained.weights[name]!.values, name, 1e-6);
  }
});

test("the padding's word vectors stay zero", () => {
  for (const golden of goldens) {
    const modelGolden = golden.models["bilstm-additive"]!;
    const model = createGoldenModel(golden, modelGolden);
    const optimizer = createOptimizer(model);
    for (const batch of golden.batches) chooseStep(model).step(model, optimizer, batch, golden.positiveWeight);
    for (const name of optimizer.names.filter((each) => each.endsWith(".vectors"))) {
      const padding = Array.from(optimizer.read(name).dataSync()).slice(0, model.config.embeddingSize);
      assert.deepEqual(padding, new Array(model.config.embeddingSize).fill(0), `${golden.task}: ${name}`);
    }
  }
});
