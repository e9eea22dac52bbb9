import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { claims } from "../../src/paper/claims/claims";
import type { ComparedStudy } from "../../src/paper/studies";
import { createRandom } from "../../src/stats/random";
import { questions, runsOf, studyOf } from "./studies";

const random = createRandom("claims");

/** Runs of one model whose numbers have the given means, with some chance in the runs and in the texts. */
function seeds(
  count: number,
  means: Record<string, number>,
  given: Parameters<typeof studyOf>[0] = {},
): ComparedStudy[] {
  return Array.from({ length: count }, (_, seed) => {
    const shift = 0.01 * random.normal();
    return studyOf({ ...given, seed }, (index) => ({
      words: 10 + (index % 30),
      ...Object.fromEntries(Object.entries(means).map(([name, mean]) => [name, mean + shift + 0.02 * random.normal()])),
    }));
  });
}

const verdictsOf = (question: Parameters<typeof claims>[0], studies: ComparedStudy[]) =>
  claims(question, runsOf(...studies)).rows.map(({ of, verdict }) => [of, verdict]);
const tau = (value: number, without?: number) => ({
  tauGradient: value,
  ...(without === undefined ? {} : { tauGradientNull: without }),
});

describe("what decides nothing", () => {
  it("is a missing control, fewer than five runs, a task that is not solved or has a question", () => {
    const reasonOf = (studies: ComparedStudy[]) => claims("rq1", runsOf(...studies)).rows[0]!;
    const without = reasonOf(seeds(5, tau(0.3)));
    assert.deepEqual([without.verdict, without.reason], ["not decided", "the control is not computed"]);
    assert.match(reasonOf(seeds(3, tau(0.3, 0))).reason, /^seen 3 times, and 5 runs are needed$/);
    assert.match(reasonOf(seeds(1, tau(0.3, 0))).reason, /^seen once/);
    const scores = { texts: 60, accuracy: 0.6, macroF1: 0.6 };
    assert.match(reasonOf(seeds(5, tau(0.3, 0), { scores })).reason, /^the task is not solved$/);
    assert.match(reasonOf(seeds(5, tau(0.3, 0), questions)).reason, /^no model of the question alone/);
    assert.match(reasonOf(seeds(5, {})).reason, /^the effect is not computed/);
  });

  it("counts the runs alone that solve their task", () => {
    const scores = { texts: 60, accuracy: 0.6, macroF1: 0.6 };
    const studies = [...seeds(4, tau(0.3, 0)), ...seeds(1, tau(0.9, 0), { scores })];
    const [row] = claims("rq1", runsOf(...studies)).rows;
    assert.equal(row!.runs, 4);
    assert.ok(row!.mean! < 0.35);
  });

  it("is told where there is no study to judge", () => {
    for (const question of ["rq1", "rq2", "rq3", "rq4"] as const) {
      const { rows } = claims(question, runsOf(studyOf({ encoder: "gru" })));
      assert.equal(rows.length, 1);
      assert.match(rows[0]!.reason, /^it needs .*BiLSTM/);
    }
  });
});

describe("agreement", () => {
  const verdictOf = (value: number) => verdictsOf("rq1", seeds(5, tau(value, 0)))[0]![1];

  it("agrees below .5, disagrees above, else is not decided", () => {
    assert.deepEqual([0.3, 0.8, 0.5].map(verdictOf), ["agrees", "disagrees", "not decided"]);
  });

  it("reads as effect, control, verdict and what is published, by predicted class", () => {
    const [row, ...others] = claims("rq1", runsOf(...seeds(5, tau(0.3, 0.1)))).rows;
    assert.match(
      row!.sentence,
      /^Mean tauGradient of sst's negative texts is \.\d\d \(5 runs: \.\d\d to \.\d\d\); permuted weights give \.\d\d\. Agrees\. Published: \.40, re-run \.34\.$/,
    );
    assert.match(row!.reason, /^\+\.(19|20|21) above its null$/);
    assert.deepEqual([row!.of, others[0]!.of], ["tauGradient, negative", "tauGradient, positive"]);
    const dot = claims("rq1", runsOf(...seeds(5, tau(0.3, 0.1), { attention: "dot", corpus: "reviews" }))).rows[0]!;
    assert.deepEqual(
      [dot.of, dot.published],
      ["tauGradient, negative, dot", 'none: the paper has no corpus "reviews"'],
    );
  });
});

