import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { type LineSource, readLines } from "../../../src/data/files/lines";
import { UserError } from "../../../src/errors";
import { createRandom } from "../../../src/stats/random";

async function collect(source: LineSource): Promise<string[]> {
  const lines: string[] = [];
  for await (const { line, text } of readLines(source)) lines[line - 1] = text;
  return lines;
}

async function* piecesOf(bytes: Uint8Array, lengths: () => number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; ) {
    const end = start + lengths();
    yield bytes.subarray(start, end);
    start = end;
  }
}

describe("readLines", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lines-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function file(name: string, content: string | Uint8Array): LineSource {
    const path = join(folder, name);
    writeFileSync(path, content);
    return { path };
  }

  const assertFails = (source: LineSource, pattern: RegExp) =>
    assert.rejects(
      collect(source),
      (error) => error instanceof UserError && pattern.test(error.message) && !error.message.includes("\n"),
    );

  it("gives the lines, the last one with or without a line end", async () => {
    assert.deepEqual(await collect(file("a.txt", "one\n\ntwo\n")), ["one", "", "two"]);
    assert.deepEqual(await collect(file("b.txt", "one\ntwo")), ["one", "two"]);
    assert.deepEqual(await collect(file("c.txt", "")), []);
    assert.deepEqual(await collect(file("d.txt", "\ufeffone\r\ntwo\r\n\r\n \n")), ["one", "two"]);
  });

  it("unpacks gzip", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} é`);
    assert.deepEqual(await collect(file("a.txt.gz", gzipSync(lines.join("\n")))), lines);
  });

  it("gives the same lines however the bytes are cut", async () => {
    const random = createRandom("lines");
    const alphabet = ["a", "é", "語", "😀", " ", "\n", "\n"];
    for (let i = 0; i < 50; i += 1) {
      const text = Array.from({ length: random.integer(60) }, () => alphabet[random.integer(alphabet.length)]).join("");
      const whole = text.replace(/[\s]+$/, "");
      const expected = whole === "" ? [] : whole.split("\n").map((line) => (line.trim() === "" ? "" : line));
      const content = piecesOf(Buffer.from(text), () => 1 + random.integer(7));
      const found = await collect({ path: "made-up", content });
      assert.deepEqual(
        found.map((line) => line.trimEnd()),
        expected.map((line) => line.trimEnd()),
      );
    }
  });

  it("names the line that is not UTF-8", () =>
    assertFails(
      file("a.txt.gz", gzipSync(Buffer.from("one\ntwo\ncaf\xe9\n", "latin1"))),
      /a\.txt\.gz must be UTF-8 text, but its line 3 is not/,
    ));

  it("says that a file is missing, truncated, damaged or no file", async () => {
    await assertFails({ path: join(folder, "b.txt") }, /b\.txt is missing/);
    await assertFails({ path: join(folder, "b.txt.gz") }, /b\.txt\.gz is missing/);
    await assertFails({ path: folder }, /must be a regular file, but is a folder/);
    const packed = gzipSync("line\n".repeat(1000));
    await assertFails(file("c.txt.gz", packed.subarray(0, -10)), /c\.txt\.gz is truncated/);
    await assertFails(file("d.txt.gz", "line\n"), /d\.txt\.gz is not a readable archive \(incorrect header check\)/);
  });

  it("refuses a line without an end", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(1 << 20, "a");
    }
    await assertFails(
      { path: "made-up", content: endless() },
      /^Line 1 of made-up must not be longer than 16777216 bytes/,
    );
  });

  it("lets go of the file when the reader stops early", async () => {
    for await (const { text } of readLines(file("a.txt", "one\ntwo\n"))) {
      assert.equal(text, "one");
      break;
    }
  });
});
