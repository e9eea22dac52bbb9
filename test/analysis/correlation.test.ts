import assert from "node:assert/strict";
import { before, test } from "node:test";
import { correlate } from "../../src/analysis/correlation";
import { gradientImportance } from "../../src/analysis/importances/gradient";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";
import { loadBackend } from "../../src/backend/tensorflow";
import type { AttentionModel } from "../../src/model/model";
import { predict } from "../../src/model/predict";
import { randomExamples, setWeights, smallModel } from "../model/smallModel";

before(() => loadBackend());

const classes = { classNames: ["negative", "positive"] };
const example = { id: "a", tokens: ["w", "x", "y", "z"], label: 1 };
const attention = [0.1, 0.2, 0.3, 0.4];

test("a row tells of one text how its attention agrees with either importance", () => {
  const predictions = [{ output: [0.6, 0.4], logits: [-0.4], attention }];
  const importance = { gradient: [[1, 2, 3, 4]], leaveOneOut: [[0.4, 0.3, 0.2, 0.1]] };
  const [row, ...others] = correlate(classes, [example], predictions, importance);
  assert.equal(others.length, 0);
  const { tauGradientPValue, tauLeaveOneOutPValue, tauGradientLeaveOneOutPValue: _, ...rest } = row!;
  assert.deepEqual(rest, {
    id: "a",
    words: 4,
    predicted: "negative",
    label: "positive",
    probability: 0.6,
    maxAttention: 0.4,
    tauGradient: 1,
    tauGradientUndefined: "",
    tauLeaveOneOut: -1,
    tauLeaveOneOutUndefined: "",
    tauGradientLeaveOneOut: -1,
    tauGradientLeaveOneOutUndefined: "",
  });
  assert.ok(Math.abs(tauGradientPValue! - 2 / 24) < 1e-12, "2 of the 24 orders of four words are as extreme");
  assert.ok(Math.abs(tauLeaveOneOutPValue! - 2 / 24) < 1e-12);
});

/** Why each τ of one text is undefined. */
function reasons(weights: number[], gradient: number[], loo: number[]): [string, string] {
  const text = { ...example, tokens: weights.map(String) };
  const predictions = [{ output: [0, 1], logits: [99], attention: weights }];
  const [row] = correlate(classes, [text], predictions, { gradient: [gradient], leaveOneOut: [loo] });
  for (const name of ["tauGradient", "tauLeaveOneOut"] as const) {
    const reason = row![`${name}Undefined`];
    assert.equal(row![name] === undefined, reason !== "", "undefined exactly when there is a reason");
    assert.equal(row![`${name}PValue`] === undefined, reason !== "");
  }
  return [row!.tauGradientUndefined, row!.tauLeaveOneOutUndefined];
}

test("an undefined correlation says why", () => {
  assert.deepEqual(reasons([1], [0.3], []), ["fewer than two words", "fewer than two words"]);
  assert.deepEqual(reasons(attention, [0, 0, 0, 0], [0, 0, 0, 0]), ["saturated output", "output never changes"]);
  assert.deepEqual(reasons([0.5, 0.5], [1, 2], [2, 1]), ["constant attention", "constant attention"]);
  assert.deepEqual(reasons([0.4, 0.6], [3, 3], [1, 2]), ["constant importance", ""]);
  assert.deepEqual(reasons([0.4, 0.6], [Number.NaN, 3], [1, 2]), ["not finite", ""]);
});

async function rowsOf(model: AttentionModel, examples = randomExamples([4, 9, 17, 1, 8])) {
  const predictions = await predict(model, examples);
  const gradient = await gradientImportance(model, examples, predictions);
  const loo = await leaveOneOut(model, examples, predictions);
  return correlate(model, examples, predictions, { gradient, leaveOneOut: loo });
}

test("a model's τ are between -1 and 1, and undefined for the text of one word alone", async () => {
  const rows = await rowsOf(smallModel());
  for (const { words, tauGradient, tauLeaveOneOut, tauGradientPValue } of rows) {
    if (words === 1) {
      assert.deepEqual([tauGradient, tauLeaveOneOut], [undefined, undefined]);
      continue;
    }
    assert.ok(Math.abs(tauGradient!) <= 1 && Math.abs(tauLeaveOneOut!) <= 1);
    assert.ok(tauGradientPValue! >= 0 && tauGradientPValue! <= 1);
  }
});

test("a model whose output is saturated gives no τ, and says so", async () => {
  const model = smallModel();
  setWeights(model, "decoder.bias", [500]);
  const rows = await rowsOf(model);
  for (const { words, probability, tauGradientUndefined, tauLeaveOneOutUndefined } of rows) {
    assert.equal(probability, 1);
    const few = "fewer than two words";
    assert.equal(tauGradientUndefined, words === 1 ? few : "saturated output");
    assert.equal(tauLeaveOneOutUndefined, words === 1 ? few : "output never changes");
  }
});

test("a model that attends to all words alike gives no τ, and says so", async () => {
  const model = smallModel();
  setWeights(model, "attention.vector", new Array(5).fill(0));
  const rows = await rowsOf(model);
  assert.deepEqual(
    rows.map(({ tauGradientUndefined }) => tauGradientUndefined),
    ["constant attention", "constant attention", "constant attention", "fewer than two words", "constant attention"],
  );
});

test("a text of unknown words alone has a row like any other", async () => {
  const unknown = { id: "unknown", tokens: ["neverheard", "unseen", "unread"], label: 0 };
  const [row] = await rowsOf(smallModel(), [unknown]);
  assert.equal(row!.words, 3);
  assert.ok(Number.isFinite(row!.tauGradient));
});
