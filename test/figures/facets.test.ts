import assert from "node:assert/strict";
import { test } from "node:test";
import { curve } from "../../src/figures/curve";
import { dots } from "../../src/figures/dots";
import type { Figure } from "../../src/figures/figure";
import { histogram } from "../../src/figures/histogram";
import { scatter } from "../../src/figures/scatter";
import { colours as lightColours } from "../../src/figures/theme";
import { violin } from "../../src/figures/violin";
import { type Column, defineColumns } from "../../src/study/columns";
import { classColour, notesOf, type Trace, tracesOf, wordsOf } from "./figureParts";
import { exampleRows } from "./rows";

const column = (name: string, more: Partial<Column>): Column => ({
  ...{ kind: "number", name, symbol: name, title: name, meaning: "" },
  ...more,
});
defineColumns([
  column("tauGradient", {
    symbol: "τ_g",
    title: "τ_g, attention and gradient",
    range: [-1, 1],
    reason: "tauGradientUndefined",
  }),
  column("permutationTvd", { symbol: "Δŷ", title: "change of the output", range: [0, 1], unit: "TVD" }),
]);

const corpora = ["sst", "imdb", "mails", "babi1", "babi2", "snli", "cnn"];
const rowsOf = (count: number) =>
  corpora.slice(0, count).flatMap((corpus, index) => exampleRows(60 + index).map((row) => ({ ...row, corpus })));
const options = { x: "tauGradient", by: "predicted", facet: "corpus" } as const;

interface Axis {
  range: [number, number];
  domain: [number, number];
  title: { text: string };
  showticklabels?: boolean;
}
const axesOf = (figure: Figure, letter: "x" | "y") =>
  Object.keys(figure.layout)
    .filter((name) => name.startsWith(`${letter}axis`))
    .map((name) => figure.layout[name] as Axis);
const legendOf = (figure: Figure) =>
  tracesOf(figure).flatMap(({ name, showlegend }) => (name !== undefined && showlegend ? [name] : []));
const headsOf = (figure: Figure) =>
  notesOf(figure)
    .map(({ text }) => text)
    .filter((text) => text.startsWith("<span"))
    .map((text) => text.replace(/<span[^>]*>|<\/span>|<b>—<\/b>/g, "").split(/<br> */));

test("a facet for each value in the order of the rows, each on its own axes, with one legend of classes alone", () => {
  const figure = histogram(rowsOf(3), options);
  assert.deepEqual(
    headsOf(figure).map(([name]) => name),
    ["sst", "imdb", "mails"],
  );
  const places = tracesOf(figure) as (Trace & { xaxis?: string; yaxis?: string })[];
  assert.deepEqual(
    [...new Set(places.map(({ xaxis, yaxis }) => `${xaxis} ${yaxis}`))],
    ["undefined undefined", "x2 y2", "x3 y3"],
  );
  assert.deepEqual(legendOf(figure), ["negative", "positive"]);
  assert.match(headsOf(figure)[0]!.join(), /^sst,n = 29, mean 0\.\d\d,n = 30, mean 0\.\d\d$/);
  const own = histogram(
    rowsOf(3).filter(({ corpus }) => corpus === "imdb"),
    { ...options, facet: undefined },
  );
  const bars = (traces: readonly Trace[]) => traces.filter(({ type }) => type === "bar").map(({ y }) => y);
  assert.deepEqual(bars(places.filter(({ xaxis }) => xaxis === "x2")), bars(tracesOf(own)));
});

