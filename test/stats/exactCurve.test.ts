import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExactColumns, exactColumns, exactCurve } from "../../src/stats/exactCurve";
import { createRandom } from "../../src/stats/random";
import { assertClose } from "../close";

/** A text whose exact ε-max JSD rises from `from` with each ε. */
function row(predicted: string, from: number): { predicted: string } & ExactColumns {
  const jsd = exactColumns.map(({ column }, index) => [column, from + index / 100]);
  return { predicted, ...(Object.fromEntries(jsd) as ExactColumns) };
}

test("a point has the mean of its class at its ε, between the ends of its interval", () => {
  const random = createRandom("curve");
  const rows = Array.from({ length: 30 }, (_, index) => row(index % 3 === 0 ? "bad" : "good", random.uniform() / 2));
  const points = exactCurve(rows, ["bad", "good"]);
  assert.equal(points.length, 2 * exactColumns.length);
  for (const { class: name, epsilon, n, jsd, jsdLow, jsdHigh } of points) {
    const { column } = exactColumns.find((each) => each.epsilon === epsilon)!;
    const values = rows.filter(({ predicted }) => predicted === name).map((each) => each[column]!);
    assert.equal(n, values.length);
    assertClose(
      jsd,
      values.reduce((sum, value) => sum + value / n, 0),
      1e-12,
    );
    assert.ok(jsdLow! < jsd && jsd < jsdHigh!);
  }
});

test("a class without texts has no point, a single text no interval, and a text without a value does not count", () => {
  const none = Object.fromEntries(exactColumns.map(({ column }) => [column, undefined])) as unknown as ExactColumns;
  const points = exactCurve([row("good", 0.1), { predicted: "good", ...none }], ["bad", "good"]);
  assert.deepEqual([...new Set(points.map((point) => point.class))], ["good"]);
  assert.ok(points.every(({ n, jsdLow, jsdHigh }) => n === 1 && jsdLow === undefined && jsdHigh === undefined));
  assert.deepEqual(exactCurve([{ predicted: "good", ...none }], ["bad", "good"]), []);
});
