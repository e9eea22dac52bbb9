import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeYardstick, type YardstickColumns, type YardstickRun, yardstickRows } from "../../src/paper/yardstick";
import { sst } from "./rows";

/** Texts with τ(attention, gradient), τ(attention, leave-one-out) and τ(gradient, leave-one-out). */
function runOf(taus: [number | undefined, number | undefined, number | undefined][], corpus = "sst"): YardstickRun {
  const rows: YardstickColumns[] = taus.map(([tauGradient, tauLeaveOneOut, tauGradientLeaveOneOut]) => ({
    tauGradient,
    tauLeaveOneOut,
    tauGradientLeaveOneOut,
  }));
  return { ...sst, corpus, rows };
}

const run = runOf([
  [0.1, 0.2, 0.7],
  [0.2, 0.4, 0.7],
  [0.3, 0.6, 0.7],
  [undefined, 0.6, 0.7],
  [0.3, 0.6, undefined],
]);

describe("yardstickRows", () => {
  const rows = yardstickRows([run]);
  const find = (yardstick: string, source: string, corpus = "sst") =>
    rows.find((row) => row.yardstick === yardstick && row.source === source && row.corpus === corpus)!;

  it("takes the mean difference over texts that have both correlations", () => {
    assert.ok(Math.abs(find("gradient", "ours").mean! - 0.5) < 1e-12);
    assert.equal(find("gradient", "ours").n, 3);
    assert.ok(Math.abs(find("leave-one-out", "ours").mean! - (0.5 + 0.3 + 0.1 + 0.1) / 4) < 1e-12);
    assert.equal(find("leave-one-out", "ours").n, 4);
  });

  it("gives ours an interval around the mean", () => {
    const { mean, low, high } = find("gradient", "ours");
    assert.ok(low! > 0.39 && low! < mean! && mean! < high! && high! < 0.61);
  });

  it("puts the published means of all twelve corpora beside it, under their right names", () => {
    const published = rows.filter(({ source }) => source === "published");
    assert.equal(published.length, 24);
    // Table 2's later run has, over the classes of snli, τ_loo near .29 and τ_g near .32.
    assert.ok(find("leave-one-out", "published", "snli").mean! > find("gradient", "published", "snli").mean!);
    const means = (yardstick: string) =>
      published.filter((row) => row.yardstick === yardstick).reduce((sum, row) => sum + row.mean! / 12, 0);
    assert.ok(Math.abs(means("leave-one-out") - 0.249) < 0.001);
    assert.ok(Math.abs(means("gradient") - 0.21) < 0.001);
  });

  it("has no value where no text has both", () => {
    const [row] = yardstickRows([runOf([[0.1, undefined, 0.2]])]);
    assert.deepEqual([row!.n, row!.mean, row!.low], [0, undefined, undefined]);
  });

  it("refuses an encoder that the paper does not have", () => {
    assert.throws(() => yardstickRows([{ ...run, encoder: "transformer" }]), /transformer/);
  });
});

describe("describeYardstick", () => {
  it("counts the corpora above and below 0 and gives both means", () => {
    const contrary = runOf(
      [
        [0.8, 0.8, 0.1],
        [0.9, 0.8, 0.1],
      ],
      "reviews",
    );
    const text = describeYardstick(yardstickRows([run, contrary]));
    assert.match(
      text,
      /Figure 4: less τ\(attention, gradient\): the difference is above 0 \(95 % interval over texts\) on 1 of 2 corpora; below 0 on reviews\. Its mean over them is -0\.125; the published mean over 12 corpora is \+0\.210\./,
    );
  });

  it("says so where there is nothing", () => {
    assert.match(describeYardstick(yardstickRows([runOf([])])), /no text has both correlations/);
  });
});
