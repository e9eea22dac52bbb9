import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ArchiveOptions, readArchive } from "../../../src/data/files/archive";
import { UserError } from "../../../src/errors";
import { makeTarGz, type TarEntry } from "../archiveFiles";
import { makeZip } from "../zipFile";

const all = () => true;
const mebibytes = 1024 * 1024;
const tarGz = "archive.tar.gz";
const zipFile = "archive.zip";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "archive-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function read(
  archive: string,
  bytes: Buffer,
  wanted: (path: string) => boolean = all,
  options?: ArchiveOptions,
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of readArchive(put(archive, bytes), wanted, options))
    files[entry.name] = await text(entry.content);
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
  assert.match(readdirSync(folder).join(), /^archive\.(tar\.gz|zip)$/);
}

const outside = ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:/evil.txt", "a\\..\\..\\evil.txt"];

describe("readArchive of a tar.gz", () => {
  const good: TarEntry[] = [
    { name: "a/", type: "directory" },
    { name: "./a/one.txt", content: "one".repeat(100_000) },
    { name: "a/two.bin", content: "two" },
    { name: "a/empty.txt", content: "" },
    { name: `${"long/".repeat(40)}name.txt`, content: "é" },
  ];
  const tar = async (...entries: TarEntry[]) => read(tarGz, await makeTarGz(entries));

  it("reads the wanted files, with their paths", async () => {
    const files = await read(tarGz, await makeTarGz(good), (path) => path.endsWith(".txt"));
    assert.deepEqual(files, {
      "a/one.txt": "one".repeat(100_000),
      "a/empty.txt": "",
      [`${"long/".repeat(40)}name.txt`]: "é",
    });
  });

  it("goes on where a file was not read, or only begun", async () => {
    const paths: string[] = [];
    for await (const { name, content } of readArchive(put(tarGz, await makeTarGz(good)), all)) {
      paths.push(name);
      if (name === "a/one.txt") await content[Symbol.asyncIterator]().next();
    }
    assert.equal(paths.length, 4);
  });

  it("stops without an error where its reader stops", async () => {
    for await (const { name } of readArchive(put(tarGz, await makeTarGz(good)), all)) if (name === "a/one.txt") break;
  });

  it("throws its reader's own error as it is", async () => {
    const path = put(tarGz, await makeTarGz(good));
    await assert.rejects(async () => {
      for await (const _ of readArchive(path, all)) throw new RangeError("mine");
    }, /^RangeError: mine$/);
  });

  it("tells how much of the archive has been read", async () => {
    const bytes = await makeTarGz(good);
    const told: (number | undefined)[][] = [];
    await read(tarGz, bytes, all, { onProgress: (...values) => told.push(values) });
    assert.deepEqual(told.at(-1), [bytes.length, bytes.length]);
  });

  for (const name of outside)
    it(`refuses the path ${name}`, () =>
      assertRefused(tar({ name, content: "x" }), /relative path|absolute path|invalid characters/));

  for (const type of ["link", "symlink", "fifo", "character-device"] as const)
    it(`refuses a ${type}, also one that nobody wants`, async () => {
      const bytes = await makeTarGz([{ name: "a/link", type, linkname: "/etc/passwd" }, ...good]);
      await assertRefused(
        read(tarGz, bytes, () => false),
        new RegExp(`a/link is neither file nor folder, but ${type}`),
      );
    });

  it("refuses a bomb by its ratio, also where nobody wants it", async () => {
    const bytes = await makeTarGz([{ name: "a", content: Buffer.alloc(20 * mebibytes) }]);
    assert.ok(bytes.length < mebibytes / 10);
    const pattern = /unpacks to more than the 16777216 bytes allowed/;
    await assertRefused(read(tarGz, bytes), pattern);
    await assertRefused(
      read(tarGz, bytes, () => false),
      pattern,
    );
  });

  it("refuses more bytes or entries than allowed", async () => {
    const bytes = await makeTarGz(good);
    await assertRefused(read(tarGz, bytes, all, { bytes: 100_000 }), /more than the 100000 bytes allowed/);
    await assertRefused(read(tarGz, bytes, all, { entries: 4 }), /more than the 4 files allowed/);
  });

  it("refuses an entry that says it is larger than the archive", async () => {
    const bytes = await makeTarGz([{ name: "a", content: "x".repeat(2000) }]);
    await assertRefused(read(tarGz, gzipSync(gunzipSync(bytes).subarray(0, 1024))), /Unexpected end of data/);
  });

  it("refuses what is truncated, damaged or of another type", async () => {
    const bytes = await makeTarGz(good);
    await assertRefused(read(tarGz, bytes.subarray(0, bytes.length / 2)), /is truncated/);
    await assertRefused(read(tarGz, bytes.subarray(0, -4)), /is truncated/);
    const flipped = Buffer.from(bytes);
    flipped[flipped.length - 8]! ^= 1;
    await assertRefused(read(tarGz, flipped), /incorrect data check/);
    await assertRefused(read(tarGz, Buffer.from("<html>403</html>")), /incorrect header check/);
    await assertRefused(read(tarGz, makeZip({ "a.txt": "x" })), /incorrect header check/);
    await assertRefused(read(tarGz, gzipSync("no tar archive".repeat(100))), /Invalid tar header/);
    await assertRefused(read(tarGz, Buffer.alloc(0)), /nothing|truncated/);
    await assertRefused(read(tarGz, gzipSync("")), /nothing/);
  });

  it("refuses a file that is there twice", () =>
    assertRefused(tar({ name: "a.txt", content: "x" }, { name: "./a.txt", content: "y" }), /holds a\.txt twice/));

  it("says that there is no such file", async () => {
    await assert.rejects(async () => {
      for await (const _ of readArchive(join(folder, "none"), all));
    }, /none is missing; give the path/);
  });
});

