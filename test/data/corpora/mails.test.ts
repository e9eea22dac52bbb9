import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { findCorpus, loadDataset } from "../../../src/data/catalog";
import { readMails } from "../../../src/data/corpora/mails";
import type { Dataset } from "../../../src/data/dataset";
import { splits } from "../../../src/data/dataset";
import { projectFolder } from "../../../src/paths";

describe("the shipped mails", () => {
  let mails: Awaited<ReturnType<typeof readMails>>;
  before(async () => {
    mails = await readMails({ path: join(projectFolder, "data", "mails", "mails.jsonl.gz") });
  });

  it("are as many of each class, with different ids", () => {
    assert.deepEqual(
      [0, 1].map((label) => mails.filter((mail) => mail.label === label).length),
      [1124, 1124],
    );
    assert.equal(new Set(mails.map(({ id }) => id)).size, mails.length);
  });

  it("have no addresses of mail, pages or hosts, no long rows of digits and no HTML", () => {
    for (const [name, pattern] of [
      ["mail", /[\w.+-]+@[\w-]+\.\w/],
      ["page", /\w:\/\/\w/],
      ["host", /\b(?:www\.\w|\w+\.(?:com|net|org)\b)/i],
      ["address", /\b\d{1,3}(?:\.\d{1,3}){3}\b/],
      ["digits", /\d{7}/],
      ["phone", /\b\d{3}[-. ]\d{3}[-. ]\d{4}\b/],
      ["HTML", /<\/(?:a|b|p|td|font|html|body)>|<(?:br|td|font|html|body)\b/i],
    ] as const)
      assert.deepEqual(
        mails.filter(({ text }) => pattern.test(text)).map(({ id }) => id),
        [],
        name,
      );
  });
});

describe("the corpus mails", () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await loadDataset("mails");
  });

  it("is split into 70 % train, 10 % dev and 20 % test, each with as many of both classes", () => {
    for (const [split, each] of [
      ["train", 786],
      ["dev", 113],
      ["test", 225],
    ] as const)
      assert.deepEqual(
        [0, 1].map((label) => dataset[split].filter((example) => example.label === label).length),
        [each, each],
      );
    assert.equal(findCorpus("mails").state().kind, "ready");
  });

  it("has long texts, of 20 to 500 tokens", () => {
    const lengths = splits.flatMap((split) => dataset[split].map(({ tokens }) => tokens.length)).sort((a, b) => a - b);
    assert.deepEqual([lengths[0], lengths[lengths.length / 2], lengths.at(-1)], [20, 173, 500]);
  });

  it("has no text twice", () => {
    const texts = splits.flatMap((split) => dataset[split].map(({ tokens }) => tokens.join(" ")));
    assert.equal(new Set(texts).size, texts.length);
  });

  it("is split as it always was, with the same tokens", () => {
    const content = splits.map((split) =>
      dataset[split].map(({ id, tokens, label }) => [id, label, ...tokens].join(" ")),
    );
    const sum = createHash("sha256").update(JSON.stringify(content)).digest("hex");
    assert.equal(sum, "1ed24cde379f4ba2d596160cc57a25bd0030b9297f396aa869d4f5f4db3022cf");
  });
});
