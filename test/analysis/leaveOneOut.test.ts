import assert from "node:assert/strict";
import { before, test } from "node:test";
import { leaveOneOut } from "../../src/analysis/leaveOneOut";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { predict } from "../../src/model/predict";
import { assertAllClose } from "../close";
import { randomExamples, smallModel } from "../model/smallModel";

before(() => loadBackend());

const examples = randomExamples([6, 1, 12, 3, 2]);

test("importance is the change of the probability for the text without the word", async () => {
  const model = smallModel();
  const predictions = await predict(model, examples);
  const importance = await leaveOneOut(model, examples, predictions);
  for (const [index, { id, tokens }] of examples.entries()) {
    if (tokens.length === 1) continue;
    const expected: number[] = [];
    for (const removed of tokens.keys()) {
      const [without] = await predict(model, [{ id, tokens: tokens.filter((_, t) => t !== removed) }]);
      expected.push(Math.abs(without!.output[1]! - predictions[index]!.output[1]!));
    }
    assert.ok(Math.max(...expected) > 1e-3);
    assertAllClose(importance[index]!, expected, id, 1e-6);
  }
});

test("nothing is left of a text of one word, so it has no importance", async () => {
  const model = smallModel();
  const one = [{ id: "one", tokens: ["word1"], label: 0 }];
  assert.deepEqual(await leaveOneOut(model, one, await predict(model, one)), [[]]);
});

test("many texts are worked through in parts, with progress after each", async () => {
  const model = smallModel({ hiddenSize: 2, embeddingSize: 2 });
  const many = randomExamples(Array.from({ length: 60 }, (_, index) => 50 + index));
  const predictions = await predict(model, many);
  const seen: number[] = [];
  const importance = await leaveOneOut(model, many, predictions, {
    onProgress: ({ done, total }) => {
      assert.equal(total, 60);
      seen.push(done);
    },
  });
  assert.ok(seen.length > 1 && seen[0]! < 60 && seen.at(-1) === 60, `progress ${seen}`);
  for (const index of [0, seen[0]! - 1, seen[0]!, 59]) {
    const [alone] = await leaveOneOut(model, [many[index]!], [predictions[index]!]);
    assertAllClose(importance[index]!, alone!, many[index]!.id, 1e-6);
  }
});

test("an abort signal stops it", async () => {
  const model = smallModel();
  const predictions = await predict(model, examples);
  await assert.rejects(leaveOneOut(model, examples, predictions, { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
});

test("it keeps no tensor", async () => {
  const model = smallModel();
  const predictions = await predict(model, examples);
  await leaveOneOut(model, examples, predictions);
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i++) await leaveOneOut(model, examples, predictions);
  assert.equal(tf.memory().numTensors, numTensors);
});
