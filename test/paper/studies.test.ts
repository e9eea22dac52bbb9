import assert from "node:assert/strict";
import { test } from "node:test";
import { isSolvedBeside } from "../../src/data/corpora/questionOnly";
import { modelsOf, requireColumns } from "../../src/paper/studies";
import { numberIn, valuesOf } from "../../src/paper/texts";
import { inference, questions, runsOf, studyOf } from "./studies";

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
  assert.deepEqual(
    [0.55, 0.56].map((accuracy) => isSolvedBeside(threeClasses(accuracy))),
    [false, true],
  );
  assert.equal(isSolvedBeside(studyOf({}, (index) => ({ label: index < 57 ? "negative" : "positive" }))), false);
  assert.equal(
    isSolvedBeside(studyOf({ scores: { texts: 60, accuracy: 1, macroF1: 1 } }, () => ({ label: "a" }))),
    false,
  );
});

test("with a question a model must exceed those of the question alone by their range, and a single one by a third of the way", () => {
  const of = (accuracy: number, corpus = "snli") =>
    studyOf({ ...inference, corpus, scores: { texts: 60, accuracy, macroF1: 0 } });
  const beside = (accuracy: number, ...alone: number[]) =>
    isSolvedBeside(
      of(accuracy),
      alone.map((other) => of(other, "snli-question-only")),
    );
  assert.deepEqual([beside(0.61, 0.6), beside(0.73, 0.6), beside(0.74, 0.6)], [false, false, true]);
  assert.deepEqual([beside(0.61, 0.6, 0.59), beside(0.62, 0.6, 0.59)], [false, true]);
  assert.equal(isSolvedBeside(of(0.61), [of(0.6, "babi1-question-only")]), true);
});

test("questions of one story, and pairs of one premise, are one cluster", () => {
  const clustersOf = (study: Parameters<typeof studyOf>[0], words: number[]) =>
    valuesOf(
      studyOf({ ...study, count: words.length }, (index) => ({ words: words[index] })),
      "words",
    ).map(({ cluster }) => cluster);
  assert.deepEqual(clustersOf(questions, [11, 24, 36, 11, 23]), ["0", "0", "0", "1", "1"]);
  assert.deepEqual(clustersOf(inference, [19, 19, 19, 15, 15, 13]), ["0", "0", "0", "1", "1", "2"]);
  assert.deepEqual(clustersOf({}, [5, 5]), [undefined, undefined]);
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
