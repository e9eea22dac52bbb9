import assert from "node:assert/strict";
import { test } from "node:test";
import { published, taskMeans, yardstick, yardstickRows } from "../../src/paper/means";
import { scores } from "../../src/paper/scores";
import { assertClose } from "../close";
import { questions, runsOf, studyOf, taus } from "./studies";

test("published means stand by run, over the predicted classes", () => {
  const runs = runsOf(studyOf({ seed: 0 }), studyOf({ seed: 1 }), studyOf({ corpus: "reviews" }));
  const [paper, rerun, code, ...others] = published("tauGradient", runs);
  assert.deepEqual(others, []);
  assert.deepEqual([code!.source, code!.low, code!.high], ["authors' code here", 0.259, 0.3151]);
  assertClose(paper!.mean!, (0.3954 + 0.3849) / 2, 1e-12);
  assert.deepEqual([paper!.source, paper!.low, paper!.high], ["paper", 0.3849, 0.3954]);
  assert.deepEqual([rerun!.source, rerun!.low, rerun!.high], ["authors' re-run", 0.3432, 0.3637]);
  assert.deepEqual(published(["permutationTvd", "entropy"], runs), []);
});

test("nothing published is put beside a model that the paper does not have", () => {
  const others = [
    studyOf({ encoder: "gru" }),
    studyOf({ attention: "multiplicative" }),
    studyOf({ config: { attentionWeights: "sparsemax" } }),
    studyOf({ config: { attentionWeights: "uniform" } }),
    studyOf({ classNames: ["bad", "fair", "good"] }),
  ];
  assert.deepEqual(published(["tauGradient", "accuracy", "lessTauGradient"], runsOf(...others)), []);
  assert.deepEqual(
    scores(runsOf(...others)).rows.map(({ source }) => source),
    others.map(() => "ours"),
  );
});

test("the means of tasks have their intervals, and the published ones stand below", () => {
  const rows = taskMeans(runsOf(studyOf({}, (index) => taus(index % 2 === 0 ? 0.1 : 0.3))));
  const ours = rows.find(({ measure, source }) => measure === "tauGradient" && source === "ours")!;
  assert.ok(Math.abs(ours.mean! - 0.2) < 1e-12 && ours.low! > 0.15 && ours.high! < 0.25 && ours.n === 60);
  assert.equal(rows.filter(({ source }) => source !== "ours").length, 8);
});

test("figures 3 and 4: ours over texts with both correlations, and the published of all twelve corpora", () => {
  const parts: [number | undefined, number | undefined, number | undefined][] = [
    [0.1, 0.2, 0.7],
    [0.2, 0.4, 0.7],
    [0.3, 0.6, 0.7],
    [undefined, 0.6, 0.7],
    [0.3, 0.6, undefined],
  ];
  const runs = runsOf(
    studyOf({ count: 5 }, (index) => ({
      ...taus(parts[index]![0], parts[index]![1]),
      tauGradientLeaveOneOut: parts[index]![2],
    })),
  );
  const rows = yardstickRows(runs);
  const ours = (measure: string) => rows.find((row) => row.measure === measure && row.source === "ours")!;
  assertClose(ours("lessTauGradient").mean!, 0.5, 1e-12);
  assertClose(ours("lessTauLeaveOneOut").mean!, (0.5 + 0.3 + 0.1 + 0.1) / 4, 1e-12);
  assert.deepEqual([ours("lessTauGradient").n, ours("lessTauLeaveOneOut").n], [3, 4]);
  const theirs = rows.filter(({ source }) => source === "authors' re-run");
  assert.equal(theirs.length, 24);
  const mean = (measure: string) =>
    theirs.filter((row) => row.measure === measure).reduce((sum, row) => sum + row.mean! / 12, 0);
  assertClose(mean("lessTauLeaveOneOut"), 0.249, 0.001);
  assertClose(mean("lessTauGradient"), 0.21, 0.001);
  assertClose(yardstick(runs)[0]!.mean!, 0.7, 1e-12);
});

test("test scores stand above those of the authors, with what no reading gives", () => {
  const { rows } = scores(runsOf(studyOf({ seed: 0 }), studyOf({ seed: 1 }), studyOf(questions)));
  assert.deepEqual(
    rows.map(({ corpus, source, seed, chance, solved }) => [corpus, source, seed, chance, solved]),
    [
      ["sst", "ours", 0, 0.5, "yes"],
      ["sst", "ours", 1, 0.5, "yes"],
      ["sst", "authors' re-run", undefined, undefined, undefined],
      ["babi1-small", "ours", 0, 0.5, "yes"],
    ],
  );
  assert.deepEqual([rows[2]!.accuracy, rows[2]!.f1], [0.8081, 0.7835]);
});
