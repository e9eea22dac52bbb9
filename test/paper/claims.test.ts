import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allClaims, claims } from "../../src/paper/claims/claims";
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

const rowsOf = (id: string, studies: ComparedStudy[]) =>
  allClaims.find((one) => one.id === id)!.judge(runsOf(...studies));
const verdictsOf = (id: string, studies: ComparedStudy[]) =>
  rowsOf(id, studies).map(({ of, verdict }) => [of, verdict]);
const verdictOf = (id: string, ...studies: ComparedStudy[][]) => rowsOf(id, studies.flat())[0]!.verdict;
const tau = (value: number, without?: number) => ({
  tauGradient: value,
  ...(without === undefined ? {} : { tauGradientNull: without, tauGradientImposed: value }),
});

describe("what decides nothing", () => {
  it("is a missing control, fewer than five runs, a task that is not solved or has a question", () => {
    const reasonOf = (studies: ComparedStudy[]) => claims("rq1", runsOf(...studies)).inFull.rows[0]!;
    const without = reasonOf(seeds(5, tau(0.3)));
    assert.deepEqual([without.verdict, without.reason], ["not decided", "the control is not computed"]);
    assert.match(reasonOf(seeds(3, tau(0.3, 0))).reason, /^seen 3 times, and 5 runs are needed$/);
    assert.match(reasonOf(seeds(1, tau(0.3, 0))).reason, /^seen once/);
    const scores = { texts: 60, accuracy: 0.6, chance: 0.5, macroF1: 0.6 };
    assert.match(reasonOf(seeds(5, tau(0.3, 0), { scores })).reason, /^the task is not solved$/);
    assert.match(reasonOf(seeds(5, tau(0.3, 0), questions)).reason, /^no model of the question alone/);
    assert.match(reasonOf(seeds(5, {})).reason, /^the effect is not computed/);
  });

  it("counts the runs alone that solve their task", () => {
    const scores = { texts: 60, accuracy: 0.6, chance: 0.5, macroF1: 0.6 };
    const studies = [...seeds(4, tau(0.3, 0)), ...seeds(1, tau(0.9, 0), { scores })];
    const [row] = claims("rq1", runsOf(...studies)).inFull.rows;
    assert.equal(row!.runs, 4);
    assert.ok(row!.mean! < 0.35);
  });

  it("is told where there is no study to judge", () => {
    for (const question of ["rq1", "rq2", "rq3", "rq4"] as const) {
      const { rows } = claims(question, runsOf(studyOf({ encoder: "gru" }))).inFull;
      assert.equal(rows.length, allClaims.filter((claim) => claim.question === question).length);
      for (const { reason } of rows) assert.match(reason, /^it needs (.*BiLSTM|a trained adversary)/);
    }
  });
});

describe("agreement", () => {
  const verdictOf = (value: number) => verdictsOf("agreement", seeds(5, tau(value, 0)))[0]![1];

  it("agrees below .5, disagrees above, else is not decided", () => {
    assert.deepEqual([0.3, 0.8, 0.5].map(verdictOf), ["agrees", "disagrees", "not decided"]);
  });

  it("reads as effect, control, verdict and what is published, by predicted class", () => {
    const [row, ...others] = claims("rq1", runsOf(...seeds(5, tau(0.3, 0.1)))).inFull.rows;
    assert.match(
      row!.sentence,
      /^Mean tauGradient of the negative texts of sst is \.\d\d \(5 runs: \.\d\d to \.\d\d\); permuted weights give \.\d\d\. Agrees\. Published: \.40, re-run \.34, their code here \.26\.$/,
    );
    assert.match(row!.also, /^above its null by \+\.(19|20|21)$/);
    assert.deepEqual([row!.of, others[0]!.of], ["tauGradient, negative", "tauGradient, positive"]);
    const dot = claims("rq1", runsOf(...seeds(5, tau(0.3, 0.1), { attention: "dot", corpus: "reviews" }))).inFull
      .rows[0]!;
    assert.deepEqual(
      [dot.of, dot.published],
      ["tauGradient, negative, dot", 'none: the paper has no corpus "reviews"'],
    );
  });
});

