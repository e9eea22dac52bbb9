import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareWithPaper, publishedNoise, publishedRange } from "../../src/paper/compare";
import { instance, sst } from "./rows";

describe("publishedNoise", () => {
  const rounded = (
    encoder: "bilstm" | "cnn" | "average",
    attention: "additive" | "dot",
    stem: "tau_grad" | "tau_loo",
  ) => {
    const { mean, max } = publishedNoise({ encoder, attention, metric: `${stem}_mean` });
    return [mean.toFixed(3), max.toFixed(2)];
  };

  it("is computed from the two published runs", () => {
    assert.deepEqual(rounded("bilstm", "additive", "tau_grad"), ["0.056", "0.19"]);
    assert.deepEqual(rounded("bilstm", "additive", "tau_loo"), ["0.062", "0.28"]);
    assert.deepEqual(rounded("average", "additive", "tau_grad"), ["0.057", "0.16"]);
    assert.deepEqual(rounded("average", "additive", "tau_loo"), ["0.058", "0.28"]);
    assert.deepEqual(rounded("cnn", "additive", "tau_grad")[0], "0.090");
    assert.deepEqual(rounded("cnn", "additive", "tau_loo")[0], "0.052");
    assert.deepEqual(rounded("bilstm", "dot", "tau_grad")[0], "0.095");
    assert.deepEqual(rounded("bilstm", "dot", "tau_loo")[0], "0.075");
    assert.deepEqual(rounded("average", "dot", "tau_grad")[0], "0.065");
    assert.deepEqual(rounded("average", "dot", "tau_loo")[0], "0.090");
  });

  it("says where the runs differ most and over how many cells it goes", () => {
    const noise = publishedNoise({ encoder: "bilstm", attention: "additive", metric: "tau_loo_mean" });
    assert.equal(noise.maxAt, "snli 0");
    assert.equal(noise.cells, 21);
    assert.equal(publishedNoise({ encoder: "average", attention: "dot", metric: "tau_grad_mean" }).cells, 20);
  });
});

describe("publishedRange", () => {
  it("spans the fourteen class means of the binary corpora", () => {
    const { low, lowAt, high, highAt, cells } = publishedRange({
      encoder: "bilstm",
      attention: "additive",
      metric: "tau_grad_mean",
    });
    assert.deepEqual(
      [low.toFixed(2), lowAt, high.toFixed(2), highAt, cells],
      ["0.08", "20news 0", "0.47", "diabetes 0", 14],
    );
  });
});

describe("compareWithPaper", () => {
  const rows = [
    instance("negative", 0.2),
    instance("negative", 0.4, 0.3),
    instance("negative", "undefined"),
    instance("positive", 0.5, "undefined"),
  ];

  it("puts every number of Table 2 beside ours", () => {
    const table = compareWithPaper(rows, sst);
    assert.equal(table.length, 2 * 2 * 3);
    const [mean, spread, significant] = table;
    assert.deepEqual(
      [mean!.measure, mean!.class, mean!.statistic, mean!.paper, mean!.rerun, mean!.missing],
      ["tauGradient", "negative", "mean", 0.3954, 0.3432, ""],
    );
    assert.ok(Math.abs(mean!.ours! - 0.3) < 1e-12);
    assert.ok(Math.abs(mean!.difference! - (0.3 - 0.3954)) < 1e-12);
    assert.ok(Math.abs(mean!.cellNoise! - 0.0522) < 1e-12);
    assert.deepEqual([mean!.meanNoise.toFixed(3), mean!.maxNoise.toFixed(2)], ["0.056", "0.19"]);
    assert.ok(Math.abs(spread!.ours! - 0.1) < 1e-12);
    assert.equal(spread!.paper, 0.2096);
    assert.equal(significant!.ours, 1 / 3);
    assert.equal(significant!.paper, 0.59);
  });

  it("leaves a number of ours that is not defined undefined, with the reason", () => {
    const row = compareWithPaper(rows, sst).find(
      ({ measure, class: name, statistic }) =>
        measure === "tauLeaveOneOut" && name === "positive" && statistic === "mean",
    )!;
    assert.deepEqual([row.ours, row.difference, row.paper], [undefined, undefined, 0.3344]);
    assert.equal(row.missing, "ours: τ is undefined in each instance (1)");
    const none = compareWithPaper([instance("positive", 0.5)], sst)[0]!;
    assert.equal(none.missing, "ours: no instance is predicted so");
  });

  it("leaves the paper's side undefined where it is NaN or the corpus is not the paper's", () => {
    const imdb = { ...sst, corpus: "imdb", encoder: "cnn", attention: "dot" };
    const nan = compareWithPaper(rows, imdb).find(({ class: name }) => name === "positive")!;
    assert.deepEqual([nan.paper, nan.difference], [undefined, undefined]);
    assert.equal(nan.missing, "paper: NaN in the published file");
    for (const row of compareWithPaper(rows, { ...sst, corpus: "reviews" })) {
      assert.deepEqual(
        [row.paper, row.rerun, row.difference, row.cellNoise],
        [undefined, undefined, undefined, undefined],
      );
      assert.match(row.missing, /^not a corpus of the paper/);
    }
  });

  it("compares all instances at once for question answering", () => {
    const run = { ...sst, corpus: "babi1" };
    const table = compareWithPaper(rows, run);
    assert.deepEqual([...new Set(table.map((row) => row.class))], ["all"]);
    assert.equal(table[0]!.paper, 0.2294);
  });

  it("refuses what the paper has nothing to compare with", () => {
    assert.throws(() => compareWithPaper(rows, { ...sst, encoder: "gru" }), /no encoder of the paper "gru"/);
    assert.throws(() => compareWithPaper(rows, { ...sst, attention: "addtive" }), /did you mean "additive"/);
    assert.throws(
      () => compareWithPaper(rows, { ...sst, classNames: ["negative", "neutral", "positive"] }),
      /sst have 2 classes, but 3 class names came/,
    );
  });
});
