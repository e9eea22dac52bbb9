import assert from "node:assert/strict";
import { before, test } from "node:test";
import { paperImportances } from "../../src/analysis/importances/all";
import { kendall, type Statistic } from "../../src/analysis/statistic";
import { loadBackend } from "../../src/backend/tensorflow";
import type { AttentionModel } from "../../src/model/model";
import { predict } from "../../src/model/predict";
import { randomExamples, setWeights, smallModel } from "../model/smallModel";
import { agreements } from "./agreements";
import { explained } from "./explained";

before(() => loadBackend());

const attention = [0.1, 0.2, 0.3, 0.4];

test("attention is compared with each importance, and the importances with one another", () => {
  const found = agreements(kendall, { attention, gradient: [1, 2, 3, 4], leaveOneOut: [0.4, 0.3, 0.2, 0.1] });
  for (const { p } of found)
    assert.ok(Math.abs(p! - 2 / 24) < 1e-12, "2 of the 24 orders of four words are as extreme");
  assert.deepEqual(
    found.map(({ value, undefinedBecause }) => [value, undefinedBecause]),
    [
      [1, ""],
      [-1, ""],
      [-1, ""],
    ],
  );
});

test("another statistic has the same reasons", () => {
  const spearman: Statistic<"rho"> = {
    name: "rho",
    symbol: "ρ",
    title: "Spearman's ρ",
    meaning: "1 is the same order, −1 the opposite order.",
    range: [-1, 1],
    of(a, b) {
      const ranks = (values: readonly number[]) =>
        values.map((value) => values.filter((other) => other < value).length);
      const squares = ranks(a).reduce((sum, rank, t) => sum + (rank - ranks(b)[t]!) ** 2, 0);
      return { value: 1 - (6 * squares) / (a.length * (a.length ** 2 - 1)), p: undefined, undefinedBecause: "" };
    },
  };
  const [byGradient, byRemoval] = agreements(spearman, {
    attention,
    gradient: [2, 1, 3, 4],
    leaveOneOut: [0, 0, 0, 0],
  });
  assert.equal(byGradient.value, 0.8);
  assert.deepEqual([byRemoval.value, byRemoval.undefinedBecause], [undefined, "output never changes"]);
});

/** Why each τ of one text is undefined. */
function reasons(weights: number[], gradient: number[], leaveOneOut: number[]): string[] {
  return agreements(kendall, { attention: weights, gradient, leaveOneOut }).map(({ value, p, undefinedBecause }) => {
    assert.equal(value === undefined, undefinedBecause !== "", "undefined exactly when there is a reason");
    assert.equal(p === undefined, undefinedBecause !== "");
    return undefinedBecause;
  });
}

test("an undefined agreement says why", () => {
  const few = "fewer than two words";
  assert.deepEqual(reasons([1], [0.3], []), [few, few, few]);
  assert.deepEqual(reasons(attention, [1, 2, 3, 4], []), ["", "no importance", "no importance"]);
  const [saturated, never] = ["saturated output", "output never changes"];
  assert.deepEqual(reasons(attention, [0, 0, 0, 0], [0, 0, 0, 0]), [saturated, never, never]);
  assert.deepEqual(reasons(attention, [0, 0, 0, 0], [1, 2, 3, 3]), [saturated, "", saturated]);
  assert.deepEqual(reasons([0.5, 0.5], [1, 2], [2, 1]), ["constant attention", "constant attention", ""]);
  assert.deepEqual(reasons([0.4, 0.6], [3, 3], [1, 2]), ["constant importance", "", "constant importance"]);
  assert.deepEqual(reasons([0.4, 0.6], [Number.NaN, 3], [1, 2]), ["not finite", "", "not finite"]);
});

async function rowsOf(model: AttentionModel, examples = randomExamples([4, 9, 17, 1, 8])) {
  const predictions = await predict(model, examples);
  const [gradient, leaveOneOut] = await Promise.all(
    paperImportances.map((importance) => explained(importance, model, examples, { predictions })),
  );
  return examples.map((_, index) => {
    const { attention } = predictions[index]!;
    return agreements(kendall, { attention, gradient: gradient![index]!, leaveOneOut: leaveOneOut![index]! });
  });
}

test("a model's τ are between -1 and 1, and undefined for the text of one word alone", async () => {
  const rows = await rowsOf(smallModel());
  for (const [index, taus] of rows.entries()) {
    for (const { value, p } of taus.slice(0, 2)) {
      if (index === 3) assert.equal(value, undefined);
      else assert.ok(Math.abs(value!) <= 1 && p! >= 0 && p! <= 1);
    }
  }
});

test("a model whose output is saturated gives no τ, and one that attends to all words alike, and they say so", async () => {
  const saturated = smallModel();
  setWeights(saturated, "decoder.bias", [500]);
  const few = "fewer than two words";
  for (const [index, row] of (await rowsOf(saturated)).entries()) {
    assert.equal(row[0].undefinedBecause, index === 3 ? few : "saturated output");
    assert.equal(row[1].undefinedBecause, index === 3 ? few : "output never changes");
  }
  const even = smallModel();
  setWeights(even, "attention.vector", new Array(5).fill(0));
  for (const [index, row] of (await rowsOf(even)).entries()) {
    assert.equal(row[0].undefinedBecause, index === 3 ? few : "constant attention");
  }
});

test("of a text of unknown words alone every removal leaves the same, so leave-one-out has no order", async () => {
  const unknown = { id: "unknown", tokens: ["neverheard", "unseen", "unread"], label: 0 };
  const [row] = await rowsOf(smallModel(), [unknown]);
  assert.ok(Number.isFinite(row![0].value));
  assert.equal(row![1].undefinedBecause, "constant importance");
});
