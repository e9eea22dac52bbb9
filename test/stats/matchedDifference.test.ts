import assert from "node:assert/strict";
import { test } from "node:test";
import { bootstrapGapInterval, fewestPairs, matchedDifference } from "../../src/stats/matchedDifference";
import { createRandom } from "../../src/stats/random";

const random = createRandom("matched difference");

/** Texts whose value is a function of their length alone, and of what is added. */
function texts(count: number, from: number, to: number, added = 0) {
  return Array.from({ length: count }, () => {
    const words = from + random.integer(to - from + 1);
    return { words, tau: 1 / words + added };
  });
}

test("a difference that comes from length alone is gone on matched texts", () => {
  const found = matchedDifference(texts(300, 5, 20), texts(300, 10, 40), "tau");
  assert.ok(found.unmatched! > 0.03 && found.unmatchedLow! > 0);
  assert.ok(found.pairs >= fewestPairs);
  assert.deepEqual([found.matched, found.matchedLow, found.matchedHigh], [0, 0, 0]);
  assert.ok(found.words! < found.otherWords!);
});

test("a difference that is there at every length is what matched texts show", () => {
  const found = matchedDifference(texts(300, 5, 20, 0.25), texts(300, 10, 40), "tau");
  for (const value of [found.matched!, found.matchedLow!, found.matchedHigh!])
    assert.ok(Math.abs(value - 0.25) < 1e-12);
});

test("with too few pairs there is no matched difference, and their number is told", () => {
  const found = matchedDifference(texts(300, 5, 20), texts(40, 100, 200), "tau", { tolerance: 2 });
  assert.equal(found.pairs, 0);
  assert.equal(found.pairedWords, undefined);
  assert.deepEqual([found.matched, found.matchedLow, found.matchedHigh], [undefined, undefined, undefined]);
  assert.ok(found.unmatched! > 0);
  const few = matchedDifference(texts(fewestPairs - 1, 7, 7), texts(100, 7, 7), "tau");
  assert.deepEqual([few.pairs, few.matched], [fewestPairs - 1, undefined]);
});

test("a text without a value is left out before the pairing", () => {
  const rows = texts(50, 7, 7);
  const found = matchedDifference([...rows, { words: 7, tau: undefined }], texts(60, 7, 7, 0.5), "tau");
  assert.deepEqual([found.texts, found.otherTexts, found.pairs], [50, 60, 50]);
  assert.ok(Math.abs(found.matched! + 0.5) < 1e-12);
  assert.equal(matchedDifference([{ words: 7, tau: undefined }], rows, "tau").unmatched, undefined);
});

test("the interval of two means covers the true gap about as often as it says", () => {
  let covered = 0;
  for (let round = 0; round < 300; round += 1) {
    const values = Array.from({ length: 40 }, () => random.normal() + 0.3);
    const others = Array.from({ length: 60 }, () => 2 * random.normal());
    const [low, high] = bootstrapGapInterval(values, others, { seed: round, resamples: 200, level: 0.9 })!;
    if (low <= 0.3 && high >= 0.3) covered += 1;
  }
  assert.ok(covered > 250 && covered < 290, `${covered} of 300`);
  assert.equal(bootstrapGapInterval([1], [1, 2]), undefined);
  assert.equal(bootstrapGapInterval([1, 2], [1, 2], { resamples: 0 }), undefined);
});
