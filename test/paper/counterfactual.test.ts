import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  answerAcrossCounterfactuals,
  answerCounterfactual,
  type CounterfactualColumns,
  compareCounterfactuals,
  describeCounterfactuals,
  describeSlack,
} from "../../src/paper/counterfactual";
import { assertClose } from "../close";
import { sst as comparedSst } from "./rows";

const sst = { ...comparedSst, task: "classification" } as const;
const reviews = { ...sst, corpus: "reviews" };

function text(predicted: string, fields: Partial<CounterfactualColumns> = {}): CounterfactualColumns {
  const jsd = { searchJsd01: 0.4, searchJsd05: 0.5, exactJsd01: 0.42, exactJsd05: 0.6 };
  return { predicted, maxAttention: 0.6, permutationTvd: 0.02, ...jsd, ...fields };
}

describe("compareCounterfactuals", () => {
  const rows = [
    text("negative", { maxAttention: 0.25, permutationTvd: 0.01 }),
    text("negative", { maxAttention: 0.49, permutationTvd: 0.03 }),
    text("negative", { maxAttention: 1, permutationTvd: 0.9, searchJsd05: undefined }),
  ];
  const cell = (measure: string, bin: string, run = sst) =>
    compareCounterfactuals(rows, run).find((row) => row.measure === measure && row.bin === bin)!;

  it("has the published numbers beside ours: mean ε-max JSD, what the search did not find as 0", () => {
    const { n, ours, published, difference } = cell("mean ε-max JSD", "all");
    assert.equal(n, 3);
    assertClose(ours!, 1 / 3, 1e-12);
    assertClose(published!, 0.48, 0.005);
    assertClose(difference!, ours! - published!, 1e-12);
  });

  it("bins the change by the largest weight, a bin with its lower end and the last also with 1", () => {
    const found = ["0.00-0.25", "0.25-0.50", "0.50-0.75", "0.75-1.00"].map((bin) => cell("median Δŷ", bin));
    assert.deepEqual(
      found.map(({ n }) => n),
      [0, 2, 0, 1],
    );
    assert.equal(found[0]!.ours, undefined);
    assertClose(found[1]!.ours!, 0.02, 1e-12);
    assert.equal(found[3]!.ours, 0.9);
    for (const [index, expected] of [0.03, 0.05, 0.08, 0.11].entries()) {
      assertClose(found[index]!.published!, expected, 0.0051);
    }
  });

  it("gives another corpus the range over the paper's binary ones alone", () => {
    const { published, difference, rangeLow, rangeHigh } = cell("mean ε-max JSD", "all", reviews);
    assert.deepEqual([published, difference], [undefined, undefined]);
    assertClose(rangeLow!, 0.38, 0.005);
    assertClose(rangeHigh!, 0.66, 0.005);
  });

  it("refuses an encoder that the paper does not have", () => {
    assert.throws(() => compareCounterfactuals(rows, { ...sst, encoder: "gru" }), /gru/);
  });
});

describe("describeCounterfactuals", () => {
  const describeRows = (rows: CounterfactualColumns[], run = sst) =>
    describeCounterfactuals(compareCounterfactuals(rows, run), run);

  it("names the number that is furthest from the published, and how far", () => {
    const prose = describeRows([text("negative", { permutationTvd: 0.5 }), text("positive", { searchJsd05: 0.1 })]);
    assert.match(prose, /mean ε-max JSD: .* over 2 numbers; the furthest is 0\.100 for positive, 0\.39\d below/);
    assert.match(
      prose,
      /median Δŷ: .* the furthest is 0\.500 for negative \(largest weight 0\.50-0\.75\), 0\.4\d\d above/,
    );
    assert.match(prose, /of one run alone/);
    assert.match(prose, /^\*\*sst\*\*, beside the published:/);
  });

  it("counts what lies in the range over the paper's corpora, and names what does not", () => {
    const prose = describeRows([text("negative"), text("positive", { searchJsd05: 0.1 })], reviews);
    assert.match(prose, /^The paper has no corpus "reviews"\./);
    assert.match(
      prose,
      /mean ε-max JSD: within the range .* in 1 of 2 cases; 0\.100 for positive lies below it \(0\.37\d to 0\.65\d\)\./,
    );
    assert.match(prose, /does not reproduce one\.$/);
  });

  it("has nothing to compare where no class has a text", () => {
    for (const run of [sst, reviews]) {
      assert.match(describeRows([], run), /median Δŷ: there is nothing to compare\./);
    }
  });
});

