import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { isNative, loadBackend, runKernel, tf } from "../../src/backend/tensorflow";
import { type ClimbSettings, plainSearch, type SearchedText, searchAttention } from "../../src/model/attentionSearch";
import type { Decoder } from "../../src/model/decoder";
import { createRandom, type Random } from "../../src/stats/random";
import { randomAttention, randomLinear, randomTanh } from "../analysis/decoders";
import { assertAllClose } from "../close";

before(() => loadBackend());
const skip = process.env.ATTENTION_BACKEND === "wasm" && "the fused kernel is native";

interface Golden {
  name: string;
  settings: ClimbSettings;
  decoder: Record<string, number[]> & { kind: Decoder["kind"]; bias: number[] | number };
  attention: number[];
  starts: number[];
  found: number[];
}

/** What PyTorch's automatic gradients come to; see make_attention_search.py beside the file. */
const goldens = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/model/attention-search.json"), "utf8"),
) as Golden[];

function decoderOf({ kind, bias, candidates, ...arrays }: Golden["decoder"]): Decoder {
  const single = Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Float32Array.from(values)]));
  if (kind === "linear") return { kind, bias, ...single } as Decoder;
  const possible = candidates && { candidates: Int32Array.from(candidates) };
  return { kind, bias: Float32Array.from(bias as number[]), ...single, ...possible } as Decoder;
}

for (const { name, settings, decoder, attention, starts, found } of goldens) {
  test(`candidates come to where PyTorch's own gradients lead them: ${name}`, () => {
    const text = { decoder: decoderOf(decoder), attention, starts: Float32Array.from(starts) };
    assert.ok(Math.max(...found.map((weight, i) => Math.abs(weight - softmaxOf(text, settings)[i]!))) > 0.01);
    for (const search of [searchAttention, plainSearch]) {
      const [received] = search([text], settings);
      assertAllClose(received!, found, `${name}, ${search.name}`, 1e-6);
    }
  });
}

/** The candidates before the first step. */
const softmaxOf = (text: SearchedText, settings: ClimbSettings) => plainSearch([text], { ...settings, steps: 0 })[0]!;

const settings: ClimbSettings = {
  candidates: 5,
  slack: 0.01,
  lambda: 500,
  pairWeight: 0.05,
  learningRate: 0.01,
  steps: 60,
};

/** As the model gives them: single precision. */
function randomText(words: number, candidates: number, random: Random, decoder: Decoder): SearchedText {
  const attention = Float32Array.from(randomAttention(words, random));
  return { decoder, attention, starts: Float32Array.from({ length: candidates * words }, () => 3 * random.normal()) };
}

function linearText(words: number, candidates: number, random: Random): SearchedText {
  const decoder = randomLinear(words, random);
  return randomText(words, candidates, random, { ...decoder, bias: Math.fround(decoder.bias) });
}

test("the kernel comes to the numbers of plain JavaScript, on texts of random lengths and sizes", { skip }, () => {
  assert.ok(isNative());
  const random = createRandom("kernel");
  for (let trial = 0; trial < 12; trial++) {
    const candidates = trial === 0 ? 20 : 1 + random.integer(7);
    const shape = { hidden: 1 + random.integer(20), classes: 2 + random.integer(6) };
    const lengths = Array.from({ length: 1 + random.integer(6) }, () => 1 + random.integer(25));
    const linear = lengths.map((words) => linearText(words, candidates, random));
    const tanh = lengths.map((words) => {
      const possible = random.uniform() < 0.5 ? [] : [shape.classes - 1, 0];
      return randomText(words, candidates, random, randomTanh(words, random, { ...shape, candidates: possible }));
    });
    for (const texts of [linear, tanh]) {
      const ofTrial = { ...settings, candidates, pairWeight: trial % 3 === 0 ? 0 : 0.07, steps: 20 * trial };
      const [fused, plain] = [searchAttention(texts, ofTrial), plainSearch(texts, ofTrial)];
      assert.equal(fused.length, texts.length);
      for (const [index, weights] of fused.entries()) {
        assertAllClose(weights, plain[index]!, `${texts[index]!.decoder.kind}, ${candidates} candidates`, 1e-6);
      }
    }
  }
});

