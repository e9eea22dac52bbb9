import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { findCorpus, loadDataset } from "../../../src/data/catalog";
import { prepareNews, readNews } from "../../../src/data/corpora/cnn";
import type { Split } from "../../../src/data/dataset";
import { splits } from "../../../src/data/dataset";
import { readParts } from "../../../src/data/files/source";
import { UserError } from "../../../src/errors";
import { makeTarGz, type TarEntry } from "../archiveFiles";
import { serve } from "../serve";

/** As in the files of Chen et al.: question, answer and article in a line each, then an empty line. */
const block = (question: string, answer: string, article: string) => `${question}\n${answer}\n${article}\n\n`;

const train =
  block("@placeholder Wins the cup", "@entity2", "@entity10 lost . @entity2 won the cup in @entity0 .") +
  block("the minister of @placeholder resigned", "@entity0", "( @entity0 ) -- the minister resigned , said @entity2");
const dev = block("@placeholder speaks", "@entity10", "@entity10 speaks to @entity77 and @entity2");

async function* source(part: Split, text: string) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  yield { part, path: `cnn.tar.gz/cnn/${part}.txt`, content: bytes() };
}

async function* sources(texts: Partial<Record<Split, string>>) {
  for (const split of splits) yield* source(split, texts[split] ?? dev);
}

const prepare = async (files: ReturnType<typeof sources>) => prepareNews(await readParts(files, readNews));

describe("prepareNews", () => {
  it("reads question, answer and article, in lower case", async () => {
    const { train: examples, classNames } = await prepare(sources({ train }));
    assert.deepEqual(classNames, ["@entity0", "@entity2", "@entity10"]);
    assert.deepEqual(examples[0], {
      id: "train-1",
      tokens: "@entity10 lost . @entity2 won the cup in @entity0 .".split(" "),
      question: ["@placeholder", "wins", "the", "cup"],
      candidates: [0, 1, 2],
      label: 1,
    });
    assert.deepEqual([examples[1]!.id, examples[1]!.candidates, examples[1]!.label], ["train-5", [0, 1], 0]);
  });

  it("takes as possible answers the entities of the article that train has", async () => {
    const { dev: examples } = await prepare(sources({ train }));
    assert.deepEqual([examples[0]!.candidates, examples[0]!.label], [[1, 2], 2]);
  });

  it("leaves out questions whose answer train does not have, and says so", async () => {
    const lost = block("@placeholder speaks", "@entity77", "@entity77 speaks to @entity2");
    const texts = await prepare(sources({ train, test: lost + dev }));
    assert.deepEqual(
      texts.test.map(({ id }) => id),
      ["test-5"],
    );
    assert.match(texts.notes.join(" "), /answer no article of train has are left out: 1\./);
    assert.doesNotMatch((await prepare(sources({ train }))).notes.join(" "), /left out/);
  });

  it("knows words in at least eight training examples, of questions too", async () => {
    const eight = block("@placeholder rare", "@entity0", "@entity0 often often").repeat(7);
    const { vocabulary } = await prepare(
      sources({ train: eight + block("@placeholder", "@entity0", "@entity0 often") }),
    );
    assert.deepEqual(vocabulary, ["often", "@entity0", "@placeholder"]);
  });

  it("gives every split's questions in whatever order the files come", async () => {
    async function* reversed() {
      for (const split of [...splits].reverse()) yield* source(split, split === "train" ? train : dev);
    }
    assert.deepEqual(await prepare(reversed()), await prepare(sources({ train })));
  });

  const assertFails = (text: string, pattern: RegExp) =>
    assert.rejects(prepare(sources({ train: text })), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });

  it("names the line of a broken question, answer, article or separator", async () => {
    await assertFails(
      train + block("who wins", "@entity0", "@entity0 wins"),
      /^Line 9 of cnn\.tar\.gz\/cnn\/train\.txt must be a question with @placeholder, but is "who wins"/,
    );
    for (const answer of ["entity0", "@entity0 @entity1", "", "@placeholder"])
      await assertFails(
        train + block("@placeholder", answer, "@entity0 wins"),
        /^Line 10 of .* must be an answer, as in @entity1/,
      );
    await assertFails(
      train + block("@placeholder", "@entity1", "@entity0 wins"),
      /^Line 11 of .* must be an article with the answer @entity1/,
    );
    await assertFails(
      `${train}@placeholder\n@entity0\n@entity0 wins\n@placeholder\n`,
      /^Line 12 of .* must be empty after three lines of a question, but is "@placeholder"/,
    );
  });

  it("says that a file is truncated or empty", async () => {
    await assertFails(`${train}@placeholder wins\n`, /train\.txt is truncated: it ends at line 9 within a question/);
    await assertFails(`${train}@placeholder wins\n@entity0`, /train\.txt is truncated: it ends at line 10/);
    await assertFails("", /train\.txt must hold questions, but is empty/);
  });

  it("reads a last question without an empty line behind it", async () => {
    const { train: examples } = await prepare(sources({ train: train.trimEnd() }));
    assert.equal(examples.length, 2);
  });
});

