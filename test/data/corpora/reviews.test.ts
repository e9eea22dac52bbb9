import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { loadDataset } from "../../../src/data/catalog";
import { readSentences } from "../../../src/data/corpora/reviews";
import type { Dataset, Split } from "../../../src/data/dataset";
import { splits } from "../../../src/data/dataset";
import { projectFolder } from "../../../src/paths";

const path = join(projectFolder, "data", "reviews", "sentences.tsv");

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

describe("the shipped sentences", () => {
  it("are 500 of each class and source", async () => {
    const rows = await readSentences({ path });
    assert.deepEqual(
      countBy(rows, ({ id, label }) => `${id.split("-")[0]} ${label}`),
      {
        "amazon 0": 500,
        "amazon 1": 500,
        "imdb 0": 500,
        "imdb 1": 500,
        "yelp 0": 500,
        "yelp 1": 500,
      },
    );
  });
});

describe("the corpus reviews", () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await loadDataset("reviews");
  });

  it("has every sentence once", () => {
    const ids = splits.flatMap((split) => dataset[split].map(({ id }) => id));
    assert.equal(ids.length, 3000);
    assert.equal(new Set(ids).size, 3000);
  });

  it("has the same share of each class and source in every split", () => {
    const perGroup: Record<Split, number> = { train: 350, dev: 50, test: 100 };
    for (const split of splits) {
      const counts = countBy(dataset[split], ({ id, label }) => `${id.split("-")[0]} ${label}`);
      assert.deepEqual(Object.values(counts), Array(6).fill(perGroup[split]));
    }
  });

  it("has no sentence of one split in another", () => {
    const texts = splits.map((split) => new Set(dataset[split].map(({ tokens }) => tokens.join(" "))));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      assert.deepEqual(
        [...texts[i]!].filter((text) => texts[j]!.has(text)),
        [],
      );
  });

  it("is split as it always was, with the same tokens", () => {
    const content = splits.map((split) =>
      dataset[split].map(({ id, tokens, label }) => [id, label, ...tokens].join(" ")),
    );
    const sum = createHash("sha256").update(JSON.stringify(content)).digest("hex");
    assert.equal(sum, "2fd63cccd6e8a259429e76b17455abd51cec02596a0028a32502c8ef27d9ec92");
  });

  it("knows the words of the training split only", () => {
    assert.equal(dataset.vocabulary.length, 4263);
    const words = new Set(dataset.train.flatMap(({ tokens }) => tokens));
    assert.deepEqual(new Set(dataset.vocabulary), words);
    assert.ok(dataset.test.some(({ tokens }) => tokens.some((token) => !words.has(token))));
  });

  it("says its licence and citation", () => {
    assert.equal(dataset.licence, "CC BY 4.0");
    assert.match(dataset.citation, /Kotzias/);
    assert.deepEqual(dataset.classNames, ["negative", "positive"]);
  });
});

describe("readSentences", () => {
  const read = (text: string) => readSentences({ path: "folder/sentences.tsv", content: [Buffer.from(text)] });

  it("reads source, label and text", async () =>
    assert.deepEqual(await read("source\tlabel\ttext\nyelp\t1\tNice.  \n"), [
      { id: "yelp-1", tokens: ["nice", "."], label: 1 },
    ]));
});
