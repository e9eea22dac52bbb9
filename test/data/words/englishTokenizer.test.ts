import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { splitTokens } from "../../../src/data/words/englishTokenizer";
import { projectFolder } from "../../../src/paths";

const golden = JSON.parse(readFileSync(join(projectFolder, "test", "fixtures", "spacy_tokens.json"), "utf8"));

describe("splitTokens", () => {
  for (const { text, tokens } of golden.sentences as { text: string; tokens: string[] }[])
    it(`splits ${JSON.stringify(text)} as spaCy does`, () => assert.deepEqual(splitTokens(text), tokens));

  it("splits all 3,000 shipped sentences as spaCy does", () => {
    const rows = readFileSync(join(projectFolder, "data", "reviews", "sentences.tsv"), "utf8")
      .split("\n")
      .slice(1, -1);
    assert.equal(rows.length, 3000);
    const lines = rows.map((row) => splitTokens(row.split("\t")[2]!).join(" "));
    assert.equal(createHash("sha256").update(lines.join("\n")).digest("hex"), golden.reviewsSha256);
  });

  it("loses no character but white space", () => {
    for (const { text } of golden.sentences)
      assert.equal(splitTokens(text).join(""), text.replace(/\p{White_Space}/gu, ""));
  });
});
