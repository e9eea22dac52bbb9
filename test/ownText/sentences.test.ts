import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AttackedText, WordRow } from "../../src/ownText/analyze";
import {
  describeAttack,
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
const attack = (adversarial: number[], changed: number, jsd: number): AttackedText => ({
  predicted: "positive",
  probability: 0.505,
  adversarialProbability: changed,
  attention: [0.1, 0.1, 0.1, 0.1, 0.6],
  adversarial,
  jsd,
});

describe("the decision", () => {
  const decision = { predicted: "positive", probability: 0.823 };

  it("is told with its probability and what the model does not know", () => {
    assert.match(
      describeDecision(decision, tokens, []),
      /\*\*positive\*\*, with a probability of 82\.3 %.* all 5 words/,
    );
    assert.match(describeDecision(decision, tokens, ["food"]), /never seen `food` \(/);
    assert.match(describeDecision(decision, tokens, [...new Set(tokens)]), /any of these words.* a guess/);
    assert.match(describeDecision(decision, ["the"], []), /knows the word\./);
  });

  it("is never said to be certain", () => {
    const told = describeDecision({ predicted: "negative", probability: 0.99999 }, tokens, []);
    assert.match(told, /more than 99\.9 %/);
  });

  it("has words that Markdown and HTML take for marks in code spans", () => {
    const odd = ["<script>", "*", "`", "$5", "``"];
    const told = describeDecision(decision, [...odd, "a"], odd);
    for (const span of ["`<script>`", "`*`", "`` ` ``", "`$5`", "``` `` ```"]) assert.ok(told.includes(span), told);
  });
});

it("scores are told with what guessing gets", () => {
  assert.match(describeScores({ texts: 600, accuracy: 0.75 }), /600 other reviews.*75 % correctly/);
  assert.match(describeScores({ texts: 600, accuracy: 0.52 }), /too little/);
});

describe("importance", () => {
  it("names the first words, and repeated ones with their place", () => {
    const told = describeImportance(rowsOf([0.1, 0.1, 0.1, 0.1, 0.6], [1, 2, 3, 9, 4], [0.5, 0.1, 0.1, 0.2, 0.3]));
    assert.match(
      told,
      /puts `best` first, with 60\.0 % of it; the gradient `the` \(word 4\); leave-one-out `the` \(word 1\)/,
    );
    assert.match(told, /at least one of the two measures would be wrong/);
  });

  it("has Kendall's τ of the words, and what it means", () => {
    const random = createRandom("importance");
    for (let round = 0; round < 20; round++) {
      const [a, b, c] = [0, 1, 2].map(() => Array.from({ length: 5 }, () => random.uniform()));
      const told = describeImportance(rowsOf(a!, b!, c!));
      for (const [name, other] of [
        ["gradient", b!],
        ["leave-one-out", c!],
      ] as const) {
        const result = kendallTau(a!, other);
        assert.ok(result.kind === "defined");
        const tau = result.tau.toFixed(2).replace("-", "−");
        const line = told.split("\n").find((each) => each.startsWith(`- Attention and ${name}`))!;
        assert.ok(line.includes(`τ is ${tau === "−0.00" ? "0.00" : tau},`), line);
        assert.ok(line.includes(`about ${Math.round(50 * (1 + result.tau))} stand`), line);
      }
    }
  });

  it("says that all agree only where they do, and warns of few words", () => {
    const told = describeImportance(rowsOf([0.1, 0.9], [1, 2], [0.1, 0.2]));
    assert.match(told, /all put `food` first; it has 90\.0 %.*much the same.* may be chance/s);
  });

  it("says where there is no order", () => {
    assert.match(describeImportance(rowsOf([1], [1], [undefined])), /There is one word/);
    const told = describeImportance(rowsOf([0.25, 0.25, 0.25, 0.25], [1, 2, 3, 4], [0, 0, 0, 0]));
    assert.match(told, /puts no word before another first|no word before another/);
    assert.match(told, /there is no τ.*cannot tell/s);
  });
});

describe("shuffles", () => {
  const shuffled = (changes: number[], attention = [0.5, 0.5]) =>
    describePermutations({
      predicted: "positive",
      probability: 0.7,
      attention,
      permutations: changes.map((change) => ({ attention, change, probability: 0.7 - change })),
    });

  it("are told by their median, their largest change and the changed decisions", () => {
    const told = shuffled([0.1, 0.15, 0.3]);
    assert.match(told, /at most 15 percentage points, and none by more than 30 percentage points/);
    assert.match(told, /changes in 1 of the 3 shuffles\. .*it matters/);
  });

  it("that mostly change little are not said never to matter", () => {
    assert.match(shuffled([0, 0, 0.6]), /not so for every shuffle/);
    assert.match(shuffled([0.01, 0.02, 0.04]), /never changes.*hardly matters/);
    assert.match(shuffled([0, 0, 1e-5]), /None of the 3 shuffles .* 0\.1 percentage points/);
    assert.match(shuffled([0, 0], [1]), /nothing can be shuffled/);
  });
});

describe("attacks", () => {
  it("are told with what moved, and whether the decision stays", () => {
    const told = describeSearch(attack([0.7, 0.3, 0, 0, 0], 0.51, 0.5), tokens, 0.01);
    assert.match(told, /at `the` \(word 1\) \(70\.0 %\); the model's own has it at `best` \(60\.0 %\)/);
    assert.match(told, /from 50\.5 % to 51\.0 %: the decision stays.* 80 % stands.* 0\.500, far/);
    assert.match(
      describeSearch(attack([0, 0, 0, 0.1, 0.9], 0.499, 0.1), tokens, 0.01),
      /same word.*decision changes.*not far/,
    );
  });

  it("that were not found are not said not to exist", () => {
    assert.match(describeSearch(undefined, tokens, 0.01), /within 1 percentage point\. That does not mean/);
  });

  it("of the furthest attention have its words and what the search missed", () => {
    const furthest = attack([0.25, 0, 0, 0.75, 0], 0.5, Math.LN2);
    const told = describeFurthest(furthest, attack([1, 0, 0, 0, 0], 0.5, 0.6334), tokens);
    assert.match(told, /has 25\.0 % at `the` \(word 1\) and 75\.0 % at `the` \(word 4\)/);
    assert.match(told, /come to 0\.633, so it missed 0\.060/);
    assert.match(describeFurthest(furthest, undefined, tokens), /had found nothing/);
    assert.match(describeFurthest(attack([0, 1, 0, 0, 0], 0.5, 0.69), undefined, tokens), /has 100 % at `food`/);
  });

  it("of one word have nothing to find", () => {
    assert.match(describeSearch(attack([1], 0.5, 0), ["good"], 0.01), /only one attention/);
    assert.match(describeFurthest(attack([1], 0.5, 0), undefined, ["good"]), /only one attention/);
  });

  it("are told in one sentence with both probabilities and the distance", () => {
    const told = describeAttack({ predicted: "positive", probability: 0.9, adversarialProbability: 0.8904, jsd: 0.6 });
    assert.match(told, /\*\*positive\*\* with probability 0\.900, and 0\.890 with .* a JSD of 0\.600\.$/);
  });
});

describe("two encoders", () => {
  const importance = [
    [1, 2, 3, 4, 5],
    [0.1, 0.2, 0.3, 0.4, 0.5],
  ] as const;
  const told = (predicted: string, attention: number[]) => {
    return { predicted, probability: 0.8, words: rowsOf(attention, [...importance[0]], [...importance[1]]) };
  };
  const rising = told("positive", [0.1, 0.15, 0.2, 0.25, 0.3]);
  const falling = told("negative", [0.3, 0.25, 0.2, 0.15, 0.1]);
  const constant = told("negative", [0.2, 0.2, 0.2, 0.2, 0.2]);

  it("are compared by both τ, in either direction", () => {
    assert.match(
      describeEncoders(falling, rising),
      /BiLSTM says \*\*negative\*\*.*is −1\.00 with the BiLSTM and 1\.00.*agrees better with both/,
    );
    assert.match(describeEncoders(rising, falling), /it is not the simpler model/);
    assert.match(describeEncoders(rising, constant), /undefined with the average model.*cannot tell/);
  });
});

it("a length is set beside the usual one", () => {
  const train = [{ tokens }, { tokens: tokens.slice(1) }];
  assert.match(describeLength(tokens, train), /5 words; .* 4\.5 on average, so it is about as long/);
  assert.match(describeLength(["one"], train), /1 word; .* shorter/);
  assert.match(describeLength(Array(1380).fill("a"), train), /1,380 words; .* longer/);
});
