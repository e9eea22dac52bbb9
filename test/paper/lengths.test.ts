import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lengthBins, significanceLines, significanceOverLength } from "../../src/paper/lengths";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";
import { runsOf, studyOf } from "./studies";

/** Texts whose two rankings have a population tau of 2/pi arcsin(r). */
function related(count: number, r: number) {
  const random = createRandom(`significance over length ${r}`);
  return studyOf({ count }, () => {
    const words = 2 + random.integer(60);
    const x = Array.from({ length: words }, () => random.normal());
    const y = x.map((value) => r * value + Math.sqrt(1 - r * r) * random.normal());
    const { value, p } = kendallTau(x, y);
    return { words, tau: value!, tauPValue: p! };
  });
}

const runs = runsOf(related(3000, 0.5));

describe("significanceOverLength", () => {
  const points = significanceOverLength(runs, "tau");
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
    const found = lineOf("significant").map(({ share }) => share);
    assert.ok(found.at(-1)! - found[0]! > 0.5, String(found));
    for (const [index, { share, words }] of lineOf("atMeanTau").entries()) {
      assert.ok(Math.abs(share - found[index]!) < 0.08, `${share} at ${words}, found ${found[index]}`);
    }
  });

  it("gives an interval to what was found alone", () => {
    assert.ok(lineOf("significant").every(({ low, high }) => low !== undefined && high !== undefined));
    assert.ok(lineOf("atMeanTau").every(({ low, high, interval }) => !low && !high && interval === ""));
  });

  it("takes the mean of each text over seeds", () => {
    const study = (seed: number, pValue: number) => studyOf({ seed }, () => ({ tau: 0.3, tauPValue: pValue }));
    const [point] = significanceOverLength(runsOf(study(0, 0.01), study(1, 0.5)), "tau");
    assert.deepEqual([point!.share, point!.n], [0.5, 60]);
  });
});

describe("significance of all texts", () => {
  const sharesOf = (of: typeof runs) => {
    const rows = significanceOverLength(of, "tau", { bins: 1, resamples: 0 });
    return Object.values(significanceLines).map((line) => rows.find((row) => row.line === line)!.share);
  };

  it("is what the lengths give where texts differ in length alone", () => {
    const [significant, atMeanTau, withoutCorrelation] = sharesOf(runs);
    assert.ok(Math.abs(significant! - atMeanTau!) < 0.025, `${significant}, ${atMeanTau}`);
    assert.ok(withoutCorrelation! > 0.03 && withoutCorrelation! < 0.05);
  });

  it("is what chance gives without correlation", () => {
    const [significant, , withoutCorrelation] = sharesOf(runsOf(related(3000, 0)));
    assert.ok(Math.abs(significant! - withoutCorrelation!) < 0.012);
  });

  it("leaves out texts without a tau", () => {
    const none = runsOf(studyOf({}, () => ({ tau: undefined, tauPValue: undefined })));
    assert.deepEqual(significanceOverLength(none, "tau"), []);
  });
});

describe("lengthBins", () => {
  const rising = studyOf({}, (index) => ({ words: 10 + index, rising: index, level: 1, some: index ? undefined : 1 }));

  it("goes with the length of the texts that have a value", () => {
    const bins = lengthBins(runsOf(rising), ["rising"], { bins: 3 });
    assert.deepEqual(
      bins.map(({ measure, words, mean, n }) => [measure, words, mean, n]),
      [
        ["rising", 19.5, 9.5, 20],
        ["rising", 39.5, 29.5, 20],
        ["rising", 59.5, 49.5, 20],
      ],
    );
  });

  it("refuses a column that no study has, with the nearest", () => {
    assert.throws(() => lengthBins(runsOf(rising), ["risign"]), /no column "risign"; did you mean "rising"/);
    assert.throws(() => significanceOverLength(runsOf(rising), "rising"), /no column "risingPValue"/);
  });
});
