import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { vectorSources, vectorState } from "../../../src/data/words/vectorSources";
import { loadWordVectors, readJsonVectors, readTextVectors } from "../../../src/data/words/wordVectors";
import { UserError } from "../../../src/errors";
import { createRandom } from "../../../src/stats/random";
import { makeZip } from "../zipFile";

let folder: string;
const before = { cache: process.env.XDG_CACHE_HOME, mirror: process.env.ATTENTION_DATA_MIRROR };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vectors-"));
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  delete process.env.ATTENTION_DATA_MIRROR;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  restore("XDG_CACHE_HOME", before.cache);
  restore("ATTENTION_DATA_MIRROR", before.mirror);
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function rowsOf(path: string, words: string[]): Promise<number[][]> {
  const { values, size } = await loadWordVectors(path, words);
  return words.map((_, row) => [...values.subarray(row * size, (row + 1) * size)]);
}

async function assertFails(work: Promise<unknown>, pattern: RegExp): Promise<void> {
  await assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, pattern);
    return true;
  });
}

const fastText = "3 2\nthe 0.5 -1 \nnaïve 2.25 3e-1 \nqqq 4 5\n";
const gloVe = "the 0.5 -1\nat name@domain.com 1 2\n. . . 3 4\nnaïve 2.25 0.3\nthe 9 9";

describe("a text file of word vectors", () => {
  for (const [name, content] of [
    ["wiki.vec", fastText],
    ["windows.vec", fastText.replaceAll("\n", "\r\n")],
    ["glove.txt", gloVe],
    ["glove.txt.gz", gzipSync(gloVe)],
    ["glove.zip", makeZip({ "glove.txt": gloVe })],
  ] as const)
    it(`is read as ${name}`, async () => {
      const vectors = await loadWordVectors(put(name, content), ["naïve", "absent", "the"]);
      assert.equal(vectors.size, 2);
      assert.deepEqual(vectors.known, { words: 3, found: 2 });
      assert.deepEqual([...vectors.values], [2.25, Math.fround(0.3), 0, 0, 0.5, -1]);
    });

  it("may have words with blanks, and a word twice: the first counts", async () => {
    const path = put("glove.txt", gloVe);
    assert.deepEqual(await rowsOf(path, [". . .", "at name@domain.com", "the"]), [
      [3, 4],
      [1, 2],
      [0.5, -1],
    ]);
  });

  it("gives the same however the bytes are cut", async () => {
    const random = createRandom("pieces");
    const words = Array.from({ length: 40 }, (_, i) => `${"wörd ".repeat(i % 3)}w${i}é`);
    const text = words.map((word, i) => `${word} ${i}.5 ${-i} 1e-${i % 9}`).join("\n");
    const bytes = Buffer.from(`first 1 2 3\n${text}\n`);
    for (let round = 0; round < 50; round += 1) {
      const found = new Map<string, Float32Array | undefined>(words.map((word) => [word, undefined]));
      assert.equal(await readTextVectors({ path: "x", content: pieces(bytes, random.integer) }, found), 3);
      assert.equal(found.size, words.length);
      for (const [i, word] of words.entries())
        assert.deepEqual([...found.get(word)!], [i + 0.5, 0 - i, Math.fround(Number(`1e-${i % 9}`))]);
    }
  });

  it("may have tabs, and must have some of the words", async () => {
    assert.deepEqual(await rowsOf(put("tabs.vec", "the\t0.5 1\r\nof\t1\t2\r\n\r\n"), ["of", "the"]), [
      [1, 2],
      [0.5, 1],
    ]);
    const none = (content: string) => loadWordVectors(put("none.vec", content), ["film", "story"]);
    await assertFails(
      none("FILM 1 2\n"),
      /some of the 2 words of the vocabulary, but .*none\.vec has none; .* WORD for/,
    );
    await assertFails(none("kino 1 2\n"), /none\.vec has none; it may be of another language, so choose another file/);
  });

  for (const [what, content, pattern] of [
    ["fewer numbers", "a 1 2\nb 1 2\nc 1\n", /^Line 3 of .*bad\.vec must have a word and 2 numbers, but has fewer/],
    ["more numbers", "a 1.5 2.5\nb 1.5 2.5 3.5\n", /^Line 2 of .* must have a word and 2 numbers, but has more/],
    [
      "another size than its heading says",
      "2 3\na 1 2\n",
      /^Line 2 of .* must have a word and 3 numbers, but has fewer/,
    ],
    ["NaN", "a 1 2\nb 1 nan\n", /^Line 2 of .* has a field that is no finite number/],
    ["no numbers", "a\n", /^Line 1 of .* has no numbers/],
    ["nothing", "", /must have a word and its vector a line, but is empty/],
  ] as const)
    it(`with ${what} is an error with its line`, () =>
      assertFails(loadWordVectors(put("bad.vec", content), ["a", "b", "c"]), pattern));

  it("that is missing, damaged or not alone in its archive is an error", async () => {
    await assertFails(loadWordVectors(join(folder, "no.vec"), ["a"]), /no\.vec is missing/);
    await assertFails(loadWordVectors(put("a.vec.gz", gzipSync(gloVe).subarray(0, 40)), ["a"]), /is truncated/);
    await assertFails(loadWordVectors(put("b.vec.gz", "plain"), ["a"]), /is not a readable archive/);
    await assertFails(loadWordVectors(put("c.zip", "plain"), ["a"]), /is not a readable archive/);
    await assertFails(
      loadWordVectors(put("d.zip", makeZip({ "a.txt": gloVe, "b.txt": gloVe })), ["a"]),
      /must be an archive of one file/,
    );
  });

  it("must have the size that is asked for", () =>
    assertFails(
      loadWordVectors(put("wiki.vec", fastText), ["the"], { size: 300 }),
      /must have 300 numbers a word, but have 2/,
    ));
});

