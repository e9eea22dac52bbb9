import assert from "node:assert/strict";
import { test } from "node:test";
import { byLength, relationToLength, significanceByLength } from "../../src/stats/byLength";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";
import { smallestSignificantTau } from "../../src/stats/significance";
import { bootstrapMeanInterval, mean } from "../../src/stats/summary";

const random = createRandom("lengths");
const textsOf = (count: number, longest: number) =>
  Array.from({ length: count }, () => ({ words: 2 + random.integer(longest), tau: random.uniform() }));

/** Correlations of noise with noise: what a text of so many words has by chance. */
function chanceTexts(count: number, lengths: readonly number[]) {
  return Array.from({ length: count }, (_, index) => {
    const words = lengths[index % lengths.length]!;
    const noise = () => Array.from({ length: words }, () => random.uniform());
    const result = kendallTau(noise(), noise());
    if (result.kind === "undefined") throw new Error(result.reason);
    return { words, tau: result.tau, tauPValue: result.pValue };
  });
}

test("bins hold all texts with a value, rise in length without overlap, and are about as large", () => {
  for (let round = 0; round < 20; round += 1) {
    const rows = textsOf(500, 80);
    const bins = byLength([...rows, { words: 400, tau: undefined }], "tau");
    assert.equal(bins.length, 5);
    assert.equal(
      bins.reduce((sum, { n }) => sum + n, 0),
      500,
    );
    for (const [index, bin] of bins.entries()) {
      const members = rows.filter(({ words }) => words >= bin.shortest && words <= bin.longest).map(({ tau }) => tau);
      assert.equal(members.length, bin.n);
      assert.ok(Math.abs(mean(members) - bin.mean) < 1e-12);
      assert.deepEqual([bin.low, bin.high], bootstrapMeanInterval(members));
      assert.ok(bin.n > 60 && bin.n < 140);
      assert.ok(bin.longest < (bins[index + 1]?.shortest ?? Number.POSITIVE_INFINITY));
    }
  }
});

test("texts of one length are one bin, and no texts none", () => {
  const rows = Array.from({ length: 9 }, () => ({ words: 7, tau: 0.5 }));
  assert.deepEqual(byLength(rows, "tau"), [
    { words: 7, shortest: 7, longest: 7, n: 9, mean: 0.5, low: 0.5, high: 0.5 },
  ]);
  assert.deepEqual(byLength([{ words: 7, tau: undefined }], "tau"), []);
  assert.throws(() => byLength(rows, "tau", { bins: 0 }), /at least 1 bin of lengths, but 0 came/);
});

test("correlations of noise are significant in a twentieth of the texts of any length", () => {
  const bins = significanceByLength(chanceTexts(4000, [10, 20, 40, 80, 160]), "tau");
  assert.equal(bins.length, 5);
  for (const { significant } of bins) assert.ok(Math.abs(significant - 0.05) < 0.025, `${significant}`);
});

test("the same spread of τ at each length: the share rises by length alone, and both shares tell it", () => {
  const rows = Array.from({ length: 2000 }, (_, index) => {
    const words = [10, 20, 40, 80][index % 4]!;
    const tau = 0.3 + 0.1 * random.normal();
    return { words, tau, tauPValue: Math.abs(tau) >= smallestSignificantTau(words)! ? 0.01 : 0.5 };
  });
  const bins = significanceByLength(rows, "tau", { bins: 4 });
  assert.deepEqual(
    bins.map(({ words }) => words),
    [10, 20, 40, 80],
  );
  assert.ok(bins[0]!.atSameTau < 0.2 && bins[3]!.atSameTau > 0.85);
  for (const { significant, atSameTau } of bins) assert.ok(Math.abs(significant - atSameTau) < 0.06);
});

test("the relation to length is the rank correlation over texts with a value, or says that there is none", () => {
  const rows = textsOf(300, 50);
  const expected = kendallTau(
    rows.map(({ words }) => words),
    rows.map(({ tau }) => tau),
  );
  const found = relationToLength([...rows, { words: 1000, tau: undefined }], "tau");
  assert.deepEqual({ kind: "defined", tau: found.tau, pValue: found.pValue }, expected);
  assert.equal(found.n, 300);
  const rising = rows.map(({ words }) => ({ words, tau: 2 * words }));
  assert.ok(relationToLength(rising, "tau").tau! > 0.999);
  const level = rows.map(({ words }) => ({ words, tau: 1 }));
  assert.deepEqual(relationToLength(level, "tau"), { n: 300, tau: undefined, pValue: undefined });
});