describe("answerCounterfactual", () => {
  const both = (fields: Partial<CounterfactualColumns>) => [text("negative", fields), text("positive", fields)];

  it("gives the median change, what the search found, the exact maximum and what was missed", () => {
    const rows = [...both({ permutationTvd: 0.02 }), text("negative", { permutationTvd: 0.3, searchJsd01: undefined })];
    const prose = answerCounterfactual(rows, sst);
    assert.match(prose, /^\*\*sst\*\*, bilstm with additive attention, 3 texts:/);
    assert.match(prose, /the median Δŷ is 0\.020; in 67 % of the texts it is at most 0\.05\./);
    assert.match(prose, /mean ε-max JSD is 0\.400, of at most 0\.693; nothing was found in 1 of 3 texts\./);
    assert.match(prose, /mean ε-max JSD is 0\.420; it is at least 0\.35 in 100 % .* 0\.05 of it, or all, in 33 %\./);
  });

  it("judges permutation by the share that changes little: a half, a quarter", () => {
    const judged = (little: number) => {
      const rows = Array.from({ length: 4 }, (_, index) =>
        text("negative", { permutationTvd: index < little ? 0.05 : 0.06 }),
      );
      return answerCounterfactual(rows, sst).match(/changes the output little ([a-z ]+)\./)![1];
    };
    const words = ["does not hold here", "holds here in part", "holds here", "holds here", "holds here"];
    assert.deepEqual([0, 1, 2, 3, 4].map(judged), words);
  });

  it("judges the adversary by the exact maximum at the paper's ε, class by class", () => {
    assert.match(
      answerCounterfactual(both({}), sst),
      /keeps the output holds here, for the majority of the texts of every predicted class\./,
    );
    const near = { exactJsd01: 0.34 };
    assert.match(answerCounterfactual(both(near), sst), /keeps the output does not hold here/);
    const mixed = [text("negative", near), text("positive")];
    assert.match(
      answerCounterfactual(mixed, sst),
      /holds here for the majority of positive, but not for the majority of negative\./,
    );
  });

  it("takes what the search found where there is no exact adversary: enough to confirm, not to refute", () => {
    const question = { ...sst, task: "inference" } as const;
    const without = { exactJsd01: undefined, exactJsd05: undefined };
    const found = answerCounterfactual(both(without), question);
    assert.match(found, /Searched weights, ε = 0\.05: mean ε-max JSD is 0\.500/);
    assert.doesNotMatch(found, /Exact/);
    assert.match(found, /holds here, for the majority of .*, by what the search found alone\./);
    const near = answerCounterfactual(both({ ...without, searchJsd05: 0.2 }), question);
    assert.match(near, /is not decided here for negative, positive: the search/);
    assert.match(answerCounterfactual([], sst), /the question stays open/);
  });

  it("does not split more than three classes", () => {
    const run = { ...sst, corpus: "babi1", task: "question answering", classNames: ["a", "b", "c", "d"] } as const;
    const without = { exactJsd01: undefined, exactJsd05: undefined };
    const rows = [text("a", without), text("d", { ...without, permutationTvd: 0.8 })];
    assert.deepEqual([...new Set(compareCounterfactuals(rows, run).map((row) => row.class))], ["all"]);
    const [jsd] = compareCounterfactuals(rows, run);
    assertClose(jsd!.published!, 0.4682, 1e-9);
    assertClose(jsd!.ours!, 0.5, 1e-9);
    assert.match(answerCounterfactual(rows, run), /holds here, for the majority of the texts, by what the search/);
  });
});

describe("answerAcrossCounterfactuals", () => {
  it("names the corpora of each finding, and those that are not decided", () => {
    const question = { searchJsd05: 0.1, exactJsd01: undefined, exactJsd05: undefined, permutationTvd: 0.9 };
    const prose = answerAcrossCounterfactuals([
      { ...sst, rows: [text("negative"), text("positive")] },
      { ...sst, corpus: "snli-sample", task: "inference", rows: [text("negative", question)] },
    ]);
    assert.match(prose, /Over 2 corpora/);
    assert.match(prose, /little in 1 of 2: sst\./);
    assert.match(prose, /keeps the output in 1 of 2: sst; not decided, as there is no exact adversary: snli-sample\./);
  });
});

describe("describeSlack", () => {
  it("sets the rise of the search beside that of the exact maximum, where both are", () => {
    const rows = [text("negative"), text("positive", { searchJsd01: undefined })];
    assert.match(
      describeSlack(rows, sst)!,
      /rises by 0\.180 nats on average, what the search finds by 0\.100 \(1 texts\)/,
    );
    assert.equal(describeSlack([text("negative", { exactJsd01: undefined })], sst), undefined);
  });

  it("gives the share that the search uses, but where the exact maximum does not rise", () => {
    assert.match(describeSlack([text("negative")], sst)!, /The search turns 56 % of that into distance\./);
    const atItsBound = { searchJsd05: 0.402, exactJsd01: 0.688, exactJsd05: 0.69 };
    const prose = describeSlack([text("negative", atItsBound)], sst)!;
    assert.match(prose, /rises by 0\.002 nats .* by 0\.002 .* A larger ε can hardly bring more here\.$/);
    assert.doesNotMatch(prose, /%/);
  });
});
