import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/stats/random";
import { tellingTexts } from "../../src/stats/tellingTexts";

function text(id: string, jsd: number | undefined, fields: object = {}) {
  return { id, words: 12, predicted: "good", label: "good", jsd, ...fields };
}

test("the furthest come first, then the one in the middle, of those that fit", () => {
  const random = createRandom("telling");
  const fitting = random.shuffle([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65].map((jsd) => text(`t${jsd}`, jsd)));
  const others = [
    text("short", 0.69, { words: 7 }),
    text("long", 0.69, { words: 41 }),
    text("wrong", 0.69, { label: "bad" }),
    text("nothing", undefined),
  ];
  const chosen = tellingTexts(random.shuffle([...fitting, ...others]), "jsd");
  assert.deepEqual(
    chosen.map(({ row, which, rank, candidates }) => [row.id, which, rank, candidates]),
    [
      ["t0.65", "furthest", 1, 7],
      ["t0.6", "furthest", 2, 7],
      ["t0.4", "median", 4, 7],
    ],
  );
});

test("equal ones stand by id, few are all shown once, none is none", () => {
  const two = tellingTexts([text("b", 0.5), text("a", 0.5)], "jsd");
  assert.deepEqual(
    two.map(({ row }) => row.id),
    ["a", "b"],
  );
  assert.deepEqual(tellingTexts([text("a", undefined)], "jsd"), []);
  assert.equal(
    tellingTexts([text("a", 1), text("b", 2), text("c", 3)], "jsd").length,
    2,
    "the middle is shown already",
  );
});
