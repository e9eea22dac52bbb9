import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, before, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { findCorpus, loadDataset } from "../../../src/data/catalog";
import { prepareTrees, readTrees, type Tree } from "../../../src/data/corpora/sst";
import type { Dataset } from "../../../src/data/dataset";
import { splits } from "../../../src/data/dataset";
import { checkContent, partsIn } from "../../../src/data/files/source";
import { cleanTreebank } from "../../../src/data/prepare";
import { UserError } from "../../../src/errors";
import { mirrorFolder, projectFolder } from "../../../src/paths";
import { serve } from "../serve";
import { makeZip } from "../zipFile";

const mirror = mirrorFolder();
const trees = mirror && join(mirror, "sst", "trees");
const skip =
  trees === undefined
    ? "ATTENTION_DATA_MIRROR is not set"
    : !existsSync(trees) && `ATTENTION_DATA_MIRROR has no sst/trees (${trees})`;

describe("the corpus sst, from the mirror", { skip }, () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await loadDataset("sst");
  });

  it("has the published counts", () => {
    const { published } = findCorpus("sst");
    const count = (split: "train" | "test") =>
      [0, 1].map((label) => dataset[split].filter((example) => example.label === label).length);
    assert.deepEqual(published, { train: [3034, 3321], test: [863, 862], vocabulary: 13_826 });
    assert.deepEqual(count("train"), published.train);
    assert.deepEqual(count("test"), published.test);
    assert.equal(dataset.vocabulary.length + 4, published.vocabulary);
  });

  it("has 821 sentences in dev, which nobody has published", () => assert.equal(dataset.dev.length, 821));

  it("has lengths from 6 to one less than the longest of the split", () => {
    const lengths = splits.map((split) => dataset[split].map(({ tokens }) => tokens.length));
    assert.deepEqual(
      lengths.map((all) => [Math.min(...all), Math.max(...all)]),
      [
        [6, 47],
        [6, 43],
        [6, 46],
      ],
    );
  });

  it("has the tokens that spaCy makes, sentence by sentence", async () => {
    const golden = JSON.parse(readFileSync(join(projectFolder, "test", "fixtures", "spacy_tokens.json"), "utf8"));
    for (const split of splits) {
      const plain = join(trees!, `${split}.txt`);
      const read = await readTrees({ path: existsSync(plain) ? plain : `${plain}.gz` });
      const lines = read.map(({ words }) => cleanTreebank(words).join(" "));
      assert.equal(createHash("sha256").update(lines.join("\n")).digest("hex"), golden.treebankSha256[split]);
    }
  });
});

describe("prepareTrees", () => {
  const tree = (label: number, words: number, line: number): Tree => ({
    label,
    words: Array.from({ length: words }, (_, i) => `w${i}`),
    line,
  });
  const some = [
    tree(0, 6, 1),
    tree(1, 7, 2),
    tree(2, 7, 3),
    tree(3, 5, 4),
    tree(4, 6, 5),
    tree(3, 8, 7),
    tree(0, 8, 8),
  ];

  it("drops neutral, short and longest sentences and makes two classes", () => {
    const { train } = prepareTrees({ train: some, dev: some, test: some });
    assert.deepEqual(
      train.map(({ id, label, tokens }) => [id, label, tokens.length]),
      [
        ["train-1", 0, 6],
        ["train-2", 0, 7],
        ["train-5", 1, 6],
      ],
    );
  });

  it("takes the vocabulary from all training sentences of the two classes", () => {
    const neutral = { label: 2, words: ["neutral"], line: 9 };
    const short = { label: 4, words: ["short"], line: 10 };
    const { vocabulary } = prepareTrees({ train: [...some, neutral, short], dev: [neutral], test: some });
    assert.ok(vocabulary.includes("short"));
    assert.ok(!vocabulary.includes("neutral"));
  });

  it("says how many it keeps", () => {
    const { notes } = prepareTrees({ train: some, dev: some, test: some });
    assert.match(notes.join(" "), /kept are 3 of 6 in train, 3 of 6 in dev, 3 of 6 in test/);
  });
});

