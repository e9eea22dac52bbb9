import assert from "node:assert/strict";
import { test } from "node:test";
import { means, published, taskMeans, yardstick } from "../../src/paper/means";
import { paperCorpora, tableClasses } from "../../src/paper/published";
import { overview, table1 } from "../../src/paper/scores";
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
});

test("the means of tasks have their intervals, and the published ones stand below", () => {
  const rows = taskMeans(runsOf(studyOf({}, (index) => taus(index % 2 === 0 ? 0.1 : 0.3))));
  const ours = rows.find(({ measure, source }) => measure === "tauGradient" && source === "ours")!;
  assert.ok(Math.abs(ours.mean! - 0.2) < 1e-12 && ours.low! > 0.15 && ours.high! < 0.25 && ours.n === 60);
  assert.equal(rows.filter(({ source }) => source !== "ours").length, 8);
});

test("figures 3 and 4: ours over texts with both correlations, and the published of a corpus", () => {
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
  const both = ["lessTauGradient", "lessTauLeaveOneOut"];
  const [gradient, leaveOneOut] = means(both, runs);
  assertClose(gradient!.mean!, 0.5, 1e-12);
  assertClose(leaveOneOut!.mean!, (0.5 + 0.3 + 0.1 + 0.1) / 4, 1e-12);
  assert.deepEqual([gradient!.n, leaveOneOut!.n], [3, 4]);
  const everywhere = paperCorpora.map((corpus) => {
    const classNames = tableClasses(corpus).map(String);
    return studyOf({ corpus, classNames: classNames.length > 1 ? classNames : ["a", "b"] });
  });
  const theirs = published(both, runsOf(...everywhere)).filter(({ source }) => source === "authors' re-run");
  assert.equal(theirs.length, 24);
  const mean = (measure: string) =>
    theirs.filter((row) => row.measure === measure).reduce((sum, row) => sum + row.mean! / 12, 0);
  assertClose(mean("lessTauLeaveOneOut"), 0.249, 0.001);
  assertClose(mean("lessTauGradient"), 0.21, 0.001);
  assertClose(yardstick(runs)[0]!.mean!, 0.7, 1e-12);
});

test("test scores stand beside those of the authors, with what no reading gives", () => {
  const { rows } = overview(runsOf(studyOf({ seed: 0 }), studyOf({ seed: 1 }), studyOf(questions)));
  assert.deepEqual(
    rows.map(({ corpus, runs, chance, solved }) => [corpus, runs, chance, solved]),
    [
      ["sst", 2, 0.5, "yes"],
      ["babi1-small", 1, 0.5, "beyond chance"],
    ],
  );
  assert.deepEqual([rows[0]!.theirAccuracy, rows[0]!.theirF1], [0.8081, 0.7835]);
  assert.equal(rows[1]!.theirAccuracy, undefined);
});

test("means of several runs have each run's, and a model without any value has no row", () => {
  const runs = runsOf(
    studyOf({ seed: 0 }, () => taus(0.1)),
    studyOf({ seed: 1 }, () => taus(0.3)),
    studyOf({ corpus: "imdb" }, () => taus(undefined)),
  );
  const [one, ...others] = means(["tauGradient"], runs);
  assert.deepEqual(others, []);
  assertClose(one!.each![0]!, 0.1, 1e-12);
  assertClose(one!.each![1]!, 0.3, 1e-12);
  assert.equal(means(["accuracy"], runs)[0]!.n, undefined);
});

test("Table 1: a line for each corpus of the paper, the BiLSTM's accuracy, and what was at hand", () => {
  const about = { corpus: { train: 2000, dev: 1177, test: 1725, vocabulary: 13_822 } };
  const { rows } = table1(
    runsOf(studyOf({ encoder: "average", about }), studyOf({ about }), studyOf({ corpus: "mails" })),
  );
  assert.deepEqual(rows, [
    {
      ...{ corpus: "sst", train: 2000, dev: 1177, theirTrain: 6355, share: "50 %", test: 1725, theirTest: 1725 },
      ...{ vocabulary: 13_826, theirVocabulary: 13_826, words: 20, accuracy: 0.9, theirAccuracy: 0.8081 },
    },
  ]);
});

test("what is not there is told by model", () => {
  const missing = [0, 1, 2].map((seed) => ({ name: `imdb, bilstm, seed ${seed}` }));
  const { caption } = overview({ ...runsOf(studyOf({})), missing: [...missing, { name: "snli, cnn, seed 0" }] });
  assert.match(caption, /Not there: imdb, bilstm \(3 runs\); snli, cnn\.$/);
});
