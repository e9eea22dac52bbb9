import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadBackend, tf } from "../src/backend/tensorflow";
import { attackText, describeAttack } from "../src/exactAdversaries";
import { predict } from "../src/model/predict";
import { jensenShannon } from "../src/stats/divergence";
import { assertAllClose, assertClose } from "./close";
import { randomExamples, smallModel, withQuestions } from "./model/smallModel";

before(() => loadBackend());

const texts = randomExamples([6, 1, 12, 3, 20, 6, 9, 9]);

test("a text of one's own is attacked within ε, as the model itself decodes it", async () => {
  const model = smallModel();
  const { tokens } = texts[4]!;
  const { numTensors } = tf.memory();
  const attack = await attackText(model, tokens, 0.05);
  assert.equal(tf.memory().numTensors, numTensors);
  const example = { id: "", tokens, label: 0 };
  const [own] = await predict(model, [example]);
  const [other] = await predict(model, [example], { attention: [attack.adversarial] });
  assertAllClose(attack.attention, own!.attention, "own attention", 1e-6);
  assertClose(attack.probability, Math.max(...own!.output), 1e-6);
  assertClose(attack.adversarialProbability, other!.output[own!.output.indexOf(Math.max(...own!.output))]!, 1e-5);
  assert.ok(Math.abs(attack.probability - attack.adversarialProbability) <= 0.05 + 1e-6);
  assertClose(attack.jsd, jensenShannon(attack.adversarial, attack.attention), 1e-6);
  assert.equal(attack.predicted, model.classNames[own!.output[1]! >= own!.output[0]! ? 1 : 0]);
});

test("a text of one word has only its own attention", async () => {
  const attack = await attackText(smallModel(), texts[1]!.tokens, 0.01);
  assert.deepEqual(attack.adversarial, [1]);
  assertClose(attack.jsd, 0, 1e-6);
});

test("a model of texts with questions is refused", async () => {
  const model = smallModel({}, "inference");
});

test("an attack is told with both probabilities and the distance", () => {
  const told = describeAttack({ predicted: "positive", probability: 0.9, adversarialProbability: 0.8904, jsd: 0.6 });
  assert.match(told, /\*\*positive\*\* with probability 0\.900, and 0\.890 with .* a JSD of 0\.600\.$/);
});