test("no plot is alone in the last row; all are equal", () => {
  const shapes = [1, 2, 3, 4, 5, 6, 7].map((count) => {
    const figure = histogram(rowsOf(count), options);
    const [xs, ys] = [axesOf(figure, "x"), axesOf(figure, "y")];
    const size = ({ domain: [low, high] }: Axis) => (high - low).toFixed(9);
    assert.equal(new Set(xs.map(size)).size, 1);
    assert.equal(new Set(ys.map(size)).size, 1);
    const tops = [...new Set(ys.map(({ domain }) => domain[0].toFixed(9)))];
    return `${tops.map((top) => ys.filter(({ domain }) => domain[0].toFixed(9) === top).length).join(" + ")}`;
  });
  assert.deepEqual(shapes, ["1", "2", "3", "2 + 2", "3 + 2", "3 + 3", "4 + 3"]);
  assert.equal(
    axesOf(histogram(rowsOf(6), { ...options, columns: 2 }), "x").filter(({ domain }) => domain[0] === 0).length,
    3,
  );
  assert.throws(
    () => histogram(rowsOf(6), { ...options, columns: 0 }),
    /"columns" must be a whole number from 1, but 0 came/,
  );
});

test("shared axes are labelled at the outer facets alone, others at each", () => {
  const figure = histogram(rowsOf(7), options);
  const labelled = (letter: "x" | "y") =>
    axesOf(figure, letter).map(({ showticklabels, title }) => {
      assert.equal(showticklabels, title.text !== "");
      return showticklabels;
    });
  assert.deepEqual(labelled("x"), [false, false, false, true, true, true, true]);
  assert.deepEqual(labelled("y"), [true, false, false, false, true, false, false]);
  const rows = rowsOf(2).map((row) => ({ ...row, scale: row.corpus === "sst" ? 1 : 100 }));
  const wide = scatter(
    rows.map((row) => ({ ...row, y: row.scale })),
    { x: "tauGradient", y: "y", facet: "corpus" },
  );
  const [first, second] = axesOf(wide, "y");
  assert.deepEqual(first!.range, second!.range);
});

test("long rows: a facet for each measure has the title of the column that it names, and an axis from 0 that fits", () => {
  const rows = ["tauGradient", "permutationTvd", "unknown"].flatMap((measure) =>
    ["sst", "imdb"].map((corpus) => ({
      corpus,
      measure,
      mean: 0.2,
      low: 0.1,
      high: 0.3,
      n: 5,
      interval: "five seeds",
    })),
  );
  const figure = dots(rows, { x: "mean", y: "corpus", facet: "measure" });
  assert.deepEqual(
    headsOf(figure).map(([name]) => name),
    ["τ<sub>g</sub>, attention and gradient", "change of the output", "unknown"],
  );
  const axes = axesOf(figure, "x");
  assert.deepEqual(
    axes.map(({ title }) => title.text),
    ["mean τ<sub>g</sub>", "mean Δŷ, TVD", "mean"],
  );
  assert.deepEqual(
    axes.slice(0, 2).map(({ range }) => range),
    [
      [-0.012, 0.312],
      [-0.012, 0.312],
    ],
  );
  assert.match(wordsOf(figure), /Lines: five seeds\. n per point: 5\./);
  assert.deepEqual(
    legendOf(
      curve(
        rows.map((row, x) => ({ ...row, x })),
        { x: "x", y: "mean", by: "measure" },
      ),
    ),
    ["change of the output", "τ<sub>g</sub>, attention and gradient", "unknown"],
  );
});

test("facets of different classes name their own, coloured by their place; more than three are not told apart", () => {
  const renamed: Record<string, string[]> = {
    sst: ["negative", "positive"],
    mails: ["hockey", "baseball"],
    cnn: ["a", "b", "c", "d"],
  };
  const rows = Object.entries(renamed).flatMap(([corpus, names]) =>
    exampleRows(40).map((row, index) => ({ ...row, corpus, predicted: names[index % names.length]! })),
  );
  const figure = histogram(rows, options);
  assert.deepEqual(legendOf(figure), []);
  assert.deepEqual(
    headsOf(figure).map((lines) => lines.map((line) => line.replace(/:? ?n = .*/, ""))),
    [
      ["sst", "negative", "positive"],
      ["mails", "baseball", "hockey"],
      ["cnn", ""],
    ],
  );
  const colours = tracesOf(figure)
    .filter(({ fillcolor }) => fillcolor !== undefined)
    .map(({ line }) => line?.color);
  const [first, second] = [classColour(0), classColour(1)];
  assert.deepEqual(colours, [first, second, first, second, lightColours.muted]);
  assert.match(wordsOf(figure), /More than 3 classes, not told apart: cnn 4\./);
});

