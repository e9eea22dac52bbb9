import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../../src/figures/figure";
import { violin } from "../../src/figures/violin";
import { createRandom } from "../../src/stats/random";
import { defineColumns } from "../../src/study/columns";
import { axisOf, legendOf, numbersOn, type Trace, tracesOf, wordsOf } from "./figureParts";

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

/** The violins of a class, and its points. */
function partsOf(figure: Figure, name: string): { body: Trace; points: Trace } {
  const [body, points] = tracesOf(figure).filter(({ legendgroup }) => legendgroup === name);
  return { body: body!, points: points! };
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

test("a violin of every value stands in the middle of its place in the bin", () => {
  const { body } = partsOf(violin(rows, options), "negative");
  assert.deepEqual(numbersOn("y", [body]), ten);
  for (const x of numbersOn("x", [body])) assert.ok(x - body.width! / 2 > 0 && x + body.width! / 2 < 0.25);
});

test("of many values quantiles are drawn, from the smallest to the largest", () => {
  const many = Array.from({ length: 4001 }, (_, index) => ((index * 1009) % 4001) / 4000);
  const drawn = numbersOn("y", [partsOf(violin(rowsOf("a", 0.5, many), options), "a").body]);
  assert.deepEqual(
    drawn,
    Array.from({ length: 201 }, (_, step) => step / 200),
  );
});

test("fewer than ten values are points, each of them seen, and the caption says so", () => {
  const figure = violin(rows, options);
  const { points } = partsOf(figure, "negative");
  assert.deepEqual(numbersOn("y", [points]), [0.2, 0.2, 0.4, 0.5]);
  for (const x of numbersOn("x", [points])) assert.ok(x > 0.25 && x < 0.5);
  assert.match(wordsOf(figure), /Points: fewer than 10 values\./);
  assert.equal(numbersOn("y", [partsOf(figure, "positive").points]).length, 5);
  assert.doesNotMatch(wordsOf(violin(rowsOf("a", 0.5, ten), options)), /Points:/);
});

test("violins of one bin do not overlap, with one class and with three", () => {
  for (const count of [1, 3]) {
    const classes = Array.from({ length: count }, (_, index) => `class ${index}`);
    const figure = violin(
      classes.flatMap((name) => rowsOf(name, 0.6, ten)),
      options,
    );
    const spans = classes.map((name) => {
      const { body } = partsOf(figure, name);
      return [body.x[0]! - body.width! / 2, body.x[0]! + body.width! / 2];
    });
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

test("wrong columns and values are answered in words", () => {
  assert.throws(
    () => violin(rows, { ...options, y: "permutationTv" as "permutationTvd" }),
    /did you mean "permutationTvd"\?/,
  );
  assert.throws(() => violin([] as Row[], options), /A violin plot is drawn from at least one row/);
  assert.throws(() => violin(rowsOf("a", Number.POSITIVE_INFINITY, ten), options), /holds Infinity/);
  assert.throws(() => violin(rowsOf("a", 0.5, [Number.POSITIVE_INFINITY]), options), /"permutationTvd" holds Infinity/);
});

test("the bins hold values beyond what the column can hold", () => {
  const figure = violin([...rowsOf("a", 2, ten), ...rowsOf("a", 0, ten)], options);
  assert.deepEqual(tableOf(figure), [[10, 0, 0, 10]]);
  assert.deepEqual(axisOf(figure, "xaxis").tickvals, [0, 0.5, 1, 1.5, 2]);
});
