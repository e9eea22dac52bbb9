import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gradient } from "../../../src/analysis/importances/gradient";
import { logitGradient } from "../../../src/analysis/importances/logitGradient";
import { loadBackend, tf } from "../../../src/backend/tensorflow";
import type { AttentionModel } from "../../../src/model/model";
import { predict } from "../../../src/model/predict";
import { encodeExample, encodeTokens } from "../../../src/model/vocabulary";
import { wordGradients } from "../../../src/model/wordGradient";
import { kendallTau } from "../../../src/stats/kendall";
import { assertAllClose } from "../../close";
import { predictWith, randomExamples, setWeights, smallModel } from "../../model/smallModel";
import { explained } from "../explained";

before(() => loadBackend());

const examples = randomExamples([6, 1, 12, 3, 20]);
const logit = { output: "logit", labels: [1] } as const;

/** The logit with the vector of one word of the vocabulary scaled, the attention held fixed. */
async function scaledLogit(model: AttentionModel, tokens: string[], word: string, factor: number, attention: number[]) {
  const [row] = encodeTokens(model.vocabulary, [word]);
  const vectors = model.weights["embedding.vectors"]!.dataSync<"float32">();
  const { embeddingSize } = model.config;
  const scaled = vectors.map((value, index) => (Math.floor(index / embeddingSize) === row ? factor * value : value));
  const copy = { ...model, weights: { ...model.weights, "embedding.vectors": tf.tensor(scaled, [44, embeddingSize]) } };
  const [prediction] = await predictWith(copy, [{ tokens }], [attention]);
  return prediction!.logits[0]!;
}

test("the gradient is the difference quotient of the logit as a word's presence grows, with the attention held fixed", async () => {
  const model = smallModel();
  const tokens = ["word3", "word14", "word15", "word9", "word26", "word5"];
  const [prediction] = await predict(model, [{ id: "pi", tokens }]);
  const [gradients] = await wordGradients(model, [encodeExample(model.vocabulary, { tokens })], logit);
  const step = 0.01;
  const quotients: number[] = [];
  for (const word of tokens) {
    const more = await scaledLogit(model, tokens, word, 1 + step, prediction!.attention);
    const less = await scaledLogit(model, tokens, word, 1 - step, prediction!.attention);
    quotients.push((more - less) / (2 * step));
  }
  assert.ok(Math.max(...quotients.map(Math.abs)) > 0.1);
  assertAllClose(gradients!, quotients, "gradient", 1e-3);
});

test("a word that stands in two places has a gradient at each place, and their sum is that of both together", async () => {
  const model = smallModel();
  const tokens = ["word7", "word2", "word7", "word3"];
  const [prediction] = await predict(model, [{ id: "twice", tokens }]);
  const [gradients] = await wordGradients(model, [encodeExample(model.vocabulary, { tokens })], logit);
  const more = await scaledLogit(model, tokens, "word7", 1.01, prediction!.attention);
  const less = await scaledLogit(model, tokens, "word7", 0.99, prediction!.attention);
  assert.ok(Math.abs(gradients![0]! - gradients![2]!) > 1e-4);
  assertAllClose([gradients![0]! + gradients![2]!], [(more - less) / 0.02], "sum", 1e-3);
});

test("padding changes nothing: a text alone and beside longer ones", async () => {
  const model = smallModel();
  const together = await explained(gradient, model, examples);
  for (const [index, example] of examples.entries()) {
    const [alone] = await explained(gradient, model, [example]);
    assertAllClose(alone!, together[index]!, example.id, 1e-6);
  }
});

test("importance is not negative, one number per word, and the logit's ranks the words as the probability's", async () => {
  const model = smallModel();
  const predictions = await predict(model, examples);
  const probability = await explained(gradient, model, examples);
  const logit = await explained(logitGradient, model, examples);
  for (const [index, { tokens }] of examples.entries()) {
    assert.equal(probability[index]!.length, tokens.length);
    assert.ok(probability[index]!.every((value) => value >= 0));
    const p = predictions[index]!.output[1]!;
    assert.ok(p > 0.01 && p < 0.99, "not saturated");
    const expected = logit[index]!.map((value) => value * p * (1 - p));
    assertAllClose(probability[index]!, expected, `importance of ${index}`, 1e-9);
    if (tokens.length === 1) continue;
    assert.ok(Math.abs(kendallTau(probability[index]!, logit[index]!).value! - 1) < 1e-12);
  }
});

test("where the probability saturates its gradient is zero, but not the logit's", async () => {
  const model = smallModel();
  setWeights(model, "decoder.bias", [200]);
  const probability = await explained(gradient, model, examples);
  assert.ok(probability.flat().every((value) => value === 0));
  const logit = await explained(logitGradient, model, examples);
  assert.ok(logit.flat().every((value) => value > 0));
});

test("a text of 5,000 words has a gradient at each", async () => {
  const model = smallModel({ hiddenSize: 4, embeddingSize: 4 });
  const long = randomExamples([5000]);
  const [importance] = await explained(gradient, model, long);
  assert.equal(importance!.length, 5000);
  assert.ok(importance!.every((value) => value >= 0 && Number.isFinite(value)));
  assert.ok(importance!.some((value) => value > 0));
});

test("a gradient keeps no tensor", async () => {
  const model = smallModel();
  await explained(gradient, model, examples);
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i++) await explained(gradient, model, examples);
  assert.equal(tf.memory().numTensors, numTensors);
});
