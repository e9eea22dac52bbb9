import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { besidePaper } from "../../src/paper/besidePaper";
import { assertClose } from "../close";
import { runsOf, studyOf, taus } from "./studies";

const tauOf = [taus(0.2), taus(0.4, 0.3), taus(undefined), { ...taus(0.5), tauLeaveOneOut: undefined }];
const study = (given: Parameters<typeof studyOf>[0] = {}) =>
  studyOf({ count: 4, ...given }, (index) => ({
    ...tauOf[index],
    ...(index < 3 ? { predicted: "negative" } : { predicted: "positive" }),
  }));
const rowsOf = (...studies: Parameters<typeof runsOf>) => besidePaper(runsOf(...studies)).rows;
const find = (rows: ReturnType<typeof rowsOf>, measure: string, name: string | undefined, statistic = "mean") =>
  rows.find((row) => row.measure === measure && row.class === name && row.statistic === statistic)!;

describe("besidePaper", () => {
  it("has every number of Table 2 beside ours", () => {
    const rows = rowsOf(study());
    const mean = find(rows, "tauGradient", "negative");
    assert.deepEqual([mean.paper, mean.rerun, mean.missing, mean.n], [0.3954, 0.3432, "", 3]);
    assertClose(mean.ours!, 0.3, 1e-12);
    assertClose(mean.difference!, 0.3 - 0.3954, 1e-12);
    const spread = find(rows, "tauGradient", "negative", "standard deviation");
    assertClose(spread.ours!, 0.1, 1e-12);
    assert.equal(spread.paper, 0.2096);
    const share = find(rows, "tauGradient", "negative", "share with p ≤ .05");
    assert.deepEqual([share.ours, share.paper], [1 / 3, 0.59]);
  });

  it("is the mean over seeds", () => {
    const other = studyOf({ count: 4, seed: 1 }, () => ({ ...taus(0.6), predicted: "negative" }));
    assertClose(find(rowsOf(study(), other), "tauGradient", "negative").ours!, 0.45, 1e-12);
  });

  it("says why a number is missing, ours or the paper's, and never throws", () => {
    const missing = (given: Parameters<typeof studyOf>[0]) => find(rowsOf(study(given)), "tauGradient", "negative");
    assert.equal(find(rowsOf(study()), "tauLeaveOneOut", "positive").missing, "ours: undefined in each text (1)");
    assert.equal(find(rowsOf(studyOf({}, () => taus(0.1))), "tauGradient", "positive").missing, "");
    const one = studyOf({}, () => ({ ...taus(0.1), predicted: "positive" }));
    assert.equal(find(rowsOf(one), "tauGradient", "negative").missing, "ours: no such text");
    const nan = find(rowsOf(study({ corpus: "imdb", encoder: "cnn", attention: "dot" })), "tauGradient", "positive");
    assert.deepEqual([nan.paper, nan.missing], [undefined, "NaN in the published file"]);
    const reviews = missing({ corpus: "reviews" });
    assert.equal(reviews.missing, 'the paper has no corpus "reviews"');
    assert.deepEqual([reviews.paper, reviews.rerun, reviews.difference], [undefined, undefined, undefined]);
    const gru = missing({ encoder: "gru" });
    assert.deepEqual([gru.missing, gru.paper, gru.rerun], ['the paper has no encoder "gru"', undefined, undefined]);
    assert.match(missing({ config: { attentionWeights: "sparsemax" } }).missing, /softmax, not sparsemax/);
    const three = missing({ classNames: ["negative", "fair", "positive"] });
    assert.deepEqual([three.paper, three.missing], [undefined, "the paper's sst has 2 classes, not 3"]);
  });

  it("has all texts at once where there are more than three classes", () => {
    const rows = rowsOf(studyOf({ corpus: "babi1", task: "question answering", classNames: ["a", "b", "c", "d"] }));
    assert.deepEqual([...new Set(rows.map((row) => row.class))], [undefined]);
    assert.equal(find(rows, "tauGradient", undefined).paper, 0.2294);
    assert.equal(find(rows, "tauGradient", undefined, "share with p ≤ .05").ours, undefined, "not computed is not 0");
  });

  it("counts what the search did not find as 0, as published", () => {
    const rows = rowsOf(studyOf({}, (index) => ({ searchJsd05: index < 2 ? undefined : 0.5 })));
    const jsd = find(rows, "searchJsd05", "negative");
    assertClose(jsd.ours!, (29 / 30) * 0.5, 1e-12);
    assert.deepEqual([jsd.paper, jsd.rerun], [undefined, 0.4804]);
    assertClose(jsd.difference!, jsd.ours! - 0.4804, 1e-12);
  });

  it("bins the change by the largest weight, a bin with its lower end and the last also with 1", () => {
    const parts = [
      { maxAttention: 0.25, permutationTvd: 0.25 },
      { maxAttention: 0.49, permutationTvd: 0.5 },
      { maxAttention: 1, permutationTvd: 0.9 },
    ];
    const rows = rowsOf(studyOf({ count: 3 }, (index) => ({ ...parts[index], predicted: "negative" })));
    const bins = ["0.00-0.25", "0.25-0.50", "0.50-0.75", "0.75-1.00"].map((bin) =>
      find(rows, "permutationTvd", "negative", `median, largest weight ${bin}`),
    );
    assert.deepEqual(
      bins.map(({ n, ours, rerun }) => [n, ours, rerun]),
      [
        [0, undefined, 0.0271],
        [2, 0.375, 0.0472],
        [0, undefined, 0.0793],
        [1, 0.9, 0.107],
      ],
    );
  });
});