describe("permute", () => {
  const verdictOf = (change: number, oneHot: number) =>
    verdictsOf("permute", seeds(5, { permutationTvd: change, oneHotTvd: oneHot }))[0]![1];

  it("agrees where most texts change little, and says nothing where no attention could change them", () => {
    assert.deepEqual(
      [verdictOf(0, 0.5), verdictOf(0.2, 0.5), verdictOf(0, 0), verdictOf(0.2, 0)],
      ["agrees", "disagrees", "says nothing", "says nothing"],
    );
  });
});

describe("simple-encoder", () => {
  const verdicts = (average: number, bilstm: number, form: number) =>
    ["simple-encoder", "simple-encoder-above-null"].map((claim) =>
      verdictOf(
        claim,
        seeds(5, tau(average, form), { encoder: "average" }),
        seeds(6, tau(bilstm, 0), { encoder: "bilstm" }),
      ),
    );

  it("has a verdict for the difference and one for what the form does not give", () => {
    assert.deepEqual(verdicts(0.7, 0.3, 0.1), ["agrees", "agrees"]);
    assert.deepEqual(verdicts(0.7, 0.3, 0.6), ["agrees", "disagrees"]);
    assert.deepEqual(verdicts(0.2, 0.3, 0), ["disagrees", "disagrees"]);
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
      claims("rq4", runsOf(...studies(slope))).inFull.rows.find(({ of }) => of === "tauGradient over length")!;
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
        "length",
        seeds(5, { tauGradient: value }).map((study) => ({
          ...study,
          rows: study.rows.map((row) => ({ ...row, words: 60, tauGradientPValue: pValue })),
        })),
      )[0];
    assert.deepEqual(verdictOf(0.001, 0.8), ["tauGradient, p ≤ .05", "agrees"]);
    assert.deepEqual(verdictOf(0.001, 0.02), ["tauGradient, p ≤ .05", "disagrees"]);
  });
});

const average = { encoder: "average" };
const uniform = { config: { attentionWeights: "uniform" } };
const scored = (accuracy: number) => ({ scores: { texts: 60, accuracy, chance: 0.5, macroF1: accuracy } });
const apart = (values: Record<string, (index: number) => number>, given: Parameters<typeof studyOf>[0] = {}) =>
  [0, 1, 2, 3, 4].map((seed) =>
    studyOf({ ...given, seed }, (index) => ({
      words: 40,
      ...Object.fromEntries(Object.entries(values).map(([name, of]) => [name, of(index) + 0.001 * random.normal()])),
    })),
  );

