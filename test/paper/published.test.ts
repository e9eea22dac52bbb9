import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  type PublishedClass,
  type PublishedMetric,
  paperAttentions,
  paperCorpora,
  paperEncoders,
  publishedNumber,
  tableClasses,
} from "../../src/paper/published";
import { projectFolder } from "../../src/paths";

const statistics = ["mean", "std", "sigfrac"] as const;
const table2Metrics = (["tau_grad", "tau_loo"] as const).flatMap((stem) =>
  statistics.map((statistic) => `${stem}_${statistic}` as const),
);

function numberOf(corpus: string, encoder: string, attention: string, metric: PublishedMetric, label: PublishedClass) {
  const classNames = tableClasses(corpus).map(String);
  const model = { corpus, encoder, attention, classNames, config: { attentionWeights: "softmax" } };
  return publishedNumber(model, metric, label);
}

/** Rows of Table 2 and of the later run as printed, two decimals, for BiLSTM and average with additive attention. */
const printed: [corpus: string, label: PublishedClass, ...cells: string[]][] = [
  ["sst", 0, ".40±.21 .59", ".34±.21 .48", ".69±.15 .93", ".61±.20 .87", ".34±.20 .47", ".27±.19 .33"],
  ["sst", 1, ".38±.19 .58", ".36±.21 .49", ".69±.14 .94", ".60±.21 .83", ".33±.19 .47", ".32±.19 .40"],
  ["imdb", 1, ".37±.08 .99", ".43±.06 1.00", ".66±.05 1.00", ".68±.05 1.00", ".31±.07 .98", ".34±.07 .99"],
  ["adr", 1, ".45±.16 .77", ".49±.15 .85", ".71±.13 .97", ".72±.12 .97", ".40±.17 .69", ".44±.16 .74"],
  ["20news", 0, ".08±.15 .31", ".07±.17 .37", ".65±.09 .99", ".79±.07 1.00", ".05±.15 .28", ".06±.15 .29"],
  ["agnews", 0, ".42±.11 .93", ".36±.13 .82", ".77±.08 1.00", ".78±.07 1.00", ".35±.13 .80", ".30±.13 .69"],
  ["diabetes", 1, ".38±.08 1.00", ".40±.05 1.00", ".68±.02 1.00", ".75±.02 1.00", ".38±.08 1.00", ".45±.05 1.00"],
  ["anemia", 0, ".42±.05 1.00", ".47±.05 1.00", ".81±.01 1.00", ".77±.02 1.00", ".42±.05 1.00", ".46±.05 1.00"],
  ["cnn", "overall", ".20±.06 .99", ".24±.07 .99", ".48±.11 1.00", ".50±.10 1.00", ".16±.07 .95", ".20±.07 .98"],
  ["babi1", "overall", ".23±.19 .46", ".25±.16 .55", ".66±.17 .97", ".72±.12 .99", ".23±.18 .45", ".16±.14 .28"],
  ["babi2", "overall", ".17±.12 .57", "-.02±.14 .27", ".84±.09 1.00", ".68±.06 1.00", ".11±.13 .40", "-.01±.13 .27"],
  ["babi3", "overall", ".30±.11 .93", ".24±.11 .87", ".76±.12 1.00", ".61±.13 1.00", ".31±.11 .94", ".26±.10 .89"],
  ["snli", 0, ".36±.22 .46", ".31±.23 .36", ".54±.20 .76", ".59±.18 .80", ".44±.18 .60", ".16±.26 .20"],
  ["snli", 2, ".40±.20 .52", ".31±.21 .36", ".53±.19 .75", ".57±.19 .80", ".44±.17 .61", ".34±.20 .40"],
];

