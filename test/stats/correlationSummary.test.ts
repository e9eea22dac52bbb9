import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { summarizeCorrelation } from "../../src/stats/correlationSummary";

const defined = (tau: number, tauPValue: number) => ({ tau, tauPValue, tauUndefined: "" });
const without = (reason: string) => ({ tau: undefined, tauPValue: undefined, tauUndefined: reason });

describe("summarizeCorrelation", () => {
  it("averages the defined texts, counts the others by reason and gives both significant shares", () => {
    const reasons = [without("not finite"), without("saturated output"), without("not finite")];
    const rows = [defined(0.2, 0.3), defined(0.6, 0.05), defined(0.7, 0.001), ...reasons];
    const summary = summarizeCorrelation(rows, "tau");
    assert.deepEqual([summary.n, summary.defined], [6, 3]);
    assert.ok(Math.abs(summary.mean! - 0.5) < 1e-15);
    assert.ok(Math.abs(summary.standardDeviation! - Math.sqrt(0.14 / 3)) < 1e-15);
    assert.equal(summary.aboveHalf, 2 / 3);
    assert.equal(summary.significantOfDefined, 2 / 3);
    assert.equal(summary.significantOfAll, 2 / 6);
    assert.deepEqual(summary.undefinedByReason, { "not finite": 2, "saturated output": 1 });
    assert.ok(summary.meanLow! >= 0.2 && summary.meanLow! < 0.5 && summary.meanHigh! > 0.5 && summary.meanHigh! <= 0.7);
  });

  it("has no mean where no tau is defined", () => {
    const summary = summarizeCorrelation([without("constant attention")], "tau");
    const { mean, standardDeviation, meanLow, aboveHalf, significantOfDefined } = summary;
    for (const value of [mean, standardDeviation, meanLow, aboveHalf, significantOfDefined]) {
      assert.equal(value, undefined);
    }
    assert.equal(summary.significantOfAll, 0);
    assert.equal(summarizeCorrelation([], "tau").significantOfAll, undefined);
  });
});
