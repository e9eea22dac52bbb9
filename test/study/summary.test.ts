import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/stats/random";
import { mean } from "../../src/stats/summary";
import { summarizeInstances } from "../../src/study/summary";
import { madeRow } from "../report/madeStudies";

test("a class called all has its own numbers, and the summary of all texts has no class", () => {
  const random = createRandom("summary");
  const rows = Array.from({ length: 60 }, (_, index) => madeRow(random, index, ["some", "all"]));
  const summaries = JSON.parse(JSON.stringify(summarizeInstances(rows, ["some", "all"])));
  for (const [name, summary] of [
    ["some", summaries[0]],
    ["all", summaries[1]],
    [undefined, summaries[2]],
  ] as const) {
    const members = rows.filter(({ predicted }) => name === undefined || predicted === name);
    assert.deepEqual([summary.class, summary.n], [name, members.length]);
    assert.equal(summary.tauGradient.mean, mean(members.flatMap(({ tauGradient }) => tauGradient ?? [])));
    assert.equal(summary.searchFeasible01, members.filter((row) => row.searchFeasible01 > 0).length / members.length);
  }
});
