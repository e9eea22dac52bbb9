import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Corpus, PreparedTexts } from "../../src/data/dataset";
import { ownCorpus } from "../../src/data/ownCorpus";
import { concealSentence, concealWords, readRestricted, revealWords } from "../../src/data/restricted";
import { UserError } from "../../src/errors";
import { projectFolder } from "../../src/paths";

const texts: PreparedTexts = {
  train: [{ id: "patient-99", tokens: ["the", "canary", "sings"], question: ["the", "bird"], label: 0 }],
  dev: [{ id: "patient-7", tokens: ["canary", "rare"], label: 1, candidates: [0, 1] }],
  test: [],
  vocabulary: ["the", "canary", "sings"],
  notes: ["One note."],
};

function corpusThat(read: Corpus["read"]): Corpus {
  return { name: "birds", read } as Corpus;
}

describe("concealWords", () => {
  it("leaves the rank of a word and nothing else", () => {
    const concealed = concealWords("birds", texts, texts.vocabulary);
    assert.deepEqual(concealed.train[0], {
      id: "patient-99",
      tokens: ["word-00001", "word-00002", "word-00003"],
      question: ["word-00001", "word-unknown"],
      label: 0,
    });
    assert.deepEqual(concealed.dev[0], {
      id: "patient-7",
      tokens: ["word-00002", "word-unknown"],
      label: 1,
      candidates: [0, 1],
    });
    assert.doesNotMatch(JSON.stringify(concealed), /canary|sings|rare|bird|the"/);
    assert.match(concealed.notes.at(-1)!, /may not be passed on/);
  });

  it("gives a part of the corpus the names of the whole", () => {
    const part = { ...texts, vocabulary: ["canary"] };
    const concealed = concealWords("birds", part, texts.vocabulary);
    assert.deepEqual(concealed.vocabulary, ["word-00002"]);
    assert.deepEqual(revealWords(concealed.vocabulary), ["canary"]);
  });
});

describe("revealWords", () => {
  it("knows the dataset's own vocabulary only", () => {
    const { vocabulary } = concealWords("birds", texts, texts.vocabulary);
    assert.deepEqual(revealWords(vocabulary), ["the", "canary", "sings"]);
    assert.deepEqual(revealWords([...vocabulary]), vocabulary);
    const open = ["a", "word"];
    assert.equal(revealWords(open), open);
  });

  it("is called by the word vectors alone", () => {
    const files = readdirSync(join(projectFolder, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .filter((name) => readFileSync(join(projectFolder, "src", name), "utf8").includes("revealWords"));
    assert.deepEqual(files.sort(), [join("data", "restricted.ts"), join("data", "words", "wordVectors.ts")]);
  });
});

describe("concealSentence", () => {
  it("gives the names that the corpus has", () => {
    concealWords("birds", texts, texts.vocabulary);
    assert.deepEqual(concealSentence("birds", ["canary", "eagle"]), ["word-00002", "word-unknown"]);
    assert.throws(() => concealSentence("fish", ["canary"]), /call await loadDataset\("fish"\) first/);
    assert.throws(
      () => concealSentence({ path: "a.csv" }, ["canary"]),
      /call await ownCorpus\(\{ path: "a\.csv", … \}\)/,
    );
  });
});

describe("readRestricted", () => {
  it("numbers the examples, and takes no class names from the texts", async () => {
    const read = await readRestricted(
      corpusThat(async () => ({ ...texts, classNames: ["canary"] })),
      {},
    );
    assert.deepEqual([read.train[0]!.id, read.dev[0]!.id], ["train-1", "dev-1"]);
    assert.equal(read.classNames, undefined);
  });

  it("tells of an unforeseen error its kind only", async () => {
    const failing = corpusThat(async () => {
      throw Object.assign(new TypeError("canary is not a function"), { code: "EX", record: ["canary"] });
    });
    await assert.rejects(readRestricted(failing, {}), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /The corpus "birds" cannot be read \(TypeError EX\)/);
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /canary/);
      return true;
    });
  });
});

describe("a restricted file of one's own that is wrong", () => {
  const faults = {
    "rows.csv": "the canary sings,1\nit is silent,0\n",
    "broken.jsonl": '{"text": "the canary sings", "label": 1}\nthe canary sings\n',
    "classes.csv": "text,label\nthe canary sings,canary\n",
  };

  for (const [name, content] of Object.entries(faults))
    it(`is told without a word of it: ${name}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "restricted-"));
      const path = join(folder, name);
      writeFileSync(path, content);
      const read = ownCorpus({ path, textColumn: "text", labelColumn: "label", restricted: true });
      await assert.rejects(read, (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.ok(error.message.includes(path));
        assert.doesNotMatch(error.stack!, /canary|sings/);
        return true;
      });
      rmSync(folder, { recursive: true });
    });
});
