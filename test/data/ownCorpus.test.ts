import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import { splits } from "../../src/data/corpus";
import type { Dataset } from "../../src/data/dataset";
import { type OwnCorpusOptions, ownCorpus } from "../../src/data/ownCorpus";
import { UserError } from "../../src/errors";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "own-"));
});

after(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const columns = { text: "text", label: "label" };
const rows = Array.from({ length: 40 }, (_, i) => ({
  label: i % 4 === 0 ? "pos" : "neg",
  text: `Text ${i}, a "${i % 4 === 0 ? "good" : "bad"}" one\nof two lines`,
  part: ["train", "train", "validation", "test"][Math.floor(i / 4) % 4]!,
}));
const csv = stringify(rows, { header: true });
const jsonl = rows.map((row) => JSON.stringify(row)).join("\n");

async function assertFails(content: string, options: Partial<OwnCorpusOptions>, pattern: RegExp, name = "bad.csv") {
  await assert.rejects(ownCorpus(put(name, content), { columns, ...options }), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, pattern);
    return true;
  });
}

function counts(dataset: Dataset): number[][] {
  return splits.map((split) => [0, 1].map((label) => dataset[split].filter((one) => one.label === label).length));
}

describe("ownCorpus", () => {
  it("reads CSV, TSV and JSONL, packed or not, to the same texts", async () => {
    const tsv = [
      "label\ttext\tpart",
      ...rows.map(({ label, text, part }) => [label, text.replaceAll("\n", " "), part].join("\t")),
    ];
    const first = await ownCorpus(put("a.csv", csv), { columns });
    assert.equal(first.corpus, "a");
    assert.equal(first.task, "classification");
    assert.deepEqual(first.classNames, ["neg", "pos"]);
    assert.deepEqual(counts(first), [
      [21, 7],
      [3, 1],
      [6, 2],
    ]);
    const texts = ({ train, dev, test, vocabulary }: Dataset) => ({
      vocabulary,
      splits: [train, dev, test].map((part) => part.map(({ tokens, label }) => [tokens, label])),
    });
    for (const [name, content] of [
      ["b.csv.gz", gzipSync(csv)],
      ["c.csv", `\ufeff${csv.replaceAll("\n", "\r\n")}`],
      ["d.tsv", tsv.join("\n")],
      ["e.jsonl", jsonl],
      ["f.jsonl.gz", gzipSync(`${jsonl}\n\n`)],
    ] as const)
      assert.deepEqual(texts(await ownCorpus(put(name, content), { columns })), texts(first), name);
    assert.deepEqual(first.train[0]!.tokens.slice(0, 4), ["text", "qqq", ",", "a"]);
    assert.equal(first.train[0]!.id, "train-2");
    assert.equal(first.train[1]!.id, "train-4", "a record of two lines begins at its first");
  });

  it("splits by a column, by files, by shares and a seed", async () => {
    const path = put("parts.csv", csv);
    const byColumn = await ownCorpus(path, { columns, split: { column: "part" } });
    assert.deepEqual(
      splits.map((split) => byColumn[split].length),
      [24, 8, 8],
    );
    const byFile = await ownCorpus(path, {
      columns,
      split: { devFile: put("dev.csv", csv), testFile: put("t.jsonl", jsonl) },
    });
    assert.deepEqual(
      splits.map((split) => byFile[split].length),
      [40, 40, 40],
    );
    const draw = (seed: number) => ownCorpus(path, { columns, split: { dev: 0.25, test: 0.25, seed } });
    const [a, b, c] = [await draw(1), await draw(1), await draw(2)];
    assert.deepEqual(a, b);
    assert.notDeepEqual(
      a.test.map(({ id }) => id.slice(5)),
      c.test.map(({ id }) => id.slice(5)),
    );
    const lines = splits.flatMap((split) => a[split].map(({ id }) => id.replace(/^\w+-/, "")));
    assert.equal(new Set(lines).size, 40, "every row is in one split");
  });

  it("takes a question for inference with any number of classes", async () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({
      p: "A man sleeps.",
      h: `He is ${i}.`,
      gold: ["e", "n", "c"][i % 3],
    }));
    const path = put("pairs.jsonl", pairs.map((row) => JSON.stringify(row)).join("\n"));
    const dataset = await ownCorpus(path, { columns: { text: "p", question: "h", label: "gold" } });
    assert.equal(dataset.task, "inference");
    assert.deepEqual(dataset.classNames, ["c", "e", "n"]);
    assert.deepEqual(dataset.train[0]!.question, ["he", "is", "qqq", "."]);
    assert.ok(dataset.vocabulary.includes("he"));
  });

  it("numbers classes as given, numbers by size, and takes words by their frequency", async () => {
    const given = await ownCorpus(put("g.csv", csv), { columns, classNames: ["pos", "neg"], minFrequency: 20 });
    assert.deepEqual(given.classNames, ["pos", "neg"]);
    assert.ok(given.train.every(({ label, tokens }) => (label === 0) === tokens.includes("good")));
    assert.ok(!given.vocabulary.includes("good") && given.vocabulary.includes("bad"));
    assert.match(given.notes.join(" "), /Words of fewer than 20 training texts/);
    const numbered = csv.replaceAll("pos", "10").replaceAll("neg", "2");
    assert.deepEqual((await ownCorpus(put("h.csv", numbered), { columns })).classNames, ["2", "10"]);
  });

  it("takes a part of the examples, and has a name that no other corpus has", async () => {
    const some = await ownCorpus(put("sst.csv", csv), { columns, limit: 5 });
    assert.deepEqual([some.corpus, some.train.length, some.dev.length, some.test.length], ["own-sst", 5, 4, 5]);
    await assertFails(csv, { name: "sst" }, /not that of another corpus, but "sst" came/);
    await assertFails(csv, { name: "../x" }, /letters, digits, points and hyphens/);
  });

  it("says the line of a row that cannot be used, or counts it", async () => {
    const broken = "text,label\na b,x\nc d,y\n,x\n1,\ne\n";
    await assertFails(
      broken,
      {},
      /^Line 4 of .*bad\.csv must have a text in "text", but has no word there; correct it/,
    );
    await assertFails(
      broken.replace(",x\n1", "w,x\n1"),
      {},
      /^Line 5 of .* must have a label in "label", but has none/,
    );
    const many = `${broken}${"a b,x\nc d,y\n".repeat(5)}`;
    const dataset = await ownCorpus(put("skip.csv", many), { columns, skipInvalid: true });
    assert.match(dataset.notes.join(" "), /3 rows without a text or a label are left out/);
    await assertFails(
      "text,label,part\na,x,train\nb,y,tset\n",
      { split: { column: "part" } },
      /^Line 3 of .* must have train, dev or test in "part"/,
    );
  });

  it("proposes the nearest column", async () => {
    await assertFails(
      csv,
      { columns: { text: "txt", label: "label" } },
      /There is no column of .* "txt"; did you mean "text"\?/,
    );
    await assertFails(jsonl, { columns: { text: "text", label: "lable" } }, /did you mean "label"\?/, "bad.jsonl");
  });

  it("refuses what is no table", async () => {
    await assertFails('text,label\n"a,x\n', {}, /the quote that opens a cell in line 2 is not closed/);
    await assertFails("", {}, /must begin with a line of headings, but is empty/);
    await assertFails('{"text":"a"', {}, /^Line 1 of .* must be one JSON object, but is no JSON/, "bad.jsonl");
    await assertFails("[1]", {}, /^Line 1 of .* must be one JSON object, but is another value/, "bad.jsonl");
    await assertFails(csv, {}, /must end in \.csv, \.tsv, \.jsonl/, "bad.txt");
    await assert.rejects(
      ownCorpus(put("latin.csv", Buffer.from("text,label\ncaf\xe9,x\n", "latin1")), { columns }),
      /UTF-8/,
    );
    await assert.rejects(ownCorpus(join(folder, "absent.csv"), { columns }), /absent\.csv is missing/);
  });

  it("needs classes, shares and words", async () => {
    await assertFails("text,label\na,x\nb,x\n", {}, /needs exactly two classes, but the labels in .* are 1: "x"/);
    await assertFails(
      jsonl.replaceAll("neg", "other").replace("other", "third"),
      {},
      /labels in .* are 3/,
      "bad.jsonl",
    );
    await assertFails(csv, { classNames: ["pos", "no"] }, /must be one of pos, no, but "neg" is not/);
    await assertFails(csv, { split: { dev: 0.5, test: 0.5 } }, /above 0 and together below 1, but 0\.5 and 0\.5 came/);
    await assertFails(csv, { minFrequency: 1000 }, /words of at least 1000 training texts, but there are none/);
    await assertFails("text,label\na,x\nb,y\nc,y\n", {}, /needs examples of every class/);
  });
});