describe("the corpus cnn", () => {
  let folder: string;
  const environment = { ...process.env };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cnn-"));
    process.env.ATTENTION_DATA_MIRROR = join(folder, "mirror");
    process.env.XDG_CACHE_HOME = join(folder, "cache");
  });

  afterEach(() => {
    for (const name of ["ATTENTION_DATA_MIRROR", "XDG_CACHE_HOME"])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    rmSync(folder, { recursive: true, force: true });
  });

  it("is to be downloaded, or read from the mirror", async () => {
    assert.deepEqual(findCorpus("cnn").state(), { kind: "to download", bytes: 546_000_000 });
    const mirror = join(folder, "mirror", "cnn");
    mkdirSync(mirror, { recursive: true });
    for (const split of splits) writeFileSync(join(mirror, `${split}.txt`), split === "train" ? train : dev);
    assert.deepEqual(findCorpus("cnn").state(), { kind: "ready", where: mirror });
    const dataset = await loadDataset("cnn");
    assert.deepEqual(
      splits.map((split) => dataset[split].length),
      [2, 1, 1],
    );
    assert.equal(dataset.task, "question answering");
    assert.deepEqual(dataset.classNames, ["@entity0", "@entity2", "@entity10"]);
  });

  it("is downloaded and read out of the archive, in whatever order that is, and its checksum kept", async (context) => {
    const bytes = await makeTarGz([
      { name: "cnn/", type: "directory" },
      { name: "cnn/test.txt", content: dev },
      { name: "cnn/train.txt", content: train },
      { name: "cnn/dev.txt", content: dev },
    ]);
    const asked = serve(context, bytes);
    const dataset = await loadDataset("cnn");
    assert.deepEqual(
      splits.map((split) => dataset[split].length),
      [2, 1, 1],
    );
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const kept = join(folder, "cache", "attention-is-not-explanation", "corpora", "cnn", "cnn.tar.gz.sha256");
    assert.ok(readFileSync(kept, "utf8").startsWith(sha256));
    assert.equal(findCorpus("cnn").state().kind, "ready");
    assert.deepEqual(await loadDataset("cnn"), dataset);
    assert.deepEqual(asked, ["http://cs.stanford.edu/~danqi/data/cnn.tar.gz"]);
  });

  it("names a file that the archive lacks, and the line of a broken one", async (context) => {
    const answer = async (files: TarEntry[]) => {
      serve(context, await makeTarGz(files));
      rmSync(join(folder, "cache"), { recursive: true, force: true });
    };
    await answer([{ name: "cnn/train.txt", content: train }]);
    await assert.rejects(
      loadDataset("cnn"),
      /^UserError: .*cnn\.tar\.gz must hold dev\.txt and test\.txt, but does not/,
    );
    await answer([{ name: "cnn/train.txt", content: `${train}@placeholder` }]);
    await assert.rejects(
      loadDataset("cnn"),
      /^UserError: .*cnn\.tar\.gz\/cnn\/train\.txt is truncated: it ends at line 9/,
    );
  });
});