describe("selected vectors", () => {
  it("are kept for the same file and words only", async () => {
    const path = put("a.vec", "the 1 2\nof 3 4\n");
    const first = await loadWordVectors(path, ["the", "of"]);
    writeFileSync(path, "the 5 6\nof 7 8\n");
    const { atime, mtime } = statSync(path);
    utimesSync(path, atime, new Date(mtime.getTime() + 5000));
    const second = await loadWordVectors(path, ["the", "of"]);
    assert.deepEqual([...first.values, ...second.values], [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual([...(await loadWordVectors(path, ["of", "the"])).values], [7, 8, 5, 6]);
    const kept = join(folder, "cache", "attention-is-not-explanation", "vectors", "selected");
    assert.equal(readdirSync(kept).length, 3);
    assert.deepEqual(await loadWordVectors(path, ["of", "the"]), await loadWordVectors(path, ["of", "the"]));
    for (const name of readdirSync(kept)) writeFileSync(join(kept, name), "cut short");
    assert.deepEqual(
      [...(await loadWordVectors(path, ["of", "the"])).values],
      [7, 8, 5, 6],
      "a damaged one is made anew",
    );
  });

  it("come from the kept file, not from the source", async () => {
    const path = put("a.vec", "the 1 2\n");
    await loadWordVectors(path, ["the"]);
    let reads = 0;
    const again = await loadWordVectors(path, ["the"], { onProgress: () => (reads += 1) });
    assert.deepEqual([...again.values], [1, 2]);
    assert.equal(reads, 0);
  });
});

describe("named sources", () => {
  it("are proposed for a wrong name, and say how to get one that is not installed", async () => {
    await assertFails(loadWordVectors("glove-6b-100", ["a"]), /did you mean "glove-6b-100d"\?.*"fasttext-simple"/);
    await assertFails(
      loadWordVectors("glove-6b-100d", ["a"]),
      /"glove-6b-100d" are not installed; install them with: npm run vectors -- install glove-6b-100d/,
    );
  });

  it("are found in the mirror, plain or packed", async () => {
    process.env.ATTENTION_DATA_MIRROR = join(folder, "mirror");
    mkdirSync(join(folder, "mirror", "vectors"), { recursive: true });
    put("mirror/vectors/wiki.simple.vec.gz", gzipSync(fastText));
    put("mirror/vectors/glove.840B.300d.zip", makeZip({ "glove.840B.300d.txt": gloVe }));
    assert.deepEqual(await rowsOf("fasttext-simple", ["qqq"]), [[4, 5]]);
    assert.deepEqual(await rowsOf("glove-840b-300d", [". . ."]), [[3, 4]]);
    const states = vectorSources.map((source) => [source.name, vectorState(source).kind]);
    assert.deepEqual(states, [
      ["glove-6b-100d", "needs your file"],
      ["fasttext-simple", "ready"],
      ["glove-840b-300d", "ready"],
    ]);
  });
});

describe("the npm package's JSON", () => {
  const words = ["the", '"', "]", "\\", "},", "vectors", "naïve", "5"];
  const vectors = words.map((word, row) => [word, Array.from({ length: 102 }, (_, column) => row + column / 100)]);
  const json = JSON.stringify({
    precision: 8,
    words,
    vectors: Object.fromEntries(vectors as [string, number[]][]),
    unkVector: [0],
  });

  it("is read however the bytes are cut, without wink's own two numbers", async () => {
    const random = createRandom("pieces");
    for (let round = 0; round < 50; round += 1) {
      const wanted = ["]", '"', "naïve", "5", "absent"];
      const vectors = new Map<string, Float32Array | undefined>(wanted.map((word) => [word, undefined]));
      await readJsonVectors({ path: "x", content: pieces(Buffer.from(json), random.integer) }, vectors);
      const found = [...vectors].flatMap(([word, vector]) => (vector ? [[word, vector] as const] : []));
      assert.deepEqual(found.map(([word]) => word).sort(), ['"', "5", "]", "naïve"]);
      for (const [word, numbers] of found) {
        const row = words.indexOf(word);
        assert.deepEqual(
          [...numbers],
          Array.from({ length: 100 }, (_, column) => Math.fround(row + column / 100)),
        );
      }
    }
  });

  for (const [what, text, pattern] of [
    ["cut short", json.slice(0, 600), /is not the file of the npm package/],
    ["another JSON", '{"words":[]}', /is not the file of the npm package/],
    ["of another size", '{"vectors":{"the":[1,2]}}', /is not the file of the npm package/],
    ["without lists", '{"vectors":{"the":"x",",":[1]}}', /is not the file of the npm package/],
  ] as const)
    it(`is an error if it is ${what}`, () =>
      assertFails(
        readJsonVectors({ path: "x", content: [Buffer.from(text)] }, new Map([["the", undefined]])),
        pattern,
      ));
});

function pieces(bytes: Buffer, integer: (below: number) => number): Readable {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + integer(60);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  return Readable.from(chunks);
}
