import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AttackedText, WordRow } from "../../src/ownText/analyze";
import {
  describeDecision,
  describeEncoders,
  describeFurthest,
  describeImportance,
  describeLength,
  describePermutations,
  describeScores,
  describeSearch,
} from "../../src/ownText/sentences";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";

const tokens = ["the", "food", "was", "the", "best"];
const rowsOf = (attention: number[], gradient: number[], leaveOneOut: (number | undefined)[]): WordRow[] =>
  attention.map((weight, place) => ({
    word: tokens[place]!,
    attention: weight,
    gradient: gradient[place]!,
    leaveOneOut: leaveOneOut[place],
  }));
const classesOf = (positive: number) => ({ negative: 1 - positive, positive });
const decisionOf = (positive: number) => ({
  predicted: positive < 0.5 ? "negative" : "positive",
  probability: Math.max(positive, 1 - positive),
  classes: classesOf(positive),
});
const attack = (adversarial: number[], changed: number, jsd: number): AttackedText => ({
  predicted: "positive",
  probability: 0.505,
  classes: classesOf(0.505),
  attacked: decisionOf(changed),
  attention: [0.1, 0.1, 0.1, 0.1, 0.6],
  adversarial,
  jsd,
});

describe("the decision", () => {
  const decision = decisionOf(0.823);

  it("is told with its probability and what the model does not know", () => {
    assert.equal(describeDecision(decision, tokens, []), "The model says **positive**, with a probability of 82.3 %.");
    assert.match(describeDecision(decision, tokens, ["food"]), /never seen `food`:/);
    assert.match(describeDecision(decision, tokens, [...new Set(tokens)]), /any of these words.* a guess/);
    assert.match(describeDecision(decision, ["the"], [..."abcdefghij"]), /`g`, `h` and 2 more:/);
  });

  it("is never said to be certain", () => {
    const told = describeDecision(decisionOf(0.00001), tokens, []);
    assert.match(told, /more than 99\.9 %/);
  });

  it("has words and names that Markdown and HTML take for marks as text", () => {
    const odd = ["<script>", "*", "`", "$5", "``"];
    const told = describeDecision({ ...decision, predicted: "<b>*" }, [...odd, "a"], odd);
    for (const span of ["`<script>`", "`*`", "`` ` ``", "`$5`", "``` `` ```"]) assert.ok(told.includes(span), told);
    assert.match(told, /\*\*&#60;b&#62;&#42;\*\*/);
  });
});

it("scores are told with what guessing gets", () => {
  assert.match(
    describeScores({ texts: 600, accuracy: 0.75, chance: 0.5 }),
    /600 other texts.*75 % correctly; .* 50 %\.$/,
  );
  assert.match(describeScores({ texts: 600, accuracy: 0.52, chance: 0.5 }), /too little/);
});

describe("importance", () => {
  it("names the first words, and repeated ones with their place", () => {
    assert.match(
      describeImportance(rowsOf([0.1, 0.1, 0.1, 0.1, 0.6], [1, 2, 3, 9, 4], [0.5, 0.1, 0.1, 0.2, 0.3])),
      /puts `best` \(60\.0 %\) first; the gradient `the` \(word 4\) \(.*; leave-one-out `the` \(word 1\) \(/,
    );
  });

  it("has Kendall's τ of the words", () => {
    const random = createRandom("importance");
    for (let round = 0; round < 20; round++) {
      const [a, b, c] = [0, 1, 2].map(() => Array.from({ length: 5 }, () => random.uniform()));
      const told = describeImportance(rowsOf(a!, b!, c!));
      const taus = [b!, c!].map((other) => {
        return kendallTau(a!, other).value!.toFixed(2).replace("-", "−").replace("−0.00", "0.00");
      });
      assert.deepEqual(
        [...told.matchAll(/\(τ (\S+)\)/g)].map(([, tau]) => tau),
        taus,
      );
    }
  });

  it("says where there is no order", () => {
    const told = describeImportance(rowsOf([0.25, 0.25, 0.25, 0.25], [1, 2, 3, 4], [0, 0, 0, 0]));
    assert.match(
      told,
      /puts no word before another \(25\.0 %\) first; .*τ undefined, as all words have the same value/,
    );
  });
});

it("shuffles are told by their median, their largest change and the changed decisions", () => {
  const shuffled = (changes: number[]) =>
    describePermutations({
      ...decisionOf(0.7),
      attention: [0.5, 0.5],
      permutations: changes.map((change) => ({ attention: [0.5, 0.5], change, ...decisionOf(0.7 - change) })),
    });
  assert.match(
    shuffled([0.1, 0.15, 0.3]),
    /^Half of the 3 .*at most 15 percentage points, and none by more than 30 percentage points; .* changes in 1\.$/,
  );
  assert.match(shuffled([0, 0, 1e-5]), /at most 0 percentage points, and none by more than 0\.001 percentage points/);
});

describe("attacks", () => {
  it("are told with what moved, and whether the decision changes", () => {
    assert.equal(
      describeSearch(attack([0.7, 0.3, 0, 0, 0], 0.51, 0.5), tokens, 0.01),
      "The search puts `the` (word 1) (70.0 %) first, the model `best` (60.0 %). 80 % of the attention moves (JSD 0.500), and **positive** goes from 50.5 % to 51.0 %.",
    );
    assert.match(
      describeSearch(attack([0, 0, 0, 0.1, 0.9], 0.499, 0.1), tokens, 0.01),
      /50\.5 % to 49\.9 %, so the decision changes to \*\*negative\*\*\.$/,
    );
  });

  it("that were not found are not said not to exist", () => {
    assert.match(describeSearch(undefined, tokens, 0.01), /within 1 percentage point\. That does not mean/);
  });

  it("of the furthest attention have its words and how far the search came", () => {
    const furthest = attack([0.25, 0, 0, 0.75, 0], 0.5, Math.LN2);
    const told = describeFurthest(furthest, attack([1, 0, 0, 0, 0], 0.5, 0.6334), tokens);
    assert.match(
      told,
      /has 25\.0 % at `the` \(word 1\) and 75\.0 % at `the` \(word 4\): JSD 0\.693, .* came to 0\.633;/,
    );
    assert.match(describeFurthest(furthest, undefined, tokens), /the search found nothing;/);
    assert.match(describeFurthest(attack([0, 1, 0, 0, 0], 0.5, 0.69), undefined, tokens), /has 100 % at `food`:/);
    assert.match(describeFurthest(attack([0.1, 0.1, 0.1, 0.1, 0.6], 0.5, 0), undefined, tokens), /is the model's own,/);
  });
});

describe("two encoders", () => {
  const told = (predicted: string, attention: number[]) => ({
    ...{ ...decisionOf(0.8), predicted },
    words: rowsOf(attention, [1, 2, 3, 4, 5], [0.1, 0.2, 0.3, 0.4, 0.5]),
  });
  const rising = told("positive", [0.1, 0.15, 0.2, 0.25, 0.3]);

  it("are compared by both τ", () => {
    assert.equal(
      describeEncoders(told("negative", [0.3, 0.25, 0.2, 0.15, 0.1]), rising),
      "The BiLSTM says **negative** (80.0 %), the average model **positive** (80.0 %). τ of attention and gradient is −1.00 and 1.00, of attention and leave-one-out −1.00 and 1.00.",
    );
    assert.match(describeEncoders(rising, told("positive", [0.2, 0.2, 0.2, 0.2, 0.2])), /is 1\.00 and undefined,/);
  });
});

it("of one word there is nothing to compare, to shuffle or to search, whatever is asked", () => {
  const decision = decisionOf(0.7);
  const words = rowsOf([1], [1], [undefined]);
  const alone = attack([1], 0.5, 0);
  const told = [
    describeImportance(words),
    describePermutations({ ...decision, attention: [1], permutations: [] }),
    describeSearch(alone, ["good"], 0.01),
    describeFurthest(alone, alone, ["good"]),
    describeEncoders({ ...decision, words }, { ...decision, words }),
  ];
  assert.equal(new Set(told).size, 1);
  assert.match(told[0]!, /^There is one word/);
});

it("a length is set beside the usual one", () => {
  const train = [{ tokens }, { tokens: tokens.slice(1) }];
  assert.match(describeLength(tokens, train), /5 words; .* 4\.5 on average/);
  assert.match(describeLength(["one"], train), /1 word; /);
  assert.match(describeLength(Array(1380).fill("a"), train), /1,380 words; /);
});
