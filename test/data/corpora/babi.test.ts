import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, before, beforeEach, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { findCorpus, loadDataset } from "../../../src/data/catalog";
import { prepareStories, readOfficial, readStories, type Story } from "../../../src/data/corpora/babi";
import type { Dataset, Example } from "../../../src/data/dataset";
import { splits } from "../../../src/data/dataset";
import { partsIn, readParts } from "../../../src/data/files/source";
import { UserError } from "../../../src/errors";
import { mirrorFolder, projectFolder } from "../../../src/paths";
import { makeTarGz } from "../archiveFiles";
import { serve } from "../serve";

const mirror = mirrorFolder();
const folder = mirror && join(mirror, "babi", "tasks_1-20_v1-2");
const skip =
  folder === undefined
    ? "ATTENTION_DATA_MIRROR is not set"
    : !existsSync(folder) && `ATTENTION_DATA_MIRROR has no babi/tasks_1-20_v1-2 (${folder})`;

const sizes = (dataset: Dataset) => splits.map((split) => dataset[split].length);
const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const lengths = ({ train, dev }: Dataset) => [...train, ...dev].map(({ tokens }) => tokens.length);
const answerOf = ({ classNames }: Dataset, { label }: Example) => classNames[label];

function checkQuestions(dataset: Dataset): void {
  const examples = splits.flatMap((split) => dataset[split]);
  assert.equal(new Set(examples.map(({ id }) => id)).size, examples.length, "ids are unique");
  assert.deepEqual(dataset.classNames, dataset.vocabulary);
  const rooms = new Set(["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"]);
  for (const example of examples) {
    assert.equal(example.candidates, undefined);
    assert.ok(example.question!.length > 0);
    const answer = answerOf(dataset, example)!;
    assert.ok(rooms.has(answer) && example.tokens.includes(answer), `${example.id}: ${answer}`);
  }
}

describe("the corpora babi1, babi2 and babi3, from the mirror", { skip }, () => {
  // Average lengths, vocabularies and the longest passages as the authors' code prints them.
  for (const { name, average, longest, vocabulary } of [
    { name: "babi1", average: 36.2, longest: 67, vocabulary: 24 },
    { name: "babi2", average: 94.1, longest: 421, vocabulary: 38 },
  ])
    it(`${name} has the published counts`, async () => {
      const dataset = await loadDataset(name);
      assert.deepEqual(findCorpus(name).published, { train: [10_000], test: [1000], vocabulary });
      assert.deepEqual(sizes(dataset), [8500, 1500, 1000]);
      assert.equal(dataset.vocabulary.length + 4, vocabulary);
      assert.equal(Math.round(mean(lengths(dataset)) * 10) / 10, average);
      assert.equal(Math.max(...lengths(dataset)), longest);
      checkQuestions(dataset);
    });

  const official = folder && join(folder, "en-10k", "qa3_three-supporting-facts_train.txt");
  const whole = official !== undefined && (existsSync(official) || existsSync(`${official}.gz`));

  it("babi3 has the published counts", { skip: !whole && "the mirror has no training file of task 3" }, async () => {
    const dataset = await loadDataset("babi3");
    assert.deepEqual(sizes(dataset), [8500, 1500, 1000]);
    assert.equal(dataset.vocabulary.length + 4, 39);
    assert.equal(Math.round(mean(lengths(dataset)) * 10) / 10, 307.0);
  });

  it("babi3 has 19 % of train where the official file is missing", { skip: whole && "it is there" }, async () => {
    const dataset = await loadDataset("babi3");
    assert.deepEqual(sizes(dataset), [1635, 290, 1000]);
    assert.equal(dataset.vocabulary.length + 4, findCorpus("babi3").published!.vocabulary);
    assert.match(dataset.notes[0]!, /^19 % of train: 1925 questions/);
    // Published for all of train is 307.0.
    assert.equal(Math.round(mean(lengths(dataset)) * 10) / 10, 301.7);
    checkQuestions(dataset);
    const texts = (examples: Example[]) => new Set(examples.map(({ tokens }) => tokens.join(" ")));
    const known = texts([...dataset.train, ...dataset.dev]);
    assert.deepEqual(
      [...texts(dataset.test)].filter((text) => known.has(text)),
      [],
      "no story of test is in train",
    );
  });

  it("are ready", () => {
    for (const name of ["babi1", "babi2", "babi3"]) assert.equal(findCorpus(name).state().kind, "ready");
  });
});

