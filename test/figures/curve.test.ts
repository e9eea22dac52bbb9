import assert from "node:assert/strict";
import { test } from "node:test";
import { curve } from "../../src/figures/curve";
import { axisOf, classColour, legendOf, tracesOf, wordsOf } from "./figureParts";

interface Point {
  epsilon: number | undefined;
  jsd: number | undefined;
  low?: number | undefined;
  high?: number | undefined;
  n?: number;
  corpus: string;
}

const point = (corpus: string, epsilon: number | undefined, jsd?: number, low?: number, high?: number): Point => ({
  corpus,
  epsilon,
  jsd,
  low,
  high,
  n: 10 * (epsilon ?? 0),
});
const points = [
  point("sst", 0.1, 0.6, 0.55, 0.62),
  point("sst", 0.01, 0.4, 0.35, 0.45),
  point("sst", 0.05, 0.5, 0.45, 0.55),
  point("imdb", 0.01, 0.2, 0.1, 0.3),
];
const options = { x: "epsilon", y: "jsd", by: "corpus" } as const;
const linesOf = (figure: ReturnType<typeof curve>) => tracesOf(figure).filter(({ mode }) => mode === "lines+markers");

test("a line per class through its points in the order of x", () => {
  const figure = curve(points, options);
  const [imdb, sst] = linesOf(figure);
  assert.deepEqual(sst?.x, [0.01, 0.05, 0.1]);
  assert.deepEqual(sst?.y, [0.4, 0.5, 0.6]);
  assert.deepEqual(imdb?.x, [0.01]);
  assert.deepEqual(legendOf(figure), ["imdb", "sst"]);
  assert.notEqual(imdb?.line?.dash, sst?.line?.dash);
});

test("bars go to both ends of the interval; where it is missing there is none, which is counted", () => {
  const named = points.map((row) => ({ ...row, interval: "95 % interval of the mean" }));
  const { array, arrayminus } = linesOf(curve(named, options))[1]!.error_y!;
  for (const [index, length] of [0.05, 0.05, 0.02].entries()) assert.ok(Math.abs(array[index]! - length) < 1e-9);
  for (const length of arrayminus) assert.ok(Math.abs(length - 0.05) < 1e-9);
  assert.match(wordsOf(curve(named, options)), /Bars: 95 % interval of the mean\./);
  const some = [point("a", 1, 0.5, 0.25, 0.75), point("a", 2, 0.5)];
  assert.deepEqual(linesOf(curve(some, options))[0]!.error_y!.array, [0.25, 0]);
  assert.match(wordsOf(curve(some, options)), /Bars: interval \(1 without\)\./);
  assert.equal(linesOf(curve([point("a", 2, 0.5)], options))[0]!.error_y!.visible, false);
});

test("an undefined y is a gap in the line, and is counted", () => {
  const some = [...points, point("sst", 0.02, Number.NaN), point("imdb", undefined, 0.3)];
  const figure = curve(some, options);
  const sst = linesOf(figure)[1]!;
  assert.deepEqual(sst.y, [0.4, null, 0.5, 0.6]);
  assert.match(wordsOf(figure), /Undefined, not drawn: 1 imdb, 1 sst\./);
  assert.match(wordsOf(curve([point("a", 1)], options)), /No defined value/);
});

test("the axis is the one on which the values of x are spaced more evenly", () => {
  const typeOf = (places: number[]) =>
    axisOf(
      curve(
        places.map((x) => ({ x, y: 0 })),
        { x: "x", y: "y" },
      ),
      "xaxis",
    ).type;
  assert.equal(typeOf([0.001, 0.01, 0.1]), "log");
  assert.equal(typeOf([1, 2, 3, 4]), undefined);
  assert.equal(typeOf([0, 1, 10, 100]), undefined);
  assert.equal(typeOf([1, 100]), undefined);
});

test("a logarithmic axis: its range is in powers of ten and holds all points", () => {
  const axis = axisOf(curve([...points, point("sst", 0.02, 0.45)], options), "xaxis");
  assert.equal(axis.type, "log");
  assert.ok(axis.range[0] < -2 && axis.range[0] > -2.2 && axis.range[1] > -1 && axis.range[1] < -0.8);
});

test("the range holds the intervals too", () => {
  const [low, high] = axisOf(curve(points, options), "yaxis").range;
  assert.ok(low < 0.1 && high > 0.62);
});

test("the n behind the points is told as its range and at each point", () => {
  const counted = [
    { x: 1, y: 0.2, n: 3 },
    { x: 2, y: 0.3, n: 1200 },
  ];
  const figure = curve(counted, { x: "x", y: "y" });
  assert.match(wordsOf(figure), /n per point: 3 to 1,200\./);
  assert.match(linesOf(figure)[0]!.text![1]!, /n = 1,200/);
});

test("without classes there is no legend; with more than four each has its own colour", () => {
  assert.equal(curve([point("a", 1, 2)], { x: "epsilon", y: "jsd" }).layout.showlegend, false);
  const classes = ["a", "b", "c", "d", "e"];
  const figure = curve(
    classes.map((name) => point(name, 1, 0.5)),
    options,
  );
  assert.deepEqual(
    linesOf(figure).map(({ line }) => line?.color),
    classes.map((_, index) => classColour(index)),
  );
});

test("the alternative text has the first and the last point of each line", () => {
  const { alternativeText } = curve(points, { ...options, xTitle: "ε", yTitle: "JSD" }).layout.meta;
  assert.match(alternativeText, /Curve of JSD over ε\. imdb: 1 point, 0\.200 at 0\.01; /);
  assert.match(alternativeText, /sst: 3 points, 0\.400 at 0\.01 to 0\.600 at 0\.1\./);
});

test("markup in a class name stays text", () => {
  const figure = curve([point("<b>x", 1, 0.5)], options);
  assert.deepEqual(legendOf(figure), ["&lt;b&gt;x"]);
  assert.doesNotMatch(linesOf(figure)[0]!.hovertemplate!, /<b>/);
});

test("two rows with one x in a line, half an interval, wrong columns and values are refused in words", () => {
  assert.throws(
    () => curve([point("a", 1, 0.5), point("a", 1, 0.6)], options),
    /one row for each "epsilon" of a class, but 1 comes twice; average its rows/,
  );
  assert.throws(() => curve([point("a", 1, 0.5, 0.6, 0.4)], options), /"low" is 0\.6 and "high" is 0\.4 in one row/);
  assert.throws(() => curve([point("a", 1, 0.5, 0.6)], options), /"high" is undefined in one row/);
  assert.throws(() => curve(points, { ...options, x: "epsylon" as "epsilon" }), /did you mean "epsilon"\?/);
  assert.throws(() => curve([] as Point[], options), /A curve is drawn from at least one row/);
  assert.throws(
    () => curve([point("a", 1, Number.POSITIVE_INFINITY)], options),
    /finite numbers, but column "jsd" holds Infinity/,
  );
  assert.throws(() => curve(points, { ...options, y: "corpus" }), /numbers, but column "corpus" holds "sst"/);
});
