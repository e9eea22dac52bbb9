import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareWithPaper } from "../../src/paper/compare";
import {
  answerEncoders,
  compareEncoders,
  type EncoderRun,
  publishedGap,
  summarizeSeeds,
} from "../../src/paper/encoders";
import { paperCorpora } from "../../src/paper/published";
import { instance, sst } from "./rows";

type Taus = Parameters<typeof instance>[1][];

const runOf = (encoder: string, seed: number, taus: Taus, change: Partial<EncoderRun> = {}): EncoderRun => ({
  ...sst,
  corpus: "reviews",
  encoder,
  seed,
  scores: { auc: 0.8 + seed / 100 },
  rows: taus.map((tau, index) => ({ id: `text ${index}`, ...instance("negative", tau) })),
  ...change,
});
const close = (found: number | undefined, expected: number) =>
  assert.ok(Math.abs(found! - expected) < 1e-9, `${found}`);

describe("summarizeSeeds", () => {
  it("has the mean of the runs' means and their range, texts without a value left out", () => {
    const runs = [
      runOf("bilstm", 0, [0.2, 0.4, "undefined"]),
      runOf("bilstm", 1, [0.5]),
      runOf("average", 0, [0.8]),
      runOf("bilstm", 2, [0.1, 0.1]),
    ];
    const [bilstm, average, ...others] = summarizeSeeds(runs, "tauGradient");
    assert.deepEqual(others, []);
    assert.deepEqual([bilstm!.encoder, bilstm!.seeds, average!.encoder, average!.seeds], ["bilstm", 3, "average", 1]);
    close(bilstm!.mean, 0.3);
    close(bilstm!.low, 0.1);
    close(bilstm!.high, 0.5);
    assert.equal(average!.low, average!.high);
  });

  it("keeps attentions apart, and a model without any value", () => {
    const runs = [runOf("bilstm", 0, [0.2]), runOf("bilstm", 0, ["undefined"], { attention: "dot" })];
    const [additive, dot] = summarizeSeeds(runs, "tauGradient");
    assert.equal(additive!.mean, 0.2);
    assert.deepEqual([dot!.attention, dot!.seeds, dot!.mean, dot!.low], ["dot", 0, undefined, undefined]);
  });

  it("refuses a column that no run has", () => {
    assert.throws(() => summarizeSeeds([runOf("bilstm", 0, [0.2])], "tau"), /"tau"/);
  });
});

describe("compareEncoders", () => {
  it("is Table 2 beside the mean over seeds", () => {
    const change = { corpus: "sst", attention: "dot" };
    const runs = [runOf("average", 0, [0.2], change), runOf("average", 1, [0.6, "undefined"], change)];
    const rows = compareEncoders(runs);
    const single = compareWithPaper(runs[0]!.rows, runs[0]!).filter(({ statistic }) => statistic === "mean");
    assert.deepEqual(
      rows.map(({ paper, meanNoise, class: name, measure }) => ({ paper, meanNoise, class: name, measure })),
      single.map(({ paper, meanNoise, class: name, measure }) => ({ paper, meanNoise, class: name, measure })),
    );
    close(rows[0]!.ours, 0.4);
    close(rows[0]!.difference, 0.4 - rows[0]!.paper!);
    assert.deepEqual([rows[1]!.class, rows[1]!.ours, rows[1]!.difference], ["positive", undefined, undefined]);
  });
});

describe("publishedGap", () => {
  it("is the smallest and the largest difference of Table 2, and its mean the caption of figure 5", () => {
    // By hand from Table 2 (to 2 decimals): τ_g of additive attention, .65 - .37 for imdb 0 and .65 - .08 for 20news 0.
    const gap = publishedGap("tauGradient", "additive");
    assert.equal(gap.cells, 14);
    assert.ok(Math.abs(gap.low - 0.21) < 0.011, `${gap.low}`);
    assert.ok(Math.abs(gap.high - 0.57) < 0.011, `${gap.high}`);
    // The mean over the twelve corpora is .389 in this run (and about .375 in the figure's caption).
    const corpora = paperCorpora.map((corpus) => publishedGap("tauLeaveOneOut", "additive", [corpus]).mean);
    assert.ok(Math.abs(corpora.reduce((sum, each) => sum + each, 0) / 12 - 0.389) < 0.01);
  });
});

