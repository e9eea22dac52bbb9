import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTrees } from "../../../src/data/corpora/sst";
import { UserError } from "../../../src/errors";

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

  for (const tree of [
    "(3 (2 A) (3 film)",
    "(3 (2 A) (3 film)))",
    `${good} (2 more)`,
    "A good film",
    "(5 (2 A) (3 film))",
    "(3 (2 A) (-1 film))",
    "(3 (2 A) (positive film))",
    "(3 (2 A) (3))",
    "(3 (2 A) ())",
    "(3 (2 A film))",
    "((2 A) (3 film))",
    "(3 (2 A) film)",
    `${"(3 ".repeat(2000)}${")".repeat(2000)}`,
  ])
    it(`names the line of ${tree.slice(0, 40)}`, () =>
      assert.rejects(readTrees(file(`${good}\n${tree}\n${good}\n`)), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^Line 2 of folder\/train\.txt must be a whole tree with labels from 0 to 4/);
        assert.ok(error.message.includes(`but is ${JSON.stringify(tree.slice(0, 60))}; get the file anew`));
        return true;
      }));

  it("shows only a short piece of the text", () =>
    assert.rejects(readTrees(file("x".repeat(500))), (error: Error) => error.message.length < 250));

  for (const text of ["", "\n \n"])
    it(`says that ${JSON.stringify(text)} has no trees`, () =>
      assert.rejects(readTrees(file(text)), /folder\/train\.txt must have one tree a line, but it has none/));
});
