import assert from "node:assert/strict";
import { test } from "node:test";
import { taskDifferences } from "../../src/paper/lengths";
import { questions, runsOf, studyOf } from "./studies";

const value = () => ({ tau: 0.5 });

test("each pair of corpora under one encoder, whatever its word vectors, the question first, over all texts and matched ones", () => {
  const { rows } = taskDifferences(
    runsOf(
      studyOf({ corpus: "reviews" }, value),
      studyOf({ ...questions, options: { wordVectors: "random" } }, () => ({ tau: 0.75 })),
      studyOf({ corpus: "mails" }, value),
      studyOf({ corpus: "reviews", encoder: "average" }, value),
      studyOf({ corpus: "mails", attention: "dot" }, value),
    ),
    ["tau"],
  );
  assert.deepEqual(
    rows.map(({ pair, kind, texts, n, difference }) => [pair, kind, texts, n, difference]),
    [
      ["babi1-small − reviews", "task", "all", 120, 0.25],
      ["babi1-small − reviews", "task", "matched", 60, 0.25],
      ["babi1-small − mails", "task", "all", 120, 0.25],
      ["babi1-small − mails", "task", "matched", 60, 0.25],
      ["reviews − mails", "corpus", "all", 120, 0],
      ["reviews − mails", "corpus", "matched", 60, 0],
    ],
  );
});

test("corpora that do not overlap in length have no matched difference", () => {
  const long = studyOf({ corpus: "long" }, () => ({ tau: 0.25, words: 400 }));
  const [all, matched] = taskDifferences(runsOf(studyOf({}, value), long), ["tau"], { tolerance: 2 }).rows;
  assert.deepEqual([all!.difference, matched!.n, matched!.difference], [0.25, 0, undefined]);
});
