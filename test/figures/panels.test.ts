import assert from "node:assert/strict";
import { test } from "node:test";
import { histogram } from "../../src/figures/histogram";
import { panels } from "../../src/figures/panels";
import { scatter } from "../../src/figures/scatter";
import { exampleRows } from "./rows";

const rows = exampleRows(200);
const gradient = histogram(rows, { x: "tauGradient", by: "predicted", title: "Gradient" });
const leaveOneOut = histogram(rows, { x: "tauLeaveOneOut", by: "predicted", title: "Leave-one-out" });
type Axis = { domain: [number, number]; range: [number, number] };
const axis = (figure: { layout: Record<string, unknown> }, name: string) => figure.layout[name] as Axis;

const legendsOf = (figure: { data: object[] }) =>
  (figure.data as { name?: string; showlegend?: boolean; legend?: string; xaxis: string; yaxis: string }[]).flatMap(
    ({ name, showlegend, legend, xaxis }) => (name && showlegend !== false ? [`${xaxis} ${legend}: ${name}`] : []),
  );

test("panels keep every trace, each on its own axes; equal classes have one legend", () => {
  const both = panels([gradient, leaveOneOut]);
  const places = both.data.map((trace) => {
    const { xaxis, yaxis } = trace as { xaxis: string; yaxis: string };
    return `${xaxis} ${yaxis}`;
  });
  assert.equal(both.data.length, gradient.data.length + leaveOneOut.data.length);
  assert.deepEqual([...new Set(places)], ["x y", "x2 y2"]);
  assert.deepEqual(legendsOf(both), ["x undefined: negative", "x undefined: positive"]);
});

test("what a panel's legend said of the classes stands below its title, in the order of the legend", () => {
  const notes = panels([gradient, leaveOneOut]).layout.annotations as { text: string; xref: string }[];
  const own = (xref: string) => notes.filter((note) => note.xref === xref).map(({ text }) => text);
  assert.ok(
    own("x domain").some((text) => /^n = 98, mean 0\.\d\d; n = 99, mean 0\.\d\d$/.test(text)),
    own("x domain").join(),
  );
  assert.ok(own("x2 domain").some((text) => /^n = \d+, mean .*; n = \d+, mean/.test(text)));
});

test("different classes keep their legends", () => {
  const others = rows.map((row) => ({ ...row, predicted: row.predicted === "positive" ? "sports" : "world" }));
  const mixed = panels([gradient, histogram(others, { x: "tauGradient", by: "predicted" })]);
  assert.deepEqual(
    legendsOf(mixed).map((line) => line.replace(/: n = .*/, "")),
    ["x legend: negative", "x legend: positive", "x2 legend2: sports", "x2 legend2: world"],
  );
});

test("sentences of all captions stand once, below all panels; a panel's own ones stay", () => {
  const count = (figure: { layout: Record<string, unknown> }, words: string) =>
    (figure.layout.annotations as { text: string }[]).filter(({ text }) => text.includes(words)).length;
  const four = panels([gradient, leaveOneOut, gradient, leaveOneOut]);
  assert.equal(count(gradient, "Broken lines"), 1);
  assert.equal(count(four, "Broken lines"), 1);
  assert.equal(count(four, "Undefined, not drawn"), 4);
  assert.equal(count(panels([gradient, gradient, gradient]), "Undefined, not drawn"), 1);
});

test("many panels are two beside one another, with equal axes where they measure the same", () => {
  const narrow = scatter([{ x: 0.4, y: 0.5 }], { x: "x", y: "y" });
  const wide = scatter(
    [
      { x: -3, y: 0.5 },
      { x: 2, y: 0.9 },
    ],
    { x: "x", y: "y" },
  );
  const many = panels([narrow, wide, narrow, wide, narrow]);
  assert.equal(many.layout.width, 2 * narrow.layout.width);
  for (const name of ["xaxis", "xaxis2", "xaxis5"]) assert.deepEqual(axis(many, name).range, axis(wide, "xaxis").range);
  const other = scatter([{ x: 0.4, y: 0.5 }], { x: "x", y: "y", xTitle: "another measure" });
  assert.deepEqual(axis(panels([other, wide]), "xaxis").range, axis(other, "xaxis").range);
  const domains = many.layout as unknown as Record<string, { domain: [number, number] }>;
  const plots = ["", 2, 3, 4, 5].map((suffix) => [
    domains[`xaxis${suffix}`]!.domain,
    domains[`yaxis${suffix}`]!.domain,
  ]);
  for (const [index, [x, y]] of plots.entries()) {
    assert.ok(x![0] >= 0 && x![1] <= 1 && y![0] >= 0 && y![1] <= 1);
    for (const [otherX, otherY] of plots.slice(0, index)) {
      assert.ok(x![1] < otherX![0] || otherX![1] < x![0] || y![1] < otherY![0] || otherY![1] < y![0]);
    }
  }
});

test("panels side by side do not overlap and have one vertical scale that fits both", () => {
  const both = panels([gradient, leaveOneOut]);
  assert.ok(axis(both, "xaxis").domain[1] < axis(both, "xaxis2").domain[0]);
  assert.deepEqual(axis(both, "yaxis").range, axis(both, "yaxis2").range);
  const tops = [gradient, leaveOneOut].map((figure) => axis(figure, "yaxis").range[1]);
  assert.equal(axis(both, "yaxis").range[1], Math.max(...tops));
  assert.equal(both.layout.width, gradient.layout.width * 2);
});

test("one column stacks the panels from the top", () => {
  const stacked = panels([gradient, leaveOneOut], { columns: 1 });
  assert.ok(axis(stacked, "yaxis").domain[0] > axis(stacked, "yaxis2").domain[1]);
  assert.equal(stacked.layout.width, gradient.layout.width);
});

test("captions, titles and the words for those who do not see it go along", () => {
  const both = panels([gradient, leaveOneOut]);
  const notes = both.layout.annotations as { text: string; xref: string }[];
  assert.deepEqual(
    notes.filter(({ text }) => ["Gradient", "Leave-one-out"].includes(text)).map(({ xref }) => xref),
    ["x domain", "x2 domain"],
  );
  assert.equal(notes.filter(({ text }) => text.includes("Undefined, not drawn")).length, 2);
  assert.match(both.layout.meta.alternativeText, /Gradient\..*Leave-one-out\./);
});

test("no figures and no columns are refused", () => {
  assert.throws(() => panels([]), /at least one figure in at least one column, but 0 in 0 came/);
  assert.throws(() => panels([gradient], { columns: 0 }), /1 in 0 came/);
});