describe("readArchive of a zip", () => {
  const good = { "a/one.txt": "one".repeat(100_000), "a/two.bin": "two", "a/": "" };
  const zip = makeZip(good);

  it("reads the wanted files", async () =>
    assert.deepEqual(await read(zipFile, zip, (path) => path.endsWith(".bin")), { "a/two.bin": "two" }));

  it("tells how far it is", async () => {
    const told: number[] = [];
    await read(zipFile, zip, all, { onProgress: (read) => told.push(read) });
    assert.deepEqual([...new Set(told)].slice(-2), [300_000, 300_003]);
  });

  for (const name of outside)
    it(`refuses the path ${name}`, () =>
      assertRefused(read(zipFile, makeZip({ [name]: "x" })), /relative path|absolute path|invalid characters/));

  it("refuses a link, also one that nobody wants", async () => {
    const bytes = makeZip({ "a/link": "/etc/passwd", "a/one.txt": "one" });
    const entry = bytes.indexOf("PK\x01\x02");
    bytes.writeUInt32LE((0o120777 << 16) >>> 0, entry + 38);
    await assertRefused(
      read(zipFile, bytes, () => false),
      /a\/link is a link/,
    );
  });

  it("refuses a bomb by what its table of contents says", async () => {
    const bytes = makeZip({ "a.txt": "0".repeat(20 * mebibytes) }, { compressed: true });
    assert.ok(bytes.length < mebibytes / 10);
    await assertRefused(read(zipFile, bytes), /more than the 16777216 bytes allowed/);
  });

  it("refuses an entry that is larger than its table of contents says", async () => {
    const bytes = makeZip({ "a.txt": "x".repeat(5000) }, { compressed: true });
    bytes.writeUInt32LE(10, bytes.indexOf("PK\x01\x02") + 24);
    await assertRefused(read(zipFile, bytes), /too many bytes/);
  });

  it("refuses more entries than allowed", () =>
    assertRefused(read(zipFile, zip, all, { entries: 2 }), /more than the 2 files allowed/));

  it("refuses a file that is there twice, or has another checksum", async () => {
    const twice = makeZip({ "a.txt": "x", "b.txt": "y" });
    for (let at = twice.indexOf("b.txt"); at >= 0; at = twice.indexOf("b.txt")) twice.write("a", at);
    await assertRefused(read(zipFile, twice), /holds a\.txt twice/);
    const flipped = makeZip({ "a.txt": "the 0.25 0.5" });
    flipped.write("7", flipped.indexOf("25"));
    await assertRefused(read(zipFile, flipped), /the checksum of a\.txt does not fit/);
  });

  it("refuses an encrypted file", async () => {
    const bytes = makeZip({ "a.txt": "secret" }, { compressed: true });
    bytes[bytes.indexOf("PK\x01\x02") + 8]! |= 1;
    await assertRefused(read(zipFile, bytes), /encrypted/);
  });

  it("refuses what is truncated, damaged or of another type", async () => {
    const compressed = makeZip(good, { compressed: true });
    await assertRefused(read(zipFile, zip.subarray(0, -30)), /end of central directory/i);
    await assertRefused(read(zipFile, Buffer.from("<html>403</html>")), /end of central directory|too small/i);
    await assertRefused(read(zipFile, await makeTarGz([{ name: "a", content: "x" }])), /central directory/i);
    const damaged = Buffer.from(compressed);
    damaged.fill(0xff, 40, 60);
    await assertRefused(read(zipFile, damaged), /invalid|incorrect|length or distance/);
  });
});
