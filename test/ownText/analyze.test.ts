import assert from "node:assert/strict";
import { afterEach, before, beforeEach, describe, it } from "node:test";
import type { Intervened } from "../../src/analysis/intervention";
import { permutation } from "../../src/analysis/interventions/permutation";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import type { AttentionModel } from "../../src/model/model";
import { predict, predictedLabel } from "../../src/model/predict";
import { textDecoders } from "../../src/model/textDecoders";
import { attackText, explainText, permuteText, searchText, unknownWords } from "../../src/ownText/analyze";
import { jensenShannon } from "../../src/stats/divergence";
import { deriveSeed } from "../../src/stats/random";
import { quantile } from "../../src/stats/summary";
import { assertAllClose, assertClose } from "../close";
import { predictWith, randomExamples, smallModel } from "../model/smallModel";

before(() => loadBackend());

const texts = randomExamples([6, 2, 12, 3, 20, 40]).map(({ tokens }) => tokens);
const oneWord = ["word3"];
const unheard = ["xyzzy", "<script>", "💔", "xyzzy"];
const every = [...texts, oneWord, unheard];

describe("a text of one's own", () => {
  let model: AttentionModel;
  let tensors: number;
  beforeEach(() => {
    model = smallModel();
    tensors = tf.memory().numTensors;
  });
  afterEach(() => assert.equal(tf.memory().numTensors, tensors, "no tensor is left behind"));

  const predictionOf = async (tokens: string[], attention?: number[]) => {
    const text = { id: "", tokens };
    return (await (attention ? predictWith(model, [text], [attention]) : predict(model, [text])))[0]!;
  };

  it("is explained with the model's own decision and attention, and importances from 0", async () => {
    for (const tokens of every) {
      const { predicted, probability, words } = await explainText(model, tokens);
      const prediction = await predictionOf(tokens);
      assert.equal(predicted, model.classNames[predictedLabel(prediction)]);
      assert.equal(probability, Math.max(...prediction.output));
      assert.deepEqual(
        words.map(({ word }) => word),
        tokens,
      );
      assert.deepEqual(
        words.map(({ attention }) => attention),
        prediction.attention,
      );
      for (const { gradient, leaveOneOut } of words) {
        assert.ok(gradient >= 0);
        if (tokens.length > 1) assert.ok(leaveOneOut! >= 0 && leaveOneOut! <= 1);
        else assert.equal(leaveOneOut, undefined);
      }
    }
  });

  it("has the word's leave-one-out importance by predicting the shorter text", async () => {
    const tokens = texts[0]!;
    const { words } = await explainText(model, tokens);
    const { output } = await predictionOf(tokens);
    for (const [place, { leaveOneOut }] of words.entries()) {
      const shorter = await predictionOf(tokens.filter((_, other) => other !== place));
      assertClose(leaveOneOut!, Math.abs(shorter.output[0]! - output[0]!), 1e-5);
    }
  });

  it("is permuted: the same weights at other words, decoded as the model does", async () => {
    for (const tokens of every) {
      const { attention, probability, predicted, permutations } = await permuteText(model, tokens, {
        permutations: 30,
      });
      assert.equal(permutations.length, 30);
      const label = model.classNames.indexOf(predicted);
      for (const permuted of permutations) {
        assert.deepEqual(sorted(permuted.attention), sorted(attention));
        assertClose(permuted.change, Math.abs(permuted.classes[predicted]! - probability), 1e-5);
      }
      const { output } = await predictionOf(tokens, permutations[7]!.attention);
      assertClose(permutations[7]!.classes[predicted]!, output[label]!, 1e-5);
    }
  });

  it("is permuted as the analysis of a corpus permutes it", async () => {
    for (const tokens of every) {
      const { attention, permutations } = await permuteText(model, tokens);
      const { value } = await textDecoders(model, [{ tokens }]).next();
      const seed = (name: string) => deriveSeed(model.config.seed, name, "your text");
      const text = { id: "your text", attention, decoder: value!.decoder, importances: {}, seed };
      const [{ numbers }] = permutation.compute([text], { permutations: 100, epsilons: [], search: {} }) as [
        Intervened,
      ];
      const changes = permutations.map(({ change }) => change);
      assertClose(quantile(changes, 0.5), numbers.permutationTvd!, 1e-9);
    }
  });

  it("is attacked within ε, and never further by the search than exactly", async () => {
    for (const tokens of every) {
      for (const epsilon of [0.01, 0.1]) {
        const exact = await attackText(model, tokens, epsilon);
        const found = await searchText(model, tokens, epsilon);
        assert.ok((found?.jsd ?? 0) <= exact.jsd + 1e-5);
        for (const attack of found ? [exact, found] : [exact]) {
          const { predicted, probability, attacked, attention, adversarial, jsd } = attack;
          const adversarialProbability = attacked.classes[predicted]!;
          assertClose(sum(attention), 1, 1e-5);
          assertClose(sum(adversarial), 1, 1e-9);
          assertClose(jsd, jensenShannon(adversarial, attention), 1e-9);
          assert.ok(Math.abs(probability - adversarialProbability) <= epsilon + 1e-6);
          const { output } = await predictionOf(tokens, adversarial);
          assertClose(adversarialProbability, output[model.classNames.indexOf(predicted)]!, 1e-5);
        }
        assert.ok(exact.adversarial.filter((weight) => weight > 0).length <= 2);
      }
    }
  });

  it("of one word has one attention", async () => {
    const { permutations } = await permuteText(model, oneWord);
    assert.ok(permutations.every(({ change, attention }) => change === 0 && attention[0] === 1));
    for (const attack of [await searchText(model, oneWord, 0.01), await attackText(model, oneWord, 0.01)]) {
      assertAllClose(attack!.adversarial, [1], "attention");
      assertClose(attack!.jsd, 0, 1e-9);
    }
  });

  it("names the words that the model does not know, each once", () => {
    assert.deepEqual(unknownWords(model, unheard), ["xyzzy", "<script>", "💔"]);
    assert.deepEqual(unknownWords(model, oneWord), []);
  });
});

it("of more than two classes has the probability of each, and the furthest attention is no nearer than the search's", async () => {
  const model = smallModel({}, "classes");
  for (const tokens of texts) {
    const { predicted, probability, classes } = await explainText(model, tokens);
    const { output } = (await predict(model, [{ id: "", tokens }]))[0]!;
    assert.deepEqual(Object.keys(classes), model.classNames);
    assertAllClose(Object.values(classes), output, "classes");
    assert.equal(classes[predicted], probability);
    const { permutations } = await permuteText(model, tokens, { permutations: 10 });
    for (const permuted of permutations) {
      const moved = model.classNames.map((name) => Math.abs(permuted.classes[name]! - classes[name]!));
      assertClose(permuted.change, sum(moved) / 2, 1e-5);
    }
    const [found, furthest] = [await searchText(model, tokens, 0.05), await attackText(model, tokens, 0.05)];
    assert.ok(furthest.jsd >= (found?.jsd ?? 0) - 1e-9);
    const moved = model.classNames.map((name) => Math.abs(furthest.attacked.classes[name]! - classes[name]!));
    assert.ok(sum(moved) / 2 <= 0.05 + 1e-6);
  }
});

it("a model of texts with questions is refused", async () => {
  const model = smallModel({}, "inference");
  await assert.rejects(attackText(model, oneWord, 0.01), /needs one of at least one word/);
});

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
