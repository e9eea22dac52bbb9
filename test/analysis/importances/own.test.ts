import assert from "node:assert/strict";
import { before, test } from "node:test";
import { importance } from "../../../src/analysis/importance";
import { importances } from "../../../src/analysis/importances/all";
import { integratedGradients } from "../../../src/analysis/importances/integratedGradients";
import { leaveOneOut } from "../../../src/analysis/importances/leaveOneOut";
import { random } from "../../../src/analysis/importances/random";
import { loadBackend, tf } from "../../../src/backend/tensorflow";
import { predict } from "../../../src/model/predict";
import { rerun, wordVectors } from "../../../src/model/rerun";
import { encodeExample } from "../../../src/model/vocabulary";
import { wordGradients } from "../../../src/model/wordGradient";
import { totalVariation } from "../../../src/stats/divergence";
import { assertAllClose, assertClose } from "../../close";
import { randomExamples, setWeights, smallModel, withQuestions } from "../../model/smallModel";
import { explained } from "../explained";

before(() => loadBackend());

const texts = randomExamples([6, 1, 12, 3, 20]);

for (const task of ["classification", "inference"] as const) {
  test(`leave-one-out, written with reruns, is that of the list: ${task}`, async () => {
    const model = smallModel({ encoder: "cnn", hiddenSize: 8 }, task);
    const examples = task === "classification" ? texts : withQuestions(texts, task);
    const own = importance("removal", {
      symbol: "r",
      meaning: "How far the output moves without the word.",
      async ofText({ words, rerun }) {
        if (words.length < 2) return [];
        const [whole] = await rerun([{}]);
        const variants = words.map((_, t) => ({ words: words.filter((_, other) => other !== t) }));
        return (await rerun(variants)).map(({ output }) => totalVariation(output, whole!.output));
      },
    });
    const { numTensors } = tf.memory();
    const values = await explained(own, model, examples);
    assert.equal(tf.memory().numTensors, numTensors, "no tensor is left behind");
    for (const [index, expected] of (await explained(leaveOneOut, model, examples)).entries()) {
      assertAllClose(values[index]!, expected, examples[index]!.id, 2e-6);
    }
  });
}

test("a text is read anew with other vectors and attention: the model's own change nothing, another word's are that word", async () => {
  const model = smallModel();
  const [text] = randomExamples([7]);
  const [own] = await predict(model, [text!]);
  const other = text!.tokens.map((token, t) => (t === 2 ? "word9" : token));
  const seen = importance("seen", {
    symbol: "s",
    meaning: "What a rerun sees.",
    async ofText({ vectors, attention, rerun, probability, predicted }) {
      assert.equal(probability, Math.max(...own!.output));
      assert.equal(predicted, model.classNames[own!.output.indexOf(probability)]);
      const [same, withAttention, ofWords] = await rerun([{ vectors }, { vectors, attention }, { words: other }]);
      assertClose(same!.probability, probability, 1e-6);
      assertClose(withAttention!.probability, probability, 1e-6);
      assertAllClose(same!.attention, attention, "attention", 1e-6);
      assert.ok(Math.abs(ofWords!.probability - probability) > 1e-4);
      const [alone] = await predict(model, [{ id: "other", tokens: other }]);
      assertAllClose(ofWords!.output, alone!.output, "output", 1e-6);
      const [nine] = wordVectors(model, ["word9"]);
      const [changed] = await rerun([{ vectors: vectors.map((vector, t) => (t === 2 ? nine! : vector)) }]);
      assertAllClose(changed!.output, ofWords!.output, "output", 1e-6);
      return vectors.map(([first]) => first!);
    },
  });
  await explained(seen, model, [text!]);
});

test("a rerun refuses vectors and weights that are not one per word, and a text without words", async () => {
  const model = smallModel();
  const text = { id: "review-1", tokens: ["word1", "word2"] };
  const refused: [Parameters<typeof rerun>[2][number], RegExp][] = [
    [
      { vectors: [[1]] },
      /^The vectors given for "review-1" must be one vector per word: its text has 2 words, 1 vectors came\.$/,
    ],
    [{ attention: [1] }, /^The attention given for "review-1" must be one weight per word: its text has 2 words/],
    [
      { vectors: [[1], [2]] },
      /^The vectors given for "review-1" must be of 6 numbers, as the model's, but one of 1 came\.$/,
    ],
    [{ words: [] }, /"review-1" has no words/],
  ];
  for (const [variant, message] of refused) {
    await assert.rejects(rerun(model, text, [variant]), { name: "UserError", message });
  }
});

test("integrated gradients add up to the difference of the output from that of zero word vectors", async () => {
  const model = smallModel();
  const labels = texts.map(() => 1);
  const along = Array.from({ length: 400 }, (_, step) => (step + 0.5) / 400);
  const encoded = texts.map((text) => encodeExample(model.vocabulary, text));
  const settings = { output: "probability", labels, attention: "recomputed", along } as const;
  const shares = await wordGradients(model, encoded, settings);
  for (const [index, text] of texts.entries()) {
    const zero = text.tokens.map(() => new Float32Array(6));
    const [whole, nothing] = await rerun(model, text, [{}, { vectors: zero }]);
    const sum = shares[index]!.reduce((total, share) => total + share, 0);
    assertClose(sum, whole!.output[1]! - nothing!.output[1]!, 2e-3);
  }
  const inFifty = await explained(integratedGradients, model, texts);
  for (const [index, ofText] of shares.entries()) {
    assertAllClose(inFifty[index]!, ofText.map(Math.abs), `text ${index}`, 2e-3);
  }
});

test("random numbers are the text's own in any company, and change with the seed of the model", async () => {
  const [model, other] = [smallModel(), smallModel({ seed: 1 })];
  const together = await explained(random, model, texts);
  assert.deepEqual((await explained(random, model, [texts[2]!]))[0], together[2]);
  assert.notDeepEqual((await explained(random, other, [texts[2]!]))[0], together[2]);
});

test("no importance keeps a tensor, and a saturated output gives zeros where that is the reason told", async () => {
  const model = smallModel();
  const saturated = smallModel();
  setWeights(saturated, "decoder.bias", [500]);
  for (const one of importances) {
    await explained(one, model, texts);
    const { numTensors } = tf.memory();
    await explained(one, model, texts);
    assert.equal(tf.memory().numTensors, numTensors, one.name);
    const values = (await explained(one, saturated, texts)).flat();
    assert.equal(
      values.every((value) => value === 0),
      one.whenZero !== undefined,
      one.name,
    );
  }
});

test("names that cannot end a column's name, and another count of numbers than words, are refused", async () => {
  const options = { symbol: "x", meaning: "", ofText: () => [1, 2] };
  for (const name of ["", "Upper", "with space", "ümlaut", "1st"]) {
    assert.throws(() => importance(name, options), { name: "UserError", message: /must be letters and digits/ });
  }
  await assert.rejects(explained(importance("two", options), smallModel(), texts), {
    name: "UserError",
    message: /^The importance "two" must give one number per word, but for "text-0" of 6 words 2 came; /,
  });
});
