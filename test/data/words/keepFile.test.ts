import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, type Mock } from "node:test";
import { gzipSync } from "node:zlib";
import { keepFile } from "../../../src/data/words/wordVectors";

const value = { size: 2, values: Float32Array.of(0.5, -1, 3), found: 1, words: ["a\u00a0b", "É", "__proto__"] };

let folder: string;
let path: string;
let made: number;

const make = async () => {
  made += 1;
  return structuredClone(value);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
  path = join(folder, "made-up.gz");
  made = 0;
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("keepFile", () => {
  it("makes once and returns the same again, and leaves no other file", async () => {
    assert.deepEqual(await keepFile(path, make), value);
    assert.deepEqual(await keepFile(path, make), value);
    assert.equal(made, 1);
    assert.deepEqual(readdirSync(folder), ["made-up.gz"]);
  });

  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ["empty", () => Buffer.alloc(0)],
    ["truncated", (bytes) => bytes.subarray(0, -10)],
    ["changed", (bytes) => Buffer.concat([bytes.subarray(0, -6), Buffer.from([1, 2]), bytes.subarray(-4)])],
    ["no gzip", () => Buffer.from("{}")],
    ["something else", () => gzipSync("{}")],
  ];
  for (const [damage, change] of damages)
    it(`tells a file that is ${damage}, and makes it anew`, async (context) => {
      const warn: Mock<typeof console.warn> = context.mock.method(console, "warn", () => undefined);
      await keepFile(path, make);
      const whole = readFileSync(path);
      writeFileSync(path, change(whole));
      assert.deepEqual(await keepFile(path, make), value);
      assert.equal(made, 2);
      assert.deepEqual(readFileSync(path), whole);
      assert.equal(warn.mock.callCount(), 1);
      assert.match(String(warn.mock.calls[0]!.arguments[0]), /made-up\.gz is damaged and is made anew/);
    });

  it("returns what it made where the folder cannot be written, and tells it", async (context) => {
    const warn: Mock<typeof console.warn> = context.mock.method(console, "warn", () => undefined);
    writeFileSync(join(folder, "file"), "");
    assert.deepEqual(await keepFile(join(folder, "file", "x.gz"), make), value);
    assert.match(String(warn.mock.calls[0]!.arguments[0]), /cannot be kept in .*file/);
  });

  it("keeps nothing where the making fails", async () => {
    await assert.rejects(
      keepFile(path, async () => {
        throw new Error("no file");
      }),
      /^Error: no file$/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});
