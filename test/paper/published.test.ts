import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type PublishedQuery,
  paperAttentions,
  paperCorpora,
  paperEncoders,
  published,
  tableClasses,
} from "../../src/paper/published";
import { paperTable, publishedMetrics, rerunTable } from "../../src/paper/publishedNumbers";

const statistics = ["mean", "std", "sigfrac"] as const;

/** Rows of Table 2 and of the later run as printed, two decimals, for BiLSTM and average with additive attention. */
const printed: [corpus: PublishedQuery["corpus"], label: number | "overall", ...cells: string[]][] = [
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
          const query = {
            corpus,
            encoder,
            attention: "additive",
            class: label,
            metric: `${stem}_${statistic}`,
          } as const;
          const value = published(query)[run]!;
          assert.ok(Math.abs(value - expected[index]!) <= 0.00501, `${JSON.stringify(query)} ${run}: ${value}`);
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
            for (const metric of publishedMetrics.filter((name) => name.startsWith("tau_"))) {
              const { paper, paperMissing, rerunMissing } = published({
                corpus,
                encoder,
                attention,
                metric,
                class: label,
              });
              cells += 1;
              assert.equal(paper === undefined, paperMissing !== "");
              assert.notEqual(paperMissing, "not published");
              assert.notEqual(rerunMissing, "not published");
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
    assert.equal(rerunTable.match(/\bnan\b/g)!.length, 54);
    assert.equal(paperTable.match(/\bnan\b/g)!.length, 14);
    const query = { corpus: "20news", encoder: "cnn", attention: "dot", metric: "tau_grad_mean", class: 1 } as const;
    assert.deepEqual(published(query), {
      paper: undefined,
      paperMissing: "NaN in the published file",
      rerun: undefined,
      rerunMissing: "NaN in the published file",
    });
  });

  it("has the other published numbers in the later run only", () => {
    const sst = { corpus: "sst", encoder: "bilstm", attention: "additive" } as const;
    const accuracy = published({ ...sst, metric: "eval_accuracy", class: "overall" });
    assert.deepEqual(accuracy, { paper: undefined, paperMissing: "not published", rerun: 0.8081, rerunMissing: "" });
    assert.equal(published({ ...sst, metric: "eval_support", class: 0 }).rerun, 863);
    assert.equal(published({ ...sst, metric: "emaxjsd_mean", class: 1 }).rerun, 0.4927);
    assert.equal(published({ ...sst, metric: "corr_grad_loo_mean", class: "overall" }).rerun, 0.6559);
    assert.equal(published({ ...sst, metric: "perm_dy_median@maxattn0.75-1.00", class: 0 }).rerun, 0.107);
    const empty = published({ ...sst, metric: "perm_dy_median@maxattn0.75-1.00", class: 1 });
    assert.deepEqual([empty.rerun, empty.rerunMissing], [undefined, "not published"]);
  });

  it("refuses names that the paper does not have", () => {
    const sst: PublishedQuery = {
      corpus: "sst",
      encoder: "bilstm",
      attention: "additive",
      metric: "tau_grad_mean",
      class: 0,
    };
    const ask = (change: { [name: string]: string }) => () => published({ ...sst, ...change } as PublishedQuery);
    assert.throws(ask({ corpus: "imbd" }), /no corpus of the paper "imbd"; did you mean "imdb"/);
    assert.throws(ask({ encoder: "lstm" }), /no encoder of the paper "lstm"; did you mean "bilstm"/);
    assert.throws(ask({ attention: "tanh" }), /no attention of the paper "tanh"/);
    assert.throws(ask({ metric: "tau_grad" }), /no published metric "tau_grad"; did you mean "tau_grad_std"/);
  });
});
