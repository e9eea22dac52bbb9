import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import { tokenizeFor } from "../../src/data/catalog";
import type { Dataset } from "../../src/data/dataset";
import { splits } from "../../src/data/dataset";
import { openTable } from "../../src/data/files/rows";
import { readTable } from "../../src/data/files/table";
import { ownCorpus } from "../../src/data/ownCorpus";
import type { OwnCorpus } from "../../src/data/ownCorpusOptions";
import { UserError } from "../../src/errors";
import { projectFolder } from "../../src/paths";
import { questionsAlone } from "../../src/study/design";

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

const rows = Array.from({ length: 40 }, (_, i) => ({
  label: i % 4 === 0 ? "pos" : "neg",
  text: `Text ${i}, a "${i % 4 === 0 ? "good" : "bad"}" one\nof two lines`,
  part: ["train", "train", "validation", "test"][Math.floor(i / 4) % 4]!,
}));
const csv = stringify(rows, { header: true });
const jsonl = rows.map((row) => JSON.stringify(row)).join("\n");

async function assertFails(content: string, options: Partial<OwnCorpus>, pattern: RegExp, name = "bad.csv") {
  await assert.rejects(ownCorpus({ path: put(name, content), ...options }), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(String(error), pattern);
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
    const first = await ownCorpus({ path: put("a.csv", csv) });
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
      assert.deepEqual(texts(await ownCorpus({ path: put(name, content) })), texts(first), name);
    assert.deepEqual(first.train[0]!.tokens.slice(0, 4), ["text", "qqq", ",", "a"]);
    assert.equal(first.train[0]!.id, "train-2");
    assert.equal(first.train[1]!.id, "train-4", "a record of two lines begins at its first");
  });

  it("splits by a column, by files, by shares and a seed", async () => {
    const path = put("parts.csv", csv);
    const byColumn = await ownCorpus({ path, splitColumn: "part" });
    assert.deepEqual(
      splits.map((split) => byColumn[split].length),
      [24, 8, 8],
    );
    const byFile = await ownCorpus({
      path,
      devFile: put("dev.csv", csv),
      testFile: put("t.jsonl", jsonl),
    });
    assert.deepEqual(
      splits.map((split) => byFile[split].length),
      [40, 40, 40],
    );
    const draw = (seed: number) => ownCorpus({ path, devShare: 0.25, testShare: 0.25, splitSeed: seed });
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
    const dataset = await ownCorpus({ path, textColumn: "p", questionColumn: "h", labelColumn: "gold" });
    assert.equal(dataset.task, "inference");
    assert.deepEqual(dataset.classNames, ["c", "e", "n"]);
    assert.deepEqual(dataset.train[0]!.question, ["he", "is", "qqq", "."]);
    assert.ok(dataset.vocabulary.includes("he"));
  });

  it("takes the texts away where the question alone is asked for", async () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({ text: `text ${i}`, q: `why ${"abc"[i % 3]}`, label: i % 3 }));
    const path = put("why.jsonl", pairs.map((row) => JSON.stringify(row)).join("\n"));
    const dataset = await ownCorpus({ path, questionColumn: "q", questionOnly: true });
    assert.equal(dataset.corpus, "why-question-only");
    for (const split of splits) assert.ok(dataset[split].every(({ tokens }) => tokens.join() === "…"));
    assert.deepEqual(dataset.train[0]!.question!.slice(0, 1), ["why"]);
    await assertFails(
      csv,
      { questionOnly: true },
      /needs a question, but .* give questionColumn \(--question-column\)/,
    );
    assert.deepEqual(questionsAlone(["sst", "snli", "babi1", { path }, { path, questionColumn: "q" }]), [
      ...["snli-question-only", "babi1-question-only"],
      { path, questionColumn: "q", questionOnly: true },
    ]);
  });

  it("has a tokenizer for sentences of one's own", () => {
    assert.deepEqual(tokenizeFor({ path: "any.csv" }, "It's 5!"), ["it", "'s", "qqq", "!"]);
    assert.deepEqual(tokenizeFor({ path: "any.csv", cleaning: "treebank" }, "It 5"), ["it", "5"]);
  });

  it("numbers classes as given, numbers by size, and takes words by their frequency", async () => {
    const given = await ownCorpus({ path: put("g.csv", csv), classNames: ["pos", "neg"], minFrequency: 20 });
    assert.deepEqual(given.classNames, ["pos", "neg"]);
    assert.ok(given.train.every(({ label, tokens }) => (label === 0) === tokens.includes("good")));
    assert.ok(!given.vocabulary.includes("good") && given.vocabulary.includes("bad"));
    assert.match(given.notes.join(" "), /Words of fewer than 20 training texts/);
    const numbered = csv.replaceAll("pos", "10").replaceAll("neg", "2");
    assert.deepEqual((await ownCorpus({ path: put("h.csv", numbered) })).classNames, ["2", "10"]);
  });

  it("takes a part of the examples, and has a name that no other corpus has", async () => {
    const some = await ownCorpus({ path: put("sst.csv", csv) }, { limit: 5 });
    assert.deepEqual([some.corpus, some.train.length, some.dev.length, some.test.length], ["own-sst", 5, 4, 5]);
    await assertFails(csv, { name: "sst" }, /not that of another corpus, but "sst" came/);
    await assertFails(csv, { name: "../x" }, /letters, digits, points and hyphens/);
  });

  it("says the line of a row that cannot be used, or counts it", async () => {
    const broken = "text,label\na b,x\nc d,y\n,x\n1,\ne\n";
    await assertFails(
      broken,
      {},
      /^UserError: Line 4 of .*bad\.csv must have a text in "text", but has no word there; correct it, .*: skipInvalid \(--skip-invalid\)/,
    );
    const many = `${broken}${"a b,x\nc d,y\n".repeat(5)}`;
    const dataset = await ownCorpus({ path: put("skip.csv", many), skipInvalid: true });
    assert.match(
      dataset.notes.join(" "),
      /without a label \(empty\) are left out: 2\. Rows without a text, or with too many cells, are left out: 1\./,
    );
    await assertFails(
      "text,label,part\na,x,train\nb,y,tset\n",
      { splitColumn: "part" },
      /^UserError: Line 3 of .* must have train, dev or test in "part"/,
    );
  });

  it("proposes the nearest column", async () => {
    await assertFails(csv, { textColumn: "txt" }, /There is no column of .* "txt"; did you mean "text"\?/);
    await assertFails(jsonl, { labelColumn: "lable" }, /did you mean "label"\?/, "bad.jsonl");
  });

  it("refuses what is no table", async () => {
    await assertFails('text,label\n"a,x\n', {}, /the quote that opens a cell in line 2 is not closed/);
    await assertFails("", {}, /must begin with a line of headings, but is empty/);
    await assertFails('{"text":"a"', {}, /^UserError: Line 1 of .* must be one JSON object, but is "\{/, "bad.jsonl");
    await assertFails("[1]", {}, /^UserError: Line 1 of .* is not as it must be: value: expected object/, "bad.jsonl");
    await assertFails(csv, {}, /must end in \.csv, \.tsv, \.jsonl/, "bad.txt");
    await assert.rejects(ownCorpus({ path: join(folder, "absent.csv") }), /absent\.csv is missing/);
  });

  it("needs classes, shares and words", async () => {
    await assertFails("text,label\na,x\nb,x\n", {}, /needs two to 10 classes, but the labels in .* are 1: "x"/);
    await assertFails(csv, { classNames: ["pos", "no"] }, /must be one of pos, no, but "neg" is not/);
    await assertFails(csv, { devShare: 0.5, testShare: 0.5 }, /together below 1, but 0\.5 and 0\.5 came/);
    await assertFails(csv, { minFrequency: 1000 }, /words of at least 1000 training texts, but there are none/);
    await assertFails("text,label\na,x\nb,y\nc,y\n", {}, /needs examples of every class/);
  });

  it("says what it took, and what it left out", async () => {
    const { notes } = await ownCorpus({ path: put("said.csv", csv) });
    assert.deepEqual(notes, [
      'said.csv: 40 rows, comma-separated, UTF-8, text from "text", label from "label" (neg 30, pos 10).',
    ]);
    assert.deepEqual((await ownCorpus({ path: put("said.csv", csv) }, { limit: 100 })).notes, notes);
  });

  it("takes the usual names of columns, or their numbers where there are no headings", async () => {
    const renamed = csv.replace("label,text,part", "Stars,Review,part");
    const dataset = await ownCorpus({ path: put("renamed.csv", renamed) });
    assert.match(dataset.notes[0]!, /text from "Review", label from "Stars"/);
    const bare = csv.slice(csv.indexOf("\n") + 1);
    const numbered = await ownCorpus({ path: put("bare.csv", bare), textColumn: 2, labelColumn: "1" });
    assert.deepEqual(numbered.vocabulary, dataset.vocabulary);
    await assertFails(
      bare,
      {},
      /^UserError: No column .* text, its first line has "pos", "Text 0, .*by their numbers\.$/,
    );
    const wide = `${Array.from({ length: 30 }, (_, i) => `column${i}`).join(",")}\n`;
    await assertFails(wide, {}, /"column9" and 20 more; name the column in textColumn \(--text-column\)/);
    await assertFails("nothing\nhere\n", {}, /it has no comma, semicolon, tab or bar between columns/);
  });

  it("takes labels that mean none for none, and -1 only beside a count", async () => {
    const withLabels = (...labels: string[]) =>
      `text,label\n${labels.flatMap((label) => Array(8).fill(`a film,${label}`)).join("\n")}\n`;
    const classes = async (content: string, options: Partial<OwnCorpus> = {}) =>
      ownCorpus({ path: put("labels.csv", content), ...options });
    const counted = await classes(withLabels("-1", "0", "1", "2", "-", "NaN"));
    assert.deepEqual(counted.classNames, ["0", "1", "2"]);
    assert.match(counted.notes.join(" "), /Rows without a label \("-", "NaN", "-1"\) are left out: 24\./);
    const signed = await classes(withLabels("-1", "0", "1"));
    assert.deepEqual(signed.classNames, ["-1", "0", "1"]);
    assert.match(signed.notes.join(" "), /The label -1 is a class; missingLabels \(--missing-labels\) can say/);
    assert.deepEqual((await classes(withLabels("-1", "0", "1"), { missingLabels: ["-1"] })).classNames, ["0", "1"]);
    assert.deepEqual((await classes(withLabels("NA", "EU"), { missingLabels: [] })).classNames, ["EU", "NA"]);
    const stars = await classes(withLabels("1", "2", "3", "4", "5"), { positiveFrom: 4 });
    assert.deepEqual(stars.classNames, ["negative", "positive"]);
    assert.match(stars.notes[0]!, /\(negative 24, positive 16\)/);
    await assertFails(withLabels("4", "good"), { positiveFrom: 4 }, /^UserError: Line 10 of .* number as label/);
    await assertFails(withLabels(..."abcdefghijk"), {}, /needs two to 10 classes, but .* are 11: .* and more/);
    const unequal = await classes(`${withLabels("a")}${"b film,b\n".repeat(80)}`);
    assert.match(unequal.notes.join(" "), /very unequal: "b" has 10 times as many rows as "a"/);
  });

  it("cuts no text silently", async () => {
    const cut = `${csv}neg,"Stale bread", but the soup was cold,train\n`;
    const fault =
      /^UserError: Line 82 of .* has 4 cells, but the first line has 3: a cell with a comma in it must stand in/;
    await assertFails(cut, {}, fault);
    const { notes } = await ownCorpus({ path: put("cut.csv", cut), skipInvalid: true });
    assert.match(notes.join(" "), /with too many cells, are left out: 1\./);
    await ownCorpus({ path: put("surplus.csv", csv.replaceAll("train\n", "train,, \n")) });
  });

  it("is named by its file, in letters of every script", async () => {
    for (const [file, name] of [
      ["отзывы.csv", "отзывы"],
      ["shop.v1.csv", "shop.v1"],
      ["shop.v2.csv.GZ", "shop.v2"],
      ["my files (1).csv", "my-files-1-"],
    ] as const) {
      const path = put(file, file.endsWith("GZ") ? gzipSync(csv) : csv);
      assert.equal(
        (await ownCorpus({ path: file.endsWith("GZ") ? put("shop.v2.csv.gz", gzipSync(csv)) : path })).corpus,
        name,
      );
    }
    await assertFails(csv, {}, /The name of the corpus in .*\(1\)\.csv .* choose another name \(--name\)/, "(1).csv");
  });

  it("stops when its signal is aborted", async () => {
    const signal = AbortSignal.abort(new Error("mine"));
    await assert.rejects(ownCorpus({ path: put("stop.csv", csv) }, { signal }), /^Error: mine$/);
  });
});

