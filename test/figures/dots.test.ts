import assert from "node:assert/strict";
import { test } from "node:test";
import { dots } from "../../src/figures/dots";
import type { Figure } from "../../src/figures/figure";
import { axisOf, legendOf, numbersOn, tracesOf, wordsOf } from "./figureParts";

interface Mean {
  encoder: string;
  attention: string;
  mean: number | undefined;
  low?: number | undefined;
  high?: number | undefined;
  n?: number;
}

const means: Mean[] = [
  { encoder: "bilstm", attention: "additive", mean: 0.3, low: 0.25, high: 0.36, n: 1725 },
  { encoder: "bilstm", attention: "dot", mean: 0.1, low: 0.05, high: 0.15, n: 1725 },
  { encoder: "average", attention: "additive", mean: 0.7, low: 0.6, high: 0.8, n: 12 },
  { encoder: "average", attention: "dot", mean: -0.2, low: -0.3, high: -0.1, n: 12 },
];
const options = { x: "mean", y: "encoder", by: "attention" } as const;
const dotsOf = (figure: Figure) => tracesOf(figure).filter(({ mode }) => mode === "markers");

/** The place of the line that a dot belongs to. */
const lineAt = (height: number) => [0, 1].find((line) => Math.abs(height - line) < 0.5);

test("lines stand from the top as their labels come", () => {
  const axis = axisOf(dots(means, options), "yaxis");
  assert.deepEqual(axis.ticktext, ["bilstm", "average"]);
  assert.deepEqual(axis.tickvals, [1, 0]);
  const turned = axisOf(dots([...means].reverse(), options), "yaxis");
  assert.deepEqual(turned.ticktext, ["average", "bilstm"]);
});

test("a dot and an interval for each row, the classes of a label under one another", () => {
  const figure = dots(means, options);
  const [additive, dot] = dotsOf(figure);
  assert.deepEqual(additive?.x, [0.3, 0.7]);
  assert.deepEqual(dot?.x, [0.1, -0.2]);
  for (const [index, length] of [0.06, 0.1].entries())
    assert.ok(Math.abs(additive!.error_x!.array[index]! - length) < 1e-9);
  for (const [index, length] of [0.05, 0.1].entries())
    assert.ok(Math.abs(additive!.error_x!.arrayminus[index]! - length) < 1e-9);
  assert.ok(additive!.y[0]! > dot!.y[0]! && dot!.y[0]! > additive!.y[1]!);
  assert.deepEqual(
    numbersOn("y", [dot!]).map((y) => lineAt(y)),
    [1, 0],
  );
  assert.deepEqual(legendOf(figure), ["additive", "dot"]);
});

test("the n behind the dots is told as its range", () => {
  assert.match(wordsOf(dots(means, options)), /n per point: 12 to 1,725\./);
});

test("a value that is undefined is counted, and its label is there", () => {
  const some = [...means, { encoder: "cnn", attention: "dot", mean: undefined }];
  const figure = dots(some, options);
  assert.deepEqual(axisOf(figure, "yaxis").ticktext, ["bilstm", "average", "cnn"]);
  assert.match(wordsOf(figure), /Undefined, not drawn: 1 dot\./);
  assert.match(figure.layout.meta.alternativeText, /cnn undefined/);
});

test("dots without an interval are drawn and counted", () => {
  const some = [
    { ...means[0]!, interval: "95 % bootstrap interval" },
    { encoder: "cnn", attention: "additive", mean: 0.5 },
  ];
  const figure = dots<Mean>(some, options);
  assert.deepEqual(dotsOf(figure)[0]?.x, [0.3, 0.5]);
  assert.equal(dotsOf(figure)[0]!.error_x!.array[1], 0);
  assert.match(wordsOf(figure), /Lines: 95 % bootstrap interval \(1 without\)\./);
});

test("without classes there is no legend", () => {
  const positive = dots(means.slice(0, 2), { ...options, y: "attention", by: undefined });
  assert.equal(positive.layout.showlegend, false);
  assert.match(positive.layout.meta.alternativeText, /additive 0\.300 \(0\.250 to 0\.360\), n = 1,725; dot 0\.100/);
});

