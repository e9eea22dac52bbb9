import assert from "node:assert/strict";
import { test } from "node:test";
import { type AdversaryColumns, summarizeAdversaries } from "../../src/stats/adversarySummary";
import { assertClose } from "../close";

function text(predicted: string, found: number | undefined, exact: number | undefined): AdversaryColumns {
  return { predicted, searchJsd01: found, exactJsd01: exact, searchJsd05: found, exactJsd05: 0.6 };
}

const rows = [text("no", 0.3, 0.34), text("no", 0.2, 0.4), text("no", undefined, 0.36), text("yes", 0.6, 0.65)];

test("it has a line for each class and ε, and for all texts", () => {
  const lines = summarizeAdversaries(rows, ["no", "yes", "never"]).map((line) => [line.class, line.epsilon, line.n]);
  assert.deepEqual(lines, [
    ...[
      ["no", 0.01, 3],
      ["no", 0.05, 3],
    ],
    ...[
      ["yes", 0.01, 1],
      ["yes", 0.05, 1],
    ],
    ...[
      ["never", 0.01, 0],
      ["never", 0.05, 0],
    ],
    ...[
      ["all", 0.01, 4],
      ["all", 0.05, 4],
    ],
  ]);
});

test("means, the far ones, and what the search missed or did not find", () => {
  const [strict, loose] = summarizeAdversaries(rows, ["no"]);
  assertClose(strict!.search!, 0.25, 1e-12);
  assertClose(strict!.exact!, 1.1 / 3, 1e-12);
  assert.equal(strict!.nothingFound, 1);
  assert.equal(strict!.far, 2 / 3);
  assert.equal(strict!.missed, 2 / 3);
  assert.equal(loose!.exact, 0.6);
  assert.equal(loose!.missed, 1);
});

test("a class without texts, or without exact adversaries, has no numbers", () => {
  const nothing = { search: undefined, exact: undefined, far: undefined, missed: undefined };
  const [empty] = summarizeAdversaries(rows, ["never"]);
  assert.deepEqual(empty, { class: "never", epsilon: 0.01, n: 0, nothingFound: 0, searchFar: undefined, ...nothing });
  const [unknown] = summarizeAdversaries([text("no", 0.3, undefined)], ["no"]);
  const found = { nothingFound: 0, searchFar: 0 };
  assert.deepEqual(unknown, { class: "no", epsilon: 0.01, n: 1, ...found, ...nothing, search: 0.3 });
});
