import assert from "node:assert/strict";
import { test } from "node:test";
import { effectsOf, summarizeEffects } from "../../../src/analysis/intervention";
import { permutation, permutedAttentions } from "../../../src/analysis/interventions/permutation";
import { type Decoder, decode, sigmoid } from "../../../src/model/decoder";
import { createRandom } from "../../../src/stats/random";
import { randomAttention, randomLinear, randomTanh } from "../decoders";

/** Changes of the output under permutations. */
const changesOf = (decoder: Decoder, attention: number[], options: { permutations?: number; seed: number }) =>
  effectsOf({ decoder, attention }, permutedAttentions(attention, options)).map(({ change }) => change);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("equal weights and a single word cannot be permuted into anything else", () => {
  const random = createRandom("constant");
  const constant = new Array(8).fill(1 / 8);
  for (const decoder of [randomLinear(8, random), randomTanh(8, random)]) {
    assert.ok(Math.max(...changesOf(decoder, constant, { seed: 0 })) < 1e-12);
  }
  assert.deepEqual(changesOf(randomLinear(1, random), [1], { permutations: 2, seed: 0 }), [0, 0]);
});

test("a text has a hundred permutations of its own, whichever texts are beside it: their median change, and the share that flips", () => {
  const random = createRandom("columns");
  const settings = { permutations: 100, epsilons: [], search: {} };
  const attention = randomAttention(12, random);
  const texts = ["a", "b"].map((id) => {
    const decoder = { ...randomLinear(12, createRandom("the same")), bias: 0 };
    return { id, decoder, attention, importances: {}, seed: (name: string) => `${name} ${id}` };
  });
  const [a, b] = permutation.compute(texts, settings);
  assert.deepEqual(permutation.compute([texts[1]!], settings), [b]);
  assert.notDeepEqual(a, b, "texts of one length have their own draws");
  const others = permutedAttentions(attention, { seed: "permutation a" });
  assert.equal(others.length, 100);
  const outputs = others.map((other) => decode(texts[0]!.decoder, other)[1]!);
  const own = decode(texts[0]!.decoder, attention)[1]!;
  const changes = outputs.map((p) => Math.abs(p - own)).sort((x, y) => x - y);
  assert.ok(Math.abs(a!.numbers.permutationTvd! - (changes[49]! + changes[50]!) / 2) < 1e-12);
  assert.equal(a!.numbers.permutationFlips, outputs.filter((p) => p >= 0.5 !== own >= 0.5).length / 100);
});

/** All orders of a few values. */
function* orders(values: number[]): Generator<number[]> {
  if (values.length <= 1) yield values;
  for (const [index, value] of values.entries()) {
    for (const rest of orders(values.filter((_, other) => other !== index))) yield [value, ...rest];
  }
}

test("the mean over permutations is that over all orders, and the median lies in their middle", () => {
  const random = createRandom("all orders");
  for (const decoder of [randomLinear(5, random), randomTanh(5, random, { candidates: [0, 2, 3] })]) {
    const attention = randomAttention(5, random);
    const own = decode(decoder, attention);
    const changes = [...orders(attention)].map((order) =>
      decode(decoder, order).reduce((sum, p, label) => sum + Math.abs(p - own[label]!) / 2, 0),
    );
    const expected = changes.reduce((sum, value) => sum + value, 0) / changes.length;
    const spread = Math.sqrt(changes.reduce((sum, value) => sum + (value - expected) ** 2, 0) / changes.length);
    const permutations = 20_000;
    const drawn = changesOf(decoder, attention, { permutations, seed: 1 });
    assert.ok(Math.abs(mean(drawn) - expected) < (5 * spread) / Math.sqrt(permutations), `${mean(drawn)} ${expected}`);
    const medianTvd = summarizeEffects(drawn.map((change) => ({ change, flips: false }))).change!;
    const below = changes.filter((change) => change <= medianTvd + 1e-12).length / changes.length;
    assert.ok(below >= 0.47 && below <= 0.55, `${below} of all orders are below the median`);
  }
});

test("where the sigmoid is nearly straight, the squared change has its closed form", () => {
  const random = createRandom("closed form");
  const words = 15;
  const [decoder, attention] = [randomLinear(words, random, 1e-3), randomAttention(words, random)];
  const scores = Array.from(decoder.contributions);
  const mean = scores.reduce((sum, s) => sum + s, 0) / words;
  const own = scores.reduce((sum, s, t) => sum + s * attention[t]!, 0);
  const spread = (values: number[], center: number) => values.reduce((sum, v) => sum + (v - center) ** 2, 0);
  // Σ a_π(t) s_t has the mean of s and this variance, as a sum over a random matching.
  const variance = (spread(scores, mean) * spread(attention, 1 / words)) / (words - 1);
  const slope = sigmoid(own + decoder.bias) * sigmoid(-own - decoder.bias);
  const squares = Array.from({ length: 4000 }, (_, seed) => {
    return (changesOf(decoder, attention, { permutations: 1, seed })[0]! / slope) ** 2;
  });
  const average = squares.reduce((sum, value) => sum + value, 0) / squares.length;
  const expected = variance + (mean - own) ** 2;
  assert.ok(Math.abs(average / expected - 1) < 0.08, `${average} ${expected}`);
});
