import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ArchiveOptions, readTarGz, readZip } from "../../../src/data/files/archive";
import { bytesOf } from "../../../src/data/files/bytes";
import { UserError } from "../../../src/errors";
import { makeTarGz, type TarEntry } from "../archiveFiles";
import { makeZip } from "../zipFile";

const all = () => true;
const mebibytes = 1024 * 1024;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "archive-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(bytes: Buffer): string {
  const path = join(folder, "archive");
  writeFileSync(path, bytes);
  return path;
}

async function read(
  reader: typeof readZip,
  bytes: Buffer,
  wanted: (path: string) => boolean = all,
  options?: ArchiveOptions,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of reader(put(bytes), wanted, options)) files[entry.path] = (await bytesOf(entry)).toString();
  return files;
}

/** One sentence, and nothing on the disk but the archive itself. */
async function assertRefused(work: Promise<unknown>, pattern: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, /archive/);
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
  assert.deepEqual(readdirSync(folder), ["archive"]);
}

const outside = ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:/evil.txt", "a\\..\\..\\evil.txt"];

describe("readTarGz", () => {
  const good: TarEntry[] = [
    { name: "a/", type: "directory" },
    { name: "./a/one.txt", content: "one".repeat(100_000) },
    { name: "a/two.bin", content: "two" },
    { name: "a/empty.txt", content: "" },
    { name: `${"long/".repeat(40)}name.txt`, content: "é" },
  ];
  const tar = async (...entries: TarEntry[]) => read(readTarGz, await makeTarGz(entries));

  it("reads the wanted files, with their paths", async () => {
    const files = await read(readTarGz, await makeTarGz(good), (path) => path.endsWith(".txt"));
    assert.deepEqual(files, {
      "a/one.txt": "one".repeat(100_000),
      "a/empty.txt": "",
      [`${"long/".repeat(40)}name.txt`]: "é",
    });
  });

  it("goes on where a file was not read, or only begun", async () => {
    const paths: string[] = [];
    for await (const { path, content } of readTarGz(put(await makeTarGz(good)), all)) {
      paths.push(path);
      if (path === "a/one.txt") await content[Symbol.asyncIterator]().next();
    }
    assert.equal(paths.length, 4);
  });

  it("stops without an error where its reader stops", async () => {
    for await (const { path } of readTarGz(put(await makeTarGz(good)), all)) if (path === "a/one.txt") break;
  });

  it("throws its reader's own error as it is", async () => {
    const path = put(await makeTarGz(good));
    await assert.rejects(async () => {
      for await (const _ of readTarGz(path, all)) throw new RangeError("mine");
    }, /^RangeError: mine$/);
  });

  it("tells how much of the archive has been read", async () => {
    const bytes = await makeTarGz(good);
    const told: (number | undefined)[][] = [];
    await read(readTarGz, bytes, all, { onProgress: (...values) => told.push(values) });
    assert.deepEqual(told.at(-1), [bytes.length, bytes.length]);
  });

  for (const name of outside)
    it(`refuses the path ${name}`, () =>
      assertRefused(tar({ name, content: "x" }), /relative path|absolute path|invalid characters/));

  for (const type of ["link", "symlink", "fifo", "character-device"] as const)
    it(`refuses a ${type}, also one that nobody wants`, async () => {
      const bytes = await makeTarGz([{ name: "a/link", type, linkname: "/etc/passwd" }, ...good]);
      await assertRefused(
        read(readTarGz, bytes, () => false),
        new RegExp(`a/link is neither file nor folder, but ${type}`),
      );
    });

  it("refuses a bomb by its ratio, also where nobody wants it", async () => {
    const bytes = await makeTarGz([{ name: "a", content: Buffer.alloc(20 * mebibytes) }]);
    assert.ok(bytes.length < mebibytes / 10);
    const pattern = /unpacks to more than the 16777216 bytes allowed/;
    await assertRefused(read(readTarGz, bytes), pattern);
    await assertRefused(
      read(readTarGz, bytes, () => false),
      pattern,
    );
  });

  it("refuses more bytes or entries than allowed", async () => {
    const bytes = await makeTarGz(good);
    await assertRefused(read(readTarGz, bytes, all, { bytes: 100_000 }), /more than the 100000 bytes allowed/);
    await assertRefused(read(readTarGz, bytes, all, { entries: 4 }), /more than the 4 files allowed/);
  });

  it("refuses an entry that says it is larger than the archive", async () => {
    const bytes = await makeTarGz([{ name: "a", content: "x".repeat(2000) }]);
    await assertRefused(read(readTarGz, gzipSync(gunzipSync(bytes).subarray(0, 1024))), /Unexpected end of data/);
  });

  it("refuses what is truncated, damaged or of another type", async () => {
    const bytes = await makeTarGz(good);
    await assertRefused(read(readTarGz, bytes.subarray(0, bytes.length / 2)), /is truncated/);
    await assertRefused(read(readTarGz, bytes.subarray(0, -4)), /is truncated/);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 8]! ^= 1;
    await assertRefused(read(readTarGz, flipped), /incorrect data check/);
    await assertRefused(read(readTarGz, Buffer.from("<html>403</html>")), /incorrect header check/);
    await assertRefused(read(readTarGz, makeZip({ "a.txt": "x" })), /incorrect header check/);
    await assertRefused(read(readTarGz, gzipSync("no tar archive".repeat(100))), /Invalid tar header/);
    await assertRefused(read(readTarGz, Buffer.alloc(0)), /nothing|truncated/);
    await assertRefused(read(readTarGz, gzipSync("")), /nothing/);
  });

  it("refuses a file that is there twice", () =>
    assertRefused(tar({ name: "a.txt", content: "x" }, { name: "./a.txt", content: "y" }), /holds a\.txt twice/));

  it("says that there is no such file", async () => {
    await assert.rejects(async () => {
      for await (const _ of readTarGz(join(folder, "none"), all));
    }, /none is missing; give the path/);
  });
});

