import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accuracy, f1Score, macroF1, rocAuc } from "../../src/stats/classification";
import { assertClose, goldens } from "./goldens";

describe("scores against scikit-learn", () => {
  it("gives the same AUC (with equal scores), F1, macro F1 and accuracy", () => {
    for (const { labels, scores, predictions, ...expected } of goldens.classification) {
      if (scores !== undefined) assertClose(rocAuc(labels, scores)!, expected.rocAuc!, "AUC");
      assertClose(f1Score(labels, predictions), expected.f1, "F1");
      assertClose(macroF1(labels, predictions), expected.macroF1, "macro F1");
      assertClose(accuracy(labels, predictions), expected.accuracy, "accuracy");
    }
  });
});

describe("scores at their edges", () => {
  it("has no AUC for one class only", () => {
    assert.equal(rocAuc([1, 1, 1], [0.1, 0.2, 0.3]), undefined);
    assert.equal(rocAuc([0, 0], [0.1, 0.2]), undefined);
  });

  it("is 0.5 for equal scores, 1 for a perfect order and 0 for its reverse", () => {
    assert.equal(rocAuc([0, 1, 0, 1], [0.3, 0.3, 0.3, 0.3]), 0.5);
    assert.equal(rocAuc([0, 0, 1], Float32Array.of(0.1, 0.2, 0.3)), 1);
    assert.equal(rocAuc([1, 0, 0], [0.1, 0.2, 0.3]), 0);
  });

  it("has F1 0 for a class that nobody names", () => {
    assert.equal(f1Score([0, 0], [0, 0]), 0);
  });

  it("refuses scores that are not numbers", () => {
    assert.throws(() => rocAuc([0, 1], [Number.NaN, 0.2]), /instance 0 has a score that is not a number/);
  });
});