test("a text has the same candidates in any company", () => {
  const random = createRandom("company");
  const texts = [5, 1, 17, 3].map((words) => linearText(words, 5, random));
  const together = searchAttention(texts, settings);
  for (const [index, text] of texts.entries()) {
    assert.deepEqual(together[index], searchAttention([text], settings)[0]);
  }
  assert.deepEqual(searchAttention([], settings), []);
});

test("candidates stay attentions where logits and outputs are extreme", () => {
  const random = createRandom("extreme");
  const text = linearText(6, 5, random);
  const saturated = { ...text, decoder: { ...randomLinear(6, random), bias: 500 } };
  const faint = {
    ...text,
    starts: text.starts.map((logit) => 300 * logit),
    decoder: { ...randomLinear(6, random, 200), bias: -90 },
  };
  const vast = { ...randomText(6, 5, random, randomTanh(6, random)), starts: text.starts };
  (vast.decoder as { weights: Float32Array }).weights.fill(1e4).set([-1e4, 0, 1e4]);
  for (const texts of [[saturated, faint], [vast]]) {
    for (const search of [searchAttention, plainSearch]) {
      for (const weights of search(texts, settings)) {
        for (let from = 0; from < weights.length; from += 6) {
          const sum = weights.slice(from, from + 6).reduce((a, b) => a + b);
          assert.ok(Math.abs(sum - 1) < 1e-6, `${search.name}: ${weights}`);
        }
      }
    }
  }
});

test("texts of several models are refused", { skip }, () => {
  const random = createRandom("mixed");
  const question = (hidden: number) => randomText(3, 5, random, randomTanh(3, random, { hidden }));
  for (const texts of [
    [linearText(3, 5, random), question(4)],
    [question(4), question(5)],
  ]) {
    assert.throws(() => searchAttention(texts, settings), {
      name: "UserError",
      message: /texts of several models came/,
    });
  }
});

test("the kernel refuses what does not fit, with a sentence", { skip }, () => {
  const floats = (count: number) => tf.zeros([count]);
  const counts = (...values: number[]) => tf.tensor1d(values, "int32");
  const linear = {
    own: floats(2),
    starts: floats(10),
    lengths: counts(2),
    settings: tf.tensor1d([0.01, 500, 0.05, 0.01, 1]),
    rows: floats(2),
    offsets: floats(1),
    counts: counts(0),
    answers: floats(0),
    biases: floats(0),
  };
  const sought = (inputs: Partial<typeof linear>) =>
    runKernel("AttentionAdversary", Object.values({ ...linear, ...inputs }), 1)[0]!.size;
  assert.equal(sought({}), 10);
  assert.throws(() => sought({ lengths: counts(3) }), /own has the wrong shape/);
  assert.throws(() => sought({ lengths: counts(2, 0), counts: counts(0, 0), offsets: floats(2) }), /at least one word/);
  assert.throws(() => sought({ starts: floats(9) }), /starts has the wrong shape/);
  assert.throws(() => sought({ biases: floats(2) }), /biases has the wrong shape/);
  assert.throws(() => sought({ rows: floats(3) }), /rows has the wrong shape/);
  const none = counts();
  assert.throws(() => sought({ lengths: none, counts: none, own: floats(0), starts: floats(0) }), /needs a text/);
  const question = {
    rows: floats(6),
    offsets: floats(3),
    counts: counts(2),
    answers: floats(6),
    biases: floats(2),
  };
  assert.equal(sought(question), 10);
  assert.throws(() => sought({ ...question, counts: counts(0) }), /at least one possible answer/);
  assert.throws(() => sought({ ...question, counts: counts(3) }), /answers has the wrong shape/);
});

test("the search keeps no tensor", () => {
  const random = createRandom("tensors");
  const texts = [linearText(4, 5, random)];
  const questions = [randomText(4, 5, random, randomTanh(4, random))];
  const { numTensors } = tf.memory();
  for (const some of [texts, questions]) searchAttention(some, settings);
  assert.equal(tf.memory().numTensors, numTensors);
});
