import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTasks, solvedRuns, taskMeans, taskRows, taskScores } from "../../src/paper/tasks";
import { runOf } from "./taskRuns";

const answers = ["contradiction", "entailment", "neutral"];
const questions = { corpus: "babi1-small", task: "question answering" } as const;
const inference = { corpus: "snli-sample", task: "inference", classNames: answers } as const;
const of = (change: number) => new Array<number>(60).fill(change);

test("a task is solved from a third of the way from the most frequent label to no error", () => {
  const threeClasses = (accuracy: number) => runOf({ ...inference, scores: { accuracy } });
  const [low, high] = taskScores([threeClasses(0.55), threeClasses(0.56)]);
  assert.deepEqual([low!.chance, low!.solved, high!.solved], [1 / 3, "no", "yes"]);
  assert.equal(solvedRuns([threeClasses(0.55), threeClasses(0.56)]).length, 1);
  const uneven = runOf({ scores: { accuracy: 0.9 } }, (index) => ({ label: index < 57 ? "negative" : "positive" }));
  assert.equal(taskScores([uneven])[0]!.solved, "no");
  const constant = runOf({ scores: { accuracy: 1 } }, () => ({ label: "negative" }));
  assert.equal(taskScores([constant])[0]!.solved, "no");
});

test("the authors' accuracy stands beside that of a corpus of the paper", () => {
  const [sst, reviews] = taskScores([runOf({ corpus: "sst" }), runOf()]);
  assert.equal(sst!.published, 0.8081);
  assert.equal(reviews!.published, undefined);
});

test("a search that finds nothing counts as 0, as in the published plots", () => {
  const rows = taskRows(runOf({}, (index) => ({ searchJsd05: index === 0 ? undefined : 0.5 })));
  assert.deepEqual([rows[0]!.searchJsd, rows[1]!.searchJsd], [0, 0.5]);
});

test("our means have their intervals over texts, and the paper's numbers stand beside them", () => {
  const means = taskMeans([
    runOf({ corpus: "sst" }, (index) => ({ tauGradient: index % 2 === 0 ? 0.1 : 0.3 })),
    runOf(),
  ]);
  const find = (corpus: string, source: string) =>
    means.find((row) => row.measure === "tauGradient" && row.corpus === corpus && row.source === source);
  const ours = find("sst", "ours")!;
  assert.ok(Math.abs(ours.mean! - 0.2) < 1e-12 && ours.low! > 0.15 && ours.high! < 0.25 && ours.n === 60);
  const paper = find("sst", "published")!;
  assert.deepEqual([paper.low, paper.high], [0.3849, 0.3954]);
  assert.ok(Math.abs(paper.mean! - (0.3849 + 0.3954) / 2) < 1e-12);
  assert.equal(find("reviews", "published"), undefined);
  assert.equal(
    means.find(({ measure, source }) => measure === "permutationTvd" && source === "published"),
    undefined,
  );
});

test("permutation: holds, in part, not at all, and not judged without a solved task of each kind", () => {
  const verdictOf = (question: number, other: number) =>
    answerTasks([runOf({ ...questions, changes: of(question) }), runOf({ changes: of(other) })]);
  assert.match(verdictOf(0.5, 0.02), /babi1-small 0\.500, reviews 0\.020\. .*\*\*holds\*\* here/);
  assert.match(verdictOf(0.5, 0.1), /\*\*in part\*\*: at least 0\.500 against at most 0\.100/);
  assert.match(verdictOf(0.02, 0.1), /\*\*does not hold\*\*/);
  const unsolved = answerTasks([runOf({ ...questions, scores: { accuracy: 0.5 } }), runOf()]);
  assert.match(
    unsolved,
    /babi1-small, bilstm: \*\*not solved\*\* \(accuracy 0\.50, chance 0\.50\), so nothing is claimed/,
  );
  assert.match(unsolved, /\*\*not judged\*\*/);
  assert.doesNotMatch(unsolved, /\*\*holds\*\*/);
});

test("entailment: holds, in part, not at all, and not judged where an answer is never given", () => {
  const verdictOf = (contradiction: number, entailment: number, neutral: number) =>
    answerTasks([
      runOf(inference, (index) => ({ permutationTvd: [contradiction, entailment, neutral][index % 3]! })),
      runOf({ changes: of(0.01) }),
    ]);
  assert.match(verdictOf(0.1, 0.4, 0.2), /contradiction 0\.100, entailment 0\.400, neutral 0\.200\. .*\*\*holds\*\*/);
  assert.match(verdictOf(0.1, 0.2, 0.15), /\*\*in part\*\*: more, but less than 0\.25/);
  assert.match(verdictOf(0.4, 0.3, 0.1), /more than the other answers, \*\*does not hold\*\*/);
  const never = answerTasks([runOf(inference, () => ({ predicted: "entailment" }))]);
  assert.match(never, /on entailment is \*\*not judged\*\*/);
});
