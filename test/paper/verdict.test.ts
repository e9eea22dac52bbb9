import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ComparedRow, type ComparedRun, compareWithPaper } from "../../src/paper/compare";
import { agreementWords, answerCorrelation, describeAgreement } from "../../src/paper/verdict";
import { instance, sst } from "./rows";

describe("describeAgreement", () => {
  const agreement = (rows: ComparedRow[], run: ComparedRun = sst) =>
    describeAgreement(compareWithPaper(rows, run), run);
  // Table 2 has, for sst, τ_g .3954 and .3849 and τ_loo .3358 and .3344.
  const off = (gradient: number, leaveOneOut: number) => [
    instance("negative", 0.3954 + gradient, 0.3358 + leaveOneOut),
    instance("positive", 0.3849, 0.3344),
  ];

  it("says within the noise up to the mean distance of the two published runs", () => {
    const text = agreement(off(0.055, -0.06));
    assert.match(
      text,
      /Mean τ_g on sst is 0\.450 for negative \(paper 0\.395, difference \+0\.055\) and 0\.385 for positive/,
    );
    assert.match(text, /Mean τ_loo on sst is 0\.276 for negative \(paper 0\.336, difference -0\.060\)/);
    assert.equal(text.match(/: within the published noise\./g)!.length, 2);
    assert.match(text, /does not tell chance from a difference in data or method\.$/);
  });

  it("says at the edge up to their largest distance", () => {
    const text = agreement(off(0.058, -0.27));
    assert.equal(text.match(/: at the edge of the published noise\./g)!.length, 2);
    assert.match(text, /more than 0\.062, by which the paper's two runs .* but not more than 0\.277, .* \(snli 0\)/);
    assert.doesNotMatch(text, /: within the published noise/);
  });

  it("says not reproduced beyond it, for each correlation by itself", () => {
    const text = agreement(off(-0.2, 0));
    assert.match(
      text,
      /Mean τ_g .* outside the published noise, not reproduced\.\n- Mean τ_loo .*: within the published noise\./,
    );
  });

  it("does not compare a class without numbers, and says why", () => {
    const text = agreement([instance("negative", 0.4), instance("positive", "undefined", 0.3)]);
    assert.match(text, /Not compared: τ_g of positive \(ours: τ is undefined in each instance \(1\)\)\./);
    assert.match(agreement([]), /τ_g: there is nothing to compare\. Not compared: τ_g of negative \(ours: no instance/);
  });

  it("places a corpus that the paper does not have in the range of its binary corpora", () => {
    const run = { ...sst, corpus: "reviews" };
    const text = agreement([instance("negative", 0.4, 0.01), instance("positive", 0.6)], run);
    assert.match(text, /^The paper has no corpus "reviews"\.\n\n- Over the 14 class means/);
    assert.match(
      text,
      /τ_g goes from 0\.08\d \(20news 0\) to 0\.4\d\d \(diabetes 0\); ours is 0\.400 for negative, inside and 0\.600 for positive, above it\./,
    );
    assert.match(text, /ours is 0\.010 for negative, below it and/);
    assert.match(text, /it does not reproduce one\.$/);
    assert.doesNotMatch(text, /published noise/);
  });
});

describe("agreementWords", () => {
  it("changes at the stated thresholds and tells agreement from disagreement", () => {
    const words = [0.5, 0.499, 0.3, 0.299, 0.1, 0.099, 0, -0.099, -0.1, -0.3, -0.5].map(agreementWords);
    assert.deepEqual(words, [
      "strong agreement",
      "moderate agreement",
      "moderate agreement",
      "weak agreement",
      "weak agreement",
      "no agreement",
      "no agreement",
      "no agreement",
      "weak disagreement",
      "moderate disagreement",
      "strong disagreement",
    ]);
  });
});

describe("answerCorrelation", () => {
  const both = (gradient: number, leaveOneOut = gradient) => [
    instance("negative", gradient, leaveOneOut),
    instance("positive", gradient, leaveOneOut),
  ];

  it("gives the mean with its interval, the share above .5, the significant share and what is undefined", () => {
    const rows = [
      instance("negative", 0.2),
      instance("negative", 0.6),
      instance("positive", 0.7),
      instance("positive", "undefined"),
    ];
    const text = answerCorrelation(rows, sst);
    assert.match(text, /^\*\*sst\*\*, bilstm with additive attention, 4 texts:/);
    assert.match(
      text,
      /Mean τ_g is 0\.500 \(95 % interval 0\.\d+ to 0\.\d+\): strong agreement; 67 % of the instances are above 0\.5, 67 % are significant \(p ≤ \.05\)\. It is undefined for 1 \(saturated output: 1\)\./,
    );
  });

  it("contradicts the paper where the agreement is strong throughout", () => {
    const text = answerCorrelation(both(0.7), sst);
    assert.match(
      text,
      /This contradicts the paper's claim .* strong for τ_g of negative, τ_g of positive, τ_loo of negative and τ_loo of positive\./,
    );
    assert.match(
      text,
      /"frequently uncorrelated with gradient-based measures" is contradicted: .* all but 0 % .* not that it is strong/,
    );
  });

  it("contradicts it in part where some agreement is strong", () => {
    assert.match(
      answerCorrelation(both(0.7, 0.4), sst),
      /contradicts the paper's claim .* in part: it is strong for τ_g of negative and τ_g of positive, but not for τ_loo of negative and τ_loo of positive\./,
    );
  });

  it("supports it, but not the absence of agreement, where some is moderate", () => {
    assert.match(
      answerCorrelation(both(0.4, 0.1), sst),
      /This supports the paper's claim .* strong nowhere; but it is not absent, it is moderate for τ_g of negative and τ_g of positive\./,
    );
  });

  it("supports it where nothing is even moderate, also for disagreement", () => {
    for (const tau of [0.2, -0.6]) {
      const text = answerCorrelation(both(tau), sst);
      assert.match(text, /This supports the paper's claim .* not even moderate for any predicted class or measure\./);
      assert.match(text, /is supported: τ_g is not significant in 100 % of the instances; but in a short text/);
    }
  });

  it("judges the abstract by the share without a significant τ_g: a third and a twentieth", () => {
    const judged = (weak: number, of: number) => {
      const rows = Array.from({ length: of }, (_, index) => instance("negative", index < weak ? 0.1 : 0.5));
      return /gradient-based measures" (is [a-z ]+):/.exec(answerCorrelation(rows, sst))![1];
    };
    assert.equal(judged(1, 3), "is supported");
    assert.equal(judged(33, 100), "is supported in part");
    assert.equal(judged(6, 100), "is supported in part");
    assert.equal(judged(4, 100), "is contradicted");
  });

  it("leaves the question open where nothing is defined", () => {
    const text = answerCorrelation([instance("negative", "undefined")], sst);
    assert.match(
      text,
      /Attention and τ_g: no instance has a defined τ\. It is undefined for 1 \(saturated output: 1\)\./,
    );
    assert.match(text, /the question stays open on this corpus\.$/);
  });

  it("does not judge the claim about the BiLSTM by another encoder", () => {
    const text = answerCorrelation(both(0.7), { ...sst, encoder: "average" });
    assert.match(text, /the encoder average does not test it\.$/);
    assert.doesNotMatch(text, /contradict|support/);
  });
});
