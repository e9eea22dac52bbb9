import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column } from "../../src/study/columns";
import { summarizeRows } from "../../src/study/exports";

const tau: Column = { kind: "number", name: "tau", symbol: "τ", title: "τ", meaning: "τ", reason: "why" };

test("a class called all has its own numbers, and the summary of all texts has no class", () => {
  const rows = [
    { predicted: "all", tau: 0.5, why: "" },
    { predicted: "some", tau: 0.1, why: "" },
    { predicted: "some", tau: undefined, why: "fewer than two words" },
    { predicted: "all", tau: 1, why: "" },
  ];
  const summaries = summarizeRows(rows, [tau], ["some", "all"]);
  assert.deepEqual(
    summaries.map(({ class: name, n, columns }) => [name, n, columns.tau!.n, columns.tau!.mean]),
    [
      ["some", 2, 1, 0.1],
      ["all", 2, 2, 0.75],
      [undefined, 4, 3, 1.6 / 3],
    ],
  );
  assert.deepEqual(summaries[2]!.columns.tau!.undefinedBecause, { "fewer than two words": 1 });
  assert.ok(!("undefinedBecause" in summaries[1]!.columns.tau!));
});
