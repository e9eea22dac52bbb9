import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { findCorpus, loadDataset } from "../../../src/data/catalog";
import { preparePairs, readPairs } from "../../../src/data/corpora/snli";
import type { Dataset, Split } from "../../../src/data/dataset";
import { splits } from "../../../src/data/dataset";
import { type PartSource, partsIn, readParts } from "../../../src/data/files/source";
import { UserError } from "../../../src/errors";
import { mirrorFolder, projectFolder } from "../../../src/paths";
import { serve } from "../serve";
import { makeZip } from "../zipFile";

const mirror = mirrorFolder();
const folder = mirror && join(mirror, "snli");
const skip =
  folder === undefined
    ? "ATTENTION_DATA_MIRROR is not set"
    : !existsSync(folder) && `ATTENTION_DATA_MIRROR has no snli (${folder})`;

const count = (dataset: Dataset, split: Split) =>
  [0, 1, 2].map((label) => dataset[split].filter((example) => example.label === label).length);
const lengths = ({ train }: Dataset) => train.map(({ tokens }) => tokens.length);
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe("the corpus snli, from the mirror", { skip }, () => {
  it("has the published counts of test, and of dev those of the official file", async () => {
    const dataset = await loadDataset("snli");
    const { published } = findCorpus("snli");
    // Published are 3,219 / 3,237 / 3,368: neutral, contradiction, entailment; here the order is that of the labels.
    assert.deepEqual(dataset.classNames, ["contradiction", "entailment", "neutral"]);
    assert.deepEqual(published!.test, [3237, 3368, 3219]);
    assert.deepEqual(count(dataset, "test"), published!.test);
    assert.deepEqual(count(dataset, "dev"), [3278, 3329, 3235]);
    assert.equal(
      published!.train.reduce((sum, number) => sum + number),
      549_367,
    );
    assert.equal(Math.round(mean(lengths(dataset)) * 10) / 10, 14.1);
    assert.equal(findCorpus("snli").state().kind, "ready");
  });

  it("says that it has 4 % of train", { skip: existsSync(join(folder!, "snli_1.0_train.jsonl.gz")) }, async () => {
    const dataset = await loadDataset("snli");
    assert.deepEqual(count(dataset, "train"), [7304, 7203, 7098]);
    assert.match(dataset.notes[0]!, /^4 % of train: 21605 of 549367 pairs/);
    // Published for all of train is 20,982 with four special tokens.
    assert.equal(dataset.vocabulary.length + 4, 5142);
  });
});

describe("the shipped corpus snli-sample", () => {
  it("is balanced over the classes in each split", async () => {
    const dataset = await loadDataset("snli-sample");
    assert.deepEqual(count(dataset, "train"), [4000, 4000, 4000]);
    assert.deepEqual(count(dataset, "dev"), [333, 333, 334]);
    assert.deepEqual(count(dataset, "test"), [333, 333, 334]);
    assert.equal(findCorpus("snli-sample").state().kind, "ready");
    assert.match(dataset.notes[0]!, /12000 of 549367 in train, 1000 of 9842 in dev, 1000 of 9824 in test/);
  });

  it("has no pair twice", async () => {
    const dataset = await loadDataset("snli-sample");
    const pairs = splits.flatMap((split) =>
      dataset[split].map(({ tokens, question, label }) => [label, ...tokens, "|", ...question!].join(" ")),
    );
    // Six pairs differ in capitals only.
    assert.ok(new Set(pairs).size >= pairs.length - 6, String(pairs.length - new Set(pairs).size));
  });

  it("is the sample that the script draws, with its licence", () => {
    const shipped = join(projectFolder, "data", "snli");
    const sums = splits.map((split) => {
      const content = gunzipSync(readFileSync(join(shipped, `snli_sample_${split}.jsonl.gz`)));
      return createHash("sha256").update(content).digest("hex").slice(0, 16);
    });
    assert.deepEqual(sums, ["963abe89f001f910", "783a6fd0c79d15f4", "bc3d5caa4275a72a"]);
    assert.match(readFileSync(join(shipped, "LICENSE.txt"), "utf8"), /Attribution-ShareAlike 4\.0 International/);
  });

  it("is a part of the mirror's files", { skip }, async () => {
    for (const [split, file] of [
      ["dev", "snli_1.0_dev.jsonl.gz"],
      ["test", "snli_1.0_test.jsonl.gz"],
    ] as const) {
      const lines = (path: string) => gunzipSync(readFileSync(path)).toString().trimEnd().split("\n");
      const all = new Set(lines(join(folder!, file)).map((line) => JSON.stringify(JSON.parse(line))));
      const sample = lines(join(projectFolder, "data", "snli", `snli_sample_${split}.jsonl.gz`));
      assert.deepEqual(
        sample.filter((line) => !all.has(JSON.stringify(JSON.parse(line)))),
        [],
      );
    }
  });
});

const pair = (label: string, premise = "Two dogs run.", hypothesis = "Animals move.") =>
  JSON.stringify({ gold_label: label, sentence1: premise, sentence2: hypothesis, pairID: "1" });

async function* sources(texts: Partial<Record<Split, string>>) {
  for (const split of splits) {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(texts[split] ?? `${pair("neutral")}\n`);
    }
    yield { part: split, path: `folder/${split}.jsonl`, content: bytes() };
  }
}

const prepare = async (files: AsyncIterable<PartSource<Split>>) => preparePairs(await readParts(files, readPairs));

