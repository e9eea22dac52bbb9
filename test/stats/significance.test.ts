import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";
import {
  significantShareWithoutCorrelation,
  significantShareWithTau,
  smallestSignificantTau,
} from "../../src/stats/significance";
import { assertClose } from "./goldens";

interface Golden {
  words: number;
  share: number;
  smallest: number | null;
}

/** What SciPy calls significant; see make_significance.py beside the file. */
const { enumerated, counted, simulated } = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/stats/significance.json"), "utf8"),
) as { enumerated: Golden[]; counted: Golden[]; simulated: { words: number; tau: number; share: number }[] };

describe("significance without correlation", () => {
  it("is what SciPy's p-values give over all orders", () => {
    for (const { words, share, smallest } of [...enumerated, ...counted.filter(({ words }) => words <= 33)]) {
      assertClose(significantShareWithoutCorrelation(words), share, `share at ${words} words`);
      if (smallest === null) assert.equal(smallestSignificantTau(words), undefined);
      else assertClose(smallestSignificantTau(words)!, smallest, `smallest tau at ${words} words`);
    }
  });

  it("is .05 within .002 from 34 words on, with SciPy's smallest tau", () => {
    for (const { words, share, smallest } of counted.filter(({ words }) => words > 33)) {
      assert.equal(significantShareWithoutCorrelation(words), 0.05);
      assert.ok(Math.abs(share - 0.05) < 0.002);
      assertClose(smallestSignificantTau(words)!, smallest!, `smallest tau at ${words} words`);
    }
  });

  it("is nothing for a text of no or one word", () => {
    for (const words of [0, 1]) {
      assert.equal(significantShareWithoutCorrelation(words), 0);
      assert.equal(smallestSignificantTau(words), undefined);
    }
  });

  it("never exceeds .05, and needs ever smaller taus", () => {
    for (let words = 5; words < 400; words += 1) {
      assert.ok(significantShareWithoutCorrelation(words) <= 0.05);
      assert.ok(smallestSignificantTau(words + 1)! <= smallestSignificantTau(words)!, `${words} words`);
    }
  });

  it("separates the taus that kendallTau calls significant from the others", () => {
    const random = createRandom("significance");
    for (let draw = 0; draw < 500; draw += 1) {
      const words = 5 + random.integer(60);
      const positions = Array.from({ length: words }, (_, index) => index);
      const { value, p } = kendallTau(positions, random.shuffle(positions));
      const isAbove = Math.abs(value!) >= smallestSignificantTau(words)! - 1e-12;
      assert.equal(isAbove, p! <= 0.05, `${words} words, tau ${value}, p ${p}`);
    }
  });
});

describe("significance under a correlation", () => {
  it("is near what SciPy's p-values give for bivariate normal values", () => {
    for (const { words, tau, share } of simulated) {
      const ours = significantShareWithTau(words, tau);
      assert.ok(Math.abs(ours - share) < 0.035, `${words} words, tau ${tau}: ${ours}, simulated ${share}`);
    }
  });

  it("is near the exact share for tau = 0", () => {
    for (let words = 8; words < 200; words += 1) {
      const difference = significantShareWithTau(words, 0) - significantShareWithoutCorrelation(words);
      assert.ok(Math.abs(difference) < 0.005, `${words} words: ${difference}`);
    }
  });

  it("does not depend on the sign, rises with tau, and is a probability", () => {
    for (const words of [3, 5, 10, 33, 34, 500]) {
      let before = 0;
      for (const tau of [0, 0.1, 0.3, 0.5, 0.9]) {
        const share = significantShareWithTau(words, tau);
        assert.ok(Math.abs(share - significantShareWithTau(words, -tau)) < 1e-12);
        assert.ok(share >= before && share <= 1, `${words} words, tau ${tau}: ${share}`);
        before = share;
      }
    }
  });
});
