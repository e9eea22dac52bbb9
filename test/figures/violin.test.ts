import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../../src/figures/figure";
import { violin } from "../../src/figures/violin";
import { createRandom } from "../../src/stats/random";
import { quantile } from "../../src/stats/summary";
import { defineColumns } from "../../src/study/columns";
import { axisOf, classColour, legendOf, numbersOn, type Trace, tracesOf, wordsOf } from "./figureParts";

interface Row {
  predicted: string;
  maxAttention: number | undefined;
  permutationTvd: number | undefined;
  why?: string;
}

defineColumns([
  {
    kind: "number",
    name: "maxAttention",
    symbol: "max α",
    title: "maxAttention",
    meaning: "",
    range: [0, 1],
    reason: "why",
  },
]);

const options = { x: "maxAttention", y: "permutationTvd", by: "predicted" } as const;
const rowsOf = (predicted: string, maxAttention: number, values: readonly number[]): Row[] =>
  values.map((permutationTvd) => ({ predicted, maxAttention, permutationTvd }));
const ten = [0.1, 0.3, 0.15, 0.2, 0.6, 0.5, 0.25, 0.45, 0.35, 0.4];
const rows = [
  ...rowsOf("negative", 0.1, ten),
  ...rowsOf("negative", 0.3, [0.2, 0.2, 0.4, 0.5]),
  ...rowsOf("positive", 1, [0.9, 0.8, 0.7, 0.6, 0.5]),
];

interface Parts {
  body: Trace;
  quartiles: Trace;
  medians: Trace;
  points: Trace;
}

function partsOf(figure: Figure, name: string): Parts {
  const [body, quartiles, medians, points] = tracesOf(figure).filter(({ legendgroup }) => legendgroup === name);
  return { body: body!, quartiles: quartiles!, medians: medians!, points: points! };
}

/** The n of each bin, a row per class, as in the legend. */
function tableOf(figure: Figure): number[][] {
  return legendOf(figure).map((entry) =>
    entry
      .replace(/^.*n = /, "")
      .split(", ")
      .map((n) => Number(n.replace(",", ""))),
  );
}

