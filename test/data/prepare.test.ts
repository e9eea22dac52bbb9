import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Example } from "../../src/data/dataset";
import { drawShare, filterByLength, keptOf } from "../../src/data/prepare";
import { createRandom } from "../../src/stats/random";

const texts = (...lengths: number[]): Example[] =>
  lengths.map((length, index) => ({ id: `train-${index}`, tokens: Array<string>(length).fill("a"), label: 0 }));
const lengthsOf = (examples: Example[]) => examples.map(({ tokens }) => tokens.length);

describe("filterByLength", () => {
  it("excludes the bounds themselves", () =>
    assert.deepEqual(lengthsOf(filterByLength(texts(5, 6, 7, 8, 9), { above: 5, below: 8 })), [6, 7]));

  it("leaves out the shortest and the longest texts where there is no bound", () => {
    assert.deepEqual(lengthsOf(filterByLength(texts(3, 2, 9, 5, 9, 2), {})), [3, 5]);
    assert.deepEqual(lengthsOf(filterByLength(texts(3, 2, 9, 5, 9, 2), { above: 0 })), [3, 2, 5, 2]);
    assert.deepEqual(lengthsOf(filterByLength(texts(3, 2, 9, 5, 9, 2), { below: 100 })), [3, 9, 5, 9]);
  });

  it("has nothing to leave out of nothing", () => assert.deepEqual(filterByLength([], {}), []));
});

describe("drawShare", () => {
  const random = createRandom("drawShare test");
  for (let trial = 0; trial < 20; trial += 1) {
    const size = Math.floor(random.uniform() * 200);
    const share = random.uniform();
    const items = Array.from({ length: size }, (_, index) => index);

    it(`divides ${size} items at ${share.toFixed(3)} into two parts in order`, () => {
      const { drawn, rest } = drawShare(items, share, "seed");
      assert.equal(drawn.length, Math.ceil(size * share));
      assert.deepEqual(
        [...drawn, ...rest].sort((a, b) => a - b),
        items,
      );
      for (const part of [drawn, rest])
        assert.deepEqual(
          part,
          [...part].sort((a, b) => a - b),
        );
      assert.deepEqual(drawShare(items, share, "seed").drawn, drawn);
    });
  }

  it("draws others for another seed", () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    assert.notDeepEqual(drawShare(items, 0.5, "a").drawn, drawShare(items, 0.5, "b").drawn);
  });
});

describe("keptOf", () => {
  it("counts each split", () =>
    assert.equal(
      keptOf({ train: texts(1), dev: [], test: texts(1, 2) }, { train: texts(1, 2), dev: texts(1), test: texts(1, 2) }),
      "1 of 2 in train, 0 of 1 in dev, all 2 in test",
    ));
});
