import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTrees } from "../../../src/data/corpora/sst";

const good = "(3 (2 A) (3 (3 good) (2 film)))";
const file = (text: string) => ({ path: "folder/train.txt", content: [Buffer.from(text)] });

describe("readTrees", () => {
  it("reads the label of the whole sentence, the words and the line", async () => {
    assert.deepEqual(await readTrees(file(`${good}\n\n(0 (1 -LRB-) (2 n't))\r\n(4 Superb)\n`)), [
      { label: 3, words: ["A", "good", "film"], line: 1 },
      { label: 0, words: ["-LRB-", "n't"], line: 3 },
      { label: 4, words: ["Superb"], line: 4 },
    ]);
  });

  it("keeps a word with a non-breaking space whole", async () =>
    assert.deepEqual((await readTrees(file("(2 8\u00a01\\/2)")))[0]?.words, ["8\u00a01\\/2"]));
});
