import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";
import {
  significanceLines,
  significanceOverLength,
  summarizeSignificance,
} from "../../src/stats/significanceOverLength";

/** Texts whose two rankings have a population tau of 2/pi arcsin(r). */
function texts(count: number, r: number) {
  const random = createRandom(`significance over length ${r}`);
  return Array.from({ length: count }, () => {
    const words = 2 + random.integer(60);
    const x = Array.from({ length: words }, () => random.normal());
    const y = x.map((value) => r * value + Math.sqrt(1 - r * r) * random.normal());
    const result = kendallTau(x, y);
    return result.kind === "defined"
      ? { words, tau: result.tau, tauPValue: result.pValue }
      : { words, tau: undefined, tauPValue: undefined };
  });
}

const related = texts(3000, 0.5);
const unrelated = texts(3000, 0);

describe("summarizeSignificance", () => {
  it("expects what is found where texts differ in length alone", () => {
    const { n, meanTau, significant, atMeanTau, withoutCorrelation } = summarizeSignificance(related, "tau");
    assert.equal(n, 3000);
    assert.ok(Math.abs(meanTau! - (2 / Math.PI) * Math.asin(0.5)) < 0.02);
    assert.ok(Math.abs(significant! - atMeanTau!) < 0.025, `${significant} found, ${atMeanTau} expected`);
    assert.ok(withoutCorrelation! > 0.03 && withoutCorrelation! < 0.05);
  });

  it("expects what is found without correlation", () => {
    const { significant, withoutCorrelation } = summarizeSignificance(unrelated, "tau");
    assert.ok(Math.abs(significant! - withoutCorrelation!) < 0.012, `${significant}, ${withoutCorrelation}`);
  });

  it("leaves out texts without a tau, and says nothing where none has one", () => {
    const none = { words: 1, tau: undefined, tauPValue: undefined };
    assert.deepEqual(summarizeSignificance([...related, none], "tau"), summarizeSignificance(related, "tau"));
    assert.equal(summarizeSignificance([none], "tau").n, 0);
    assert.equal(summarizeSignificance([none], "tau").significant, undefined);
  });
});

describe("significanceOverLength", () => {
  const points = significanceOverLength(related, "tau", { bins: 6 });
  const lineOf = (column: keyof typeof significanceLines) =>
    points.filter(({ line }) => line === significanceLines[column]);

  it("has a point for each line and bin of about as many texts", () => {
    for (const column of ["significant", "atMeanTau", "withoutCorrelation"] as const) {
      const counts = lineOf(column).map(({ n }) => n);
      assert.equal(counts.length, 6);
      assert.equal(
        counts.reduce((sum, n) => sum + n),
        3000,
      );
      assert.ok(Math.min(...counts) > 350, String(counts));
    }
  });

  it("rises with length as expected, though the correlation is the same", () => {
    const found = lineOf("significant").map(({ mean }) => mean);
    assert.ok(found.at(-1)! - found[0]! > 0.5, String(found));
    for (const [index, point] of lineOf("atMeanTau").entries()) {
      assert.ok(Math.abs(point.mean - found[index]!) < 0.08, `${point.mean} at ${point.words}, found ${found[index]}`);
    }
  });

  it("gives an interval to what was found alone", () => {
    assert.ok(lineOf("significant").every(({ low, high }) => low !== undefined && high !== undefined));
    assert.ok(lineOf("smallestTau").every(({ low, high }) => low === undefined && high === undefined));
    assert.equal(Math.min(...lineOf("smallestTau").map(({ shortest }) => shortest)), 5);
  });
});