describe("sst, bad input", () => {
  let folder: string;
  const environment = { ...process.env };
  const good = "(3 (2 A) (3 (3 good) (2 film)))\n(1 (1 Bad) (2 .))\n";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sst-"));
    mkdirSync(join(folder, "mirror", "sst", "trees"), { recursive: true });
    process.env.ATTENTION_DATA_MIRROR = join(folder, "mirror");
    process.env.XDG_CACHE_HOME = join(folder, "cache");
    for (const split of splits) put(`${split}.txt`, good);
  });

  afterEach(() => {
    for (const name of ["ATTENTION_DATA_MIRROR", "XDG_CACHE_HOME"])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    rmSync(folder, { recursive: true, force: true });
  });

  function put(name: string, content: string | Uint8Array): void {
    writeFileSync(join(folder, "mirror", "sst", "trees", name), content);
  }

  async function assertFails(work: Promise<unknown>, ...patterns: RegExp[]): Promise<void> {
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof UserError, String(error));
      for (const pattern of patterns) assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }

  it("names a file of another content with both sums", () =>
    assertFails(loadDataset("sst"), /train\.txt is not the file of the official distribution/, /SHA-256 e2f3f41b/));

  it("names a missing, an empty, a truncated and a wrongly encoded file", async () => {
    put("train.txt", "");
    await assertFails(loadDataset("sst"), /train\.txt is not the file of the official distribution/);
    put("train.txt", Buffer.from(`${good}(3 (2 Caf\xe9) (3 film))\n`, "latin1"));
    await assertFails(loadDataset("sst"), /train\.txt must be UTF-8 text, but its line 3 is not/);
    rmSync(join(folder, "mirror", "sst", "trees", "train.txt"));
    assert.deepEqual(findCorpus("sst").state(), { kind: "to download", bytes: 789_539 });
    put("train.txt.gz", gzipSync(good).subarray(0, 30));
    await assertFails(loadDataset("sst"), /train\.txt\.gz is truncated/);
  });

  it("takes a file with the line ends of Windows, or a blank last line, for the same", async () => {
    const sum = createHash("sha256").update(good).digest("hex");
    for (const text of [good, good.replaceAll("\n", "\r\n"), `\ufeff${good}\r\n`]) {
      put("train.txt", text);
      await checkContent(join(folder, "mirror", "sst", "trees", "train.txt"), sum);
    }
  });

  it("asks the official address where the mirror has no treebank, and uses nothing of another file", async (context) => {
    rmSync(join(folder, "mirror", "sst"), { recursive: true });
    const asked = serve(context, makeZip({ "trees/train.txt": good }));
    await assertFails(loadDataset("sst"), /What nlp\.stanford\.edu sent .* is not the expected file/, /5c613a4f/);
    assert.deepEqual(asked, ["https://nlp.stanford.edu/sentiment/trainDevTestTrees_PTB.zip"]);
    assert.deepEqual(readdirSync(join(folder, "cache", "attention-is-not-explanation", "corpora", "sst")), []);
  });

  it("says that there is no network", async (context) => {
    delete process.env.ATTENTION_DATA_MIRROR;
    serve(context, Object.assign(new Error("no name"), { code: "ENOTFOUND" }));
    await assertFails(
      loadDataset("sst"),
      /nlp\.stanford\.edu cannot be reached .*\(ENOTFOUND\); connect to the network/,
    );
  });

  it("says that the cache folder cannot be written", async () => {
    delete process.env.ATTENTION_DATA_MIRROR;
    process.env.XDG_CACHE_HOME = join(folder, "a file");
    writeFileSync(join(folder, "a file"), "");
    await assertFails(
      loadDataset("sst"),
      /a file\/.* cannot be used \(ENOTDIR: not a directory\); make it usable, or name another place/,
    );
  });

  describe("the official archive", () => {
    const readArchive = async (path: string) => {
      const names = { train: ["train.txt"], dev: ["dev.txt"], test: ["test.txt"] };
      const found: Tree[][] = [];
      for await (const part of partsIn(path, names)) found.push(await readTrees(part));
      return found;
    };
    const whole = { "trees/train.txt": good, "trees/dev.txt": good, "trees/test.txt": good, "trees/README": "x" };

    function zip(bytes: Buffer): string {
      const path = join(folder, "trees.zip");
      writeFileSync(path, bytes);
      return path;
    }

    it("reads the three files", async () => {
      const labels = (await readArchive(zip(makeZip(whole)))).map((trees) => trees.map(({ label }) => label));
      assert.deepEqual(labels, [
        [3, 1],
        [3, 1],
        [3, 1],
      ]);
    });

    it("names a file that is not there", async () => {
      const { "trees/dev.txt": _, ...rest } = whole;
      await assertFails(readArchive(zip(makeZip(rest))), /trees\.zip must hold dev\.txt, but does not/);
    });

    it("refuses names that lead out of the archive", () =>
      assertFails(readArchive(zip(makeZip({ ...whole, "../evil.txt": "x" }))), /not a readable archive/));

    it("refuses what is no zip file, or a part of one", async () => {
      await assertFails(readArchive(zip(Buffer.from("<html>log in</html>"))), /not a readable archive/);
      await assertFails(readArchive(zip(makeZip(whole).subarray(0, -30))), /not a readable archive/);
    });

    it("refuses a file that is too large", () =>
      assertFails(
        readArchive(zip(makeZip({ ...whole, "trees/train.txt": " ".repeat(17 << 20) }))),
        /must not be longer than 16777216 bytes/,
      ));
  });
});
