import assert from "node:assert/strict";
import { test } from "node:test";
import { exactAdversary } from "../../../../src/analysis/interventions/adversary/exact";
import {
  type Adversary,
  type SearchOptions,
  search,
  searchAdversaries,
} from "../../../../src/analysis/interventions/adversary/search";
import { addPenalty, type Decoder, decode } from "../../../../src/model/decoder";
import { jensenShannon, totalVariation } from "../../../../src/stats/divergence";
import { createRandom } from "../../../../src/stats/random";
import { assertAllClose } from "../../../close";
import { linearTexts, randomAttention, randomLinear, randomTanh } from "../../decoders";

const epsilons = [0.01, 0.05];

/** What the search finds in one text. */
function searchAdversary(
  decoder: Decoder,
  attention: readonly number[],
  seed: number | string,
  options?: SearchOptions,
): Adversary {
  return searchAdversaries([{ decoder, attention, seed: () => `${seed}` }], options)[0]!;
}

test("what a change of the output beyond the slack costs has the gradient of the decoder, by difference quotients", () => {
  const random = createRandom("meter");
  for (const decoder of [
    randomLinear(6, random),
    randomTanh(6, random),
    randomTanh(6, random, { candidates: [1, 4] }),
  ]) {
    const own = randomAttention(6, random);
    const weights = Float64Array.from(randomAttention(6, random));
    const output = decode(decoder, own);
    const change = totalVariation(decode(decoder, weights), output);
    const quotients = Array.from({ length: 6 }, (_, t) => {
      const at = (step: number) => {
        const moved = weights.map((w, i) => (i === t ? w + step : w));
        return totalVariation(decode(decoder, moved), output);
      };
      return 1 + (3 * (at(1e-6) - at(-1e-6))) / 2e-6;
    });
    const gradient = new Float64Array(6).fill(1);
    addPenalty(decoder, output, weights, { slack: change, lambda: 3 }, gradient);
    assert.ok(gradient.every((value) => value === 1));
    addPenalty(decoder, output, weights, { slack: 0.99 * change, lambda: 3 }, gradient);
    assertAllClose(gradient, quotients, `gradient of ${decoder.kind}`, 1e-6);
  }
});