test("four bins over [0, 1]: the legend has the n of each bin and class", () => {
  const figure = violin(rows, options);
  assert.deepEqual(axisOf(figure, "xaxis").tickvals, [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(tableOf(figure), [
    [10, 4, 0, 0],
    [0, 0, 0, 5],
  ]);
  assert.match(wordsOf(figure), /n: of the bins from the left\./);
});

test("a bin includes its lower end, the last one also its upper end", () => {
  const edges = [0, 0.25, 0.5, 0.75, 1].flatMap((edge) => rowsOf("a", edge, [0.1]));
  assert.deepEqual(tableOf(violin(edges, options)), [[1, 1, 1, 2]]);
});

test("the bins are those of the study's summary", () => {
  const random = createRandom("bins");
  const many = Array.from({ length: 400 }, () => ({
    predicted: "a",
    maxAttention: random.uniform(),
    permutationTvd: 0,
  }));
  const expected = [0, 1, 2, 3].map(
    (bin) => many.filter(({ maxAttention }) => Math.min(3, Math.floor(4 * maxAttention)) === bin).length,
  );
  assert.deepEqual(tableOf(violin(many, options)), [expected]);
});

test("lines stand at the quartiles and are as wide as the violin there", () => {
  const { body, quartiles, medians } = partsOf(violin(rows, options), "negative");
  assert.deepEqual(numbersOn("y", [medians]), [quantile(ten, 0.5), quantile(ten, 0.5)]);
  assert.deepEqual(
    numbersOn("y", [quartiles]),
    [0.25, 0.25, 0.75, 0.75].map((share) => quantile(ten, share)),
  );
  for (const line of [quartiles, medians]) {
    for (const [index, y] of line.y.entries()) {
      if (y === null) continue;
      assert.ok(body.x.some((x, place) => body.y[place] === y && x === line.x[index]));
    }
  }
});

test("a violin ends at its smallest and largest value and stays in its bin", () => {
  const { body } = partsOf(violin(rows, options), "negative");
  const ys = numbersOn("y", [body]);
  assert.deepEqual([Math.min(...ys), Math.max(...ys)], [0.1, 0.6]);
  for (const x of numbersOn("x", [body])) assert.ok(x > 0 && x < 0.25);
  assert.equal(body.fill, "toself");
});

test("fewer than ten values are points, each of them seen, and the caption says so", () => {
  const figure = violin(rows, options);
  const { points } = partsOf(figure, "negative");
  assert.deepEqual(numbersOn("y", [points]), [0.2, 0.2, 0.4, 0.5]);
  assert.equal(new Set(points.x).size, 4);
  for (const x of numbersOn("x", [points])) assert.ok(x > 0.25 && x < 0.5);
  assert.match(wordsOf(figure), /Points: fewer than 10 values\./);
  assert.equal(partsOf(figure, "positive").points.y.length, 5);
  assert.doesNotMatch(wordsOf(violin(rowsOf("a", 0.5, ten), options)), /Points:/);
});

test("values that are all equal are a line, not a failure", () => {
  const figure = violin(rowsOf("a", 0.5, Array(10).fill(0)), options);
  const { body, medians } = partsOf(figure, "a");
  assert.deepEqual([...new Set(numbersOn("y", [body]))], [0]);
  const [left, right] = numbersOn("x", [medians]);
  assert.ok(left! < right!);
});

test("violins of one bin do not overlap, with one class and with six", () => {
  for (const count of [1, 6]) {
    const classes = Array.from({ length: count }, (_, index) => `class ${index}`);
    const figure = violin(
      classes.flatMap((name) => rowsOf(name, 0.6, ten)),
      { ...options, classes },
    );
    const spans = classes.map((name) => numbersOn("x", [partsOf(figure, name).body]));
    for (const [index, span] of spans.entries()) {
      assert.ok(Math.min(...span) > (index === 0 ? 0.5 : Math.max(...spans[index - 1]!)));
      assert.ok(Math.max(...span) < 0.75);
    }
    assert.deepEqual(
      tableOf(figure),
      classes.map(() => [0, 0, 10, 0]),
    );
  }
});

test("a class keeps its colour where another one is missing", () => {
  const figure = violin(rowsOf("positive", 0.6, ten), { ...options, classes: ["negative", "positive"] });
  assert.deepEqual(legendOf(figure), ["negative: no value", "positive: n = 0, 0, 10, 0"]);
  assert.equal(partsOf(figure, "positive").body.line?.color, classColour(1));
});

test("undefined values are counted, by class and reason, and are in no bin", () => {
  const some: Row[] = [
    ...rows,
    { predicted: "positive", maxAttention: 0.9, permutationTvd: undefined, why: "no adversary" },
    { predicted: "negative", maxAttention: undefined, permutationTvd: 0.5 },
  ];
  const figure = violin(some, options);
  assert.match(wordsOf(figure), /Undefined, not drawn: 1 negative; 1 positive \(no adversary\)\./);
  assert.deepEqual(tableOf(figure), tableOf(violin(rows, options)));
  const nothing = violin([{ predicted: "a", maxAttention: 0.5, permutationTvd: undefined }], options);
  assert.match(wordsOf(nothing), /No defined value/);
});

test("values beyond the vertical axis are counted", () => {
  assert.match(
    wordsOf(violin(rows, { ...options, yRange: [0, 0.7] })),
    /Outside 0\.00 to 0\.70 vertically, not drawn: 2\./,
  );
});

test("the alternative text has the n and median of each bin and class", () => {
  const { alternativeText } = violin(rows, { ...options, title: "SST", yTitle: "ε-max <i>JSD</i>" }).layout.meta;
  assert.match(alternativeText, /^SST\. Violin plot of ε-max JSD in 4 bins of maxAttention\./);
  assert.match(alternativeText, /negative: 0\.00 to 0\.25 n = 10, median 0\.325, 0\.25 to 0\.50 n = 4, median 0\.300/);
  assert.match(alternativeText, /positive: 0\.00 to 0\.25 n = 0, .*0\.75 to 1\.00 n = 5, median 0\.700\./);
});

test("markup in a class name stays text", () => {
  const figure = violin(rowsOf("<i>&", 0.5, ten), options);
  assert.deepEqual(legendOf(figure), ["&lt;i&gt;&amp;: n = 0, 0, 10, 0"]);
  for (const { text, hovertemplate } of tracesOf(figure)) {
    assert.doesNotMatch(`${text?.join("")}${hovertemplate}`, /<i>/);
  }
});

test("wrong columns, values, bins and ranges are answered in words", () => {
  assert.throws(
    () => violin(rows, { ...options, y: "permutationTv" as "permutationTvd" }),
    /did you mean "permutationTvd"\?/,
  );
  assert.throws(() => violin([] as Row[], options), /A violin plot is drawn from at least one row/);
  assert.throws(() => violin(rowsOf("a", Number.POSITIVE_INFINITY, ten), options), /holds Infinity/);
  assert.throws(() => violin(rowsOf("a", 0.5, [Number.POSITIVE_INFINITY]), options), /"permutationTvd" holds Infinity/);
  assert.throws(() => violin(rowsOf("a", 1.2, ten), options), /go from 0 to 1, but 1\.2 came; give "xRange"/);
  for (const bins of [0, 2.5, Number.NaN]) {
    assert.throws(() => violin(rows, { ...options, bins }), /"bins" must be a whole number from 1/);
  }
  assert.throws(() => violin(rows, { ...options, xRange: [1, 1] }), /"xRange" must be two numbers that go up/);
});

test("other bins over another range", () => {
  const figure = violin(rowsOf("a", 12, ten), { ...options, bins: 2, xRange: [0, 20] });
  assert.deepEqual(tableOf(figure), [[0, 10]]);
  assert.deepEqual(axisOf(figure, "xaxis").tickvals, [0, 10, 20]);
});
