import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";
import { assertClose, goldens } from "./goldens";

function defined(x: ArrayLike<number>, y: ArrayLike<number>): { tau: number; pValue: number } {
  const { value, p, undefinedBecause } = kendallTau(x, y);
  assert.equal(undefinedBecause, "");
  return { tau: value!, pValue: p! };
}

describe("kendallTau against SciPy", () => {
  it("gives the same tau and p-value, with and without ties, exact and asymptotic", () => {
    for (const { name, x, y, tau, pValue } of goldens.kendall) {
      const ours = defined(x, y);
      assertClose(ours.tau, tau, `tau of ${name}`);
      assertClose(ours.pValue, pValue, `p-value of ${name}`);
    }
  });

  it("gives the same for 5,000 values", () => {
    const index = Array.from({ length: 5000 }, (_, i) => i);
    const wide = index.map((i) => (i * 7919) % 10007);
    const narrow = index.map((i) => (i * 7919) % 13);
    const inputs: { [name: string]: [number[], number[]] } = {
      "few ties": [wide, wide.map((value, i) => value + ((i * 104729) % 9973))],
      "many ties": [narrow, narrow.map((value, i) => value + ((i * 104729) % 17))],
      unrelated: [wide, index.map((i) => (i * 104729) % 9973)],
    };
    for (const { name, tau, pValue } of goldens.kendallLarge) {
      const ours = defined(...inputs[name]!);
      assertClose(ours.tau, tau, `tau of ${name}`);
      assertClose(ours.pValue, pValue, `p-value of ${name}`, 1e-10);
    }
  });
});

describe("kendallTau by definition", () => {
  const random = createRandom("kendall properties");
  const vector = (size: number, levels: number) => Array.from({ length: size }, () => random.integer(levels));
  const pairs = Array.from({ length: 300 }, () => {
    const size = 3 + random.integer(60);
    const levels = 2 + random.integer(80);
    return [
      [0, 1, ...vector(size, levels)],
      [1, 0, ...vector(size, levels)],
    ] as const;
  });

  it("counts pairs as tau-b does", () => {
    for (const [x, y] of pairs) {
      let score = 0;
      let untiedX = 0;
      let untiedY = 0;
      for (let i = 0; i < x.length; i += 1) {
        for (let j = 0; j < i; j += 1) {
          score += Math.sign(x[i]! - x[j]!) * Math.sign(y[i]! - y[j]!);
          untiedX += x[i] === x[j] ? 0 : 1;
          untiedY += y[i] === y[j] ? 0 : 1;
        }
      }
      const expected = score / Math.sqrt(untiedX * untiedY);
      assert.ok(Math.abs(defined(x, y).tau - expected) < 1e-14);
    }
  });

  it("stays within its bounds, is symmetric, and is turned round by reversing one vector", () => {
    for (const [x, y] of pairs) {
      const { tau, pValue } = defined(x, y);
      assert.ok(tau >= -1 && tau <= 1 && pValue >= 0 && pValue <= 1, `${tau} ${pValue}`);
      const swapped = defined(y, x);
      assert.ok(Math.abs(swapped.tau - tau) < 1e-15 && Math.abs(swapped.pValue - pValue) < 1e-15);
      const turned = defined(
        x,
        y.map((value) => -value),
      );
      assert.ok(Math.abs(turned.tau + tau) < 1e-15 && Math.abs(turned.pValue - pValue) < 1e-15);
    }
  });

  it("depends on the order alone: increasing functions and a common permutation change nothing", () => {
    for (const [x, y] of pairs) {
      const expected = defined(x, y);
      assert.deepEqual(
        defined(
          x.map((value) => Math.exp(value / 10)),
          y.map((value) => value ** 3 - 7),
        ),
        expected,
      );
      const places = random.shuffle(x.map((_, index) => index));
      assert.deepEqual(
        defined(
          places.map((place) => x[place]!),
          places.map((place) => y[place]!),
        ),
        expected,
      );
    }
  });

  it("is 1 for a vector with itself, ties or not, and -1 for its reverse without ties", () => {
    for (const [x] of pairs) assertClose(defined(x, x).tau, 1, "tau with itself");
    assert.equal(defined([1, 2, 3, 4], [4, 3, 2, 1]).tau, -1);
  });

  it("takes single-precision arrays and leaves its input as it was", () => {
    const x = Float32Array.of(0.5, 0.25, 0.125, 0.0625);
    const y = Object.freeze([4, 1, 3, 2]);
    assert.ok(Math.abs(defined(x, y).tau - 1 / 3) < 1e-15);
    assert.deepEqual([...x], [0.5, 0.25, 0.125, 0.0625]);
  });

  it("gives the same after a longer and a shorter input", () => {
    const [x, y] = pairs[0]!;
    const before = defined(x, y);
    defined(vector(3000, 50), vector(3000, 50));
    defined([1, 2], [2, 1]);
    assert.deepEqual(defined(x, y), before);
  });
});

describe("kendallTau without an answer", () => {
  const cases: [ArrayLike<number>, ArrayLike<number>, string][] = [
    [[], [], "fewer than two values"],
    [[1], [Number.NaN], "fewer than two values"],
    [[1, 1, 1], [1, 2, 3], "first vector is constant"],
    [[1, 2, 3], [0, 0, 0], "second vector is constant"],
    [[1, 1], [2, 2], "first vector is constant"],
    [[0, -0], [1, 2], "first vector is constant"],
    [[1, Number.NaN, 3], [1, 2, 3], "not finite"],
    [[1, 2, 3], [1, Number.POSITIVE_INFINITY, 3], "not finite"],
  ];
  for (const [x, y, reason] of cases) {
    it(`says "${reason}" for [${Array.from(x)}] and [${Array.from(y)}]`, () => {
      assert.deepEqual(kendallTau(x, y), { value: undefined, p: undefined, undefinedBecause: reason });
    });
  }

  it("refuses vectors of different lengths", () => {
    assert.throws(() => kendallTau([1, 2, 3], [1, 2]), /same length, but 3 and 2 values came/);
  });
});