const cases: [claim: string, verdicts: Record<string, ComparedStudy[][]>][] = [
  [
    "yardstick",
    {
      agrees: [
        seeds(5, { tauGradient: 0.2, tauGradientLeaveOneOut: 0.5 }),
        seeds(5, { tauGradient: 0.6, tauGradientLeaveOneOut: 0.5 }, average),
      ],
      disagrees: [
        seeds(5, { tauGradient: 0.7, tauGradientLeaveOneOut: 0.5 }),
        seeds(5, { tauGradient: 0.6, tauGradientLeaveOneOut: 0.5 }, average),
      ],
      "not decided": [seeds(5, { tauGradient: 0.2, tauGradientLeaveOneOut: 0.5 })],
    },
  ],
  ["uncorrelated", { agrees: [seeds(5, { tauGradient: 0 })], disagrees: [seeds(5, { tauGradient: 0.4 })] }],
  [
    "consistent",
    {
      agrees: [apart({ tauGradient: (index) => (index % 2) * 0.9, tauGradientLeaveOneOut: () => 0.5 })],
      disagrees: [apart({ tauGradient: () => 0.5, tauGradientLeaveOneOut: (index) => (index % 2) * 0.9 })],
    },
  ],
  [
    "own-run",
    {
      agrees: [withOtherRuns(0.6, 0.3)],
      disagrees: [withOtherRuns(0.3, 0.6)],
      "not decided": [seeds(5, { tauGradient: 0.5, tauGradientLeaveOneOut: 0.5 })],
    },
  ],
  [
    "permute-peaked",
    {
      agrees: [apart({ maxAttention: (index) => index / 60, permutationTvd: () => 0.01 })],
      disagrees: [apart({ maxAttention: (index) => index / 60, permutationTvd: () => 0.3 })],
    },
  ],
  [
    "adversary",
    {
      agrees: [seeds(5, { exactJsd01: 0.6, attentionJsdOfOtherRuns: 0.2 })],
      disagrees: [seeds(5, { exactJsd01: 0.1, attentionJsdOfOtherRuns: 0.4 })],
      "not decided": [seeds(5, { exactJsd01: 0.6 })],
    },
  ],
  [
    "adversary-peaked",
    {
      agrees: [
        apart({ maxAttention: (index) => index / 60, exactJsd01: (index) => (index * 37) % 60, searchJsd01: () => 0 }),
      ],
      disagrees: [apart({ maxAttention: (index) => index / 60, exactJsd01: (index) => -index, searchJsd01: () => 0 })],
    },
  ],
  [
    "search",
    {
      agrees: [seeds(5, { exactJsd01: 0.6, searchJsd01: 0.4, longSearchJsd01: 0.5 })],
      disagrees: [seeds(5, { exactJsd01: 0.6, searchJsd01: 0.4, longSearchJsd01: 0.6 })],
    },
  ],
  [
    "performance",
    {
      agrees: [noisyScores(0.9), noisyScores(0.8, uniform)],
      disagrees: [noisyScores(0.85), noisyScores(0.95, uniform)],
      "not decided": [noisyScores(0.9), noisyScores(0.9, uniform)],
    },
  ],
  [
    "simple-output",
    {
      agrees: [seeds(5, { permutationTvd: 0.3 }, average), seeds(5, { permutationTvd: 0.1 })],
      disagrees: [seeds(5, { permutationTvd: 0.1 }, average), seeds(5, { permutationTvd: 0.3 })],
    },
  ],
  [
    "cnn",
    {
      agrees: [seeds(5, withYardstick(0.5), { encoder: "cnn" }), seeds(5, withYardstick(0.3))],
      disagrees: [seeds(5, withYardstick(0.1), { encoder: "cnn" }), seeds(5, withYardstick(0.3))],
    },
  ],
  [
    "dot",
    {
      agrees: [
        seeds(5, { ...withYardstick(0.1), uniformTvd: 0.5 }, { attention: "dot" }),
        seeds(5, withYardstick(0.3)),
      ],
      disagrees: [
        seeds(5, { ...withYardstick(0.5), uniformTvd: 0.5 }, { attention: "dot" }),
        seeds(5, withYardstick(0.3)),
      ],
      "says nothing": [
        seeds(5, { ...withYardstick(0.1), uniformTvd: -1 }, { attention: "dot" }),
        seeds(5, withYardstick(0.3)),
      ],
    },
  ],
  [
    "questions",
    {
      agrees: [asking(0.9, 0.9), asking(0.9, 0.6, uniform), blind(0.4)],
      disagrees: [asking(0.1, 0.9), asking(0.1, 0.6, uniform), blind(0.4)],
      "not decided": [asking(0.9, 0.9), asking(0.9, 0.9, uniform), blind(0.95)],
    },
  ],
];

function withOtherRuns(own: number, other: number): ComparedStudy[] {
  const means = { tauGradient: other, tauGradientLeaveOneOut: other };
  const otherRuns = Object.fromEntries([0, 1, 2, 3, 4].map((seed) => [seed, means]));
  const studies = apart({ tauGradient: () => own, tauGradientLeaveOneOut: () => own });
  return studies.map((study) => ({ ...study, otherRuns }));
}

function withYardstick(value: number) {
  return { ...tau(value, 0), tauGradientLeaveOneOut: 0.5 };
}

function noisyScores(accuracy: number, given = {}): ComparedStudy[] {
  return [0, 1, 2, 3, 4].map((seed) => studyOf({ ...given, seed, ...scored(accuracy + 0.004 * random.normal()) }));
}