describe("permute", () => {
  const verdictOf = (change: number, oneHot: number) =>
    verdictsOf("rq2", seeds(5, { permutationTvd: change, oneHotTvd: oneHot }))[0]![1];

  it("agrees where most texts change little, and says nothing where no attention could change them", () => {
    assert.deepEqual(
      [verdictOf(0, 0.5), verdictOf(0.2, 0.5), verdictOf(0, 0), verdictOf(0.2, 0)],
      ["agrees", "disagrees", "says nothing", "says nothing"],
    );
  });
});

describe("simple-encoder", () => {
  const verdicts = (average: number, bilstm: number, form: number) =>
    verdictsOf("rq3", [
      ...seeds(5, tau(average, form), { encoder: "average" }),
      ...seeds(6, tau(bilstm, 0), { encoder: "bilstm" }),
    ]).slice(0, 2);

  it("has a verdict for the difference and one for what the form does not give", () => {
    assert.deepEqual(verdicts(0.7, 0.3, 0.1), [
      ["tauGradient", "agrees"],
      ["tauGradient less its null", "agrees"],
    ]);
    assert.deepEqual(verdicts(0.7, 0.3, 0.6)[1], ["tauGradient less its null", "disagrees"]);
    assert.deepEqual(verdicts(0.2, 0.3, 0)[0], ["tauGradient", "disagrees"]);
  });
});

describe("length", () => {
  it("tells a change of τ with length from none", () => {
    const studies = (slope: number) =>
      seeds(5, { tauGradientLeaveOneOut: 0.5 }).map((study) => ({
        ...study,
        rows: study.rows.map((row) => ({
          ...row,
          tauGradient: 0.3 + slope * Math.log(row.words) + 0.02 * random.normal(),
          tauGradientPValue: 0.01,
        })),
      }));
    const verdictOf = (slope: number) =>
      claims("rq4", runsOf(...studies(slope))).rows.find(({ of }) => of === "tauGradient over length")!;
    assert.deepEqual(
      [0, 0.2, -0.2].map((slope) => [verdictOf(slope).verdict, verdictOf(slope).reason]),
      [
        ["agrees", "no change"],
        ["disagrees", "it rises"],
        ["agrees", "it falls"],
      ],
    );
  });

  it("tells the significance that lengths give from more", () => {
    const verdictOf = (pValue: number, value: number) =>
      verdictsOf(
        "rq4",
        seeds(5, { tauGradient: value }).map((study) => ({
          ...study,
          rows: study.rows.map((row) => ({ ...row, words: 60, tauGradientPValue: pValue })),
        })),
      )[0];
    assert.deepEqual(verdictOf(0.001, 0.8), ["tauGradient, p ≤ .05", "agrees"]);
    assert.deepEqual(verdictOf(0.001, 0.02), ["tauGradient, p ≤ .05", "disagrees"]);
  });
});

it("every sentence has at most 30 words, and every threshold stands in the caption", () => {
  const numbers = { ...tau(0.3, 0.1), tauLeaveOneOut: 0.3, tauLeaveOneOutNull: 0.1, tauGradientLeaveOneOut: 0.5 };
  const more = { permutationTvd: 0.05, oneHotTvd: 0.05 };
  const studies = ["bilstm", "average"].flatMap((encoder) => seeds(5, { ...numbers, ...more }, { encoder }));
  for (const question of ["rq1", "rq2", "rq3", "rq4"] as const) {
    const { rows, caption } = claims(question, runsOf(...studies));
    for (const { sentence } of rows) {
      const words = sentence.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word));
      assert.ok(words.length <= 30, `${words.length}: ${sentence}`);
    }
    assert.match(caption, /agrees where/);
  }
});
