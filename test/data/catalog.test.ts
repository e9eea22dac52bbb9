import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkClasses,
  corpora,
  corpusNames,
  findCorpus,
  loadDataset,
  takeSome,
  tokenizeFor,
} from "../../src/data/catalog";
import { UserError } from "../../src/errors";

describe("corpora", () => {
  it("start with the one that comes with the project; no name is there twice", () => {
    assert.deepEqual(corpusNames.slice(0, 2), ["reviews", "sst"]);
    assert.equal(new Set(corpusNames).size, corpusNames.length);
  });

  it("each say origin, licence, citation, and size and sum of what is downloaded", () => {
    for (const { title, origin, licence, citation, files = [] } of corpora) {
      for (const text of [title, origin, licence, citation]) assert.ok(text.length > 5, text);
      for (const { url, bytes, sha256 } of files) {
        assert.match(new URL(url).protocol, /^https?:$/);
        assert.ok(bytes > 0);
        if (sha256 !== undefined) assert.match(sha256, /^[0-9a-f]{64}$/);
      }
    }
  });
});

describe("findCorpus", () => {
  it("proposes the nearest name", () => {
    assert.throws(
      () => findCorpus("review"),
      (error) =>
        error instanceof UserError && /There is no corpus "review"; did you mean "reviews"\?/.test(error.message),
    );
  });
});

describe("loadDataset", () => {
  it("rejects an unknown name", () =>
    assert.rejects(loadDataset("SST2"), /There is no corpus "SST2".*"reviews",.*"sst"/));

  for (const limit of [0, -1, 1.5, Number.NaN, "10" as unknown as number])
    it(`rejects the limit ${JSON.stringify(limit)}`, () =>
      assert.rejects(loadDataset("reviews", { limit }), /The option "limit" must be a whole number from 1, but/));

  it("takes a part that is always the same, with its own vocabulary, and says so", async () => {
    const all = await loadDataset("reviews");
    const some = await loadDataset("reviews", { limit: 400 });
    assert.deepEqual([some.train.length, some.dev.length, some.test.length], [400, 300, 400]);
    assert.deepEqual(some, await loadDataset("reviews", { limit: 400 }));
    const ids = new Set(all.test.map(({ id }) => id));
    assert.ok(some.test.every(({ id }) => ids.has(id)));
    assert.deepEqual(new Set(some.vocabulary), new Set(some.train.flatMap(({ tokens }) => tokens)));
    assert.match(some.notes.at(-1)!, /400 of 2100 in train, all 300 in dev, 400 of 600 in test/);
  });

  it("knows of the part only words that the whole corpus knows", () => {
    const train = Array.from({ length: 10 }, (_, index) => ({
      id: `${index}`,
      tokens: ["often", `rare${index}`],
      label: 0,
    }));
    const texts = { train, dev: [], test: [], vocabulary: ["often", "elsewhere"], notes: [] };
    assert.deepEqual(takeSome(texts, 5).vocabulary, ["often"]);
  });

  it("says that one example cannot be of two classes", () =>
    assert.rejects(
      loadDataset("reviews", { limit: 1 }),
      /The train split of the corpus "reviews" needs examples of every class, but of its 1 none is (negative|positive)/,
    ));
});

describe("checkClasses", () => {
  const example = (label: number) => ({ id: String(label), tokens: ["a"], label });
  const both = [example(0), example(1)];
  const corpus = { name: "made-up", classNames: ["negative", "positive"] };
  const texts = { train: both, dev: both, test: both, vocabulary: [], notes: [] };

  it("accepts two classes", () => checkClasses(texts, corpus));

  it("names the split and the class that is missing", () => {
    assert.throws(
      () => checkClasses({ ...texts, dev: [example(1)] }, corpus),
      /The dev split .* of its 1 none is negative/,
    );
    assert.throws(() => checkClasses({ ...texts, test: [] }, corpus), /of its 0 none is negative or positive/);
  });
});

describe("tokenizeFor", () => {
  it("cleans as the corpus", () => {
    assert.deepEqual(tokenizeFor("reviews", "It's 5!"), ["it", "'s", "qqq", "!"]);
    assert.deepEqual(tokenizeFor("sst", "It's 5!"), ["it", "s", "5"]);
  });

  it("rejects an unknown corpus and an empty sentence", () => {
    assert.throws(() => tokenizeFor("ssst", "a"), /did you mean "sst"/);
    assert.throws(() => tokenizeFor("sst", "?!"), /at least one word/);
  });
});
