import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { table2 } from "../../src/paper/table2";
import { instance, sst } from "./rows";

const rows = [instance("negative", 0.4, 0.1), instance("negative", 0.6, 0.3), instance("positive", 0.2, "undefined")];
const run = { ...sst, rows };
const average = { ...sst, encoder: "average", rows: [instance("negative", 0.8), instance("positive", 0.7)] };

describe("table2", () => {
  it("has ours, the paper's and the re-run's line for each class, in this order", () => {
    const lines = table2([run], [average]);
    assert.deepEqual(
      lines.map((line) => [line.class, line.source]),
      ["negative", "positive"].flatMap((name) => ["ours", "paper", "authors' re-run"].map((source) => [name, source])),
    );
  });

  it("takes τ_g and τ_loo of the encoder, and τ_g of the average encoder", () => {
    const [negative, , , positive] = table2([run], [average]);
    assert.equal(negative!.n, 2);
    assert.ok(Math.abs(negative!.gradientMean! - 0.5) < 1e-12);
    assert.ok(Math.abs(negative!.gradientStd! - 0.1) < 1e-12);
    assert.equal(negative!.gradientSignificant, 1);
    assert.equal(negative!.averageGradientMean, 0.8);
    assert.ok(Math.abs(negative!.leaveOneOutMean! - 0.2) < 1e-12);
    assert.equal(negative!.leaveOneOutSignificant, 0.5);
    assert.equal(positive!.leaveOneOutMean, undefined);
    assert.equal(positive!.leaveOneOutSignificant, 0);
  });

  it("has the published numbers of each run", () => {
    const [, paper, rerun] = table2([run], [average]);
    // Table 2 of the paper: sst, class 0; the later run has .34, .61 and .27.
    assert.deepEqual([paper!.gradientMean, paper!.gradientStd, paper!.gradientSignificant], [0.3954, 0.2096, 0.59]);
    assert.deepEqual([paper!.averageGradientMean, paper!.leaveOneOutMean], [0.6918, 0.3358]);
    const rounded = [rerun!.gradientMean, rerun!.averageGradientMean, rerun!.leaveOneOutMean].map((mean) =>
      mean!.toFixed(2),
    );
    assert.deepEqual(rounded, ["0.34", "0.61", "0.27"]);
  });

  it("has one line for all answers of a question answering corpus", () => {
    const answers = ["kitchen", "garden", "office", "hallway"];
    const babi = { ...sst, corpus: "babi1", classNames: answers, rows: answers.map((name) => instance(name, 0.3)) };
    const lines = table2([babi], []);
    assert.deepEqual(
      lines.map((line) => line.class),
      ["all", "all", "all"],
    );
    assert.equal(lines[0]!.averageGradientMean, undefined);
    assert.ok(Math.abs(lines[1]!.gradientMean! - 0.23) < 0.006);
  });

  it("leaves a corpus that the paper does not have alone", () => {
    const lines = table2([{ ...run, corpus: "reviews" }], [average]);
    assert.deepEqual(
      lines.map(({ source }) => source),
      ["ours", "ours"],
    );
    assert.equal(lines[0]!.averageGradientMean, undefined);
  });
});
