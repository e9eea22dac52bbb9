import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeSignificance, significanceRows } from "../../src/paper/significance";

const text = (words: number, tauGradient: number | undefined, pValue: number | undefined) => ({
  words,
  tauGradient,
  tauGradientPValue: pValue,
  tauLeaveOneOut: tauGradient,
  tauLeaveOneOutPValue: pValue,
});

describe("significanceRows", () => {
  it("has a line for each correlation and corpus", () => {
    const rows = significanceRows([{ corpus: "sst", rows: [text(10, 0.3, 0.2), text(30, 0.3, 0.02)] }]);
    assert.deepEqual(
      rows.map(({ corpus, symbol, words, n, significant }) => [corpus, symbol, words, n, significant]),
      [
        ["sst", "τ_g", 20, 2, 0.5],
        ["sst", "τ_loo", 20, 2, 0.5],
      ],
    );
  });
});

describe("describeSignificance", () => {
  it("names the cases in which length does not explain the share", () => {
    const long = Array.from({ length: 10 }, () => text(400, 0.5, 0.001));
    const short = Array.from({ length: 10 }, () => text(8, 0, 0.01));
    const rows = significanceRows([
      { corpus: "long", rows: long },
      { corpus: "short", rows: short },
    ]);
    assert.match(
      describeSignificance(rows),
      /^In 2 of 4 cases .*; it is not in τ_g on short \(100 %, expected 4 %\), τ_loo on short \(100 %, expected 4 %\)\.$/,
    );
  });

  it("says so where no text has a correlation", () => {
    const rows = significanceRows([{ corpus: "none", rows: [text(1, undefined, undefined)] }]);
    assert.match(describeSignificance(rows), /No text has a correlation/);
  });
});
