import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { binEdges, binned, mean, quantile, standardDeviation } from "../../src/stats/summary";
import { goldens } from "./goldens";

describe("summaries against NumPy", () => {
  it("gives the same mean, standard deviation, quantiles and histogram counts", () => {
    for (const { values, bins, range, ...expected } of goldens.summary) {
      assert.ok(Math.abs(mean(values) - expected.mean) < 1e-14);
      assert.ok(Math.abs(standardDeviation(values) - expected.standardDeviation) < 1e-14);
      for (const [share, value] of expected.quantiles) assert.ok(Math.abs(quantile(values, share) - value) < 1e-14);
      const counts = binned(values, (value) => value, binEdges(range, bins)).map(({ length }) => length);
      assert.deepEqual(counts, expected.counts);
    }
  });
});

describe("summaries at their edges", () => {
  it("is NaN for no values", () => {
    for (const value of [mean([]), standardDeviation([]), quantile([], 0.5)]) assert.ok(Number.isNaN(value));
  });

  it("refuses a share outside 0 to 1", () => {
    assert.throws(() => quantile([1, 2], 1.5), /share from 0 to 1, but 1.5 came/);
    assert.throws(() => quantile([1, 2], Number.NaN), /but NaN came/);
  });
});
