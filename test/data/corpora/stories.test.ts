import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readOfficial, readStories } from "../../../src/data/corpora/babi";
import { UserError } from "../../../src/errors";

const good = [
  "1 Mary moved to the bathroom.",
  "2 John went to the hallway.",
  "3 Where is Mary? \tbathroom\t1",
  "4 Mary got the milk there.",
  "5 Where is the milk? \tbathroom\t4 1",
  "1 Sandra went back to the office.",
  "2 Where is Sandra? \toffice\t1",
];

/** The good lines with others from one place on. */
const changed = (start: number, count: number, ...lines: string[]) => [
  ...good.slice(0, start),
  ...lines,
  ...good.slice(start + count),
];

const read = (lines: readonly string[]) =>
  readStories(
    { path: "folder/qa1_train.txt", content: [Buffer.from(lines.map((line) => `${line}\n`).join(""))] },
    "train",
  );

function assertFails(lines: readonly string[], pattern: RegExp): Promise<void> {
  return assert.rejects(read(lines), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

describe("readStories", () => {
  it("gives each question all that was told before it in its story, without numbers and supporting facts", async () => {
    const [first, second, ...more] = await read(good);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [...first!.questions, ...second!.questions].map(({ id, tokens, question, answer }) => [
        id,
        tokens.join(" "),
        question!.join(" "),
        answer,
      ]),
      [
        ["train-3", "mary moved to the bathroom . john went to the hallway", "where is mary", "bathroom"],
        [
          "train-5",
          "mary moved to the bathroom . john went to the hallway . mary got the milk there",
          "where is the milk",
          "bathroom",
        ],
        ["train-7", "sandra went back to the office", "where is sandra", "office"],
      ],
    );
    assert.deepEqual(first!.lines, good.slice(0, 5));
  });

  it("names the line of a number that does not follow", async () => {
    await assertFails(
      changed(3, 1, "5 Mary got the milk there."),
      /^Line 4 of folder\/qa1_train\.txt must have the number 4, or 1 for a new story, but has 5/,
    );
    await assertFails(good.slice(1), /^Line 1 of .* must have the number 1/);
  });

  it("names the line of a question without an answer or supporting facts", async () => {
    for (const line of [
      "3 Where is Mary?",
      "3 Where is Mary? \t",
      "3 Where is Mary? \tbathroom",
      "3 Where is Mary? \t\t1",
    ])
      await assertFails(
        changed(2, 1, line),
        /^Line 3 of folder\/qa1_train\.txt must be a number and .*, but is "3 Where is Mary/,
      );
  });

  it("names the line of what is neither a statement nor a question", async () => {
    for (const line of [
      "Mary moved.",
      "2 John went to the hal",
      "",
      "2  ",
      "02 John went.",
      "2 A|b.",
      "two John went.",
    ])
      await assertFails(changed(1, 1, line), /^Line 2 of folder\/qa1_train\.txt must be a number and a statement/);
  });

  it("says that an empty file has no questions", () =>
    assert.rejects(
      readOfficial({ path: "en-10k/qa1_train.txt", part: "train", content: [] }),
      /^UserError: en-10k\/qa1_train\.txt must have 10000 questions, as the official file, but has 0; get it anew/,
    ));

  it("says that a question stands before every statement", () =>
    assertFails(["1 Where is Mary? \toffice\t1"], /^Line 1 of .* asks before anything was told/));
});
