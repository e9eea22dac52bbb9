import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { remaining } from "../../../src/cli/commands/notebooks";

const parts = (...shares: number[]) => shares.map((share, index) => ({ share, seconds: [10, 30, 60][index]! }));

test("at the start the notebooks are expected to take what they took before, two beside each other where there are cores", () => {
  const all = 100_000 / Math.min(2, availableParallelism());
  assert.equal(remaining(parts(0, 0, 0), 0), all);
  assert.equal(remaining(parts(0, 0, 0), 4000), all - 4000);
  assert.equal(remaining(parts(0, 0, 0), 400_000), 0);
});

test("what is left takes as long as what is done, by what each notebook takes", () => {
  assert.equal(remaining(parts(1, 1, 0), 80_000), 120_000);
  assert.equal(remaining(parts(1, 0.5, 0.25), 40_000), 60_000);
  assert.equal(remaining(parts(1, 1, 1), 80_000), 0);
});
