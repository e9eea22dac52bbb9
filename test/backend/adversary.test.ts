import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  type AdversaryText,
  type SearchOptions,
  searchAdversaries,
} from "../../src/analysis/interventions/adversary/search";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { createRandom } from "../../src/stats/random";
import { randomAttention, randomLinear, randomTanh } from "../analysis/decoders";
import { assertAllClose } from "../close";

before(() => loadBackend());
const skip = process.env.ATTENTION_BACKEND === "wasm" && "the fused kernel is native";

const random = createRandom("fused search");
const lengths = [1, 2, 3, 7, 19, 40];
const linear = lengths.map((words, seed): AdversaryText => {
  return {
    decoder: randomLinear(words, random),
    attention: randomAttention(words, random).map(Math.fround),
    seed: () => `${seed}`,
  };
});
const outer = randomTanh(1, random, { hidden: 9, classes: 6 });
const withQuestion = lengths.map((words, seed): AdversaryText => {
  const { weights, bias } = outer;
  const candidates = seed % 2 === 0 ? [0, 3, 4] : [];
  const decoder = { ...randomTanh(words, random, { hidden: 9, classes: 6, candidates }), weights, bias };
  return { decoder, attention: randomAttention(words, random).map(Math.fround), seed: () => `${seed}` };
});

/** What plain JavaScript finds: what the WebAssembly backend would. */
function plainly(texts: AdversaryText[], options: SearchOptions) {
  tf.setBackend("cpu");
  try {
    return searchAdversaries(texts, options);
  } finally {
    tf.setBackend("tensorflow");
  }
}

for (const [name, texts] of Object.entries({ linear, withQuestion })) {
  for (const options of [
    { steps: 60 },
    { variant: "code" },
    { candidates: 1 },
    { candidates: 3, lambda: 5 },
  ] as const) {
    test(`the fused search is that of plain JavaScript: ${name}, ${JSON.stringify(options)}`, { skip }, () => {
      const settings: SearchOptions = { epsilon: 1, slack: 0.01, steps: 120, ...options };
      const [fused, plain] = [searchAdversaries(texts, settings), plainly(texts, settings)];
      for (const [index, { jsd, attention }] of fused.entries()) {
        const expected = plain[index]!;
        assertAllClose([jsd!], [expected.jsd!], `JSD of text ${index}`, 2e-6);
        assertAllClose(attention!, expected.attention!, `attention of text ${index}`, 2e-5);
      }
      const feasible = (found: { feasible: number }[]) => found.map((one) => one.feasible);
      const strict = { ...settings, epsilon: 0.05 };
      assert.deepEqual(feasible(searchAdversaries(texts, strict)), feasible(plainly(texts, strict)));
    });
  }
}

test("a text has the same result alone and among others", { skip }, () => {
  for (const [index, text] of withQuestion.entries()) {
    const [alone] = searchAdversaries([text], { steps: 50 });
    assert.deepEqual(alone, searchAdversaries(withQuestion, { steps: 50 })[index]);
  }
});
