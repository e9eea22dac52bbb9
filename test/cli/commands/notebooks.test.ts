import assert from "node:assert/strict";
import { test } from "node:test";
import { remaining } from "../../../src/cli/commands/notebooks";

const expected = [10, 30, 60];

test("at the start the notebooks are expected to take what they took before", () => {
  assert.equal(remaining(expected, 0, { before: 0, inside: 0 }), 100_000);
  assert.equal(remaining(expected, 0, { before: 0, inside: 4000 }), 96_000);
});

test("on a machine of half the speed the rest takes twice as long", () => {
  assert.equal(remaining(expected, 1, { before: 20_000, inside: 0 }), 180_000);
  assert.equal(remaining(expected, 2, { before: 80_000, inside: 20_000 }), 100_000);
});

test("a notebook that takes longer than expected slows what comes after it, and time left is never below 0", () => {
  assert.equal(remaining(expected, 0, { before: 0, inside: 20_000 }), 180_000);
  assert.equal(remaining(expected, 2, { before: 40_000, inside: 500_000 }), 0);
});
