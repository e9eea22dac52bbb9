import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import { unpack } from "../../src/cli/archive";

const folder = mkdtempSync(join(tmpdir(), "archive-"));
after(() => rmSync(folder, { recursive: true }));

/** A zip archive of compressed files, by the format's own description (APPNOTE.TXT, 4.3). */
function zip(files: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = deflateRawSync(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(text), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, rest, Buffer.from(name));
    const file = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), content]);
    parts.push(file);
    offset += file.length;
  }
  const table = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(table.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, table, end]);
}

function archive(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("only the wanted files are unpacked, with their folders", async () => {
  const path = archive(
    "good.zip",
    zip({ "a/b/one.h": "one".repeat(1000), "a/two.py": "two", "three.h": "", "a/": "" }),
  );
  const destination = join(folder, "good");
  const paths = await unpack(path, destination, (name) => !name.endsWith(".py"));
  assert.deepEqual(paths.sort(), ["a/b/one.h", "three.h"]);
  assert.equal(readFileSync(join(destination, "a/b/one.h"), "utf8"), "one".repeat(1000));
  assert.equal(readFileSync(join(destination, "three.h"), "utf8"), "");
  assert.equal(existsSync(join(destination, "a/two.py")), false);
});

test("a path that leads out of the folder stops the unpacking", async () => {
  for (const name of ["../evil", "a/../../evil", "/evil", "C:/evil", "..\\evil"]) {
    const path = archive("hostile.zip", zip({ [name]: "x" }));
    await assert.rejects(
      unpack(path, join(folder, "in", "hostile"), () => true),
      /relative path|absolute path|characters/,
      name,
    );
    assert.equal(existsSync(join(folder, "in", "evil")) || existsSync(join(dirname(folder), "evil")), false);
  }
  assert.equal(readdirSync(folder).includes("in"), false);
});

test("a damaged or truncated archive is refused", async () => {
  const content = zip({ "a.h": "text that is compressed".repeat(50) });
  const cut = archive("cut.zip", content.subarray(0, content.length - 30));
  await assert.rejects(unpack(cut, join(folder, "cut"), () => true));
  const flipped = Buffer.from(content);
  flipped.fill(0xff, 40, 60);
  await assert.rejects(unpack(archive("flipped.zip", flipped), join(folder, "flipped"), () => true));
  await assert.rejects(unpack(archive("page.zip", Buffer.from("<html>403</html>")), join(folder, "page"), () => true));
});
