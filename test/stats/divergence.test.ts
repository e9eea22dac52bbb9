import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jensenShannon, totalVariation } from "../../src/stats/divergence";
import { createRandom } from "../../src/stats/random";
import { goldens } from "./goldens";

describe("divergences against SciPy and NumPy", () => {
  it("gives the same Jensen-Shannon divergence and total variation", () => {
    for (const golden of goldens.divergence) {
      assert.ok(Math.abs(jensenShannon(golden.p, golden.q) - golden.jensenShannon) < 1e-14);
      assert.ok(Math.abs(totalVariation(golden.p, golden.q) - golden.totalVariation) < 1e-14);
    }
  });
});

describe("divergences by definition", () => {
  const random = createRandom("divergence properties");
  const distribution = (size: number) => {
    const weights = Array.from({ length: size }, () => (random.uniform() < 0.3 ? 0 : random.uniform()));
    weights[random.integer(size)] = 1;
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  };

  it("are symmetric, 0 for equal input, and within their bounds", () => {
    for (let round = 0; round < 300; round += 1) {
      const size = 1 + random.integer(40);
      const [p, q] = [distribution(size), distribution(size)];
      for (const [measure, highest] of [
        [jensenShannon, Math.LN2],
        [totalVariation, 1],
      ] as const) {
        const value = measure(p, q);
        assert.ok(value >= 0 && value <= highest);
        assert.ok(Math.abs(measure(q, p) - value) < 1e-15);
        assert.equal(measure(p, p), 0);
      }
    }
  });

  it("reach their upper bounds where nothing is shared", () => {
    const p = [0.1, 0.2, 0.7, 0, 0];
    const q = [0, 0, 0, 0.6, 0.4];
    assert.ok(Math.abs(jensenShannon(p, q) - Math.LN2) < 1e-15);
    assert.equal(totalVariation(p, q), 1);
  });

  it("takes single-precision softmax output", () => {
    const p = Float32Array.from({ length: 999 }, () => 1 / 999);
    assert.equal(jensenShannon(p, p), 0);
  });

  it("is the difference of p for two binary outputs", () => {
    assert.ok(Math.abs(totalVariation([0.2, 0.8], [0.7, 0.3]) - 0.5) < 1e-15);
  });
});

describe("divergences of what is no pair of distributions", () => {
  for (const measure of [jensenShannon, totalVariation]) {
    it(`${measure.name} refuses different lengths, no values, negative numbers, logits and NaN`, () => {
      assert.throws(() => measure([0.5, 0.5], [1]), /over the same values, .* but \[0\.5,0\.5\] and \[1\] came/);
      assert.throws(() => measure([], []), /but \[\] and \[\] came/);
      assert.throws(() => measure([1.5, -0.5], [0.5, 0.5]), /numbers from 0 that sum to 1, but \[1\.5,-0\.5\] and/);
      assert.throws(() => measure([0.5, 0.5], [2, 3]), /and \[2,3\] came/);
      assert.throws(() => measure([Number.NaN, 1], [0.5, 0.5]), /but \[null,1\] and/);
    });
  }
});
