import assert from "node:assert/strict";
import { test } from "node:test";
import { curve } from "../../src/figures/curve";
import { axisOf, classColour, legendOf, numbersOn, tracesOf, wordsOf } from "./figureParts";

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
const bandsOf = (figure: ReturnType<typeof curve>) => tracesOf(figure).filter(({ fill }) => fill === "toself");

test("a line per class through its points in the order of x", () => {
  const figure = curve(points, options);
  const [imdb, sst] = linesOf(figure);
  assert.deepEqual(sst?.x, [0.01, 0.05, 0.1]);
  assert.deepEqual(sst?.y, [0.4, 0.5, 0.6]);
  assert.deepEqual(imdb?.x, [0.01]);
  assert.deepEqual(legendOf(figure), ["imdb", "sst"]);
  assert.notEqual(imdb?.line?.dash, sst?.line?.dash);
  assert.deepEqual(bandsOf(figure).length, 2);
});

test("the band goes along the upper ends and back along the lower ones", () => {
  const named = points.map((row) => ({ ...row, interval: "95 % interval of the mean" }));
  const [, sst] = bandsOf(curve(named, options));
  assert.deepEqual(sst?.x, [0.01, 0.05, 0.1, 0.1, 0.05, 0.01, null]);
  assert.deepEqual(sst?.y, [0.45, 0.55, 0.62, 0.55, 0.45, 0.35, null]);
  assert.match(wordsOf(curve(named, options)), /Bands: 95 % interval of the mean\./);
});

test("where the interval is missing the band has a gap, which is counted", () => {
  const some = [point("a", 1, 0.5, 0.4, 0.6), point("a", 2, 0.5), point("a", 3, 0.5, 0.4, 0.6)];
  const figure = curve(some, options);
  assert.deepEqual(bandsOf(figure)[0]?.x, [1, 1, null, 3, 3, null]);
  assert.match(wordsOf(figure), /Bands?: interval \(1 without\)\./);
  const named = some.map((row) => ({ ...row, interval: "95 % interval" }));
  assert.match(wordsOf(curve(named, options)), /95 % interval \(1 without\)\./);
});

test("an undefined y is a gap in line and band, and is counted", () => {
  const some = [...points, point("sst", 0.02, Number.NaN), point("imdb", undefined, 0.3)];
  const figure = curve(some, options);
  const sst = linesOf(figure)[1]!;
  assert.deepEqual(sst.y, [0.4, null, 0.5, 0.6]);
  assert.match(wordsOf(figure), /Undefined, not drawn: 1 imdb, 1 sst\./);
  assert.equal(bandsOf(figure)[1]!.x.filter((x) => x === null).length, 2);
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
  const asked = axisOf(curve([...points, point("sst", 0.02, 0.45)], { ...options, xRange: [0.001, 1] }), "xaxis");
  assert.deepEqual(asked.range, [-3, 0]);
  assert.deepEqual(axisOf(curve(points.slice(2), { ...options, xRange: [0, 0.2] }), "xaxis").range, [0, 0.2]);
});

test("the default range holds the intervals too; values beyond a given one are counted", () => {
  const [low, high] = axisOf(curve(points, options), "yaxis").range;
  for (const y of numbersOn("y", bandsOf(curve(points, options)))) assert.ok(y > low && y < high);
  assert.match(wordsOf(curve(points, { ...options, yRange: [0.3, 0.7] })), /Outside 0\.30 to 0\.70 vertically.*: 1\./);
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
    { ...options, classes },
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
    /"epsilon" is 1 in two rows of "a"; average them/,
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
