import assert from "node:assert/strict";
import { test } from "node:test";
import { stackedBars } from "../../src/figures/stackedBars";
import { axisOf, classColour, legendOf, tracesOf } from "./figureParts";

const rows = [
  { attention: "the model's own", negative: 0.177, positive: 0.823 },
  { attention: "<b>shuffled</b>", negative: 0.02, positive: 0.98 },
];
const options = { y: "attention", parts: ["negative", "positive"] } as const;

test("a bar for each row from the top, its parts in the colours of the classes", () => {
  const figure = stackedBars(rows, options);
  assert.deepEqual(legendOf(figure), ["negative", "positive"]);
  assert.deepEqual(axisOf(figure, "yaxis").ticktext, ["the model's own", "&lt;b&gt;shuffled&lt;/b&gt;"]);
  assert.deepEqual(axisOf(figure, "yaxis").tickvals, [1, 0]);
  for (const [index, part] of options.parts.entries()) {
    const trace = tracesOf(figure)[index]!;
    assert.deepEqual(
      trace.x,
      rows.map((row) => row[part]),
    );
    assert.deepEqual(trace.y, [1, 0]);
    assert.equal(trace.marker?.color, classColour(index));
  }
});

test("a number stands in each part that has room for it, and all are in the alternative text", () => {
  const numbers = (figure: ReturnType<typeof stackedBars>) =>
    tracesOf(figure).map(({ text }) => text!.map((number) => number.trim()));
  const figure = stackedBars(rows, options);
  assert.deepEqual(numbers(figure), [
    ["17.7 %", ""],
    ["82.3 %", "98.0 %"],
  ]);
  assert.deepEqual(numbers(stackedBars([{ ...rows[0]!, attention: "own" }], options)), [["17.7 %"], ["82.3 %"]]);
  const told = figure.layout.meta.alternativeText;
  assert.match(told, /own: negative 17\.7 %, positive 82\.3 %; <b>shuffled<\/b>: negative 2\.0 %/);
});

test("one half is marked", () => {
  const [line] = stackedBars(rows, options).layout.shapes as { x0: number; x1: number }[];
  assert.deepEqual([line?.x0, line?.x1], [0.5, 0.5]);
});

test("what cannot be drawn is refused with the reason", () => {
  assert.throws(() => stackedBars([], options), /at least one row/);
  assert.throws(() => stackedBars(rows, { ...options, parts: ["negatve", "positive"] }), /"negative"/);
  assert.throws(
    () => stackedBars(rows, { ...options, parts: ["positive"] }),
    /sum to 1, but those of "the model's own"/,
  );
  const holed = [{ attention: "a", negative: undefined, positive: 1 }];
  assert.throws(() => stackedBars(holed, options), /sum to 1/);
});
