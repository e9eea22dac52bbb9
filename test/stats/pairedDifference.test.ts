import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedDifference } from "../../src/stats/pairedDifference";
import { createRandom } from "../../src/stats/random";
import { bootstrapMeanInterval, mean } from "../../src/stats/summary";

const rowsOf = (values: (number | undefined)[], prefix = "text") =>
  values.map((tau, index) => ({ id: `${prefix} ${index}`, tau }));

test("texts are paired by id, not by place", () => {
  const first = rowsOf([0.5, 0.7, 0.9]);
  const second = rowsOf([0.1, 0.1, 0.1]).reverse();
  const { n, mean: difference } = pairedDifference(first, second, "tau");
  assert.equal(n, 3);
  assert.ok(Math.abs(difference! - 0.6) < 1e-12);
});

test("a text that one side has no value for, or lacks, is left out and not counted", () => {
  const first = rowsOf([0.5, undefined, 0.9, 0.3, 0.2]);
  const second = rowsOf([0.4, 0.4, undefined, 0.5]);
  const { n, mean: difference } = pairedDifference(first, second, "tau");
  assert.equal(n, 2);
  assert.ok(Math.abs(difference! - -0.05) < 1e-12);
});

test("the interval is the bootstrap of the differences, and turns with the sides", () => {
  const random = createRandom("differences");
  const first = rowsOf(Array.from({ length: 60 }, () => random.uniform()));
  const second = rowsOf(Array.from({ length: 60 }, () => random.uniform()));
  const differences = second.map(({ tau }, index) => first[index]!.tau! - tau!);
  const found = pairedDifference(first, second, "tau");
  assert.equal(found.mean, mean(differences));
  assert.deepEqual([found.low, found.high], bootstrapMeanInterval(differences));
  const turned = pairedDifference(second, first, "tau");
  assert.ok(Math.abs(turned.mean! + found.mean!) < 1e-12);
  assert.ok(Math.abs(turned.low! + found.high!) < 1e-12);
});

test("a model differs from itself by nothing; without any pair of values the mean is undefined", () => {
  const rows = rowsOf([0.5, 0.7, 0.9]);
  assert.deepEqual(pairedDifference(rows, rows, "tau"), { n: 3, mean: 0, low: 0, high: 0 });
  const none = pairedDifference(rows, rowsOf([undefined, undefined, undefined]), "tau");
  assert.deepEqual(none, { n: 0, mean: undefined, low: undefined, high: undefined });
});

test("refuses rows of other texts and an id that comes twice", () => {
  const rows = rowsOf([0.5, 0.7]);
  assert.throws(() => pairedDifference(rows, rowsOf([0.5], "other"), "tau"), /2 and 1 rows have no id in common/);
  assert.throws(() => pairedDifference([...rows, ...rows], rows, "tau"), /4 rows have only 2 different ids/);
});