describe("the shipped corpora babi1-small, babi2-small and babi3-small", () => {
  for (const { name, vocabulary } of [
    { name: "babi1-small", vocabulary: 24 },
    { name: "babi2-small", vocabulary: 38 },
    { name: "babi3-small", vocabulary: 39 },
  ])
    it(`${name} has 1,000 questions of train and of test, and the words of the large one`, async () => {
      const dataset = await loadDataset(name);
      assert.deepEqual(sizes(dataset), [850, 150, 1000]);
      assert.equal(dataset.vocabulary.length + 4, vocabulary);
      assert.equal(findCorpus(name).state().kind, "ready");
      assert.match(dataset.notes[0]!, /^10 % of train/);
      checkQuestions(dataset);
    });

  it("are the official files, with their licence", () => {
    const shipped = join(projectFolder, "data", "babi");
    const sum = (name: string) =>
      createHash("sha256")
        .update(gunzipSync(readFileSync(join(shipped, name))))
        .digest("hex");
    assert.equal(
      sum("qa3_three-supporting-facts_test.txt.gz"),
      "17795c977100baf8188f386522ae301b62d6c1a13efc01b3aea781e588b4d57f",
    );
    assert.equal(
      sum("qa1_single-supporting-fact_train.txt.gz"),
      "c64ba9b1a49bbb111ffc4cd2ae4f129d25c012399dd7ade9679eea464b9afb05",
    );
    assert.match(readFileSync(join(shipped, "LICENSE.txt"), "utf8"), /Attribution 3\.0 Unported/);
  });

  it("are split as they always were", async () => {
    const { dev } = await loadDataset("babi1-small");
    assert.deepEqual(await loadDataset("babi1-small").then((again) => again.dev), dev);
    const sum = createHash("sha256")
      .update(dev.map(({ id }) => id).join(" "))
      .digest("hex");
    assert.equal(sum.slice(0, 16), "8d746434b5e7350c");
  });
});

describe("prepareStories", () => {
  const story = async (name: string, ...lines: string[]): Promise<Story> =>
    (await readStories({ path: `folder/${name}.txt`, content: [Buffer.from(lines.join("\n"))] }, name))[0]!;
  const rooms = ["office", "garden", "kitchen", "hallway", "bedroom", "bathroom"];
  let train: Story[];
  let test: Story;
  before(async () => {
    train = await Promise.all(Array.from({ length: 40 }, (_, i) => trainStory(i)));
    test = await story("test", "1 Mary moved to the office.", "2 Where is Mary? \toffice\t1");
  });
  const trainStory = (i: number) => {
    const [first, second] = [rooms[i % 6]!, rooms[(i + 1) % 6]!];
    return story(
      `train${i}`,
      `1 Mary went to the ${first}.`,
      `2 Where is Mary? \t${first}\t1`,
      `3 Mary moved to the ${second}.`,
      `4 Where is Mary? \t${second}\t3`,
    );
  };

  it("holds out 15 % of the stories as dev, with all their questions, always the same ones", () => {
    const texts = prepareStories(train, [test], []);
    assert.deepEqual([texts.train.length, texts.dev.length, texts.test.length], [68, 12, 1]);
    const storyOf = ({ id }: Example) => id.split("-")[0];
    const held = new Set(texts.dev.map(storyOf));
    assert.equal(held.size, 6);
    assert.ok(texts.train.every((example) => !held.has(storyOf(example))));
    assert.deepEqual(prepareStories(train, [test], []), texts);
    assert.match(texts.notes.join(" "), /Dev is 12 of the 80 training questions/);
  });

  it("makes every word of the training texts and questions a class, full stops too", () => {
    const { vocabulary, classNames, test: asked } = prepareStories(train, [test], []);
    assert.deepEqual(classNames, vocabulary);
    assert.deepEqual(
      new Set(vocabulary),
      new Set(["mary", "went", "moved", "to", "the", ".", "where", "is", ...rooms]),
    );
    assert.equal(vocabulary[asked[0]!.label], "office");
  });

  it("names the line of an answer that train does not know", async () => {
    const lost = await story("test", "1 Mary went to the cellar.", "2 Where is Mary? \tcellar\t1");
    assert.throws(
      () => prepareStories(train, [test, lost], []),
      (error) =>
        error instanceof UserError &&
        /^The answer in Line 2 of folder\/test\.txt must be a word of the training texts, but "cellar" is none/.test(
          error.message,
        ),
    );
  });
});

