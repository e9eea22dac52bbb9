import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTrees } from "../../../src/data/corpora/trees";
import { UserError } from "../../../src/errors";

const good = "(3 (2 A) (3 (3 good) (2 film)))";
const file = (text: string) => ({ path: "folder/train.txt", bytes: [Buffer.from(text)] });

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

  const broken: [string, RegExp][] = [
    ["(3 (2 A) (3 film)", /a bracket is not closed/],
    ["(3 (2 A) (3 film)))", /unexpected "\)"/],
    [`${good} (2 more)`, /unexpected "\("/],
    ["A good film", /unexpected "A"/],
    ["(5 (2 A) (3 film))", /a label must be 0, 1, 2, 3 or 4, but "5"/],
    ["(3 (2 A) (-1 film))", /a label must be 0, 1, 2, 3 or 4, but "-1"/],
    ["(3 (2 A) (positive film))", /a label must be .* but "positive"/],
    ["(3 (2 A) (3))", /unexpected "\)"/],
    ["(3 (2 A) ())", /unexpected "\)"/],
    ["(3 (2 A film))", /unexpected "film"/],
    ["((2 A) (3 film))", /unexpected "\("/],
    ["(3 (2 A) film)", /unexpected "film"/],
  ];
  for (const [tree, pattern] of broken)
    it(`names the line of ${tree}`, () =>
      assert.rejects(readTrees(file(`${good}\n${tree}\n${good}\n`)), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^Line 2 of folder\/train\.txt is not a whole tree/);
        assert.match(error.message, pattern);
        return true;
      }));

  it("shows only a short piece of the text", () =>
    assert.rejects(readTrees(file("x".repeat(500))), (error: Error) => error.message.length < 250));

  for (const text of ["", "\n \n"])
    it(`says that ${JSON.stringify(text)} has no trees`, () =>
      assert.rejects(readTrees(file(text)), /folder\/train\.txt must have one tree a line, but it has none/));
});
