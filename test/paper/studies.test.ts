import assert from "node:assert/strict";
import { test } from "node:test";
import { isSolved, modelsOf, numberIn, requireColumns } from "../../src/paper/studies";
import { inference, runsOf, studyOf } from "./studies";

test("studies that differ in the seed alone are one model; every other option tells them apart and is a column", () => {
  const models = modelsOf(
    runsOf(
      studyOf(),
      studyOf({ seed: 1, options: { seed: 1 } }),
      studyOf({ config: { attentionWeights: "sparsemax" } }),
      studyOf({ options: { hidden: 8, seed: 3 } }),
      studyOf({ encoder: "gru" }),
    ),
  );
  const names = { corpus: "sst", encoder: "bilstm", attention: "additive" };
  assert.deepEqual(
    models.map((model) => [model.names, model.studies.length]),
    [
      [names, 2],
      [{ ...names, attentionWeights: "sparsemax" }, 1],
      [{ ...names, hidden: 8 }, 1],
      [{ ...names, encoder: "gru" }, 1],
    ],
  );
});

test("a task is solved from a third of the way from the most frequent label to no error", () => {
  const threeClasses = (accuracy: number) => studyOf({ ...inference, scores: { texts: 60, accuracy, macroF1: 0 } });
  assert.deepEqual([isSolved(threeClasses(0.55)), isSolved(threeClasses(0.56))], [false, true]);
  assert.equal(isSolved(studyOf({}, (index) => ({ label: index < 57 ? "negative" : "positive" }))), false);
  assert.equal(isSolved(studyOf({ scores: { texts: 60, accuracy: 1, macroF1: 1 } }, () => ({ label: "a" }))), false);
});

test("a search that finds nothing counts as 0 where there was a search, and figures 3 and 4 follow from their parts", () => {
  assert.equal(numberIn({ searchJsd05: undefined }, "searchJsd05"), 0);
  assert.equal(numberIn({}, "searchJsd05"), undefined);
  assert.equal(numberIn({ label: "a" }, "label"), undefined);
  const row = { tauGradientLeaveOneOut: 0.75, tauGradient: 0.25, tauLeaveOneOut: undefined };
  assert.equal(numberIn(row, "lessTauGradient"), 0.5);
  assert.equal(numberIn(row, "lessTauLeaveOneOut"), undefined);
});

test("a wrong column is answered with the nearest", () => {
  const runs = runsOf(studyOf({}, () => ({ tauGradient: 0.1 })));
  assert.throws(() => requireColumns(runs, ["tauGradeint"]), /no column "tauGradeint"; did you mean "tauGradient"/);
  requireColumns(runsOf(), ["anything"]);
});
