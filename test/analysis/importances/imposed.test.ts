import assert from "node:assert/strict";
import { before, test } from "node:test";
import { explain, type Importance, randomOf } from "../../../src/analysis/importance";
import { gradient } from "../../../src/analysis/importances/gradient";
import { leaveOneOut } from "../../../src/analysis/importances/leaveOneOut";
import { loadBackend, tf } from "../../../src/backend/tensorflow";
import type { Example, Task } from "../../../src/data/dataset";
import type { AttentionModel } from "../../../src/model/model";
import { predict } from "../../../src/model/predict";
import { rerun } from "../../../src/model/rerun";
import { textDecoders } from "../../../src/model/textDecoders";
import { totalVariation } from "../../../src/stats/divergence";
import { createRandom } from "../../../src/stats/random";
import { assertAllClose } from "../../close";
import { predictWith, randomExamples, smallModel, withQuestions } from "../../model/smallModel";

before(() => loadBackend());

const texts = randomExamples([5, 1, 9, 3, 5]);
const random = createRandom("imposed");

function drawAttention(words: number): number[] {
  const weights = Array.from({ length: words }, () => random.uniform() + 0.01);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

async function under(
  { name, under: imposed }: Importance,
  model: AttentionModel,
  given: Example[],
  attentions: number[][][],
) {
  const predictions = await predict(model, given);
  return imposed!({ model, texts: given, predictions, random: randomOf(name, model) }, attentions);
}

const models: [encoder: "bilstm" | "average" | "cnn", task: Task][] = [
  ["bilstm", "classification"],
  ["average", "classification"],
  ["cnn", "classification"],
  ["bilstm", "question answering"],
  ["average", "inference"],
];

for (const [encoder, task] of models) {
  const model = () => smallModel({ encoder }, task);
  const given = task === "classification" ? texts : withQuestions(texts, task);
  const attentions = given.map(({ tokens }) => [drawAttention(tokens.length), drawAttention(tokens.length)]);

  test(`${encoder}, ${task}: leave-one-out under imposed attention is that of the text read again`, async () => {
    const own = model();
    const values = await under(leaveOneOut, own, given, attentions);
    for (const [index, text] of given.entries()) {
      for (const [which, weights] of attentions[index]!.entries()) {
        if (text.tokens.length < 2) {
          assert.deepEqual(values[index]![which], []);
          continue;
        }
        const [whole] = await rerun(own, text, [{ attention: weights }]);
        const shorter = text.tokens.map((_, word) => {
          const rest = weights.filter((_, t) => t !== word);
          const sum = rest.reduce((total, weight) => total + weight, 0);
          const words = text.tokens.filter((_, t) => t !== word);
          return { words, attention: rest.map((weight) => weight / sum) };
        });
        const changes = await Promise.all(
          shorter.map(async ({ words, attention }) => {
            const [said] = await predictWith(own, [{ ...text, tokens: words }], [attention]);
            return totalVariation(said!.output, whole!.output);
          }),
        );
        assertAllClose(values[index]![which]!, changes, `${text.id}, ${which}`, 1e-5);
      }
    }
  });

  test(`${encoder}, ${task}: the model's own attention, imposed, has the model's own gradient`, async () => {
    const own = model();
    const predictions = await predict(own, given);
    const imposed = await under(
      gradient,
      own,
      given,
      predictions.map(({ attention }) => [attention]),
    );
    const values = await explain(gradient, { model: own, texts: given, predictions });
    for (const [index, [ofText]] of imposed.entries()) assertAllClose(ofText!, values[index]!, `text ${index}`, 1e-6);
  });
}

test("over the average encoder attention is a factor of both importances, whatever it is", async () => {
  const model = smallModel({ encoder: "average" });
  const attentions = texts.map(({ tokens }) => [drawAttention(tokens.length)]);
  const removals = await under(leaveOneOut, model, texts, attentions);
  for await (const { index, decoder } of textDecoders(model, texts)) {
    assert.ok(decoder.kind === "linear");
    const [weights] = attentions[index]!;
    const { contributions, bias } = decoder;
    const context = weights!.reduce((sum, weight, t) => sum + weight * contributions[t]!, 0);
    const output = (logit: number) => 1 / (1 + Math.exp(-logit));
    const expected = weights!.map((weight, t) => {
      const change = (weight / (1 - weight)) * (context - contributions[t]!);
      return Math.abs(output(context + change + bias) - output(context + bias));
    });
    if (expected.length > 1) assertAllClose(removals[index]![0]!, expected, `text ${index}`, 1e-5);
  }
});

test("over the average encoder the gradient is attention times what does not depend on it", async () => {
  const model = smallModel({ encoder: "average" });
  const attentions = texts.map(({ tokens }) => [drawAttention(tokens.length), drawAttention(tokens.length)]);
  const values = await under(gradient, model, texts, attentions);
  for (const [index, ofText] of values.entries()) {
    const [first, second] = ofText.map((ofWords, which) =>
      ofWords.map((value, word) => value / attentions[index]![which]![word]!),
    );
    const ratio = first![0]! / second![0]!;
    assertAllClose(
      first!,
      second!.map((value) => value * ratio),
      `text ${index}`,
      1e-4,
    );
  }
});

test("no tensor is left behind", async () => {
  const model = smallModel();
  const attentions = texts.map(({ tokens }) => [drawAttention(tokens.length)]);
  const before = tf.memory().numTensors;
  await under(gradient, model, texts, attentions);
  await under(leaveOneOut, model, texts, attentions);
  assert.equal(tf.memory().numTensors, before);
});
