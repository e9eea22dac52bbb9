import assert from "node:assert/strict";
import { test } from "node:test";
import { histogram } from "../../src/figures/histogram";
import { panels } from "../../src/figures/panels";
import { exampleRows } from "./rows";

const rows = exampleRows(200);
const gradient = histogram(rows, { x: "tauGradient", by: "predicted", title: "Gradient" });
const leaveOneOut = histogram(rows, { x: "tauLeaveOneOut", by: "predicted", title: "Leave-one-out" });
type Axis = { domain: [number, number]; range: [number, number] };
const axis = (figure: { layout: Record<string, unknown> }, name: string) => figure.layout[name] as Axis;

test("panels keep every trace, each on its own axes and legend", () => {
  const both = panels([gradient, leaveOneOut]);
  const places = both.data.map((trace) => {
    const { xaxis, yaxis, legend } = trace as { xaxis: string; yaxis: string; legend: string };
    return `${xaxis} ${yaxis} ${legend}`;
  });
  assert.equal(both.data.length, gradient.data.length + leaveOneOut.data.length);
  assert.deepEqual([...new Set(places)], ["x y legend", "x2 y2 legend2"]);
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
