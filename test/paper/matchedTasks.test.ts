import assert from "node:assert/strict";
import { test } from "node:test";
import { answerMatched, differenceDots, taskDifferences } from "../../src/paper/matchedTasks";
import { runOf } from "./taskRuns";

const questions = { corpus: "babi1-small", task: "question answering" } as const;
const tauOf =
  (tau: number, words = 20) =>
  () => ({ tauGradient: tau, tauLeaveOneOut: tau, words });

test("each pair of solved corpora under one encoder, the question first, in each measure", () => {
  const runs = [
    runOf(),
    runOf(questions),
    runOf({ corpus: "mails" }),
    runOf({ ...questions, corpus: "babi2-small", scores: { accuracy: 0.5 } }),
    runOf({ encoder: "average" }),
  ];
  const found = taskDifferences(runs, { resamples: 10 });
  const pairs = found.filter(({ measure }) => measure === "permutationTvd").map(({ pair, kind }) => [pair, kind]);
  assert.deepEqual(pairs, [
    ["babi1-small − reviews", "task"],
    ["babi1-small − mails", "task"],
    ["reviews − mails", "corpus"],
  ]);
  assert.equal(found.length, 12);
  const dots = differenceDots(found);
  assert.equal(dots.length, 24);
  assert.deepEqual(
    dots.slice(0, 2).map(({ texts, n }) => [texts, n]),
    [
      ["all", 120],
      ["matched", 60],
    ],
  );
});

test("more, less, and not consistently", () => {
  const answer = (question: number, ...others: number[]) =>
    answerMatched(
      taskDifferences([
        runOf(questions, tauOf(question)),
        ...others.map((tau, index) => runOf({ corpus: `corpus ${index}` }, tauOf(tau))),
      ]),
    );
  assert.match(answer(0.5, 0.2, 0.4), /\*\*more\*\* .* of 4 comparisons 4 lie above 0, 0 below/);
  assert.match(answer(0.1, 0.2, 0.4), /\*\*less\*\* .* of 4 comparisons 0 lie above 0, 4 below/);
  assert.match(answer(0.3, 0.2, 0.4), /\*\*not consistently more or less\*\* .* 2 lie above 0, 2 below/);
  assert.match(
    answer(0.5, 0.25),
    /Mean τ_g of babi1-small less that of corpus 0 \+0\.250 \(\+0\.250 to \+0\.250, 60 pairs\)/,
  );
});

test("corpora that do not overlap in length are not compared, and said so", () => {
  const runs = [runOf(questions, tauOf(0.5)), runOf({}, tauOf(0.2, 400))];
  const answer = answerMatched(taskDifferences(runs));
  assert.match(answer, /No comparison is possible for babi1-small − reviews: fewer than 30 texts/);
  assert.match(answer, /nothing is concluded/);
  assert.match(answerMatched(taskDifferences([runOf()])), /No two tasks of different kind are solved/);
});