describe("published", () => {
  it("gives the numbers of Table 2 and of the later run as printed", () => {
    const columns = [
      ["bilstm", "tau_grad", "paper"],
      ["bilstm", "tau_grad", "rerun"],
      ["average", "tau_grad", "paper"],
      ["average", "tau_grad", "rerun"],
      ["bilstm", "tau_loo", "paper"],
      ["bilstm", "tau_loo", "rerun"],
    ] as const;
    for (const [corpus, label, ...cells] of printed) {
      columns.forEach(([encoder, stem, run], column) => {
        const expected = cells[column]!.split(/[± ]/).map(Number);
        statistics.forEach((statistic, index) => {
          const value = numberOf(corpus, encoder, "additive", `${stem}_${statistic}`, label)[run]!;
          const name = `${corpus} ${label} ${encoder} ${stem} ${statistic} ${run}: ${value}`;
          assert.ok(Math.abs(value - expected[index]!) <= 0.00501, name);
        });
      });
    }
  });

  it("has Table 2 complete: 756 cells, of which 14 are NaN, all of dot attention", () => {
    const missing: string[] = [];
    let cells = 0;
    for (const corpus of paperCorpora) {
      for (const encoder of paperEncoders) {
        for (const attention of paperAttentions) {
          for (const label of tableClasses(corpus)) {
            for (const metric of table2Metrics) {
              const { paper, missing: why } = numberOf(corpus, encoder, attention, metric, label);
              cells += 1;
              assert.equal(why, paper === undefined ? "NaN in the published file" : "");
              if (paper === undefined) missing.push(`${corpus} ${encoder} ${attention}`);
            }
          }
        }
      }
    }
    assert.equal(cells, 756);
    assert.equal(missing.length, 14);
    assert.deepEqual(
      [...new Set(missing)],
      ["imdb cnn dot", "imdb average dot", "20news cnn dot", "agnews cnn dot", "anemia cnn dot"],
    );
  });

  it("keeps the 54 NaN of the later run apart from what is not published", () => {
    const lines = readFileSync(join(projectFolder, "data", "published", "published.csv"), "utf8").split("\n");
    const nanOf = (run: string) =>
      lines
        .filter((line) => line.startsWith(run))
        .join()
        .match(/\bnan\b/g)!.length;
    assert.deepEqual([nanOf("paper"), nanOf("rerun")], [14, 54]);
    assert.deepEqual(numberOf("20news", "cnn", "dot", "tau_grad_mean", 1), {
      paper: undefined,
      rerun: undefined,
      code: undefined,
      missing: "NaN in the published file",
    });
  });

  it("has the other published numbers in the later run only", () => {
    const sst = (metric: PublishedMetric, label: PublishedClass) =>
      numberOf("sst", "bilstm", "additive", metric, label);
    assert.deepEqual(sst("eval_accuracy", "overall"), { paper: undefined, rerun: 0.8081, code: 0.8372, missing: "" });
    assert.equal(sst("eval_support", 0).rerun, 863);
    assert.equal(sst("emaxjsd_mean", 1).rerun, 0.4927);
    assert.equal(sst("corr_grad_loo_mean", "overall").rerun, 0.6559);
    assert.equal(sst("perm_dy_median@maxattn0.75-1.00", 0).rerun, 0.107);
    const empty = sst("perm_dy_median@maxattn0.75-1.00", 1);
    assert.deepEqual([empty.rerun, empty.missing], [undefined, "not published"]);
  });

  it("refuses a number of no such name, with the nearest", () => {
    assert.throws(
      () => numberOf("sst", "bilstm", "additive", "tau_grad_meen", 0),
      /no published number "tau_grad_meen"; did you mean "tau_grad_mean"/,
    );
  });

  it("has nothing of names that the paper does not have, and says which", () => {
    assert.match(numberOf("imbd", "bilstm", "additive", "tau_grad_mean", 0).missing, /no corpus "imbd"/);
    assert.match(numberOf("sst", "lstm", "additive", "tau_grad_mean", 0).missing, /no encoder "lstm"/);
    assert.match(numberOf("sst", "bilstm", "tanh", "tau_grad_mean", 0).missing, /no attention "tanh"/);
  });
});