describe("answerEncoders", () => {
  const answer = (average: number[], bilstm: number[], change: Partial<EncoderRun> = {}) =>
    answerEncoders([
      ...average.map((tau, seed) => runOf("average", seed, [tau], change)),
      ...bilstm.map((tau, seed) => runOf("bilstm", seed, [tau], change)),
    ]);

  it("holds where all runs are apart by at least the smallest published gap", () => {
    const text = answer([0.7, 0.66], [0.2, 0.24]);
    assert.match(
      text,
      /^\*\*reviews\*\*:\n\n- Mean τ_g, additive attention: average 0\.680 \(2 seeds: 0\.660 to 0\.700\), /,
    );
    assert.match(
      text,
      /bilstm 0\.220 \(2 seeds: 0\.200 to 0\.240\)\. Average less bilstm is \+0\.460; published, it goes/,
    );
    assert.equal(text.match(/agree far better \*\*holds\*\* here\./g)!.length, 2);
    assert.doesNotMatch(text, /one seed/);
  });

  it("changes to direction only just below the smallest published gap", () => {
    const { low } = publishedGap("tauGradient", "additive");
    assert.match(answer([0.3 + low + 0.001], [0.3]), /τ_g, .*\*\*holds\*\* here/);
    assert.match(answer([0.3 + low - 0.001], [0.3]), /τ_g, .*\*\*in direction only\*\*/);
  });

  it("measures dot attention, where published gaps go below 0, by the paper's additive attention", () => {
    assert.ok(publishedGap("tauGradient", "dot").low < 0);
    assert.match(answer([0.4], [0.3], { attention: "dot" }), /τ_g, .*\*\*in direction only\*\*: .* \+0\.2/);
  });

  it("names further encoders", () => {
    const runs = ["average", "cnn", "bilstm"].map((encoder, index) => runOf(encoder, 0, [0.9 - 0.4 * index]));
    assert.match(answerEncoders(runs), /average 0\.900, cnn 0\.500, bilstm 0\.100\. Average less bilstm is \+0\.800/);
  });

  it("says that chance decides where runs overlap, however far the means are apart", () => {
    assert.match(answer([0.9, 0.2], [0.1, 0.25]), /\*\*does not show\*\* here: the runs overlap/);
  });

  it("contradicts the finding where every run of the average encoder is below", () => {
    assert.match(answer([0.1, 0.15], [0.4, 0.5]), /is \*\*contradicted\*\* here: they agree less in every run\./);
  });

  it("warns of a single seed, and leaves open what is undefined", () => {
    assert.match(answer([0.7], [0.2]), /average 0\.700, .* But with one seed, nothing says/);
    const none = answerEncoders([runOf("average", 0, ["undefined"]), runOf("bilstm", 0, [0.2])]);
    assert.match(none, /average undefined, bilstm 0\.200; so it stays open\./);
  });

  it("adds the gap of the corpus itself where the paper has it", () => {
    const { mean } = publishedGap("tauLeaveOneOut", "additive", ["sst"]);
    const text = answer([0.7], [0.2], { corpus: "sst" });
    assert.match(text, new RegExp(`τ_loo, .*, and is \\+${mean.toFixed(3)} on sst\\.`));
    assert.doesNotMatch(answer([0.7], [0.2]), /, and is/);
  });

  it("judges each attention that has both encoders, and refuses when none has", () => {
    const runs = [
      runOf("average", 0, [0.7]),
      runOf("bilstm", 0, [0.2]),
      runOf("average", 0, [0.7], { attention: "dot" }),
    ];
    assert.doesNotMatch(answerEncoders(runs), /dot attention/);
    assert.throws(() => answerEncoders([runOf("cnn", 0, [0.7])]), /runs of cnn came; train both/);
  });
});
