import assert from "node:assert/strict";
import { test } from "node:test";
import { density } from "../../src/figures/violin";
import { createRandom } from "../../src/stats/random";

test("two values: Silverman's bandwidth and the sum of two kernels, by hand", () => {
  const width = 0.9 * (0.5 / 1.34) * 2 ** -0.2;
  const kernel = (distance: number) => Math.exp(-(distance ** 2) / (2 * width ** 2));
  const { at, height } = density([1, 0]);
  const ratio = height[at.indexOf(0.5)]! / height[at.indexOf(0)]!;
  assert.ok(Math.abs(ratio - (2 * kernel(0.5)) / (1 + kernel(1))) < 1e-12);
});

test("from the smallest to the largest value, highest 1, never negative, mirrored with the values", () => {
  const random = createRandom("density");
  for (const size of [2, 5, 40, 700]) {
    const values = Array.from({ length: size }, () => random.normal());
    const { at, height } = density(values);
    assert.deepEqual([at[0], at.at(-1)], [Math.min(...values), Math.max(...values)]);
    assert.equal(Math.max(...height), 1);
    assert.ok(height.every((each) => each > 0));
    const mirrored = density(values.map((value) => -value)).height.reverse();
    for (const [index, each] of height.entries()) assert.ok(Math.abs(each - mirrored[index]!) < 1e-9);
  }
});

test("most of it is where most values are, also where the middle half is one value", () => {
  const { at, height } = density([0, 0.5, 0.5, 0.5, 0.5, 0.5, 1]);
  assert.equal(at[height.indexOf(1)], 0.5);
});

test("extra places are in the outline, equal values are one step", () => {
  assert.ok(density([0, 1, 2, 3], [1.23456]).at.includes(1.23456));
  assert.deepEqual(density([0.3, 0.3, 0.3], [0.3]), { at: [0.3], height: [1] });
});