test("what the search finds is an attention that keeps the output and has the divergence that is told", () => {
  const random = createRandom("honest");
  const texts = [
    ...linearTexts([2, 5, 9, 20], "honest"),
    ...[3, 8].map((words) => ({ decoder: randomTanh(words, random), attention: randomAttention(words, random) })),
  ];
  for (const [index, { decoder, attention }] of texts.entries()) {
    for (const epsilon of epsilons) {
      const found = searchAdversary(decoder, attention, index, { epsilon });
      if (found.attention === undefined) continue;
      assert.ok(found.attention.every((weight) => weight >= 0));
      assert.ok(Math.abs(found.attention.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
      const change = totalVariation(decode(decoder, found.attention), decode(decoder, attention));
      assert.ok(change <= found.epsilon);
      assert.ok(Math.abs(found.jsd! - jensenShannon(found.attention, attention)) < 1e-12);
      assert.ok(found.feasible >= 1 && found.feasible <= 5);
    }
  }
});

test("a classifier's search never beats the exact adversary, in either variant, and comes near it", () => {
  let shortfall = 0;
  const texts = linearTexts([2, 3, 5, 8, 13, 21, 34, 10, 10, 10], "bound");
  for (const [index, { decoder, attention }] of texts.entries()) {
    const exact = exactAdversary(decoder, attention, epsilons);
    for (const variant of ["paper", "code"] as const) {
      for (const [i, epsilon] of epsilons.entries()) {
        const { jsd = 0 } = searchAdversary(decoder, attention, index, { variant, epsilon });
        assert.ok(jsd <= exact[i]!.jsd + 1e-6, `${jsd} found, ${exact[i]!.jsd} is the maximum`);
        shortfall += (exact[i]!.jsd - jsd) / (4 * texts.length);
      }
    }
  }
  assert.ok(shortfall < 0.25, `mean shortfall ${shortfall}`);
});

test("search pays: it ends further away than where it starts, and than fewer steps", () => {
  const jsdOf = (options: SearchOptions) =>
    linearTexts([6, 12, 18, 24, 30], "pays").reduce((sum, { decoder, attention }, index) => {
      return sum + (searchAdversary(decoder, attention, index, { epsilon: 0.05, ...options }).jsd ?? 0);
    }, 0);
  const [none, some, all] = [0, 50, 500].map((steps) => jsdOf({ steps }));
  assert.ok(none! < some! && some! < all!, `${none} ${some} ${all}`);
});

test("without a feasible candidate the paper's variant has no result, the code's has its own attention", () => {
  const random = createRandom("infeasible");
  const decoder = {
    ...randomLinear(6, random),
    contributions: Float32Array.from([40, -40, 40, -40, 40, -40]),
    bias: 0,
  };
  const attention = [0.2, 0.1, 0.2, 0.2, 0.1, 0.2];
  const options = { steps: 0, epsilon: 1e-9 };
  const paper = searchAdversary(decoder, attention, 3, { ...options, variant: "paper" });
  assert.deepEqual(paper, {
    epsilon: 1e-9,
    attention: undefined,
    jsd: undefined,
    feasible: 0,
  });
  const code = searchAdversary(decoder, attention, 3, { ...options, variant: "code" });
  assert.deepEqual(code, { epsilon: 1e-9, attention, jsd: 0, feasible: 0 });
});

test("each variant judges by its own ε, and the same seed gives the same candidates", () => {
  const random = createRandom("defaults");
  const [linear, tanh] = [randomLinear(5, random), randomTanh(5, random)];
  const attention = randomAttention(5, random);
  const epsilonOf = (decoder: typeof linear | typeof tanh, variant: "paper" | "code") =>
    searchAdversary(decoder, attention, 0, { variant, steps: 1 }).epsilon;
  assert.deepEqual([epsilonOf(linear, "paper"), epsilonOf(tanh, "paper")], [0.01, 0.05]);
  assert.deepEqual([epsilonOf(linear, "code"), epsilonOf(tanh, "code")], [0.05, 0.05]);
  assert.deepEqual(searchAdversary(linear, attention, 5), searchAdversary(linear, attention, 5));
  assert.notDeepEqual(searchAdversary(linear, attention, 5), searchAdversary(linear, attention, 6));
});

test("single words can be tried too, which never makes the result worse", () => {
  const random = createRandom("corners");
  let better = 0;
  for (let index = 0; index < 12; index++) {
    const [decoder, attention] = [randomTanh(7, random), randomAttention(7, random)];
    const options = { epsilon: 0.2 };
    const without = searchAdversary(decoder, attention, index, options);
    const withCorners = searchAdversary(decoder, attention, index, { ...options, corners: true });
    assert.ok((withCorners!.jsd ?? 0) >= (without!.jsd ?? 0));
    if ((withCorners!.jsd ?? 0) > (without!.jsd ?? 0)) better += 1;
  }
  assert.ok(better > 0);
});

test("a text of one word, and a saturated output, have a result", () => {
  const random = createRandom("edges");
  const one = searchAdversary(randomLinear(1, random), [1], 0);
  assert.equal(one!.jsd, 0);
  const saturated = { ...randomLinear(4, random), bias: 500 };
  const found = searchAdversary(saturated, randomAttention(4, random), 0);
  assert.ok(found!.jsd! > 0.3 && found!.feasible === 5, JSON.stringify(found));
});

test("an option out of its range is answered in one sentence", () => {
  const random = createRandom("wrong");
  const [decoder, attention] = [randomLinear(3, random), randomAttention(3, random)];
  const refused: [SearchOptions, RegExp][] = [
    [{ epsilon: 1.5 }, /^The option "epsilon" must be a number from 0 to 1, but 1\.5 came\.$/],
    [{ epsilon: Number.NaN }, /^The option "epsilon" must be a number from 0 to 1, but NaN came\.$/],
  ];
  for (const [options, message] of refused) {
    assert.throws(() => searchAdversary(decoder, attention, 0, options), { name: "UserError", message });
  }
  assert.throws(
    () => exactAdversary(decoder, attention, [-0.1]),
    /"epsilon" must be a number from 0 to 1, but -0\.1 came/,
  );
});

test("a study's search is one for each ε, which costs nothing up to that ε, from starts of the text's own", () => {
  const texts = linearTexts([9, 14, 20], "columns").map((text, index) => {
    return { ...text, id: `${index}`, importances: {}, seed: (name: string) => `${name} of ${index}` };
  });
  const results = search.compute(texts, { permutations: 1, epsilons: [0.2, 0.01], search: { steps: 60 } });
  for (const [index, { decoder, attention }] of texts.entries()) {
    const alone = (epsilon: number) =>
      searchAdversary(decoder, attention, `adversary of ${index}`, { epsilon, slack: epsilon, steps: 60 });
    const { numbers, attention: shown } = results[index]!;
    assert.deepEqual(numbers, {
      searchJsd2: alone(0.2).jsd,
      searchFeasible2: alone(0.2).feasible,
      searchJsd01: alone(0.01).jsd,
      searchFeasible01: alone(0.01).feasible,
    });
    assert.deepEqual(shown, alone(0.01).attention, "the paper's ε in classification");
  }
});