describe("the options of an own corpus", () => {
  it("are checked", async () => {
    await assertFails(
      csv,
      { txtColumn: "text" } as object,
      /There is no option "txtColumn"; did you mean "textColumn"/,
    );
    await assertFails(csv, { minFrequency: 0 }, /The option "minFrequency" must be of how many .*, but 0 came/);
    await assertFails(csv, { devFile: "x.csv" }, /devFile .* and testFile .* must both be given/);
    await assertFails(csv, { encoding: "klingon" }, /There is no encoding "klingon"; give one such as utf-8/);
    await assertFails(
      csv,
      { maxRows: 10 },
      /must not have more than 10 rows, but has; maxRows \(--max-rows\) allows more/,
    );
    await assertFails(
      csv,
      { maxBytes: 10 },
      /must not have more than 10 bytes, but has .*; maxBytes \(--max-bytes\) allows/,
    );
  });
});

describe("tables as the world writes them", () => {
  const tables = join(projectFolder, "test", "fixtures", "tables");
  const expected: Record<string, [string, string][]> = JSON.parse(readFileSync(join(tables, "expected.json"), "utf8"));
  const requests = [
    { what: "label", usual: ["sentiment"], option: "label" },
    { what: "text", usual: ["text"], option: "text" },
  ];
  for (const [file, rows] of Object.entries(expected))
    it(`are read as pandas does: ${file}`, async () => {
      const numbers = file.startsWith("no-") ? [{ column: 1 }, { column: 2 }] : [{}, {}];
      const table = await openTable(
        join(tables, file),
        requests.map((request, i) => ({ ...request, ...numbers[i] })),
        /\.(txt|tab)$/.test(file) ? { format: "tsv" } : {},
      );
      const found: unknown[] = [];
      for await (const { values, fault } of table.rows) found.push(fault ?? values);
      assert.deepEqual(found, rows);
    });

  // Stand-ins for the public files of compare_public_files.py, where each has its quirk.
  const numbered = { textColumn: 2, labelColumn: 1 };
  for (const [file, options, note] of [
    ["no-headings-signs.csv", { ...numbered, skipInvalid: true }, /^24 rows, comma.*, label from "1" \(-1 9, 1 15\)/],
    ["no-headings-scores.txt", { ...numbered, format: "tsv", positiveFrom: 0 }, /\(negative 7, positive 8\)/],
    ["no-headings-tabs.csv", { ...numbered, skipInvalid: true }, /^24 rows, tab.*\(neg 9, pos 15\)/],
    ["described.tab", { format: "tsv", missingLabels: ["discrete", "class"], skipInvalid: true }, /\(neg 9, pos 15\)/],
  ] as const)
    it(`are a corpus: ${file}`, async () => {
      const path = join(tables, file);
      const dataset = await ownCorpus({ path, devShare: 0.2, ...options } as OwnCorpus);
      assert.match(dataset.notes[0]!.replace(/^\S+ /, ""), note);
    });

  it("numbers of columns are numbers where the first row has one of them as a cell, and names where it has all", async () => {
    const numbers = { textColumn: 2, labelColumn: 1 };
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},word ${i}`);
    for (const [name, first] of [
      ["one.csv", []],
      ["named.csv", ["1,2"]],
    ] as const) {
      const dataset = await ownCorpus({ path: put(name, [...first, ...[...rows].reverse()].join("\n")), ...numbers });
      assert.match(dataset.notes[0]!, /40 rows.*\(0 20, 1 20\)/, name);
    }
    await assertFails(
      `label,text\n${rows.join("\n")}`,
      { textColumn: 2, labelColumn: "label" },
      /There is no column .* "2"/,
    );
    await assertFails('{"a":"x","b":"y"}', { ...numbers }, /There is no column .* "2"/, "bad.jsonl");
  });

  it("between tabs a cell that only begins with a quote is text", async () => {
    const content =
      'label\ttext\nneg\t"He said\npos\t"Good" he said\nneg\t"And ""so""\n on"\npos\tit is 5"\nneg\t"last';
    const source = { path: "x.tsv", content: [Buffer.from(content)] };
    const records = [];
    for await (const { line, cells } of readTable(source, "\t")) records.push([line, ...cells]);
    assert.deepEqual(records.slice(1), [
      [2, "neg", '"He said'],
      [3, "pos", '"Good" he said'],
      [4, "neg", 'And "so"\n on'],
      [6, "pos", 'it is 5"'],
      [7, "neg", '"last'],
    ]);
    await assertFails(
      'label\ttext\tx\nneg\t"open\nand more',
      {},
      /the quote that opens a cell in line 2 is not closed/,
      "a.tsv",
    );
  });
});
