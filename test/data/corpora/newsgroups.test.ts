import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findCorpus, loadDataset } from "../../../src/data/catalog";
import { bodyOf, splitAtNonWords } from "../../../src/data/corpora/newsgroups";
import { projectFolder } from "../../../src/paths";
import { makeTarGz, type TarEntry } from "../archiveFiles";

describe("bodyOf", () => {
  it("leaves of 313 made posts what scikit-learn leaves", () => {
    const path = join(projectFolder, "test", "fixtures", "newsgroup_bodies.json");
    const goldens = JSON.parse(readFileSync(path, "utf8")) as [string, string][];
    assert.equal(goldens.length, 313);
    for (const [post, body] of goldens) assert.equal(bodyOf(post), body, JSON.stringify(post));
  });
});

describe("splitAtNonWords", () => {
  // The right sides are what Python gives: re.sub(r"(\\W)+", r" \\1 ", text).split()
  const goldens: [text: string, words: string][] = [
    ["it 's ( really ) good .", "it ' s really good ."],
    ["e - mail me : a.b@c.org !", "e mail me a . b @ c . org !"],
    ["... !", "!"],
    ["--- 3 - 2 in o.t. -- wow", "3 2 in o . t wow"],
    ["naïve café's 'x'", "naïve café ' s ' x '"],
    ["( )", ")"],
  ];
  for (const [text, words] of goldens)
    it(JSON.stringify(text), () => assert.deepEqual(splitAtNonWords(text.split(" ")), words.split(" ")));
});

/** A post whose body has `length` words and, before the footer, the word of its group. */
function post(group: string, length: number): string {
  return `From: a@b.c\nSubject: hidden\n\n> quoted\n${"word ".repeat(length - 1)}${group}\n\nMe, footer\n`;
}

/** Posts in the official archive's layout; of each group every tenth one is too short and every twentieth too long. */
function posts(group: string, train: number, test: number): TarEntry[] {
  return Array.from({ length: train + test }, (_, index) => ({
    name: `20news-bydate-${index < train ? "train" : "test"}/rec.sport.${group}/${100_000 + index}`,
    content: Buffer.from(post(group, index % 20 === 1 ? 500 : index % 10 === 0 ? 6 : 7 + (index % 493)), "latin1"),
  }));
}

describe("the corpus 20news, from a made archive in the official layout", () => {
  const mirror = process.env.ATTENTION_DATA_MIRROR;
  const folder = mkdtempSync(join(tmpdir(), "20news-"));
  const official = [...posts("baseball", 597, 397), ...posts("hockey", 600, 399)];
  const others: TarEntry[] = [
    { name: "20news-bydate-train/", type: "directory" },
    { name: "20news-bydate-train/sci.space/60001", content: "not read" },
  ];
  const put = async (entries: TarEntry[]) =>
    writeFileSync(join(folder, "20news", "20news-bydate.tar.gz"), await makeTarGz(entries));

  before(() => {
    mkdirSync(join(folder, "20news"));
    process.env.ATTENTION_DATA_MIRROR = folder;
  });
  after(() => {
    if (mirror === undefined) delete process.env.ATTENTION_DATA_MIRROR;
    else process.env.ATTENTION_DATA_MIRROR = mirror;
    rmSync(folder, { recursive: true });
  });

  it("reads both groups, without what is too short or too long, into three splits", async () => {
    await put([...others, ...official]);
    assert.deepEqual(findCorpus("20news").state(), {
      kind: "ready",
      where: join(folder, "20news", "20news-bydate.tar.gz"),
    });
    const dataset = await loadDataset("20news");
    const { train, dev, test, vocabulary, notes } = dataset;
    const all = [...train, ...dev, ...test];
    for (const { id, tokens, label } of all) {
      assert.equal(tokens.at(-1), label === 0 ? "baseball" : "hockey");
      assert.ok(tokens.length > 6 && tokens.length < 500);
      assert.match(id, /^rec\.sport\.(baseball|hockey)-10\d{4}$/);
    }
    assert.equal(new Set(all.map(({ id }) => id)).size, 1993 - 100 - 100 - 50 - 50);
    assert.deepEqual(new Set(vocabulary), new Set(["word", "baseball", "hockey"]));
    assert.match(notes.join(" "), /kept are \d+ of 1275 in train, \d+ of 319 in dev, \d+ of 399 in test/);
    assert.deepEqual(await loadDataset("20news"), dataset);
  });

  it("does not depend on the order in the archive", async () => {
    await put(official);
    const expected = await loadDataset("20news");
    await put([...official].reverse());
    assert.deepEqual(await loadDataset("20news"), expected);
  });

  it("says that posts are missing", async () => {
    await put(official.slice(1));
    await assert.rejects(
      loadDataset("20news"),
      /20news-bydate\.tar\.gz must have 994 texts in rec\.sport\.baseball, as the official file, but has 993/,
    );
  });
});
