import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { decode } from "../../src/model/decoder";
import { predict } from "../../src/model/predict";
import { textDecoders } from "../../src/model/textDecoders";
import { assertAllClose } from "../close";
import { predictWith, randomExamples, smallModel, withQuestions } from "./smallModel";

before(() => loadBackend());

const texts = randomExamples([6, 1, 12, 3, 20, 6]);

for (const task of ["classification", "classes", "question answering", "inference"] as const) {
  for (const encoder of ["bilstm", "cnn", "average"] as const) {
    test(`the decoder of a text gives the model's output for its own and for any other attention: ${task}, ${encoder}`, async () => {
      const model = smallModel({ encoder, hiddenSize: 8 }, task);
      const examples = task === "classification" || task === "classes" ? texts : withQuestions(texts, task);
      const own = await predict(model, examples);
      const reversed = own.map(({ attention }) => [...attention].reverse());
      const other = await predictWith(model, examples, reversed);
      const { numTensors } = tf.memory();
      const seen = new Set<number>();
      for await (const { index, decoder } of textDecoders(model, examples)) {
        seen.add(index);
        assertAllClose(decode(decoder, own[index]!.attention), own[index]!.output, `own ${index}`, 2e-6);
        assertAllClose(decode(decoder, reversed[index]!), other[index]!.output, `reversed ${index}`, 2e-6);
      }
      assert.equal(seen.size, examples.length);
      assert.equal(tf.memory().numTensors, numTensors);
      assert.ok(other.some(({ output }, i) => Math.abs(output[0]! - own[i]!.output[0]!) > 1e-4));
    });
  }
}

test("impossible answers have probability zero, whatever the attention", async () => {
  const model = smallModel({}, "question answering");
  const [example] = withQuestions(randomExamples([5]), "question answering");
  const limited = { ...example!, candidates: [1, 3] };
  const [prediction] = await predict(model, [limited]);
  assert.deepEqual(
    [0, 2, 4].map((label) => prediction!.output[label]),
    [0, 0, 0],
  );
  assert.deepEqual(
    [0, 2, 4].map((label) => prediction!.logits[label]),
    new Array(3).fill(Number.NEGATIVE_INFINITY),
  );
});
