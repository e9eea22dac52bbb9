import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { adr, prepareTweets, readTweets } from "../../../src/data/corpora/adr";
import { splits } from "../../../src/data/dataset";
import { UserError } from "../../../src/errors";
import { canary, makeTweets } from "../restrictedCorpora";

let folder: string;
const before = process.env.ATTENTION_ADR;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "adr-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.ATTENTION_ADR;
  else process.env.ATTENTION_ADR = before;
});

function put(content: string): string {
  const path = join(folder, "tweets.tsv");
  writeFileSync(path, content);
  return path;
}

describe("readTweets", () => {
  it("takes the columns of the distributor's script, or those that the headings name", async () => {
    const plain = await readTweets(
      put(`11\t22\t1\tIt "hurts ${canary}\n12\t23\t0\tFine\n13\t24\t0\tNot Available\n14\t25\t1\n`),
    );
    assert.deepEqual(plain, {
      tweets: [
        { tokens: ["it", '"', "hurts", canary], label: 1 },
        { tokens: ["fine"], label: 0 },
      ],
      unavailable: 2,
    });
    const named = await readTweets(put(`text\tLabel\tid\nIt "hurts ${canary}\t1\t0\nFine\t0\t1\n`));
    assert.deepEqual(named.tweets, plain.tweets);
    assert.deepEqual(
      (await readTweets(put("11\t1\tIt hurts\n12\t0\tFine\n"))).tweets.map(({ label }) => label),
      [1, 0],
    );
  });

  it("says the line of a wrong label, not what stands there", async () => {
    for (const content of [`11\t22\t1\tA\n12\t23\tx\t${canary}\n`, `label\ttext\n1\tA\n${canary}\tB\n`])
      await assert.rejects(readTweets(put(content)), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^Line [23] of .*tweets\.tsv must have the label 0 or 1, but has none/);
        assert.doesNotMatch(error.message, new RegExp(canary));
        return true;
      });
  });
});

describe("adr", () => {
  it("splits each class, drops short and long tweets, and knows words of two training tweets", async () => {
    process.env.ATTENTION_ADR = put(makeTweets(300));
    const texts = await adr.read({});
    assert.deepEqual(texts, await adr.read({}));
    assert.deepEqual(
      splits.map((split) => texts[split].length),
      [204, 36, 60],
    );
    for (const split of splits) {
      assert.equal(texts[split].filter(({ label }) => label === 1).length * 3, texts[split].length, split);
      assert.deepEqual(
        texts[split].map(({ id }) => id),
        texts[split].map((_, index) => `${split}-${index + 1}`),
      );
    }
    assert.match(texts.notes.join(" "), /2 tweets had been deleted/);
    const lengths = [5, 6, 99, 100].flatMap((length) =>
      Array.from({ length: 20 }, (_, i) => ({ tokens: Array<string>(length).fill("word"), label: i % 2 })),
    );
    const kept = prepareTweets({
      tweets: [...lengths, { tokens: Array<string>(7).fill("once"), label: 0 }],
      unavailable: 0,
    });
    const left = new Set(splits.flatMap((split) => kept[split].map(({ tokens }) => tokens.length)));
    assert.deepEqual(
      [...left].filter((length) => length !== 7).sort((a, b) => a - b),
      [6, 99],
    );
    assert.deepEqual(kept.vocabulary, ["word"]);
  });

  it("needs the user's file, and says how to get it", async () => {
    delete process.env.ATTENTION_ADR;
    const state = adr.state();
    assert.ok(state.kind === "needs your file");
    assert.match(state.how, /twitter_annotated_corpus.*ATTENTION_ADR/);
    await assert.rejects(adr.read({}), /The texts are not at hand; get the ids/);
  });
});
