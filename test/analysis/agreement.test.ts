import assert from "node:assert/strict";
import { before, test } from "node:test";
import { agreements } from "../../src/analysis/agreement";
import { paperImportances } from "../../src/analysis/importances/all";
import type { Statistic } from "../../src/analysis/statistic";
import { kendall } from "../../src/analysis/statistics/kendall";
import { loadBackend } from "../../src/backend/tensorflow";
import type { AttentionModel } from "../../src/model/model";
import { predict } from "../../src/model/predict";
import { randomExamples, setWeights, smallModel } from "../model/smallModel";
import { explained } from "./explained";

before(() => loadBackend());

const attention = [0.1, 0.2, 0.3, 0.4];

test("attention is compared with each importance, and each importance with the later ones", () => {
  const importances = { gradient: [1, 2, 3, 4], leaveOneOut: [0.4, 0.3, 0.2, 0.1] };
  const row = agreements(kendall, paperImportances, { attention, importances });
  const p = 2 / 24; // 2 of the 24 orders of four words are as extreme
  for (const name of ["tauGradientPValue", "tauLeaveOneOutPValue", "tauGradientLeaveOneOutPValue"] as const) {
    assert.ok(Math.abs(row[name]! - p) < 1e-12);
  }
  assert.deepEqual(Object.keys(row).length, 9);
  assert.deepEqual([row.tauGradient, row.tauLeaveOneOut, row.tauGradientLeaveOneOut], [1, -1, -1]);
  assert.deepEqual([row.tauGradientUndefined, row.tauLeaveOneOutUndefined], ["", ""]);
});

test("another statistic has columns of its own name, and the same reasons", () => {
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
  const row = agreements(spearman, paperImportances, {
    attention,
    importances: { gradient: [2, 1, 3, 4], leaveOneOut: [0, 0, 0, 0] },
  });
  assert.equal(row.rhoGradient, 0.8);
  assert.equal(row.rhoLeaveOneOut, undefined);
  assert.equal(row.rhoLeaveOneOutUndefined, "output never changes");
});

/** Why each τ of one text is undefined. */
function reasons(weights: number[], gradient: number[], leaveOneOut: number[]): [string, string, string] {
  const row = agreements(kendall, paperImportances, { attention: weights, importances: { gradient, leaveOneOut } });
  for (const name of ["tauGradient", "tauLeaveOneOut", "tauGradientLeaveOneOut"] as const) {
    const reason = row[`${name}Undefined`];
    assert.equal(row[name] === undefined, reason !== "", "undefined exactly when there is a reason");
    assert.equal(row[`${name}PValue`] === undefined, reason !== "");
  }
  return [row.tauGradientUndefined, row.tauLeaveOneOutUndefined, row.tauGradientLeaveOneOutUndefined];
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
  return examples.map((_, index) =>
    agreements(kendall, paperImportances, {
      attention: predictions[index]!.attention,
      importances: { gradient: gradient![index]!, leaveOneOut: leaveOneOut![index]! },
    }),
  );
}

test("a model's τ are between -1 and 1, and undefined for the text of one word alone", async () => {
  const rows = await rowsOf(smallModel());
  for (const [index, { tauGradient, tauLeaveOneOut, tauGradientPValue }] of rows.entries()) {
    if (index === 3) {
      assert.deepEqual([tauGradient, tauLeaveOneOut], [undefined, undefined]);
      continue;
    }
    assert.ok(Math.abs(tauGradient!) <= 1 && Math.abs(tauLeaveOneOut!) <= 1);
    assert.ok(tauGradientPValue! >= 0 && tauGradientPValue! <= 1);
  }
});

test("a model whose output is saturated gives no τ, and one that attends to all words alike, and they say so", async () => {
  const saturated = smallModel();
  setWeights(saturated, "decoder.bias", [500]);
  const few = "fewer than two words";
  for (const [index, row] of (await rowsOf(saturated)).entries()) {
    assert.equal(row.tauGradientUndefined, index === 3 ? few : "saturated output");
    assert.equal(row.tauLeaveOneOutUndefined, index === 3 ? few : "output never changes");
  }
  const even = smallModel();
  setWeights(even, "attention.vector", new Array(5).fill(0));
  for (const [index, row] of (await rowsOf(even)).entries()) {
    assert.equal(row.tauGradientUndefined, index === 3 ? few : "constant attention");
  }
});

test("of a text of unknown words alone every removal leaves the same, so leave-one-out has no order", async () => {
  const unknown = { id: "unknown", tokens: ["neverheard", "unseen", "unread"], label: 0 };
  const [row] = await rowsOf(smallModel(), [unknown]);
  assert.ok(Number.isFinite(row!.tauGradient));
  assert.equal(row!.tauLeaveOneOutUndefined, "constant importance");
});
