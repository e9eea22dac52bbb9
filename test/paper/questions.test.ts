import assert from "node:assert/strict";
import { test } from "node:test";
import { compareQuestions } from "../../src/paper/questions";
import { runOf } from "./taskRuns";

const withMaxAttention = (corpus: string, task: "question answering" | "classification") =>
  runOf({ corpus, task }, (index) => ({
    medianTvd: index / 100,
    epsilonMaxJsd05: index < 30 ? undefined : 0.5,
    maxAttention: index < 20 ? 0.3 : 1,
  }));

test("question answering beside the published plots, by largest weight, all answers together", () => {
  const found = compareQuestions([
    withMaxAttention("babi1", "question answering"),
    withMaxAttention("sst", "classification"),
  ]);
  assert.deepEqual(
    found.map(({ corpus, measure, bin, n }) => [corpus, measure, bin, n]),
    [
      ["babi1", "mean ε-max JSD", "all", 60],
      ["babi1", "median Δŷ", "0.00-0.25", 0],
      ["babi1", "median Δŷ", "0.25-0.50", 20],
      ["babi1", "median Δŷ", "0.50-0.75", 0],
      ["babi1", "median Δŷ", "0.75-1.00", 40],
    ],
  );
  const [jsd, empty, second, , last] = found;
  assert.deepEqual([jsd!.ours, empty!.ours, second!.ours], [0.25, undefined, 0.095]);
  assert.ok(Math.abs(last!.ours! - 0.395) < 1e-12);
  // The authors' plots: bAbI 1 has .47, and .78 / .94 / .90 in the three upper bins.
  for (const [row, value] of [
    [jsd, 0.47],
    [second, 0.78],
    [last, 0.9],
  ] as const) {
    assert.ok(Math.abs(row!.published! - value) < 0.006, `${row!.published}`);
    assert.ok(Math.abs(row!.difference! - (row!.ours! - row!.published!)) < 1e-12);
  }
});

test("a corpus that the paper does not have has ours alone", () => {
  const [jsd] = compareQuestions([withMaxAttention("babi1-small", "question answering")]);
  assert.deepEqual([jsd!.ours, jsd!.published, jsd!.difference], [0.25, undefined, undefined]);
});
