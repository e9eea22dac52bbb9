import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../src/errors";
import { histogram } from "../../src/figures/histogram";
import { defineColumns } from "../../src/study/columns";
import { axisOf, classColour } from "./figureParts";

defineColumns([
  { kind: "number", name: "tau", symbol: "τ_g", title: "agreement", meaning: "", range: [-1, 1], reason: "why" },
]);

interface Row {
  tau: number | undefined;
  predicted: string;
  why: string;
}

const row = (predicted: string, tau: number | undefined, why = ""): Row => ({ tau, predicted, why });
const two = [
  row("positive", 0),
  row("positive", 1),
  row("positive", 0.99),
  row("positive", -1),
  row("negative", 0.5),
  row("negative", undefined, "constant attention"),
];

type Steps = { name: string; x: (number | null)[]; y: number[]; fill: string; line: { color: string } };
/** The shares of the bins of each class, from the left. */
const barsOf = (figure: { data: object[] }) =>
  (figure.data as Steps[]).flatMap((trace) => (trace.fill ? { ...trace, y: trace.y.slice(1, -1) } : []));
const namesOf = (figure: { data: object[] }) => (figure.data as Steps[]).flatMap(({ name }) => name ?? []);
const captionOf = (figure: { layout: Record<string, unknown> }) =>
  (figure.layout.annotations as { text: string }[]).map(({ text }) => text).join(" ");

test("the bars are fractions of each class's defined values", () => {
  const [negative, positive] = barsOf(histogram(two, { x: "tau", by: "predicted", bins: 4 }));
  assert.deepEqual(positive?.x, [-1, -1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(positive?.y, [0.25, 0, 0.25, 0.5]);
  assert.deepEqual(negative?.y, [0, 0, 0, 1]);
});

test("thirty bins over the range of the column are the default, and the outer edges belong to the outer bins", () => {
  const [bars] = barsOf(histogram([row("a", -1), row("a", 1)], { x: "tau" }));
  assert.equal(bars?.y.length, 30);
  assert.equal(bars?.y[0], 0.5);
  assert.equal(bars?.y[29], 0.5);
});

test("the legend has n and mean of each class", () => {
  const names = namesOf(histogram(two, { x: "tau", by: "predicted" }));
  assert.deepEqual(names, ["negative: n = 1, mean 0.50", "positive: n = 4, mean 0.25"]);
});

test("undefined values are counted by class and reason, in the caption and in the alternative text", () => {
  const figure = histogram(two, { x: "tau", by: "predicted" });
  assert.match(captionOf(figure), /Undefined, not drawn: 1 negative \(constant attention\)\./);
  assert.match(figure.layout.meta.alternativeText, /Undefined, not drawn: 1 negative \(constant attention\)\./);
  assert.match(captionOf(histogram(two.slice(0, 5), { x: "tau" })), /No value is undefined\./);
});

test("NaN, undefined and null are missing, not drawn at an edge", () => {
  const rows = [{ tau: Number.NaN }, { tau: undefined }, { tau: null }, { tau: 0.1 }];
  const figure = histogram(rows, { x: "tau" });
  assert.match(captionOf(figure), /Undefined, not drawn: 3\./);
  assert.match(namesOf(figure)[0]!, /n = 1, mean 0\.10/);
});

test("values beyond what the column can hold are drawn", () => {
  const figure = histogram([row("a", 1.5), row("a", 0.5)], { x: "tau", bins: 5 });
  assert.deepEqual(axisOf(figure, "xaxis").range, [-1, 1.5]);
  assert.deepEqual(barsOf(figure)[0]!.y, [0, 0, 0, 0.5, 0.5]);
});

test("a class without a value has its colour, and its place in the legend", () => {
  const figure = histogram([...two, row("unsaid", undefined)], { x: "tau", by: "predicted" });
  assert.deepEqual(
    barsOf(figure).map(({ line }) => line.color),
    [0, 1, 2].map((place) => classColour(place)),
  );
  assert.equal(namesOf(figure)[2], "unsaid: no value");
  assert.deepEqual(barsOf(figure)[2]?.x, [null]);
});

test("without any defined value the figure says so", () => {
  assert.match(captionOf(histogram([row("a", undefined)], { x: "tau" })), /No defined value/);
});

test("markup in a class name stays text", () => {
  const [name] = namesOf(histogram([row("<script>&", 0.1)], { x: "tau", by: "predicted" }));
  assert.match(name!, /^&lt;script&gt;&amp;: n = 1/);
});

test("the caller's rows are left as they are, and equal rows give an equal figure", () => {
  const frozen = Object.freeze(two.map((each) => Object.freeze({ ...each })));
  const options = { x: "tau", by: "predicted" } as const;
  assert.deepEqual(histogram(frozen, options), histogram([...frozen], options));
});

test("narrow bins: ε-max JSD in 40 bins on [0, 0.7] tells the edges apart", () => {
  defineColumns([{ kind: "number", name: "jsd", symbol: "JSD", title: "JSD", meaning: "", range: [0, 0.7] }]);
  const jsd = [0, 0.2, Math.LN2, 0.7].map((value) => ({ jsd: value }));
  const figure = histogram(jsd, { x: "jsd", bins: 40 });
  const { y } = barsOf(figure)[0]!;
  assert.equal(y.length, 40);
  assert.deepEqual([y[0], y[11], y[39]], [0.25, 0.25, 0.5]);
  assert.match(captionOf(figure), /No value is undefined\./);
});

test("several classes are outlines without a fill, not mixed greys", () => {
  const filled = (count: number) => {
    const rows = Array.from({ length: count }, (_, index) => row(`class ${index}`, 0.1));
    return barsOf(histogram(rows, { x: "tau", by: "predicted" })).map(({ fill }) => fill !== "none");
  };
  assert.deepEqual([filled(1), filled(2), filled(3)], [[true], [false, false], [false, false, false]]);
});

test("of an unknown column all values are inside", () => {
  const range = (values: number[]) =>
    axisOf(
      histogram(
        values.map((x) => ({ x })),
        { x: "x" },
      ),
      "xaxis",
    ).range;
  assert.deepEqual(range([3, 7, 5]), [3, 7]);
  assert.deepEqual(range([3, 3]), [2.5, 3.5]);
});

test("a wrong column is answered with the nearest right one", () => {
  const wrong = () => histogram(two, { x: "tua" as "tau" });
  assert.throws(
    wrong,
    new UserError('There is no column "tua"; did you mean "tau"? It must be one of "tau", "predicted", "why".'),
  );
  assert.throws(() => histogram(two, { x: "tau", by: "predictd" as "predicted" }), /did you mean "predicted"\?/);
});

test("a column of text and no rows are refused in words", () => {
  assert.throws(() => histogram(two, { x: "why" }), /draws finite numbers, but column "why" holds ""/);
  assert.throws(() => histogram([] as Row[], { x: "tau" }), /at least one row, but there are none/);
});
