import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { curve } from "../../src/figures/curve";
import { dots } from "../../src/figures/dots";
import type { Data } from "../../src/figures/figure";
import { histogram } from "../../src/figures/histogram";
import { scatter } from "../../src/figures/scatter";
import { stackedBars } from "../../src/figures/stackedBars";
import { violin } from "../../src/figures/violin";
import { frame } from "../../src/notebook/frame";
import { toShown } from "../../src/notebook/show";
import { projectFolder } from "../../src/paths";
import { captureOutputs } from "./captureOutputs";

type Row = { corpus: string; class: string; tau: number | null; index: number };
type Numbers = Record<string, number | null>;
interface Case {
  rows: Row[];
  describe: Record<"tau" | "index", (number | null)[]>;
  groups: (Numbers & Pick<Row, "corpus" | "class">)[];
  above: (number | null)[];
}

const goldens = join(projectFolder, "test", "fixtures", "notebook", "frames.json");
const { statistics, cases } = JSON.parse(readFileSync(goldens, "utf8")) as { statistics: string[]; cases: Case[] };

function assertNear(values: readonly unknown[], expected: readonly unknown[]): void {
  assert.equal(values.length, expected.length);
  for (const [place, value] of values.entries()) {
    const wanted = expected[place];
    if (typeof wanted === "number") assert.ok(Math.abs((value as number) - wanted) < 1e-12, `${value}, not ${wanted}`);
    else assert.deepEqual(value, wanted === null ? Number.NaN : wanted);
  }
}

for (const [at, { rows, describe, groups, above }] of cases.entries()) {
  test(`a frame with missing values has pandas' statistics, whole, by group and derived (${at})`, async () => {
    const all = await frame(rows);
    for (const name of ["tau", "index"] as const) {
      const series = all.column(name) as unknown as Record<string, () => number>;
      assertNear(
        statistics.map((statistic) => series[statistic]!()),
        describe[name],
      );
      assertNear(all.describe().column(name).values, describe[name].slice(0, -1));
    }
    const grouped = all.groupby(["corpus", "class"]).agg({ tau: statistics.filter((name) => name !== "var") });
    const expected = groups.map(({ var: _, ...group }) => Object.values(group));
    for (const [row, values] of (grouped.values as unknown[][]).entries()) assertNear(values, expected[row]!);
    assert.equal(grouped.shape[0], groups.length);
    for (const name of ["mean", "std"] as const) {
      const alone = all.groupby(["corpus", "class"]).col(["tau"])[name]();
      assertNear(
        alone.column(`tau_${name}`).values,
        groups.map((group) => group[name]),
      );
    }
    const rest = all.query(all.column("index").gt(20));
    assertNear([rest.tau.count(), rest.tau.mean(), rest.tau.std()], above);
  });
}

const rows = [
  { index: "b", mean: 1, tau: undefined, same: true },
  { index: "a", mean: 2, tau: 0.25, same: false },
];

test("a frame is shown as its rows, printed, at a cell's end and in a text", async () => {
  const all = await frame(rows);
  const { text, html } = Object.fromEntries(
    Object.entries((await toShown(all)).outputs[0]!.data).map(([type, form]) => [type.split("/")[1], form]),
  ) as { text?: string; html?: string; plain: string };
  assert.equal(text, undefined);
  const { outputs } = await captureOutputs(() => all.print());
  assert.equal((outputs[0]!.content as { data: Record<string, string> }).data["text/html"], html);
  assert.match(inspect(all), /^index {2}mean {3}tau {2}same\n.*\nb {9}1 {5}– {2}true\na {9}2 {2}0\.25 {2}false$/);
  const atEnd = (all as unknown as Record<symbol, () => object>)[Symbol.for("Jupyter.display")]!();
  assert.deepEqual(Object.keys(atEnd), ["text/html", "text/plain"]);
  assert.match(`${all.sortValues("mean", { ascending: false })}`, /\n1 {2}a .*\n0 {2}b /);
  assert.match(`${all.tau}`, /^ tau\n────\n {3}–\n0\.25$/);
});

test("of many rows and of a frame a cell shows 20 and says how many there are", async () => {
  const many = Array.from({ length: 1300 }, (_, n) => ({ n }));
  for (const thing of [many, await frame(many)]) {
    const text = String((await toShown(thing)).outputs[0]!.data["text/plain"]);
    assert.match(text, /\n *19\nThe first 20 of 1,300 rows\.$/);
  }
  assert.match(inspect(await frame(many)), /The first 20 of 1,300 rows\.$/);
});

test("every figure takes a frame for its rows, and what danfojs makes of one", async () => {
  const values = [0.25, 0.5, Number.NaN, 0.75].map((at, n) => ({ at, share: n / 4, rest: 1 - n / 4, of: `c${n}` }));
  type Values = Data<(typeof values)[number]>;
  const given = await frame(values);
  const figures = [
    (data: Values) => histogram(data, { x: "at", by: "of" }),
    (data: Values) => scatter(data, { x: "at", y: "share" }),
    (data: Values) => violin(data, { x: "at", y: "share" }),
    (data: Values) => curve(data, { x: "share", y: "at" }),
    (data: Values) => dots(data, { x: "at", y: "of" }),
    (data: Values) => stackedBars(data, { y: "of", parts: ["share", "rest"] }),
  ];
  for (const draw of figures) assert.deepEqual(draw(given), draw(values));
  const means = given.groupby(["of"]).col(["at"]).mean();
  assert.match(dots(means, { x: "at_mean", y: "of" }).layout.meta.alternativeText, /c0 0\.250/);
  assert.throws(() => dots(means, { x: "at", y: "of" }), /There is no column "at"; did you mean "of"/);
});

test("columns named as danfojs' own members leave these be, and a wrong group is told with the nearest", async () => {
  const all = await frame(rows);
  assert.deepEqual(all.index, [0, 1]);
  assert.deepEqual(all.dtypes, ["string", "int32", "float32", "boolean"]);
  assert.equal(all.column("mean").sum(), 3);
  assert.throws(() => all.groupby(["indx" as "index"]), /There is no column "indx"; did you mean "index"\?/);
  assert.deepEqual(all.groupby(["index"]).getGroup(["a"]).column("tau").values, [0.25]);
});

test("danfojs computes on the TensorFlow that is there already", async () => {
  await frame([]);
  const { tensorflow } = require("danfojs-node") as { tensorflow: { version: object } };
  assert.equal(tensorflow.version, require("@tensorflow/tfjs").version);
  assert.ok(!Object.keys(require.cache).some((path) => path.includes("tfjs-node/dist")));
});
