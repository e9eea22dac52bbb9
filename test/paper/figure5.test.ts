import assert from "node:assert/strict";
import { test } from "node:test";
import { figure5, publishedGap } from "../../src/paper/means";
import { paperCorpora, tableClasses } from "../../src/paper/published";
import { assertClose } from "../close";
import { runsOf, studyOf } from "./studies";

const study = (encoder: string, attention: string, seed: number, values: (number | undefined)[], corpus = "reviews") =>
  studyOf({ corpus, encoder, attention, seed, count: values.length }, (index) => ({ tau: values[index] }));

test("the average encoder less the BiLSTM, of each seed that both have, and beside it seeds of one encoder", () => {
  const runs = runsOf(
    study("bilstm", "additive", 0, [0.25, 0.25]),
    study("bilstm", "additive", 1, [0.5, 0.25]),
    study("average", "additive", 0, [0.75, 0.75]),
    study("average", "additive", 1, [0.75, undefined]),
    study("average", "additive", 2, [0, 0]),
    study("cnn", "additive", 0, [0, 0]),
    study("average", "dot", 0, [1, 1]),
  );
  const { rows, seeds } = figure5(runs, ["tau"]);
  assert.deepEqual(
    rows.map(({ attention, measure, each }) => [attention, measure, each]),
    [["additive", "tau", [0.5, 0.375]]],
  );
  // Of two runs and three the mean over the texts that both models have.
  assertClose(rows[0]!.mean!, (0.5 - 0.375 + (0.375 - 0.25)) / 2, 1e-12);
  assert.deepEqual(
    seeds.map(({ corpus, low, high }) => [corpus, low, high]),
    [["reviews", -0.75, 0.75]],
  );
  assert.throws(() => figure5(runs, ["tua"]), /no column "tua"; did you mean "tau"/);
});

test("a corpus of the paper has its own published difference; another, or other weights, has none", () => {
  const both = (corpus: string, attentionWeights = "softmax") =>
    ["average", "bilstm"].map((encoder) =>
      studyOf({ corpus, encoder, config: { attentionWeights } }, () => ({ tauLeaveOneOut: 0.1 })),
    );
  const published = (...studies: Parameters<typeof runsOf>) => figure5(runsOf(...studies)).published;
  const [sst] = published(...both("sst"));
  assertClose(sst!.mean!, (0.6656 - 0.3358 + 0.6944 - 0.3344) / 2, 1e-12);
  assert.equal(sst!.source, "paper");
  assert.deepEqual(published(...both("reviews"), ...both("sst", "sparsemax")), []);
});

test("the published gap goes from the smallest to the largest difference of Table 2", () => {
  const gapOf = (measure: string, corpus: string) =>
    publishedGap(measure, studyOf({ corpus, classNames: tableClasses(corpus).map(String) }));
  // By hand from Table 2 (to 2 decimals): τ_g of additive attention, .65 - .37 for imdb 0 and .65 - .08 for 20news 0.
  const gaps = paperCorpora
    .filter((corpus) => tableClasses(corpus).length === 2)
    .map((corpus) => gapOf("tauGradient", corpus)!);
  assertClose(Math.min(...gaps.map(({ low }) => low)), 0.21, 0.011);
  assertClose(Math.max(...gaps.map(({ high }) => high)), 0.57, 0.011);
  // The mean over the twelve corpora is .389 in this run (and about .375 in the caption of figure 5).
  const means = paperCorpora.map((corpus) => gapOf("tauLeaveOneOut", corpus)!.mean);
  assertClose(means.reduce((sum, each) => sum + each, 0) / 12, 0.389, 0.01);
  assert.equal(gapOf("permutationTvd", "sst"), undefined);
});
