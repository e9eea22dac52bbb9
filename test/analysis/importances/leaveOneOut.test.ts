import assert from "node:assert/strict";
import { before, test } from "node:test";
import { leaveOneOut } from "../../../src/analysis/importances/leaveOneOut";
import { loadBackend, tf } from "../../../src/backend/tensorflow";
import { predict } from "../../../src/model/predict";
import { totalVariation } from "../../../src/stats/divergence";
import { assertAllClose } from "../../close";
import { randomExamples, smallModel, withQuestions } from "../../model/smallModel";
import { explained } from "../explained";

before(() => loadBackend());

const texts = randomExamples([6, 1, 12, 3, 2, 6, 6, 12]);
const examples = texts;

for (const task of ["classification", "question answering", "inference"] as const) {
  for (const encoder of ["bilstm", "cnn", "average"] as const) {
    for (const options of [{ attention: "additive" }, { attention: "dot", attentionWeights: "sparsemax" }] as const) {
      test(`importance is the change of the output for the text without the word: ${task}, ${encoder}, ${options.attention}`, async () => {
        const model = smallModel({ encoder, hiddenSize: 8, ...options }, task);
        const examples = task === "classification" ? texts : withQuestions(texts, task);
        const predictions = await predict(model, examples);
        const importance = await explained(leaveOneOut, model, examples);
        for (const [index, example] of examples.entries()) {
          const { tokens } = example;
          if (tokens.length === 1) continue;
          const shorter = tokens.map((_, removed) => ({ ...example, tokens: tokens.filter((_, t) => t !== removed) }));
          const expected = (await predict(model, shorter)).map(({ output }) =>
            totalVariation(output, predictions[index]!.output),
          );
          assert.ok(Math.max(...expected) > 1e-4);
          assertAllClose(importance[index]!, expected, example.id, 2e-6);
        }
      });
    }
  }
}

test("nothing is left of a text of one word, so it has no importance", async () => {
  const model = smallModel();
  const one = [{ id: "one", tokens: ["word1"], label: 0 }];
  assert.deepEqual(await explained(leaveOneOut, model, one), [[]]);
});

test("many texts, and a long one, are worked through in parts, with progress after each", async () => {
  const model = smallModel({ hiddenSize: 2, embeddingSize: 2 });
  const many = randomExamples([...Array.from({ length: 320 }, (_, index) => 50 + (index % 20)), 300]);
  const predictions = await predict(model, many);
  const seen: number[] = [];
  const importance = await explained(leaveOneOut, model, many, { onProgress: (share) => seen.push(share) });
  assert.ok(seen.length > 5 && seen.at(-1) === 1, `progress ${seen}`);
  for (const index of [0, 20, 39, 320]) {
    const [alone] = await explained(leaveOneOut, model, [many[index]!]);
    assertAllClose(importance[index]!, alone!, many[index]!.id, 1e-6);
  }
  const removed = 200;
  const shorter = { ...many[320]!, tokens: many[320]!.tokens.filter((_, t) => t !== removed) };
  const [without] = await predict(model, [shorter]);
  assertAllClose(
    [importance[320]![removed]!],
    [totalVariation(without!.output, predictions[320]!.output)],
    "long",
    1e-6,
  );
});

test("an abort signal stops it", async () => {
  const model = smallModel();
  await assert.rejects(explained(leaveOneOut, model, examples, { signal: AbortSignal.abort() }), {
    name: "AbortError",
  });
});

test("it keeps no tensor", async () => {
  const model = smallModel();
  await explained(leaveOneOut, model, examples);
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i++) await explained(leaveOneOut, model, examples);
  assert.equal(tf.memory().numTensors, numTensors);
});
