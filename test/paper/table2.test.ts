import assert from "node:assert/strict";
import { test } from "node:test";
import { table2 } from "../../src/paper/besidePaper";
import { assertClose } from "../close";
import { runsOf, studyOf, taus } from "./studies";

const own = studyOf({ count: 3 }, (index) => {
  const [row, predicted] = [
    [taus(0.4, 0.1), "negative"],
    [taus(0.6, 0.3), "negative"],
    [taus(0.2), "positive"],
  ][index] as [object, string];
  return { ...row, ...(index === 2 ? { tauLeaveOneOut: undefined } : {}), predicted };
});
const average = studyOf({ encoder: "average" }, (index) => taus(index % 2 === 0 ? 0.8 : 0.7));

test("for each class ours, the paper's, the re-run's and their code's line: τ_g, τ_g of the average encoder, τ_loo", () => {
  const { rows } = table2(runsOf(own, average));
  assert.deepEqual(
    rows.map((row) => [row.class, row.source]),
    ["negative", "positive"].flatMap((name) =>
      ["ours", "paper", "authors' re-run", "authors' code here"].map((source) => [name, source]),
    ),
  );
  const [negative, paper, rerun, code, positive] = rows;
  assert.equal(negative!.n, 2);
  assertClose(negative!.gradientMean!, 0.5, 1e-12);
  assertClose(negative!.gradientStd!, 0.1, 1e-12);
  assert.equal(negative!.gradientSignificant, 1);
  assertClose(negative!.averageGradientMean!, 0.8, 1e-12);
  assertClose(negative!.leaveOneOutMean!, 0.2, 1e-12);
  assert.equal(negative!.leaveOneOutSignificant, 0.5);
  assert.equal(positive!.leaveOneOutMean, undefined);
  assert.deepEqual([paper!.gradientMean, paper!.gradientStd, paper!.gradientSignificant], [0.3954, 0.2096, 0.59]);
  assert.deepEqual([paper!.averageGradientMean, paper!.leaveOneOutMean], [0.6918, 0.3358]);
  assert.deepEqual([code!.gradientMean, code!.leaveOneOutMean], [0.259, 0.2687]);
  const rounded = [rerun!.gradientMean, rerun!.averageGradientMean, rerun!.leaveOneOutMean];
  assert.deepEqual(
    rounded.map((mean) => mean!.toFixed(2)),
    ["0.34", "0.61", "0.27"],
  );
});

test("one line for all answers of a question answering corpus, and ours alone where nothing is published", () => {
  const babi = studyOf({ corpus: "babi1", task: "question answering", classNames: ["a", "b", "c", "d"] }, () =>
    taus(0.3),
  );
  const lines = table2(runsOf(babi)).rows;
  assert.deepEqual(
    lines.map((line) => [line.class, line.source, line.averageGradientMean]),
    ["ours", "paper", "authors' re-run", "authors' code here"].map((source) => [undefined, source, undefined]),
  );
  const reviews = table2(runsOf({ ...own, corpus: "reviews" }, average)).rows;
  assert.deepEqual(
    reviews.map(({ source, averageGradientMean }) => [source, averageGradientMean]),
    [
      ["ours", undefined],
      ["ours", undefined],
    ],
  );
});