test("a class that some facets lack keeps its colour, and lines are told apart however many they are", () => {
  const rows = rowsOf(2).filter(({ corpus, predicted }) => corpus === "sst" || predicted === "positive");
  const colours = tracesOf(histogram(rows, options))
    .filter(({ fillcolor }) => fillcolor !== undefined)
    .map(({ line }) => line?.color);
  assert.deepEqual(colours, [classColour(0), classColour(1), classColour(1)]);
  const lines = ["a", "b", "c", "d"].map((encoder) => ({
    encoder,
    x: 1,
    y: 2,
    corpus: encoder < "c" ? "sst" : "imdb",
  }));
  const figure = curve(lines, { x: "x", y: "y", by: "encoder", facet: "corpus" });
  assert.deepEqual(legendOf(figure), ["a", "b", "c", "d"]);
});

test("the caption is one, and says once what holds for all; the rest by facet", () => {
  const count = (words: RegExp) => [...wordsOf(histogram(rowsOf(3), options)).matchAll(words)].length;
  assert.equal(count(/Broken lines/g), 1);
  assert.equal(count(/Undefined, not drawn: 1 negative \(saturated output\)\./g), 1);
  const some = rowsOf(2).map((row) => (row.corpus === "imdb" ? { ...row, tauGradient: 0 } : row));
  assert.match(wordsOf(histogram(some, options)), /Undefined, not drawn: sst 1 negative \(saturated output\)\./);
  const { alternativeText } = histogram(rowsOf(2), { ...options, title: "Both" }).layout.meta;
  assert.match(
    alternativeText,
    /^Both\. Histogram of τg, attention and gradient, 30 bins.* sst: negative: n = 29.* imdb: negative/,
  );
  assert.doesNotMatch(alternativeText, /\d\.\d{5}/);
});

test("shapes and notes stand on the axes of their facet, and the figure carries its rows", () => {
  const rows = rowsOf(2).map((row) => ({ ...row, tauGradient: row.corpus === "sst" ? row.tauGradient : undefined }));
  const figure = scatter(rows, { ...options, y: "tauLeaveOneOut" });
  const diagonals = scatter(rowsOf(2), { ...options, y: "tauLeaveOneOut", diagonal: true }).layout.shapes;
  assert.deepEqual(
    (diagonals as { xref: string; yref: string }[]).map(({ xref, yref }) => [xref, yref]),
    [
      ["x", "y"],
      ["x2", "y2"],
    ],
  );
  assert.equal(notesOf(figure).find(({ text }) => text === "No defined value")?.xref, "x2 domain");
  assert.equal(figure.rows, rows);
});

test("several plots are as wide as a page; every kind has facets", () => {
  const rows = rowsOf(4).map((row, x) => ({ ...row, x, mean: 0.1 }));
  const common = { facet: "corpus", by: "predicted" } as const;
  for (const figure of [
    histogram(rows, { ...common, x: "tauGradient" }),
    scatter(rows, { ...common, x: "tauGradient", y: "tauLeaveOneOut" }),
    violin(rows, { ...common, x: "x", y: "tauGradient" }),
    curve(rows, { ...common, x: "x", y: "mean" }),
    dots(rows, { ...common, x: "mean", y: "id" }),
  ]) {
    assert.equal(figure.layout.width, 960);
    assert.equal(axesOf(figure, "x").length, 4);
    assert.equal(headsOf(figure).length, 4);
  }
});
