import assert from "node:assert/strict";
import { test } from "node:test";
import { type Figure, plainText } from "../../src/figures/figure";
import { scatter } from "../../src/figures/scatter";
import { createRandom } from "../../src/stats/random";
import { defineColumns } from "../../src/study/columns";
import { axisOf, legendOf, numbersOn, tracesOf, wordsOf } from "./figureParts";

defineColumns([
  { kind: "number", name: "permutationTvd", symbol: "Δŷ", title: "permutationTvd", meaning: "", reason: "why" },
]);

interface Row {
  id: string;
  predicted: string;
  maxAttention: number | undefined;
  permutationTvd: number | undefined;
  why?: string;
}

const row = (predicted: string, maxAttention?: number, permutationTvd?: number, why = ""): Row => ({
  id: `${predicted}-${maxAttention}`,
  predicted,
  maxAttention,
  permutationTvd,
  why,
});
const options = { x: "maxAttention", y: "permutationTvd", by: "predicted" } as const;
const rows = [row("positive", 0.2, 0.1), row("negative", 0.4, 0.9), row("positive", 0.5, 0.5), row("negative", 0.6)];

/** The drawn points of a class, in any order. */
function pointsOf(figure: Figure, name: string): [number, number][] {
  const traces = tracesOf(figure).filter(({ legendgroup }) => legendgroup === name);
  const ys = numbersOn("y", traces);
  return numbersOn("x", traces)
    .map((x, index): [number, number] => [x, ys[index]!])
    .sort(([a], [b]) => a - b);
}

test("every row with both values is one point of its class, and the legend counts them", () => {
  const figure = scatter(rows, options);
  assert.deepEqual(pointsOf(figure, "positive"), [
    [0.2, 0.1],
    [0.5, 0.5],
  ]);
  assert.deepEqual(pointsOf(figure, "negative"), [[0.4, 0.9]]);
  assert.deepEqual(legendOf(figure), ["negative: n = 1", "positive: n = 2"]);
});

test("with many rows and three classes each point is drawn once, the classes in turns", () => {
  const random = createRandom("scatter");
  const classes = ["a", "b", "c"];
  const many = Array.from({ length: 503 }, () =>
    row(classes[random.integer(3)]!, random.uniform(), random.integer(9) === 0 ? undefined : random.uniform()),
  );
  const figure = scatter(many, options);
  for (const name of classes) {
    const expected = many.filter(({ predicted, permutationTvd }) => predicted === name && permutationTvd !== undefined);
    assert.deepEqual(
      pointsOf(figure, name),
      expected.map((each) => [each.maxAttention, each.permutationTvd]).sort(([a], [b]) => a! - b!),
    );
  }
  const order = tracesOf(figure).map(({ legendgroup }) => legendgroup);
  assert.ok(order.indexOf("c") < order.lastIndexOf("a"));
  assert.equal(legendOf(figure).length, 3);
});

test("undefined values are counted by class and reason", () => {
  const some = [...rows, row("positive", undefined, 0.3, "no <attention>")];
  const figure = scatter(some, options);
  assert.match(wordsOf(figure), /Undefined, not drawn: 1 negative; 1 positive \(no &lt;attention&gt;\)\./);
  assert.match(figure.layout.meta.alternativeText, /1 positive \(no <attention>\)/);
  assert.match(wordsOf(scatter([row("a")], options)), /No defined value.*Undefined, not drawn: 1\./);
});

test("the diagonal has one scale, a line and the counts above, on and below it", () => {
  const figure = scatter(rows, { ...options, diagonal: true });
  assert.match(wordsOf(figure), /Broken line: y = x\. Above, on and below it: 1, 1 and 1\./);
  assert.deepEqual(axisOf(figure, "xaxis").range, axisOf(figure, "yaxis").range);
  const { width, height, margin, shapes } = figure.layout as Figure["layout"] & {
    margin: { l: number; r: number; t: number; b: number };
    shapes: { x0: number; y0: number; x1: number; y1: number }[];
  };
  assert.equal(width - margin.l - margin.r, height - margin.t - margin.b);
  const [low, high] = axisOf(figure, "xaxis").range;
  assert.deepEqual([shapes[0]!.x0, shapes[0]!.y0, shapes[0]!.x1, shapes[0]!.y1], [low, low, high, high]);
});

test("all points are on the axes, also where all are equal", () => {
  for (const values of [rows, [row("a", 0.3, 0), row("a", 0.3, 0)]]) {
    const figure = scatter(values, options);
    for (const [axis, name] of [
      ["x", "xaxis"],
      ["y", "yaxis"],
    ] as const) {
      const [low, high] = axisOf(figure, name).range;
      for (const value of numbersOn(axis, tracesOf(figure))) assert.ok(value > low && value < high);
    }
  }
});

test("markup in class names and labels stays text", () => {
  const figure = scatter([row("<b>&", 0.1, 0.2)], { ...options, label: "id" });
  assert.deepEqual(legendOf(figure), ["&lt;b&gt;&amp;: n = 1"]);
  const points = tracesOf(figure).at(-1)!;
  assert.deepEqual(points.text, ["&lt;b&gt;&amp;-0.1"]);
  assert.doesNotMatch(points.hovertemplate!, /<b>/);
  assert.match(figure.layout.meta.alternativeText, /<b>&: n = 1/);
});

test("wrong columns and values are answered in words", () => {
  assert.throws(
    () => scatter(rows, { ...options, x: "maxAtention" as "maxAttention" }),
    /did you mean "maxAttention"\?/,
  );
  assert.throws(() => scatter(rows, { ...options, label: "ids" as "id" }), /no column "ids"; did you mean "id"/);
  assert.throws(() => scatter([] as Row[], options), /A scatter plot is drawn from at least one row/);
  assert.throws(
    () => scatter([row("a", Number.POSITIVE_INFINITY, 1)], options),
    /draws finite numbers, but column "maxAttention" holds Infinity; choose a column of numbers/,
  );
  assert.throws(() => scatter([row("a", 1, Number.NEGATIVE_INFINITY)], options), /holds -Infinity/);
  assert.throws(
    () => scatter(rows, { ...options, x: "id" }),
    /draws finite numbers, but column "id" holds "positive-0\.2"/,
  );
});

test("of more than 1,500 points about as many are drawn, by lot, of each class its share; the counts are of all", () => {
  const random = createRandom("many");
  const many = Array.from({ length: 6000 }, (_, index) =>
    row(index % 1000 === 0 ? "rare" : "usual", random.uniform(), random.uniform()),
  );
  const figure = scatter(many, options);
  assert.equal(pointsOf(figure, "rare").length, 2);
  assert.equal(pointsOf(figure, "usual").length, Math.ceil(5994 / 4));
  assert.deepEqual(legendOf(figure), ["rare: n = 6", "usual: n = 5,994"]);
  assert.match(wordsOf(figure), /Drawn by lot: 1,500 of 6,000 points\./);
  assert.deepEqual(scatter(many, options), figure);
});

test("the caller's rows are left as they are, and equal rows give an equal figure", () => {
  const frozen = Object.freeze(rows.map((each) => Object.freeze({ ...each })));
  assert.deepEqual(scatter(frozen, options), scatter([...frozen], options));
});

test("a long label is broken into lines between its words", () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(" ");
  const figure = scatter([{ x: 1, y: 2, words }], { x: "x", y: "y", label: "words" });
  const [shown] = (figure.data as { text?: string[] }[]).flatMap(({ text }) => text ?? []);
  assert.ok(shown!.split("<br>").every((line) => line.length <= 80) && shown!.includes("<br>"));
  assert.equal(plainText(shown!), words);
});
