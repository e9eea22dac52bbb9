import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { agnews, prepareNews, readDescriptions } from "../../../src/data/corpora/agnews";
import type { Example } from "../../../src/data/dataset";
import { type PreparedTexts, splits } from "../../../src/data/dataset";
import { inMirror } from "../../../src/data/files/source";

const part = inMirror("agnews", "train_partial.csv");
const testFile = inMirror("agnews", "test.csv");
const byLabel = (examples: readonly Example[]) =>
  [0, 1].map((label) => examples.filter((example) => example.label === label).length);

describe("the corpus agnews, from the mirror", {
  skip: (part === undefined || testFile === undefined) && "no agnews/train_partial.csv and agnews/test.csv",
}, () => {
  let texts: PreparedTexts;

  before(async () => {
    texts = prepareNews({
      train: await readDescriptions({ path: part!, part: "train" }),
      test: await readDescriptions({ path: testFile!, part: "test" }),
    });
  });

  it("has the published test counts: 1,900 of each class, without the shortest and the longest", async () => {
    assert.deepEqual(byLabel(await readDescriptions({ path: testFile!, part: "test" })), [1900, 1900]);
    assert.deepEqual(byLabel(texts.test), agnews.published!.test);
  });

  it("has less of train than published and says so: 37 % of the official rows, 15 % of them in dev", () => {
    assert.match(texts.notes[0]!, /^37 % of train: 22,020 of the 60,000 official rows/);
    assert.deepEqual(
      splits.map((split) => texts[split].length),
      [18_715, 3300, 3798],
    );
  });

  it("has a smaller vocabulary than published, as train is a part", () => {
    assert.equal(texts.vocabulary.length + 4, 8098);
    assert.equal(agnews.published!.vocabulary, 13_715);
  });

  it("has the published average length, 35.7 words, to within 1 %", () => {
    const all = splits.flatMap((split) => texts[split]);
    const mean = all.reduce((sum, { tokens }) => sum + tokens.length, 0) / all.length;
    assert.ok(Math.abs(mean / 35.7 - 1) < 0.01, String(mean));
  });
});

describe("readDescriptions", () => {
  const folder = mkdtempSync(join(tmpdir(), "agnews-"));
  after(() => rmSync(folder, { recursive: true }));

  function read(text: string) {
    const path = join(folder, "test.csv");
    writeFileSync(path, text);
    return readDescriptions({ path, part: "test" });
  }

  it("keeps classes 1 and 3, and of them the description", async () => {
    const examples = await read(
      '"1","Title, one","Talks ""fail"" in 2004, again"\n"2","Sports","x"\n"4","Sci","x"\n"3","Oil","Prices rise"\n',
    );
    assert.deepEqual(examples, [
      { id: "test-1", tokens: ["talks", '"', "fail", '"', "in", "qqq", ",", "again"], label: 0 },
      { id: "test-4", tokens: ["prices", "rise"], label: 1 },
    ]);
  });

  for (const [fault, row] of [
    ["another class", '"5","a","b"'],
    ["headings", '"Class Index","Title","Description"'],
    ["a column less", '"1","a"'],
    ["a column more", '"1","a","b","c"'],
  ])
    it(`names the file and the line of a row with ${fault}`, () =>
      assert.rejects(read(`"1","a","b"\n${row}\n`), /Line 2 of .*test\.csv must be a class from 1 to 4/));
});

describe("prepareNews", () => {
  const rows = (split: string, count: number) =>
    Array.from({ length: count }, (_, index): Example => {
      return { id: `${split}-${index}`, tokens: Array<string>(2 + (index % 5)).fill("word"), label: index % 2 };
    });

  it("says nothing of parts where train and test are whole", () => {
    const { notes } = prepareNews({ train: rows("train", 60_000), test: rows("test", 3800) });
    assert.doesNotMatch(notes.join("\n"), / % of (train|test):/);
  });

  it("says how much of test is there", () => {
    const { notes } = prepareNews({ train: rows("train", 60_000), test: rows("test", 380) });
    assert.match(notes[0]!, /^10 % of test: 380 of the 3,800 official rows/);
  });
});
