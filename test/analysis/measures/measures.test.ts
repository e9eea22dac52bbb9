import assert from "node:assert/strict";
import { test } from "node:test";
import { measures } from "../../../src/analysis/measures/all";
import { entropy } from "../../../src/analysis/measures/entropy";
import { heaviestWords, tauGradientHeaviest } from "../../../src/analysis/measures/heaviestWords";
import { jensenShannon } from "../../../src/stats/divergence";
import { createRandom } from "../../../src/stats/random";
import { assertClose } from "../../close";
import { randomAttention } from "../decoders";

const measured = (attention: number[]) => {
  const text = { attention, importances: {}, predicted: "a", label: "b", probability: 1 };
  return Object.fromEntries(measures.map(({ name, of }) => [name, of(text)]));
};

test("entropy is 0 where one word has all attention, 1 where all have the same, and undefined for one word", () => {
  for (const words of [2, 3, 7, 49, 1000]) {
    const uniform = new Array<number>(words).fill(Math.fround(1 / words));
    assert.equal(measured(uniform).entropy, 1);
    assert.equal(measured(uniform.map((_, t) => (t === 1 ? 1 : 0))).entropy, 0);
  }
  const { words, maxAttention, entropy: nats, jsdCeiling, heaviestWords } = measured([1]);
  assert.deepEqual([words, maxAttention, nats, jsdCeiling, heaviestWords], [1, 1, undefined, 0, 1]);
  assertClose(measured([0.5, 0.25, 0.25, 0]).entropy!, 1.5 / 2, 1e-12); // 1.5 of 2 bits
});

test("measures are within their ranges", () => {
  const random = createRandom("measures");
  for (let trial = 0; trial < 50; trial++) {
    const attention = randomAttention(2 + random.integer(40), random, trial / 5);
    const { words, maxAttention, entropy: nats } = measured(attention);
    assert.equal(words, attention.length);
    assert.equal(maxAttention, Math.max(...attention));
    assert.ok(nats! >= 0 && nats! <= 1);
  }
  assert.deepEqual(entropy.range, [0, 1]);
});

test("the ceiling of JSD is that of the farthest attention there is, between f(1/T) and ln 2", () => {
  const random = createRandom("ceiling");
  for (let trial = 0; trial < 50; trial++) {
    const words = 2 + random.integer(12);
    const attention = randomAttention(words, random, trial / 10);
    const { jsdCeiling } = measured(attention);
    const corners = attention.map((_, word) => attention.map((_, t) => (t === word ? 1 : 0)));
    const others = Array.from({ length: 200 }, () => randomAttention(words, random, 8 * random.uniform()));
    assertClose(jsdCeiling!, Math.max(...corners.map((corner) => jensenShannon(corner, attention))), 1e-6);
    for (const other of others) assert.ok(jensenShannon(other, attention) <= jsdCeiling! + 1e-9);
    assert.ok(jsdCeiling! <= Math.LN2 + 1e-12);
  }
  for (const [words, least] of [
    [6, 0.454],
    [17, 0.58],
    [35, 0.628],
    [158, 0.674],
  ] as const)
    assertClose(measured(new Array(words).fill(1 / words)).jsdCeiling!, least, 5e-4);
});

test("τ of the words that hold 90 % of the attention leaves the others out", () => {
  const attention = [0.5, 0.02, 0.3, 0.03, 0.15];
  const text = { attention, predicted: "a", label: "b", probability: 1 };
  const gradient = [3, 9, 2, 8, 1];
  assert.equal(heaviestWords.of({ ...text, importances: {} }), 3 / 5);
  assert.equal(tauGradientHeaviest.of({ ...text, importances: { gradient } }), 1);
  assert.equal(tauGradientHeaviest.of({ ...text, importances: { gradient: [1, 9, 2, 8, 3] } }), -1);
  assert.equal(tauGradientHeaviest.of({ ...text, importances: {} }), undefined);
  assert.equal(
    tauGradientHeaviest.of({ ...text, attention: [0.95, 0.05], importances: { gradient: [1, 2] } }),
    undefined,
  );
});