test("all dots and intervals are on the axes", () => {
  const figure = dots(means, options);
  for (const [axis, name] of [
    ["x", "xaxis"],
    ["y", "yaxis"],
  ] as const) {
    const [low, high] = axisOf(figure, name).range;
    for (const value of numbersOn(axis, tracesOf(figure))) assert.ok(value > low && value < high);
  }
  const [low, high] = axisOf(figure, "xaxis").range;
  assert.ok(low < -0.3 && high > 0.8);
});

test("markup in labels and classes stays text, and long labels are broken into lines with room", () => {
  const long = "<b>20 Newsgroups</b>, bidirectional LSTM & additive attention";
  const figure = dots([{ of: long, by: "<i>", x: 1 }], { x: "x", y: "of", by: "by" });
  const [label] = axisOf(figure, "yaxis").ticktext!;
  assert.match(label!, /^&lt;b&gt;20 Newsgroups&lt;\/b&gt;,<br>bidirectional LSTM &amp;<br>additive attention$/);
  assert.deepEqual(legendOf(figure), ["&lt;i&gt;"]);
  assert.ok((figure.layout.margin as { l: number }).l > 62);
});

test("a label that comes twice, wrong columns, no rows and values that are no numbers are refused in words", () => {
  assert.throws(() => dots(means, { ...options, by: undefined }), /"bilstm" comes twice; average its rows/);
  assert.throws(() => dots(means, { ...options, x: "meen" as "mean" }), /did you mean "mean"\?/);
  assert.throws(() => dots([] as Mean[], options), /A dot plot is drawn from at least one row/);
  assert.throws(
    () => dots([{ ...means[0]!, mean: Number.NEGATIVE_INFINITY }], options),
    /column "mean" holds -Infinity/,
  );
});

test("beside: marks of other sources at the height of their label and class, each source in the legend; what has no line is left out", () => {
  const beside = [
    { encoder: "bilstm", attention: "dot", mean: 0.2, source: "paper" },
    { encoder: "bilstm", mean: 0.25, source: "<b>re-run" },
    { encoder: "cnn", attention: "dot", mean: 0.9, source: "paper" },
    { encoder: "average", attention: "bilinear", mean: 0.9, source: "paper" },
  ];
  const figure = dots(means, { ...options, beside });
  assert.deepEqual(legendOf(figure), ["additive", "dot", "paper", "&lt;b&gt;re-run"]);
  const [additive, dot, paper, rerun] = dotsOf(figure);
  assert.deepEqual([paper?.x, paper?.y], [[0.2], [dot?.y[0]]]);
  assert.deepEqual([rerun?.x, rerun?.y], [[0.25], [(additive!.y[0]! + dot!.y[0]!) / 2]]);
  assert.match(figure.layout.meta.alternativeText, /paper: bilstm 0\.200\. <b>re-run: bilstm 0\.250\./);
});

test("band: grey from one end to the other, behind what has the same values", () => {
  const greyOf = (figure: Figure) =>
    (figure.layout.shapes as { type: string; x0: number; x1: number; y0: number; y1: number; yref: string }[])
      .filter(({ type }) => type === "rect")
      .map(({ x0, x1, y0, y1, yref }) => [x0, x1, yref, Math.round(10 * y0) / 10, Math.round(10 * y1) / 10 + 0]);
  const band = [
    { encoder: "bilstm", low: 0.1, high: 0.2 },
    { encoder: "average", attention: "dot", low: 0.3, high: 0.4 },
    { encoder: "cnn", low: 0.5, high: 0.6 },
  ];
  const figure = dots(means, { ...options, band, bandName: "two seeds" });
  assert.deepEqual(greyOf(figure), [
    [0.1, 0.2, "y", 0.6, 1.4],
    [0.3, 0.4, "y", -0.3, 0],
  ]);
  assert.match(wordsOf(figure), /Grey: two seeds\./);
});
