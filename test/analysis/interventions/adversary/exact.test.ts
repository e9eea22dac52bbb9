import assert from "node:assert/strict";
import { test } from "node:test";
import { exactAdversary } from "../../../../src/analysis/interventions/adversary/exact";
import { decode, type LinearDecoder } from "../../../../src/model/decoder";
import { jensenShannon, totalVariation } from "../../../../src/stats/divergence";
import { createRandom } from "../../../../src/stats/random";
import { linearTexts, randomAttention, randomLinear } from "../../decoders";

const epsilons = [0.001, 0.01, 0.05, 0.2];

/** The largest divergence over a grid of the simplex of three words, within epsilon of the output. */
function bruteForce(decoder: LinearDecoder, attention: number[], epsilon: number, steps: number): number {
  const own = decode(decoder, attention);
  let best = 0;
  for (let i = 0; i <= steps; i++) {
    for (let j = 0; i + j <= steps; j++) {
      const other = [i / steps, j / steps, (steps - i - j) / steps];
      if (totalVariation(decode(decoder, other), own) <= epsilon)
        best = Math.max(best, jensenShannon(other, attention));
    }
  }
  return best;
}

test("it is the maximum over a fine grid of all attentions over three words", () => {
  const random = createRandom("grid");
  for (let trial = 0; trial < 12; trial++) {
    const [decoder, attention] = [randomLinear(3, random), randomAttention(3, random)];
    for (const { epsilon, jsd } of exactAdversary(decoder, attention, [0.05, 0.2])) {
      const grid = bruteForce(decoder, attention, epsilon, 200);
      assert.ok(grid <= jsd + 1e-9, `${grid} on the grid, ${jsd} told`);
      assert.ok(jsd - grid < 0.06, `${grid} on the grid, ${jsd} told`);
    }
  }
});

test("between two words it is the maximum over all mixtures of them", () => {
  const random = createRandom("mixtures");
  for (let trial = 0; trial < 20; trial++) {
    const [decoder, attention] = [randomLinear(2, random), randomAttention(2, random)];
    const own = decode(decoder, attention);
    for (const { epsilon, jsd } of exactAdversary(decoder, attention, [0.01, 0.1])) {
      let best = 0;
      for (let i = 0; i <= 20_000; i++) {
        const mixture = [i / 20_000, 1 - i / 20_000];
        if (totalVariation(decode(decoder, mixture), own) > epsilon) continue;
        best = Math.max(best, jensenShannon(mixture, attention));
      }
      assert.ok(best <= jsd + 1e-9 && jsd - best < 1e-3, `${best} among the mixtures, ${jsd} told`);
    }
  }
});

test("what it returns is an attention within epsilon that has this divergence", () => {
  for (const { decoder, attention } of linearTexts([2, 3, 7, 20, 60], "vertex")) {
    for (const { epsilon, jsd, attention: other } of exactAdversary(decoder, attention, epsilons)) {
      assert.ok(other.filter((weight) => weight > 0).length <= 2 && jsd >= 0 && jsd <= Math.LN2);
      assert.ok(other.every((weight) => weight >= 0) && Math.abs(other.reduce((a, b) => a + b) - 1) < 1e-9);
      const change = totalVariation(decode(decoder, other), decode(decoder, attention));
      assert.ok(change <= epsilon + 1e-6, `${change}`);
      assert.ok(Math.abs(jensenShannon(other, attention) - jsd) < 1e-6);
    }
  }
});

test("it never falls as epsilon grows, and reaches ln 2 less what the words have alone", () => {
  for (const { decoder, attention } of linearTexts([4, 9, 30], "monotone")) {
    const results = exactAdversary(decoder, attention, [0, ...epsilons, 1]);
    for (const [index, { jsd }] of results.slice(1).entries()) assert.ok(jsd >= results[index]!.jsd - 1e-12);
    const least = attention.indexOf(Math.min(...attention));
    const corner = attention.map((_, t) => (t === least ? 1 : 0));
    assert.ok(Math.abs(results.at(-1)!.jsd - jensenShannon(corner, attention)) < 1e-9, "all corners are allowed at 1");
  }
});

test("edges: one word, equal contributions, saturated outputs, attention with zeros", () => {
  const random = createRandom("edges");
  assert.equal(exactAdversary(randomLinear(1, random), [1], [0.05])[0]!.jsd, 0);
  const flat: LinearDecoder = { kind: "linear", contributions: new Float32Array(4).fill(0.3), bias: 0 };
  const free = exactAdversary(flat, [0.7, 0.1, 0.1, 0.1], [0.01])[0]!;
  assert.ok(Math.abs(free.jsd - jensenShannon([0, 1, 0, 0], [0.7, 0.1, 0.1, 0.1])) < 1e-12);
  const saturated = exactAdversary({ ...randomLinear(4, random), bias: 500 }, [0.7, 0.1, 0.1, 0.1], [0.01])[0]!;
  assert.ok(Math.abs(saturated.jsd - free.jsd) < 1e-12);
  const zeros = exactAdversary(randomLinear(4, random), [1, 0, 0, 0], [0.05])[0]!;
  assert.ok(zeros.jsd > 0 && zeros.jsd <= Math.LN2);
});

test("a vertex is found where rounding leaves hardly one: one word, ε of 0, single precision", () => {
  const random = createRandom("rounding");
  const [alone] = exactAdversary(randomLinear(1, random), [1], [0]);
  assert.deepEqual(alone, { epsilon: 0, jsd: 0, attention: [1] });
  const flat: LinearDecoder = { kind: "linear", contributions: new Float32Array(5).fill(5), bias: -4.9 };
  for (let trial = 0; trial < 50; trial++) {
    const attention = randomAttention(5, random).map(Math.fround); // sums to 1 but for 1e-7
    for (const decoder of [flat, randomLinear(5, random), { ...randomLinear(5, random), bias: 40 }]) {
      const [found] = exactAdversary(decoder, attention, [0]);
      const change = totalVariation(decode(decoder, found!.attention), decode(decoder, attention));
      assert.ok(found!.jsd > 0 && change < 1e-6, JSON.stringify(found));
    }
  }
});

test("longer texts leave more room, as in the oracle: .506, .647, .689, .692 for 5, 10, 20, 50 words at .05", () => {
  const means = [5, 10, 20, 50].map((words) => {
    const texts = linearTexts(new Array(60).fill(words), `oracle ${words}`);
    return texts.reduce(
      (sum, { decoder, attention }) => sum + exactAdversary(decoder, attention, [0.05])[0]!.jsd / 60,
      0,
    );
  });
  for (const [index, mean] of means.slice(1).entries()) assert.ok(mean > means[index]!);
  assert.ok(means[3]! > 0.68 && means[0]! > 0.35, `${means}`);
});

test("a text of 2,000 words is done", () => {
  const { decoder, attention } = linearTexts([2000], "long")[0]!;
  const { jsd } = exactAdversary(decoder, attention, [0.05])[0]!;
  assert.ok(jsd > 0.69 && jsd <= Math.LN2);
});
