import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { checkFolder, writeManifest } from "../../../src/cli/setup/manifest";

const folder = mkdtempSync(join(tmpdir(), "manifest-"));
after(() => rmSync(folder, { recursive: true }));

const library = join(folder, "library.so");

beforeEach(async () => {
  writeFileSync(library, "library");
  writeFileSync(join(folder, "header.h"), "header");
  await writeManifest(folder, ["library.so", "header.h"], { compiler: "g++" });
});

async function problem(depth?: "quick" | "full"): Promise<string> {
  return (await checkFolder(folder, depth)).problem ?? "intact";
}

test("an untouched folder is intact and tells what made it", async () => {
  assert.deepEqual(await checkFolder(folder), { about: { compiler: "g++" } });
  assert.equal(await problem("full"), "intact");
});

test("a missing, grown, shortened or changed file is noticed", async () => {
  appendFileSync(library, "!");
  assert.equal(await problem(), "library.so has 8 bytes instead of 7");
  writeFileSync(library, "librar");
  assert.equal(await problem(), "library.so has 6 bytes instead of 7");
  writeFileSync(library, "LIBRARY");
  utimesSync(library, 1, 1);
  assert.match(await problem(), /^library\.so has another content/);
  rmSync(library);
  assert.equal(await problem(), "library.so is missing");
});

test("a change that kept size and time is found, as the inode has changed", async () => {
  const { atime, mtime, mtimeMs } = statSync(library);
  writeFileSync(library, "LIBRARY");
  utimesSync(library, atime, mtime);
  assert.ok(Math.abs(statSync(library).mtimeMs - mtimeMs) < 1);
  assert.match(await problem(), /^library\.so has another content/);
});

test("a file with another time but the same content is intact, and its stamp is noted; so is one without a stamp", async () => {
  const manifest = join(folder, "manifest.json");
  const noted = (): { path: string; stamp?: string }[] => JSON.parse(readFileSync(manifest, "utf8")).files;
  const before = noted();
  await new Promise((resolve) => setTimeout(resolve, 20));
  utimesSync(library, 1_000, 1_000);
  assert.equal(await problem(), "intact");
  const after = noted();
  assert.deepEqual([before[0], before[1]!.path], [after[0], after[1]!.path]);
  assert.notEqual(after[1]!.stamp, before[1]!.stamp);
  const earlier = after.map(({ stamp: _, ...file }) => ({ ...file, mtimeMs: 1 }));
  writeFileSync(manifest, JSON.stringify({ about: {}, files: earlier }));
  assert.equal(await problem(), "intact");
  assert.deepEqual(noted(), after);
});

test("a missing, cut or foreign manifest counts as damage", async () => {
  for (const text of [undefined, `{"files": [`, "null", "{}", `{"files": [], "about": {}}`]) {
    rmSync(join(folder, "manifest.json"), { force: true });
    if (text !== undefined) writeFileSync(join(folder, "manifest.json"), text);
    assert.equal(await problem(), "manifest.json is missing or damaged", text);
  }
});
