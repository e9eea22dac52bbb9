import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkClasses } from "../../../src/data/catalog";
import { imdb, prepareReviews, readFilmReviews } from "../../../src/data/corpora/imdb";
import type { Example } from "../../../src/data/dataset";
import { type PreparedTexts, splits } from "../../../src/data/dataset";
import { inMirror } from "../../../src/data/files/source";
import { cleanKeras, filterByLength } from "../../../src/data/prepare";
import { makeTarGz } from "../archiveFiles";

const archive = inMirror("imdb", "aclImdb.tar.gz");
const byLabel = (examples: readonly Example[]) =>
  [0, 1].map((label) => examples.filter((example) => example.label === label).length);

describe("the corpus imdb, from the mirror", { skip: archive === undefined && "no imdb/aclImdb.tar.gz" }, () => {
  const { published } = imdb;
  let reviews: Record<"train" | "test", Example[]>;
  let texts: PreparedTexts;
  const progress: number[] = [];

  before(async () => {
    const all = await readFilmReviews({ path: archive!, onProgress: (read) => progress.push(read) });
    const of = (split: string) => all.filter(({ id }) => id.startsWith(split));
    reviews = { train: of("train"), test: of("test") };
    texts = prepareReviews(all);
  });

  it("has 12,500 reviews of each split and class, in the order of their numbers", () => {
    for (const split of ["train", "test"] as const) {
      assert.deepEqual(byLabel(reviews[split]), [12_500, 12_500]);
      assert.deepEqual(
        reviews[split].map(({ id }) => id),
        ["neg", "pos"].flatMap((kind) => Array.from({ length: 12_500 }, (_, number) => `${split}-${kind}-${number}`)),
      );
    }
    assert.ok(progress.length > 10);
  });

  it("has the 88,584 words that the index of Keras has", () => {
    const words = new Set<string>();
    for (const { tokens } of reviews.train) for (const word of tokens) words.add(word);
    assert.equal(words.size, 88_584);
  });

  it("has the published counts of train where dev is not taken from it: under 400 words, without the longest", () => {
    const short = reviews.train.filter(({ tokens }) => tokens.length < 400);
    assert.deepEqual(byLabel(short), [10_864, 10_652]);
    const kept = filterByLength(short, { above: 6 });
    assert.deepEqual(byLabel(kept), published!.train);
    const mean = kept.reduce((sum, { tokens }) => sum + tokens.length, 0) / kept.length;
    assert.equal(mean.toFixed(1), "179.7", "the published average length");
  });

  it("has six more reviews in test than published: 20 % of 21,816 without its two longest", () => {
    assert.equal(texts.test.length, 4362);
    assert.equal(published!.test[0]! + published!.test[1]!, 4356);
  });

  it("has a vocabulary within 1 % of the published one, from another random 80 % of the training reviews", () => {
    assert.equal(texts.vocabulary.length + 4, 12_565);
    assert.ok(Math.abs(12_565 / published!.vocabulary - 1) < 0.01);
  });

  it("has 80 % train and 20 % dev, of 7 to 398 words, and every class in each split", () => {
    assert.deepEqual(
      splits.map((split) => texts[split].length),
      [17_198, 4299, 4362],
    );
    for (const split of splits)
      for (const { tokens } of texts[split]) assert.ok(tokens.length > 6 && tokens.length < 399);
    checkClasses(texts, imdb);
    assert.equal(new Set(splits.flatMap((split) => texts[split].map(({ id }) => id))).size, 17_198 + 4299 + 4362);
  });
});

describe("prepareReviews", () => {
  const review = (split: string, number: number, words: string[]): Example => ({
    id: `${split}-neg-${number}`,
    tokens: words,
    label: number % 2,
  });
  const words = (count: number, word = "film") => Array.from({ length: count }, () => word);
  const train = Array.from({ length: 50 }, (_, index) => review("train", index, words(10 + index)));

  it("leaves out words of test reviews that no training review has, before lengths are compared", () => {
    const test = [
      review("test", 0, [...words(399), ...words(50, "unseen")]),
      review("test", 1, words(400)),
      ...Array.from({ length: 8 }, (_, index) => review("test", index + 2, [...words(20), "unseen"])),
    ];
    const texts = prepareReviews([...train, ...test]);
    assert.match(texts.notes[0]!, /of 50 training reviews 50 remain, of 10 test reviews 9/);
    for (const { tokens } of texts.test) assert.ok(!tokens.includes("unseen"));
  });

  it("knows words of at least ten training reviews only", () => {
    const rare = train.map((example, index) => ({
      ...example,
      tokens: [...example.tokens, ...(index < 9 ? ["nine", "nine"] : []), ...(index < 25 ? ["often"] : [])],
    }));
    const test = train.map((example, index) => ({ ...example, id: `test-neg-${index}` }));
    assert.deepEqual(prepareReviews([...rare, ...test]).vocabulary, ["film", "often"]);
  });
});

describe("readFilmReviews", () => {
  const folder = mkdtempSync(join(tmpdir(), "imdb-"));
  after(() => rmSync(folder, { recursive: true }));

  it("says how many reviews are missing", async () => {
    const path = join(folder, "aclImdb_v1.tar.gz");
    const file = (name: string) => ({ name, content: "Good." });
    writeFileSync(path, await makeTarGz([file("aclImdb/train/neg/0_3.txt"), file("aclImdb/train/unsup/0_0.txt")]));
    await assert.rejects(
      readFilmReviews({ path }),
      /must have 12500 texts in train\/neg, as the official file, but has 1;/,
    );
  });

  it("names a review that is not UTF-8", async () => {
    const path = join(folder, "latin1.tar.gz");
    const content = Buffer.from("Caf\xe9", "latin1");
    writeFileSync(path, await makeTarGz([{ name: "aclImdb/test/pos/7_9.txt", content }]));
    await assert.rejects(readFilmReviews({ path }), /latin1\.tar\.gz\/aclImdb\/test\/pos\/7_9\.txt must be UTF-8 text/);
  });
});

describe("cleanKeras", () => {
  for (const [text, expected] of [
    ["It's 5/10!<br />ÉTÉ", ["it's", "5", "10", "br", "ÉtÉ"]],
    ["'Tis  well-made\tand\nlong...", ["'tis", "well", "made", "and", "long"]],
    ["a\r\nb\u00a0c\\d[e]^f_g`h", ["a\r", "b\u00a0c", "d", "e", "f", "g", "h"]],
    ["", []],
    ["...", []],
  ] as const)
    it(`splits ${JSON.stringify(text)}`, () => assert.deepEqual(cleanKeras(text), expected));
});
