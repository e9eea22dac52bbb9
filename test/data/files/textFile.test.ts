import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { readTextFile } from "../../../src/data/files/textFile";
import { UserError } from "../../../src/errors";

const folder = mkdtempSync(join(tmpdir(), "text-file-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const text = "first line\nsecond: café\n".repeat(200);

function write(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function assertFails(path: string, pattern: RegExp): Promise<void> {
  await assert.rejects(readTextFile(path), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.message.includes(path), error.message);
    assert.match(error.message, pattern);
    return true;
  });
}

describe("readTextFile", () => {
  it("reads plain and gzipped text with the sum of what is inside", async () => {
    const sha256 = createHash("sha256").update(text).digest("hex");
    for (const path of [write("a.txt", text), write("a.txt.gz", gzipSync(text))])
      assert.deepEqual(await readTextFile(path), { path, text, sha256 });
  });

  it("names a missing file", () => assertFails(join(folder, "none.txt"), /is missing; put it there/));

  it("names a folder in place of a file", () => {
    mkdirSync(join(folder, "folder.txt"));
    return assertFails(join(folder, "folder.txt"), /cannot be read \(EISDIR\)/);
  });

  it("names a file that is not gzip", () => assertFails(write("b.gz", text), /by its name, but is not one/));

  it("names an empty gzip file", () => assertFails(write("c.gz", ""), /by its name, but is not one/));

  it("names a truncated gzip file", () => assertFails(write("d.gz", gzipSync(text).subarray(0, 40)), /is truncated/));

  it("names a damaged gzip file", () => {
    const bytes = gzipSync(text);
    bytes[bytes.length - 6]! ^= 255;
    return assertFails(write("e.gz", bytes), /is a damaged gzip file/);
  });

  it("names the line that is not UTF-8", async () => {
    const latin1 = Buffer.from("eins\nzwei\ncafé\nvier\n", "latin1");
    await assertFails(write("f.txt", latin1), /must be UTF-8 text, but its line 3 is not/);
    await assertFails(write("f.txt.gz", gzipSync(latin1)), /its line 3 is not/);
  });
});
