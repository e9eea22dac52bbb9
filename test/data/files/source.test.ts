import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { CorpusFile } from "../../../src/data/dataset";
import { cachedPath, fetchFile, inMirror, openParts, stateOf } from "../../../src/data/files/source";
import { serve } from "../serve";

const content = "a corpus";
const sha256 = createHash("sha256").update(content).digest("hex");
const file: CorpusFile = { url: "https://corpora.example/a/file.tar.gz?x=1", bytes: content.length, sha256 };
const unknown: CorpusFile = { url: "https://corpora.example/b.zip", bytes: 5_000_000 };
const source = { name: "c", files: [file, unknown], folder: "c", parts: { train: ["a.txt"], test: ["b.txt"] } };
const names = ["XDG_CACHE_HOME", "ATTENTION_DATA_MIRROR"];
const environment = Object.fromEntries(names.map((name) => [name, process.env[name]]));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "source-"));
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  process.env.ATTENTION_DATA_MIRROR = join(folder, "mirror");
  mkdirSync(join(folder, "mirror", "c"), { recursive: true });
});

afterEach(() => {
  for (const name of names)
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  rmSync(folder, { recursive: true });
});

function cache(file: CorpusFile): string {
  const path = cachedPath(source, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe("inMirror", () => {
  it("finds a file, plain before packed, and a folder", () => {
    const path = join(folder, "mirror", "c", "train.csv");
    assert.equal(inMirror("c", "train.csv"), undefined);
    writeFileSync(`${path}.gz`, "");
    assert.equal(inMirror("c", "train.csv"), `${path}.gz`);
    writeFileSync(path, "");
    assert.equal(inMirror("c", "train.csv"), path);
    assert.equal(inMirror("c"), join(folder, "mirror", "c"));
  });

  it("finds nothing where no mirror is named", () => {
    delete process.env.ATTENTION_DATA_MIRROR;
    assert.equal(inMirror("c"), undefined);
  });
});

describe("stateOf", () => {
  it("counts the bytes of the files that are missing or of another size", () => {
    assert.deepEqual(stateOf(source), { kind: "to download", bytes: content.length + 5_000_000 });
    const path = cache(file);
    assert.deepEqual(stateOf(source), { kind: "to download", bytes: 5_000_000 });
    cache(unknown);
    const where = join(folder, "cache", "attention-is-not-explanation", "corpora", "c");
    assert.deepEqual(stateOf(source), { kind: "ready", where });
    truncateSync(path, 3);
    assert.deepEqual(stateOf(source), { kind: "to download", bytes: content.length });
  });
});

describe("fetchFile and openParts", () => {
  const pathsOf = async (name: string) => {
    const paths: string[] = [];
    for await (const { path } of openParts({ ...source, parts: { archive: ["other.zip", name] } }, {}))
      paths.push(path);
    return paths;
  };

  it("bring a file into the cache once, under the name of its address", async (context) => {
    const asked = serve(context, content);
    const path = await fetchFile(source, file, {});
    assert.equal(path, cachedPath(source, file));
    assert.match(path, /corpora\/c\/file\.tar\.gz$/);
    assert.equal(readFileSync(path, "utf8"), content);
    assert.deepEqual(await pathsOf("file.tar.gz"), [path]);
    assert.equal(asked.length, 1);
  });

  it("take the mirror's file, whatever its sum", async (context) => {
    const asked = serve(context, content);
    const path = join(folder, "mirror", "c", "packed.tar.gz");
    writeFileSync(path, "packed otherwise");
    assert.deepEqual(await pathsOf("packed.tar.gz"), [path]);
    assert.deepEqual(asked, []);
  });
});
