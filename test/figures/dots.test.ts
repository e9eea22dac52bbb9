import assert from "node:assert/strict";
import { test } from "node:test";
import { interval } from "../../src/figures/interval";
import { axisOf, legendOf, notesOf, numbersOn, tracesOf, wordsOf } from "./figureParts";

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
const options = { x: "mean", y: "encoder", low: "low", high: "high", by: "attention", n: "n" } as const;
const dotsOf = (figure: ReturnType<typeof interval>) => tracesOf(figure).filter(({ mode }) => mode === "markers");
const barsOf = (figure: ReturnType<typeof interval>) => tracesOf(figure).filter(({ mode }) => mode === "lines+markers");

/** The place of the line that a dot belongs to. */
const lineAt = (height: number) => [0, 1].find((line) => Math.abs(height - line) < 0.5);

test("lines stand from the top as their labels come", () => {
  const axis = axisOf(interval(means, options), "yaxis");
  assert.deepEqual(axis.ticktext, ["bilstm", "average"]);
  assert.deepEqual(axis.tickvals, [1, 0]);
  const turned = axisOf(interval([...means].reverse(), options), "yaxis");
  assert.deepEqual(turned.ticktext, ["average", "bilstm"]);
});

test("a dot and an interval for each row, the classes of a label under one another", () => {
  const figure = interval(means, options);
  const [additive, dot] = dotsOf(figure);
  assert.deepEqual(additive?.x, [0.3, 0.7]);
  assert.deepEqual(dot?.x, [0.1, -0.2]);
  assert.deepEqual(barsOf(figure)[0]?.x, [0.25, 0.36, null, 0.6, 0.8, null]);
  assert.ok(additive!.y[0]! > dot!.y[0]! && dot!.y[0]! > additive!.y[1]!);
  assert.deepEqual(
    numbersOn("y", [dot!]).map((y) => lineAt(y)),
    [1, 0],
  );
  assert.deepEqual(legendOf(figure), ["additive", "dot"]);
});

test("each dot has its n at its right", () => {
  const figure = interval(means, options);
  const counts = notesOf(figure).filter(({ text }) => text.startsWith("n = "));
  assert.deepEqual(
    counts.map(({ text, y }) => [text, lineAt(y)]),
    [
      ["n = 1,725", 1],
      ["n = 12", 0],
      ["n = 1,725", 1],
      ["n = 12", 0],
    ],
  );
});

test("a value that is undefined says so at its place and is counted", () => {
  const some = [...means, { encoder: "cnn", attention: "dot", mean: undefined }];
  const figure = interval(some, options);
  const notes = notesOf(figure).filter(({ text }) => text === "undefined");
  assert.deepEqual(
    notes.map(({ y }) => lineAt(y)),
    [0],
  );
  assert.match(wordsOf(figure), /Undefined, not drawn: 1 dot\./);
  assert.match(figure.layout.meta.alternativeText, /cnn undefined/);
});

test("dots without an interval are drawn and counted", () => {
  const some = [...means.slice(0, 1), { encoder: "cnn", attention: "additive", mean: 0.5 }];
  const figure = interval(some, { ...options, intervalName: "95 % bootstrap interval" });
  assert.deepEqual(dotsOf(figure)[0]?.x, [0.3, 0.5]);
  assert.deepEqual(barsOf(figure)[0]?.x, [0.25, 0.36, null]);
  assert.match(wordsOf(figure), /Lines: 95 % bootstrap interval \(1 without\)\./);
});

test("an axis with both signs has a line at 0; without classes there is no legend", () => {
  assert.equal((interval(means, options).layout.shapes as object[]).length, 1);
  const positive = interval(means.slice(0, 2), { ...options, y: "attention", by: undefined });
  assert.equal((positive.layout.shapes as object[]).length, 0);
  assert.equal(positive.layout.showlegend, false);
  assert.match(positive.layout.meta.alternativeText, /additive 0\.300 \(0\.250 to 0\.360\), n = 1725; dot 0\.100/);
});

test("all dots and intervals are on the axes; those beyond a given range are counted", () => {
  const figure = interval(means, options);
  for (const [axis, name] of [
    ["x", "xaxis"],
    ["y", "yaxis"],
  ] as const) {
    const [low, high] = axisOf(figure, name).range;
    for (const value of numbersOn(axis, tracesOf(figure))) assert.ok(value > low && value < high);
  }
  assert.match(wordsOf(interval(means, { ...options, xRange: [0, 1] })), /Outside 0\.00 to 1\.00, not drawn: 1\./);
});

test("markup in labels and classes stays text, and long labels are broken into lines with room", () => {
  const long = "<b>20 Newsgroups</b>, bidirectional LSTM & additive attention";
  const figure = interval([{ of: long, by: "<i>", x: 1 }], { x: "x", y: "of", by: "by" });
  const [label] = axisOf(figure, "yaxis").ticktext!;
  assert.match(label!, /^&lt;b&gt;20 Newsgroups&lt;\/b&gt;,<br>bidirectional LSTM &amp;<br>additive attention$/);
  assert.deepEqual(legendOf(figure), ["&lt;i&gt;"]);
  assert.ok((figure.layout.margin as { l: number }).l > 62);
});

test("a label that comes twice, wrong columns, no rows and values that are no numbers are refused in words", () => {
  assert.throws(() => interval(means, { ...options, by: undefined }), /"bilstm" comes twice; average its rows/);
  assert.throws(() => interval(means, { ...options, x: "meen" as "mean" }), /did you mean "mean"\?/);
  assert.throws(() => interval([] as Mean[], options), /An interval plot is drawn from at least one row/);
  assert.throws(() => interval([{ ...means[0]!, mean: Number.NaN }], options), /column "mean" holds NaN/);
  assert.throws(() => interval(means, { ...options, high: undefined }), /give both "low" and "high"/);
  assert.throws(() => interval(means, { ...options, classes: ["dot"] }), /no class in column "attention" "additive"/);
});
