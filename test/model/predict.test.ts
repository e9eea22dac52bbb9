import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { UserError } from "../../src/errors";
import { cutByLength } from "../../src/model/batch";
import { disposeModel } from "../../src/model/model";
import { type Prediction, predict, predictedLabel } from "../../src/model/predict";
import { rerun } from "../../src/model/rerun";
import { createRandom } from "../../src/stats/random";
import { assertAllClose } from "../close";
import { predictWith, randomExamples, setWeights, smallModel } from "./smallModel";

before(() => loadBackend());

const lengths = [5, 1, 17, 2, 9, 9, 3, 30];
const examples = randomExamples(lengths);

function assertSame(received: Prediction, expected: Prediction, what: string, tolerance = 1e-6): void {
  assertAllClose(received.output, expected.output, `output of ${what}`, tolerance);
  const possible = ({ logits }: Prediction) => logits.filter(Number.isFinite);
  assertAllClose(possible(received), possible(expected), `logits of ${what}`, 8 * tolerance);
  assertAllClose(received.attention, expected.attention, `attention of ${what}`, tolerance);
}

test("padding changes nothing: a text alone and beside longer ones", async () => {
  const model = smallModel();
  const together = await predict(model, examples);
  const logits = together.map((prediction) => prediction.logits[0]!);
  const spread = Math.max(...logits) - Math.min(...logits);
  assert.ok(spread > 0.1, "the texts differ in their output");
  for (const [index, example] of examples.entries()) {
    const [alone] = await predict(model, [example]);
    assertSame(alone!, together[index]!, example.id);
  }
});

test("predictions come in the order of the examples, over many passes", async () => {
  const model = smallModel({ hiddenSize: 2, embeddingSize: 2 });
  const random = createRandom("many");
  const many = randomExamples(Array.from({ length: 600 }, () => 1 + random.integer(12)));
  const all = await predict(model, many);
  assert.deepEqual(
    all.map(({ attention }) => attention.length),
    many.map(({ tokens }) => tokens.length),
  );
  for (const index of [0, 299, 599]) assertSame(all[index]!, (await predict(model, [many[index]!]))[0]!, `${index}`);
});

test("attention is as long as the words, not negative, and sums to 1", async () => {
  const predictions = await predict(smallModel(), examples);
  for (const [index, { attention, output, logits }] of predictions.entries()) {
    assert.equal(attention.length, lengths[index]);
    assert.ok(attention.every((weight) => weight >= 0));
    const sum = attention.reduce((total, weight) => total + weight, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6, `sum ${sum}`);
    assert.ok(Math.abs(output[1]! - 1 / (1 + Math.exp(-logits[0]!))) < 1e-6);
  }
  assertAllClose(predictions[1]!.attention, [1], "attention of a text of one word", 1e-6);
  const longest = predictions[7]!.attention;
  assert.ok(Math.max(...longest) > 1.5 / longest.length, "attention is not uniform");
});

test("the model's own attention handed back changes nothing, another one does", async () => {
  const model = smallModel();
  const own = await predict(model, examples);
  const back = await predictWith(
    model,
    examples,
    own.map(({ attention }) => attention),
  );
  for (const [index, prediction] of back.entries()) assertSame(prediction, own[index]!, examples[index]!.id);
  const reversed = await predictWith(
    model,
    examples,
    own.map(({ attention }) => [...attention].reverse()),
  );
  assert.ok(reversed.some(({ output }, index) => Math.abs(output[1]! - own[index]!.output[1]!) > 1e-3));
  assert.deepEqual(
    reversed[0]!.attention.map(Math.fround),
    [...own[0]!.attention].reverse().map(Math.fround),
    "the attention in the answer is the one that was used",
  );
});

test("the order of words matters, as an encoder that reads them in order sees it", async () => {
  const model = smallModel();
  const [text, reversed] = await predict(model, [
    { id: "a", tokens: ["word1", "word2", "word3"] },
    { id: "b", tokens: ["word3", "word2", "word1"] },
  ]);
  assert.ok(Math.abs(text!.logits[0]! - reversed!.logits[0]!) > 1e-4);
});

test("words that the model does not know are read alike", async () => {
  const model = smallModel();
  const [one, other] = await predict(model, [
    { id: "a", tokens: ["neverheard", "constructor", "toString"] },
    { id: "b", tokens: ["unseen", "unknown", "__proto__"] },
  ]);
  assert.ok(Number.isFinite(one!.logits[0]));
  assertSame(one!, other!, "unknown words");
});

test("a text of 5,000 words is predicted", async () => {
  const model = smallModel({ hiddenSize: 4, embeddingSize: 4 });
  const [prediction] = await predict(model, randomExamples([5000]));
  assert.equal(prediction!.attention.length, 5000);
  const sum = prediction!.attention.reduce((total, weight) => total + weight, 0);
  assert.ok(Math.abs(sum - 1) < 1e-4, `sum ${sum}`);
});

test("no text at all gives no prediction", async () => {
  assert.deepEqual(await predict(smallModel(), []), []);
});

test("a text without words is refused in a sentence that names it", async () => {
  await assert.rejects(predict(smallModel(), [{ id: "review-7", tokens: [] }]), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      error.message,
      'The text "review-7" has no words, and a model needs at least one; give it a text with words.',
    );
    return true;
  });
});

test("attention of another length is refused in a sentence that says both lengths", async () => {
  const text = { id: "review-8", tokens: ["word1", "word2", "word3"] };
  await assert.rejects(rerun(smallModel(), text, [{ attention: [0.5, 0.5] }]), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      error.message,
      'The attention given for "review-8" must be one weight per word: its text has 3 words, 2 weights came.',
    );
    return true;
  });
});

test("predicting keeps no tensor", async () => {
  const model = smallModel();
  await predict(model, examples);
  const before = tf.memory().numTensors;
  const { length } = Object.keys(model.weights);
  await predict(model, examples);
  await predictWith(
    model,
    examples,
    examples.map(({ tokens }) => tokens.map(() => 1 / tokens.length)),
  );
  assert.equal(tf.memory().numTensors, before);
  disposeModel(model);
  assert.equal(tf.memory().numTensors, before - length);
});

test("the second class is predicted from probability one half on", async () => {
  assert.deepEqual(
    [0, 0.49999, 0.5, 1].map((probability) => predictedLabel({ output: [1 - probability, probability] })),
    [0, 0, 1, 1],
  );
  assert.equal(predictedLabel({ output: [0.2, 0.5, 0.3] }), 1);
  const model = smallModel();
  setWeights(model, "decoder.weights", new Array(10).fill(0));
  setWeights(model, "decoder.bias", [0]);
  const [undecided] = await predict(model, [{ id: "a", tokens: ["word1"] }]);
  assert.deepEqual(undecided!.output, [0.5, 0.5]);
});

test("texts are cut into passes by length, within the limit of positions and once each", () => {
  const sequences = [7, 1, 3, 3, 50, 2].map((length) => ({ length }));
  const cuts = cutByLength(sequences, 20);
  assert.deepEqual(cuts, [[1, 5, 2, 3], [0], [4]]);
  assert.deepEqual(cutByLength([], 20), []);
});
