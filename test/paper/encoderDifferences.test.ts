import assert from "node:assert/strict";
import { test } from "node:test";
import { encoderDifferences } from "../../src/paper/encoderDifferences";

const runOf = (encoder: string, attention: string, seed: number, taus: (number | undefined)[]) => ({
  encoder,
  attention,
  seed,
  rows: taus.map((tau, index) => ({ id: `text ${index}`, tau })),
});

test("the average encoder less the BiLSTM of the same attention and seed, and seeds of one encoder as the yardstick", () => {
  const runs = [
    runOf("bilstm", "additive", 0, [0.25, 0.25]),
    runOf("bilstm", "additive", 1, [0.5, 0.25]),
    runOf("average", "additive", 0, [0.75, 0.75]),
    runOf("average", "additive", 1, [0.75, undefined]),
    runOf("cnn", "additive", 0, [0, 0]),
    runOf("average", "dot", 0, [1, 1]),
  ];
  const found = encoderDifferences(runs, "tau").map(({ kind, pair, attention, n, mean }) => {
    return [kind, pair, attention, n, mean];
  });
  assert.deepEqual(found, [
    ["encoder", "average − bilstm, seed 0", "additive", 2, 0.5],
    ["encoder", "average − bilstm, seed 1", "additive", 1, 0.25],
    ["seed", "bilstm, seed 1 − seed 0", "additive", 2, 0.125],
    ["seed", "average, seed 1 − seed 0", "additive", 1, 0],
  ]);
});

test("refuses runs without a pair", () => {
  const runs = [runOf("bilstm", "additive", 0, [0.2]), runOf("average", "dot", 0, [0.2])];
  assert.throws(
    () => encoderDifferences(runs, "tau"),
    /same attention and seed, but none of the 2 runs are such a pair/,
  );
});
