import assert from "node:assert/strict";
import { test } from "node:test";
import { fewestPairs, matchByWords, matchedDifference } from "../../src/stats/byLength";
import { createRandom } from "../../src/stats/random";

const random = createRandom("matched difference");

/** Texts whose value is a function of their length alone, and of what is added. */
function texts(count: number, from: number, to: number, added = 0) {
  return Array.from({ length: count }, (_, index) => {
    const words = from + random.integer(to - from + 1);
    return { id: `text ${index}`, words, value: 1 / words + added };
  });
}

test("a difference that comes from length alone is gone on matched texts", () => {
  const [all, matched] = matchedDifference(texts(300, 5, 20), texts(300, 10, 40));
  assert.ok(all.difference! > 0.03 && all.low! > 0 && all.n === 600);
  assert.ok(matched.n >= fewestPairs);
  assert.deepEqual([matched.difference, matched.low, matched.high], [0, 0, 0]);
  assert.ok(all.words! < all.otherWords!);
  assert.equal(matched.words, matched.otherWords);
});

test("a difference that is there at every length is what matched texts show", () => {
  const [, matched] = matchedDifference(texts(300, 5, 20, 0.25), texts(300, 10, 40));
  for (const value of [matched.difference!, matched.low!, matched.high!]) assert.ok(Math.abs(value - 0.25) < 1e-12);
});

test("with too few pairs there is no matched difference, and their number is told", () => {
  const [all, matched] = matchedDifference(texts(300, 5, 20), texts(40, 100, 200), { tolerance: 2 });
  assert.deepEqual([matched.n, matched.words, matched.difference, matched.low], [0, undefined, undefined, undefined]);
  assert.ok(all.difference! > 0);
  const [, few] = matchedDifference(texts(fewestPairs - 1, 7, 7), texts(100, 7, 7));
  assert.deepEqual([few.n, few.difference], [fewestPairs - 1, undefined]);
  const [none] = matchedDifference([], texts(5, 7, 7));
  assert.deepEqual([none.difference, none.low, none.high], [undefined, undefined, undefined]);
});

/** Texts of random lengths, which may be equal. */
function randomTexts(count: number, from: number, to: number): { id: number; words: number }[] {
  return Array.from({ length: count }, (_, id) => ({ id, words: from + random.integer(to - from + 1) }));
}

const countOf = (texts: readonly { words: number }[], words: number) =>
  texts.filter((text) => text.words === words).length;

test("each text is in at most one pair, and no two texts within the tolerance are left over", () => {
  for (let round = 0; round < 50; round += 1) {
    const [rows, others] = [randomTexts(random.integer(60), 1, 30), randomTexts(random.integer(60), 10, 50)];
    const tolerance = random.integer(4);
    const pairs = matchByWords(rows, others, { tolerance, seed: round });
    const [taken, takenOthers] = [new Set(pairs.map(([row]) => row)), new Set(pairs.map(([, other]) => other))];
    assert.equal(taken.size, pairs.length);
    assert.equal(takenOthers.size, pairs.length);
    assert.ok(pairs.every(([row, other]) => Math.abs(row.words - other.words) <= tolerance));
    for (const row of rows.filter((each) => !taken.has(each))) {
      const near = others.filter((other) => Math.abs(other.words - row.words) <= tolerance);
      assert.ok(near.every((other) => takenOthers.has(other)));
    }
  }
});

test("without a tolerance, of each length as many are paired as the rarer group has", () => {
  const [rows, others] = [randomTexts(200, 5, 15), randomTexts(120, 8, 20)];
  const pairs = matchByWords(rows, others);
  for (let words = 5; words <= 20; words += 1) {
    const expected = Math.min(countOf(rows, words), countOf(others, words));
    assert.equal(pairs.filter(([row, other]) => row.words === words && other.words === words).length, expected);
  }
});

test("with a tolerance, pairs of equal length come first", () => {
  const [rows, others] = [randomTexts(200, 5, 15), randomTexts(120, 8, 20)];
  const equal = matchByWords(rows, others, { tolerance: 2 }).filter(([row, other]) => row.words === other.words);
  assert.equal(equal.length, matchByWords(rows, others).length);
});

test("the seed alone decides which of the texts of one length are taken, and each is as likely", () => {
  const [rows, others] = [randomTexts(40, 7, 7), randomTexts(10, 7, 7)];
  assert.deepEqual(matchByWords(rows, others, { seed: 3 }), matchByWords(rows, others, { seed: 3 }));
  const taken = new Array<number>(40).fill(0);
  for (let seed = 0; seed < 2000; seed += 1) {
    for (const [row] of matchByWords(rows, others, { seed })) taken[row.id]! += 1;
  }
  assert.ok(Math.min(...taken) > 400 && Math.max(...taken) < 600, `${taken}`);
});

test("no overlap, no pair; the texts given stay as they are", () => {
  const [rows, others] = [Object.freeze(randomTexts(20, 1, 9)), Object.freeze(randomTexts(20, 20, 30))];
  assert.deepEqual(matchByWords(rows, others, { tolerance: 5 }), []);
  assert.deepEqual(matchByWords([], others), []);
});

test("refuses a tolerance that is not a number of words", () => {
  for (const tolerance of [-1, 0.5, Number.NaN]) {
    assert.throws(
      () => matchByWords([], [], { tolerance }),
      new RegExp(`"tolerance" must be a whole number from 0, but ${tolerance}`),
    );
  }
});
