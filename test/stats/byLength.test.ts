import assert from "node:assert/strict";
import { test } from "node:test";
import { byLength, growthWithLength } from "../../src/stats/byLength";
import { bootstrapMeanInterval } from "../../src/stats/interval";
import { createRandom } from "../../src/stats/random";
import { mean } from "../../src/stats/summary";
import { assertClose, goldens } from "./goldens";

const random = createRandom("lengths");
const textOf = (words: number, value: number, index = 0) => ({ id: `text ${index}`, words, value });

test("bins hold all texts, rise in length without overlap, and are about as large", () => {
  for (let round = 0; round < 20; round += 1) {
    const texts = Array.from({ length: 500 }, (_, index) => textOf(2 + random.integer(80), random.uniform(), index));
    const bins = byLength(texts);
    assert.equal(bins.length, 5);
    for (const [index, bin] of bins.entries()) {
      const members = texts.filter(({ words }) => words >= bin.shortest && words <= bin.longest);
      const values = members.map(({ value }) => value);
      assert.equal(members.length, bin.n);
      assert.ok(Math.abs(mean(values) - bin.mean) < 1e-12);
      assert.deepEqual([bin.low, bin.high], bootstrapMeanInterval(values));
      assert.ok(bin.n > 60 && bin.n < 140);
      assert.ok(bin.longest < (bins[index + 1]?.shortest ?? Number.POSITIVE_INFINITY));
    }
  }
});

test("texts of one length are one bin, and no texts none", () => {
  const texts = Array.from({ length: 9 }, (_, index) => textOf(7, 0.5, index));
  const [{ interval, ...bin }] = byLength(texts) as [ReturnType<typeof byLength>[number]];
  assert.deepEqual(bin, { words: 7, shortest: 7, longest: 7, n: 9, mean: 0.5, low: 0.5, high: 0.5 });
  assert.equal(interval, "95 % bootstrap interval over texts");
  assert.deepEqual(byLength([]), []);
  assert.throws(() => byLength(texts, { bins: 0 }), /"bins" must be a whole number from 1, but 0 came/);
});

test("the change with length is SciPy's line, and its values are spread as the line's error says", () => {
  const { words, values, ...expected } = goldens.growth;
  const found = growthWithLength(words.map((count, index) => textOf(count, values[index]!, index)))!;
  assert.deepEqual([found.shortWords, found.longWords], [expected.short, expected.long]);
  const changes = found.values.map(({ value }) => value);
  assertClose(mean(changes), expected.change, "change", 1e-9);
  const squares = changes.reduce((sum, value) => sum + (value - mean(changes)) ** 2, 0);
  assertClose(Math.sqrt(squares) / changes.length, expected.robustError, "error", 1e-9);
  assert.equal(growthWithLength([textOf(7, 0.1), textOf(7, 0.3, 1)]), undefined);
});