describe("babi, bad input", () => {
  let root: string;
  const environment = { ...process.env };
  const story = "1 Mary went to the office.\n2 Where is Mary? \toffice\t1\n";

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "babi-"));
    process.env.ATTENTION_DATA_MIRROR = join(root, "mirror");
    process.env.XDG_CACHE_HOME = join(root, "cache");
    put("en-10k/qa1_single-supporting-fact_train.txt", story.repeat(10_000));
    put("en-10k/qa1_single-supporting-fact_test.txt", story.repeat(1000));
  });

  afterEach(() => {
    for (const name of ["ATTENTION_DATA_MIRROR", "XDG_CACHE_HOME"])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    rmSync(root, { recursive: true, force: true });
  });

  function put(name: string, content: string | Uint8Array): void {
    const path = join(root, "mirror", "babi", "tasks_1-20_v1-2", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  const assertFails = (work: Promise<unknown>, pattern: RegExp) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });

  it("reads whole files", async () => {
    const dataset = await loadDataset("babi1");
    assert.deepEqual(sizes(dataset), [8500, 1500, 1000]);
  });

  it("names the file and the line of a broken one, plain or gzipped", async () => {
    put("en-10k/qa1_single-supporting-fact_test.txt", `${story}1 Mary went\n`);
    await assertFails(loadDataset("babi1"), /^Line 3 of .*qa1_single-supporting-fact_test\.txt must be a number/);
    rmSync(join(root, "mirror", "babi", "tasks_1-20_v1-2", "en-10k", "qa1_single-supporting-fact_test.txt"));
    put("en-10k/qa1_single-supporting-fact_test.txt.gz", gzipSync(`${story}2 Mary went away.\n4 Mary left.\n`));
    await assertFails(loadDataset("babi1"), /^Line 3 of .*_test\.txt\.gz must have the number 3, or 1/);
    put("en-10k/qa1_single-supporting-fact_test.txt.gz", gzipSync(story.repeat(1000)).subarray(0, 60));
    await assertFails(loadDataset("babi1"), /_test\.txt\.gz is truncated/);
  });

  it("says that questions are missing from a file that is cut between two stories", async () => {
    put("en-10k/qa1_single-supporting-fact_train.txt", story.repeat(9999));
    await assertFails(loadDataset("babi1"), /_train\.txt must have 10000 questions, .* but has 9999/);
  });

  it("takes the official training file of task 3 where it is, else the two small ones", async () => {
    put("en-10k/qa3_three-supporting-facts_test.txt", story.repeat(1000));
    assert.deepEqual(findCorpus("babi3").state(), { kind: "to download", bytes: 15_719_851 });
    const numbered = (name: string, from: number) =>
      Array.from({ length: 1000 }, (_, i) => story.replaceAll("Mary", `${name}${(from + i).toString(36)}`)).join("");
    put("en/qa3_three-supporting-facts_train.txt", numbered("Mary", 0));
    put("en-valid-10k/qa3_valid.txt", numbered("Mary", 400));
    const part = await loadDataset("babi3");
    assert.equal(part.train.length + part.dev.length, 1400);
    assert.match(part.notes[0]!, /^14 % of train: 1400 questions/);
    assert.deepEqual(new Set(part.train.map(({ id }) => id.split("-")[0])), new Set(["train", "valid"]));
    put("en-10k/qa3_three-supporting-facts_train.txt", story.repeat(10_000));
    const whole = await loadDataset("babi3");
    assert.deepEqual(sizes(whole), [8500, 1500, 1000]);
    assert.doesNotMatch(whole.notes.join(" "), /% of train:/);
  });

  it("asks the official address where the mirror lacks a file, and uses nothing of another one", async (context) => {
    rmSync(join(root, "mirror", "babi"), { recursive: true });
    assert.deepEqual(findCorpus("babi1").state(), { kind: "to download", bytes: 15_719_851 });
    const asked = serve(context, "another file");
    await assertFails(loadDataset("babi1"), /What www\.thespermwhale\.com sent .* is not the expected file/);
    assert.deepEqual(asked, ["http://www.thespermwhale.com/jaseweston/babi/tasks_1-20_v1-2.tar.gz"]);
  });

  describe("the official archive", () => {
    const file = "qa1_single-supporting-fact";
    const parts = { train: [`en-10k/${file}_train.txt`], test: [`en-10k/${file}_test.txt`] };
    const readArchive = (path: string) => readParts(partsIn(path, parts), readOfficial);
    const inside = `tasks_1-20_v1-2/en-10k/${file}`;
    const whole = {
      "tasks_1-20_v1-2/en/qa1_single-supporting-fact_train.txt": "no story",
      [`${inside}_train.txt`]: story.repeat(10_000),
      [`${inside}_test.txt`]: story.repeat(1000),
    };

    async function archive(files: Record<string, string>): Promise<string> {
      const path = join(root, "tasks.tar.gz");
      writeFileSync(path, await makeTarGz(Object.entries(files).map(([name, content]) => ({ name, content }))));
      return path;
    }

    it("reads the two files of the task", async () => {
      const { train, test } = await readArchive(await archive(whole));
      assert.deepEqual([train!.length, test!.length], [10_000, 1000]);
      assert.equal(train![0]!.questions[0]!.id, "train-2");
    });

    it("names a missing file, and the line of a broken one", async () => {
      const { [`${inside}_test.txt`]: _, ...rest } = whole;
      await assertFails(readArchive(await archive(rest)), /tasks\.tar\.gz must hold .*_test\.txt, but does not/);
      await assertFails(
        readArchive(await archive({ ...whole, [`${inside}_test.txt`]: "1 Mary left" })),
        /^Line 1 of .*tasks\.tar\.gz\/tasks_1-20_v1-2\/en-10k\/qa1_single-supporting-fact_test\.txt must be/,
      );
    });
  });
});