describe("readZip", () => {
  const good = { "a/one.txt": "one".repeat(100_000), "a/two.bin": "two", "a/": "" };
  const zip = makeZip(good);

  it("reads the wanted files", async () =>
    assert.deepEqual(await read(readZip, zip, (path) => path.endsWith(".bin")), { "a/two.bin": "two" }));

  it("tells how far it is", async () => {
    const told: number[] = [];
    await read(readZip, zip, all, { onProgress: (read) => told.push(read) });
    assert.deepEqual([...new Set(told)].slice(-2), [300_000, 300_003]);
  });

  for (const name of outside)
    it(`refuses the path ${name}`, () =>
      assertRefused(read(readZip, makeZip({ [name]: "x" })), /relative path|absolute path|invalid characters/));

  it("refuses a link, also one that nobody wants", async () => {
    const bytes = makeZip({ "a/link": "/etc/passwd", "a/one.txt": "one" });
    const entry = bytes.indexOf("PK\x01\x02");
    bytes.writeUInt32LE((0o120777 << 16) >>> 0, entry + 38);
    await assertRefused(
      read(readZip, bytes, () => false),
      /a\/link is a link/,
    );
  });

  it("refuses a bomb by what its table of contents says", async () => {
    const bytes = makeZip({ "a.txt": "0".repeat(20 * mebibytes) }, { compressed: true });
    assert.ok(bytes.length < mebibytes / 10);
    await assertRefused(read(readZip, bytes), /more than the 16777216 bytes allowed/);
  });

  it("refuses an entry that is larger than its table of contents says", async () => {
    const bytes = makeZip({ "a.txt": "x".repeat(5000) }, { compressed: true });
    bytes.writeUInt32LE(10, bytes.indexOf("PK\x01\x02") + 24);
    await assertRefused(read(readZip, bytes), /too many bytes/);
  });

  it("refuses more entries than allowed", () =>
    assertRefused(read(readZip, zip, all, { entries: 2 }), /more than the 2 files allowed/));

  it("refuses a file that is there twice, or has another checksum", async () => {
    const twice = makeZip({ "a.txt": "x", "b.txt": "y" });
    for (let at = twice.indexOf("b.txt"); at >= 0; at = twice.indexOf("b.txt")) twice.write("a", at);
    await assertRefused(read(readZip, twice), /holds a\.txt twice/);
    const flipped = makeZip({ "a.txt": "the 0.25 0.5" });
    flipped.write("7", flipped.indexOf("25"));
    await assertRefused(read(readZip, flipped), /the checksum of a\.txt does not fit/);
  });

  it("refuses an encrypted file", async () => {
    const bytes = makeZip({ "a.txt": "secret" }, { compressed: true });
    bytes[bytes.indexOf("PK\x01\x02") + 8]! |= 1;
    await assertRefused(read(readZip, bytes), /encrypted/);
  });

  it("refuses what is truncated, damaged or of another type", async () => {
    const compressed = makeZip(good, { compressed: true });
    await assertRefused(read(readZip, zip.subarray(0, -30)), /end of central directory/i);
    await assertRefused(read(readZip, Buffer.from("<html>403</html>")), /end of central directory|too small/i);
    await assertRefused(read(readZip, await makeTarGz([{ name: "a", content: "x" }])), /central directory/i);
    const damaged = Buffer.from(compressed);
    damaged.fill(0xff, 40, 60);
    await assertRefused(read(readZip, damaged), /invalid|incorrect|length or distance/);
  });
});

describe("bytesOf", () => {
  it("refuses an entry that is too large, before all of it is read", async () => {
    let pieces = 0;
    async function* content() {
      for (; pieces < 100; pieces += 1) yield new Uint8Array(10);
    }
    await assert.rejects(bytesOf({ path: "a.txt", content: content() }, 25), /a\.txt must not have more than 25 bytes/);
    assert.equal(pieces, 2);
  });
});
