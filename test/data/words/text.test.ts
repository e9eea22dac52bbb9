import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildVocabulary, cleaners, cleanPlain, cleanTreebank, tokenize } from "../../../src/data/prepare";
import { UserError } from "../../../src/errors";

describe("cleanPlain", () => {
  it("lowers, keeps punctuation and hides numbers", () => {
    const tokens = ["do", "n't", "buy", "it", ",", "qqq", "for", "fraud", "."];
    assert.deepEqual(cleanPlain("Don't BUY it, 10/10 for fraud."), tokens);
    assert.deepEqual(cleanPlain("5km for $3.50 in the 2nd 3D film"), "qqq km for $ qqq in the qqq qqq film".split(" "));
  });
});

describe("cleanTreebank", () => {
  it("drops brackets and punctuation, keeps digits", () => {
    const words = ["A", "film", "-LRB-", "1990", "-RRB-", "that", "does", "n't", "``", "work", "''", "."];
    assert.deepEqual(cleanTreebank(words), ["a", "film", "1990", "that", "does", "n", "t", "work"]);
  });

  it("splits words that spaCy splits, and words with a space of their own", () => {
    assert.deepEqual(cleanTreebank(["gonna", "28K", "cannot", "8\u00a01\\/2"]), "gon na 28 k can not 8 1 2".split(" "));
  });

  it("keeps accented letters whole", () => assert.deepEqual(cleanTreebank(["Cliché-ridden"]), ["cliché", "ridden"]));
});

describe("tokenize", () => {
  it("cleans as the corpus of the model was cleaned", () => {
    assert.deepEqual(tokenize("I won't, 2nd"), ["i", "wo", "n't", ",", "qqq"]);
    assert.deepEqual(tokenize("I won't, 2nd (really)", "treebank"), ["i", "wo", "n", "t", "2nd", "really"]);
  });

  it("takes one word and 5,000 words", () => {
    assert.deepEqual(tokenize("Good"), ["good"]);
    assert.equal(tokenize("good ".repeat(5000)).length, 5000);
  });

  for (const [sentence, cleaning] of [
    ["", "plain"],
    [" \t\n ", "plain"],
    ["...!", "treebank"],
  ] as const)
    it(`says that ${JSON.stringify(sentence)} has no word (${cleaning})`, () =>
      assert.throws(
        () => tokenize(sentence, cleaning),
        (error) =>
          error instanceof UserError &&
          error.message ===
            `A sentence needs at least one word, but ${JSON.stringify(sentence)} has none; write some words.`,
      ));

  it("says that a number is no sentence", () =>
    assert.throws(() => tokenize(5 as unknown as string), /must be text in quotes, but number came/));
});

describe("cleaners", () => {
  it("cleans in each way", () => {
    const text = "It's 5 (gonna)!";
    assert.deepEqual(cleaners.plain(text), ["it", "'s", "qqq", "(", "gon", "na", ")", "!"]);
    assert.deepEqual(cleaners.treebank(text), ["it", "s", "5", "gon", "na"]);
    assert.deepEqual(cleaners.keras(text), ["it's", "5", "gonna"]);
    assert.deepEqual(cleaners.keras(""), []);
  });
});

describe("buildVocabulary", () => {
  const train = [{ tokens: ["b", "a", "b", "É"] }, { tokens: ["c", "a", "b", "B"] }];

  it("orders by frequency, then by the characters", () =>
    assert.deepEqual(buildVocabulary(train), ["b", "a", "B", "c", "É"]));

  it("leaves rare words out", () => {
    assert.deepEqual(buildVocabulary(train, 2), ["b", "a"]);
    assert.deepEqual(buildVocabulary(train, 4), []);
  });

  it("counts a word once in an example for minDocuments, and the words of questions too", () => {
    const asked = [{ tokens: ["a", "a", "a"] }, { tokens: ["b"], question: ["b", "c"] }, { tokens: ["c"] }];
    assert.deepEqual(buildVocabulary(asked, 2), ["c"]);
    assert.deepEqual(buildVocabulary(asked), ["a", "b", "c"]);
  });

  it("does not depend on the order of the examples", () =>
    assert.deepEqual(buildVocabulary([...train].reverse()), buildVocabulary(train)));

  it("takes words that are names of object properties", () =>
    assert.deepEqual(buildVocabulary([{ tokens: ["constructor", "__proto__"] }]), ["__proto__", "constructor"]));
});
