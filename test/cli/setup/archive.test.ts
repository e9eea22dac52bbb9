import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { unpack } from "../../../src/cli/setup/archive";
import { makeZip } from "../../data/zipFile";

const folder = mkdtempSync(join(tmpdir(), "archive-"));
after(() => rmSync(folder, { recursive: true }));

const zip = (files: Record<string, string>) => makeZip(files, { compressed: true });

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
