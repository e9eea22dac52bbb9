import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it, type Mock } from "node:test";
import { gzipSync } from "node:zlib";
import type { PreparedTexts } from "../../../src/data/corpus";
import { keepPrepared, preparedPath } from "../../../src/data/files/kept";

const key = { corpus: "made-up", version: 1, sources: ["a".repeat(64)] };
const texts: PreparedTexts = {
  train: [
    { id: "train-1", tokens: ["a", "film", "with\u00a0space", "É"], label: 1 },
    { id: "train-2", tokens: ["__proto__"], question: ["who", "?"], candidates: [0, 2], label: 0 },
  ],
  dev: [],
  test: [{ id: "test-1", tokens: ["a"], label: 0 }],
  vocabulary: ["a", "film"],
  classNames: ["x", "y"],
  notes: ["A note."],
};

let cache: string | undefined;
let folder: string;
let prepared: number;

const prepare = async () => {
  prepared += 1;
  return structuredClone(texts);
};

beforeEach(() => {
  cache = process.env.XDG_CACHE_HOME;
  folder = mkdtempSync(join(tmpdir(), "prepared-"));
  process.env.XDG_CACHE_HOME = folder;
  prepared = 0;
});

afterEach(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(folder, { recursive: true });
});

describe("keepPrepared", () => {
  it("prepares once and returns the same texts again, and leaves no other file", async () => {
    assert.deepEqual(await keepPrepared(key, prepare), texts);
    assert.deepEqual(await keepPrepared(key, prepare), texts);
    assert.equal(prepared, 1);
    const path = preparedPath(key);
    assert.deepEqual(
      readdirSync(dirname(path)).map((name) => join(dirname(path), name)),
      [path],
    );
  });

  it("prepares anew for another version, another source and another corpus", async () => {
    await keepPrepared(key, prepare);
    await keepPrepared({ ...key, version: 2 }, prepare);
    await keepPrepared({ ...key, sources: ["b".repeat(64)] }, prepare);
    await keepPrepared({ ...key, corpus: "other" }, prepare);
    assert.equal(prepared, 4);
  });

  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ["empty", () => Buffer.alloc(0)],
    ["truncated", (bytes) => bytes.subarray(0, -10)],
    ["changed", (bytes) => Buffer.concat([bytes.subarray(0, -6), Buffer.from([1, 2]), bytes.subarray(-4)])],
    ["no gzip", () => Buffer.from("{}")],
    ["no corpus", () => gzipSync("{}")],
    ["no JSON", () => gzipSync("{")],
  ];
  for (const [damage, change] of damages)
    it(`tells a file that is ${damage}, and makes it anew`, async (context) => {
      const warn: Mock<typeof console.warn> = context.mock.method(console, "warn", () => undefined);
      await keepPrepared(key, prepare);
      const path = preparedPath(key);
      const whole = readFileSync(path);
      writeFileSync(path, change(whole));
      assert.deepEqual(await keepPrepared(key, prepare), texts);
      assert.equal(prepared, 2);
      assert.deepEqual(readFileSync(path), whole);
      assert.equal(warn.mock.callCount(), 1);
      assert.match(String(warn.mock.calls[0]!.arguments[0]), /made-up-[0-9a-f]{16}\.gz is damaged and is made anew/);
    });

  it("returns the texts where the cache cannot be written, and tells it", async (context) => {
    const warn: Mock<typeof console.warn> = context.mock.method(console, "warn", () => undefined);
    process.env.XDG_CACHE_HOME = join(folder, "file");
    writeFileSync(join(folder, "file"), "");
    assert.deepEqual(await keepPrepared(key, prepare), texts);
    assert.match(String(warn.mock.calls[0]!.arguments[0]), /cannot be kept in .*prepared/);
  });

  it("keeps nothing where the preparation fails", async () => {
    await assert.rejects(
      keepPrepared(key, async () => {
        throw new Error("no file");
      }),
      /^Error: no file$/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});
