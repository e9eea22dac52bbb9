import assert from "node:assert/strict";
import { test } from "node:test";
import { epsilonTable, exactCurve } from "../../src/paper/adversaries";
import { createRandom } from "../../src/stats/random";
import { mean } from "../../src/stats/summary";
import { assertClose } from "../close";
import { runsOf, studyOf } from "./studies";

const texts: [predicted: string, found: number | undefined, exact: number | undefined][] = [
  ["no", 0.3, 0.34],
  ["no", 0.2, 0.4],
  ["no", undefined, 0.36],
  ["all", 0.6, 0.65],
];
const study = (seed = 0, classNames = ["no", "all", "never"]) =>
  studyOf({ count: texts.length, seed, classNames }, (index) => {
    const [predicted, found, exact] = texts[index]!;
    return {
      predicted,
      jsdCeiling: 0.5,
      searchJsd02: found,
      exactJsd02: exact,
      searchJsd005: found,
      exactJsd005: 0.6,
      searchSteps: 3,
    };
  });

test("there is a line for each class and ε of the study, and for all texts, which are no class", () => {
  const lines = epsilonTable(runsOf(study())).rows.map((line) => [line.class, line.epsilon, line.n]);
  assert.deepEqual(
    lines,
    [["no", 3] as const, ["all", 1] as const, ["never", 0] as const, [undefined, 4] as const].flatMap(([name, n]) => [
      [name, 0.005, n],
      [name, 0.02, n],
    ]),
  );
});

test("means, the share of the ceiling, and what the search missed or did not find, over the texts of all seeds", () => {
  const [small, large] = epsilonTable(runsOf(study(0), study(1))).rows;
  assert.equal(large!.n, 6);
  assertClose(large!.search!, 0.25, 1e-12);
  assertClose(large!.exact!, 1.1 / 3, 1e-12);
  assert.equal(large!.nothingFound, 2);
  assert.equal(large!.missed, 2 / 3);
  assertClose(large!.ofCeiling!, 1.1 / 3 / 0.5, 1e-12);
  assert.deepEqual([small!.exact!.toFixed(6), small!.missed], ["0.600000", 1]);
  const never = epsilonTable(runsOf(study())).rows.find((line) => line.class === "never")!;
  assert.deepEqual([never.search, never.exact, never.ofCeiling, never.missed], Array(4).fill(undefined));
});

test("a point of the curve has the mean of its class at its ε, between the ends of its interval", () => {
  const random = createRandom("curve");
  const run = studyOf({ classNames: ["bad", "good", "never"] }, (index) => {
    const from = random.uniform() / 2;
    const predicted = index % 3 === 0 ? "bad" : "good";
    return { predicted, exactJsd1: from + 0.1, exactJsd001: from, exactJsd05: index === 1 ? undefined : from + 0.05 };
  });
  const points = exactCurve(runsOf(run));
  assert.deepEqual(
    points.map((point) => [point.class, point.epsilon, point.n]),
    [
      ["bad", 0.001, 20],
      ["bad", 0.05, 20],
      ["bad", 0.1, 20],
      ["good", 0.001, 40],
      ["good", 0.05, 39],
      ["good", 0.1, 40],
    ],
  );
  const values = run.rows.filter(({ predicted }) => predicted === "bad").map((row) => Reflect.get(row, "exactJsd001"));
  assertClose(points[0]!.jsd, mean(values), 1e-12);
  for (const { jsd, low, high } of points) assert.ok(low! < jsd && jsd < high!);
  const whole = exactCurve(runsOf(run), "model");
  assert.deepEqual(
    whole.map((point) => [point.class, point.n]),
    [
      [undefined, 60],
      [undefined, 59],
      [undefined, 60],
    ],
  );
});