describe("preparePairs", () => {
  it("takes the premise as the text and the hypothesis as the question, cleaned as plain text", async () => {
    const lines = [pair("contradiction"), pair("entailment", "It's 5 o'clock."), pair("neutral", "A", "B c")];
    const { train } = await prepare(sources({ train: lines.join("\n") }));
    assert.deepEqual(train, [
      { id: "train-1", tokens: ["two", "dogs", "run", "."], question: ["animals", "move", "."], label: 0 },
      { id: "train-2", tokens: ["it", "'s", "qqq", "o'clock", "."], question: ["animals", "move", "."], label: 1 },
      { id: "train-3", tokens: ["a"], question: ["b", "c"], label: 2 },
    ]);
  });

  it("drops pairs without a gold label or with an empty sentence, and keeps the line numbers", async () => {
    const lines = [pair("-"), pair("neutral", " "), pair("neutral", "A", ""), pair("entailment")];
    const { test } = await prepare(sources({ test: lines.join("\n") }));
    assert.deepEqual(
      test.map(({ id }) => id),
      ["test-4"],
    );
  });

  it("knows words of at least three training pairs", async () => {
    const lines = [pair("neutral", "a b", "c"), pair("neutral", "a b b", "c"), pair("neutral", "a a", "d c")];
    const { vocabulary } = await prepare(sources({ train: lines.join("\n") }));
    assert.deepEqual(vocabulary, ["a", "c"]);
  });

  const assertFails = (lines: string[], pattern: RegExp) =>
    assert.rejects(prepare(sources({ dev: lines.join("\n") })), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });

  it("names the line of invalid JSON, of an unknown label and of a missing sentence", async () => {
    const good = pair("neutral");
    await assertFails(
      [good, good.slice(0, 30)],
      /^Line 2 of folder\/dev\.jsonl must be one JSON object, but is "\{\\"gold_label/,
    );
    await assertFails([good, "", pair("maybe")], /^Line 3 of .*gold_label: .*'contradiction'.* received 'maybe'/);
    await assertFails(['{"gold_label":"neutral","sentence1":"A"}'], /^Line 1 of .*sentence2: required/);
    await assertFails(
      ['{"gold_label":"neutral","sentence1":5,"sentence2":"A"}'],
      /^Line 1 of .*sentence1: expected string/,
    );
    await assertFails(["[]"], /^Line 1 of folder\/dev\.jsonl/);
  });
});

describe("the files in the official archive", () => {
  it("are found beside others, and read", async (context) => {
    const root = mkdtempSync(join(tmpdir(), "snli-"));
    context.after(() => rmSync(root, { recursive: true, force: true }));
    const path = join(root, "snli_1.0.zip");
    const names = { train: ["snli_1.0_train.jsonl"], dev: ["snli_1.0_dev.jsonl"], test: ["snli_1.0_test.jsonl"] };
    const files = {
      "snli_1.0/README.txt": "read me",
      "snli_1.0/snli_1.0_dev.jsonl": `${pair("neutral")}\n`,
      "snli_1.0/snli_1.0_dev.txt": "gold_label\tsentence1",
      "snli_1.0/snli_1.0_test.jsonl": `${pair("entailment")}\n`,
      "snli_1.0/snli_1.0_train.jsonl": `${pair("contradiction")}\n${pair("-")}\n`,
      "__MACOSX/snli_1.0/._snli_1.0_train.jsonl": "no JSON",
    };
    writeFileSync(path, makeZip(files, { compressed: true }));
    const texts = await prepare(partsIn(path, names));
    assert.deepEqual(
      splits.map((split) => texts[split].map(({ label }) => label)),
      [[0], [2], [1]],
    );
    const { "snli_1.0/snli_1.0_dev.jsonl": _, ...rest } = files;
    writeFileSync(path, makeZip(rest));
    await assert.rejects(
      prepare(partsIn(path, names)),
      /^UserError: .*snli_1\.0\.zip must hold snli_1\.0_dev\.jsonl, but does not; delete it and start again/,
    );
  });
});

describe("snli, bad input", () => {
  let root: string;
  const environment = { ...process.env };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "snli-"));
    process.env.ATTENTION_DATA_MIRROR = join(root, "mirror");
    process.env.XDG_CACHE_HOME = join(root, "cache");
    mkdirSync(join(root, "mirror", "snli"), { recursive: true });
  });

  afterEach(() => {
    for (const name of ["ATTENTION_DATA_MIRROR", "XDG_CACHE_HOME"])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    rmSync(root, { recursive: true, force: true });
  });

  const put = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(root, "mirror", "snli", name), content);

  it("is to be downloaded where the mirror lacks a file", () => {
    put("snli_1.0_train.jsonl", "");
    put("snli_1.0_dev.jsonl", "");
    assert.deepEqual(findCorpus("snli").state(), { kind: "to download", bytes: 94_550_081 });
  });

  it("says that test is not whole, and that a file is truncated", async () => {
    const some = `${[pair("neutral"), pair("entailment"), pair("contradiction")].join("\n")}\n`;
    put("snli_1.0_train.jsonl", some);
    put("snli_1.0_dev.jsonl", some.repeat(3281).slice(0, -pair("contradiction").length - 1));
    put("snli_1.0_test.jsonl.gz", gzipSync(some));
    await assert.rejects(loadDataset("snli"), /snli_1\.0_test\.jsonl\.gz must have 9824 pairs .* but has 3/);
    put("snli_1.0_test.jsonl.gz", gzipSync(some.repeat(3000)).subarray(0, -20));
    await assert.rejects(loadDataset("snli"), /^UserError: .*snli_1\.0_test\.jsonl\.gz is truncated/);
  });

  it("asks the official address where the mirror lacks a file, and uses nothing of another one", async (context) => {
    const asked = serve(context, "another file");
    await assert.rejects(loadDataset("snli"), /^UserError: What nlp\.stanford\.edu sent .* is not the expected file/);
    assert.deepEqual(asked, ["https://nlp.stanford.edu/projects/snli/snli_1.0.zip"]);
  });
});
