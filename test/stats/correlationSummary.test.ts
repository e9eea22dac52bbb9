import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CorrelationColumns, summarizeByClass, summarizeCorrelation } from "../../src/stats/correlationSummary";
import { kendallTau } from "../../src/stats/kendall";

describe("summarizeCorrelation", () => {
  const results = [
    { kind: "defined", tau: 0.2, pValue: 0.3 },
    { kind: "defined", tau: 0.6, pValue: 0.05 },
    { kind: "defined", tau: 0.7, pValue: 0.001 },
    { kind: "undefined", reason: "not finite" },
    { kind: "undefined", reason: "saturated output" },
    { kind: "undefined", reason: "not finite" },
  ] as const;

  it("averages the defined instances, counts the others by reason and gives both significant shares", () => {
    const summary = summarizeCorrelation(results);
    assert.equal(summary.n, 6);
    assert.equal(summary.defined, 3);
    assert.ok(Math.abs(summary.mean! - 0.5) < 1e-15);
    assert.ok(Math.abs(summary.standardDeviation! - Math.sqrt(0.14 / 3)) < 1e-15);
    assert.equal(summary.aboveHalf, 2 / 3);
    assert.equal(summary.significantOfDefined, 2 / 3);
    assert.equal(summary.significantOfAll, 2 / 6);
    assert.deepEqual(summary.undefinedByReason, { "not finite": 2, "saturated output": 1 });
    assert.ok(summary.meanLow! >= 0.2 && summary.meanLow! < 0.5 && summary.meanHigh! > 0.5 && summary.meanHigh! <= 0.7);
  });

  it("has no mean where no tau is defined", () => {
    const summary = summarizeCorrelation([kendallTau([1, 1], [1, 2])]);
    assert.deepEqual(
      [summary.mean, summary.standardDeviation, summary.meanLow, summary.aboveHalf, summary.significantOfDefined],
      [undefined, undefined, undefined, undefined, undefined],
    );
    assert.equal(summary.significantOfAll, 0);
    assert.deepEqual(summary.undefinedByReason, { "first vector is constant": 1 });
    assert.equal(summarizeCorrelation([]).significantOfAll, undefined);
  });
});

describe("summarizeByClass", () => {
  const row = (predicted: string, tau: number | undefined): CorrelationColumns<"tauGradient"> => ({
    predicted,
    tauGradient: tau,
    tauGradientPValue: tau === undefined ? undefined : 0.01,
    tauGradientUndefined: tau === undefined ? "saturated output" : "",
  });
  const rows = [row("positive", 0.5), row("negative", 0.1), row("positive", undefined), row("negative", 0.3)];

  it("groups by predicted class in the order of the class names, then all", () => {
    const summaries = summarizeByClass(rows, "tauGradient", { classNames: ["negative", "positive"] });
    assert.deepEqual(
      summaries.map(({ class: name, n, mean }) => [name, n, mean]),
      [
        ["negative", 2, 0.2],
        ["positive", 2, 0.5],
        ["all", 4, (0.5 + 0.1 + 0.3) / 3],
      ],
    );
    assert.deepEqual(summaries[1]!.undefinedByReason, { "saturated output": 1 });
  });

  it("keeps a class without instances, so that its absence shows", () => {
    const [negative] = summarizeByClass([row("positive", 0.5)], "tauGradient", {
      classNames: ["negative", "positive"],
    });
    assert.equal(negative!.n, 0);
    assert.equal(negative!.mean, undefined);
  });

  it("makes one group of more than three classes", () => {
    const summaries = summarizeByClass(rows, "tauGradient", { classNames: ["a", "negative", "positive", "b"] });
    assert.deepEqual(
      summaries.map((summary) => summary.class),
      ["all"],
    );
  });

  it("refuses a class that has no name", () => {
    assert.throws(
      () => summarizeByClass([row("positve", 0.5)], "tauGradient", { classNames: ["negative", "positive"] }),
      /There is no class "positve"; did you mean "positive"/,
    );
  });
});