function asking(flips: number, accuracy: number, given = {}): ComparedStudy[] {
  return seeds(5, { permutationFlips: flips, oneHotTvd: 0.5 }, { ...questions, ...given }).map((study) => {
    return { ...study, ...scored(accuracy + 0.004 * random.normal()) };
  });
}

function blind(accuracy: number): ComparedStudy[] {
  const corpus = "babi1-small-question-only";
  return [studyOf({ ...questions, corpus, encoder: "average", ...scored(accuracy) })];
}

for (const [claim, verdicts] of cases) {
  for (const [verdict, studies] of Object.entries(verdicts))
    it(`${claim}: ${verdict}`, () => assert.equal(verdictOf(claim, ...studies), verdict));
}

it("the adversary is evidence about a BiLSTM only where it is more of one than over an average encoder", () => {
  const verdict = (own: number, other: number) =>
    verdictOf(
      "adversary-specific",
      seeds(5, { exactJsd01: own, jsdCeiling: 0.68 }),
      seeds(5, { exactJsd01: other, jsdCeiling: 0.68 }, average),
    );
  assert.deepEqual([verdict(0.6, 0.3), verdict(0.6, 0.6)], ["agrees", "says nothing"]);
});

it("exceptions are listed by class and never judged", () => {
  const rows = rowsOf("exceptions", seeds(5, { permutationTvd: 0.3, exactJsd01: 0.2 }));
  assert.deepEqual(
    rows.map(({ verdict, reason }) => [verdict, reason]),
    [0, 1].map(() => ["not decided", "listed, not judged"]),
  );
});

it("every sentence has at most 30 words, and every threshold stands in the caption", () => {
  const numbers = { ...tau(0.3, 0.1), tauLeaveOneOut: 0.3, tauLeaveOneOutNull: 0.1, tauGradientLeaveOneOut: 0.5 };
  const more = { permutationTvd: 0.05, oneHotTvd: 0.05 };
  const studies = ["bilstm", "average"].flatMap((encoder) => seeds(5, { ...numbers, ...more }, { encoder }));
  for (const question of ["rq1", "rq2", "rq3", "rq4"] as const) {
    const { rows, caption } = claims(question, runsOf(...studies)).inFull;
    for (const { sentence } of rows) {
      const words = sentence.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word));
      assert.ok(words.length <= 30, `${words.length}: ${sentence}`);
    }
    assert.match(caption, /agrees where/);
  }
});

it("what belongs to an effect is said, decided or not, and what its corpus is to be read with", () => {
  const numbers = { permutationTvd: 0.02, oneHotTvd: 0.5, uniformTvd: 0.02, permutationFlips: 0 };
  const studies = seeds(5, { ...numbers, probability: 0.99 }).map((study, run) => ({
    ...study,
    ...scored(0.9 + 0.001 * run),
  }));
  const rows = (of: ComparedStudy[]) => claims("rq2", runsOf(...of), runsOf(...noisyScores(0.9, uniform))).inFull.rows;
  const [decided] = rows(studies);
  assert.match(decided!.also, /sure texts \(p > \.99, \d+ % of them\) \d+ %, others \d+ %/);
  assert.equal(decided!.label, "attention not shown to be needed here; other attention moves the output");
  const [open] = rows(studies.slice(0, 2));
  assert.match(open!.also, /flipped by half of the permutations: 0 %/);
  assert.equal(open!.label, "");
});

it("the table of a question has a line for each claim, with the verdict of each corpus", () => {
  const runs = runsOf(
    ...seeds(5, tau(0.3, 0)),
    ...seeds(5, tau(0.8, 0), { corpus: "imdb" }),
    ...seeds(3, tau(0.3, 0), { corpus: "agnews" }),
  );
  const { rows } = claims("rq1", runs);
  assert.equal(rows[0]!.verdict, "mixed: sst, imdb; not decided: agnews");
  assert.deepEqual(
    rows.map(({ claim }) => claim),
    allClaims.filter(({ question }) => question === "rq1").map(({ id }) => id),
  );
  const lines = claims("rq1", runs).lead.split("\n");
  assert.ok(lines.length <= 3);
  assert.match(lines[0]!, /^- Mean tauGradient of the negative texts of sst is /);
});
