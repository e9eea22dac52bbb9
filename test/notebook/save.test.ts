import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readZip } from "../../src/data/files/archive";
import { bytesOf } from "../../src/data/files/bytes";
import { resultName, saveFiles, zipFiles } from "../../src/notebook/save";

const folder = mkdtempSync(join(tmpdir(), "save-"));
after(() => rmSync(folder, { recursive: true }));

test("a configuration has one file name, whatever its corpus is called", () => {
  const run = { corpus: "reviews", encoder: "bilstm", attention: "additive", seed: 0 } as const;
  assert.equal(resultName("rq1", run), "rq1-reviews-bilstm-additive-seed0");
  assert.equal(resultName("rq1", run, "table2"), "rq1-reviews-bilstm-additive-seed0-table2");
  const own = resultName("rq2", { ...run, corpus: "my texts/Größe" });
  assert.equal(own, "rq2-my-texts-Gr-e-bilstm-additive-seed0");
  saveFiles(folder, own, { ".csv": "n\n1\n" });
  assert.equal(readFileSync(join(folder, `${own}.csv`), "utf8"), "n\n1\n");
});

async function contentsOf(path: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of readZip(path, () => true)) files[entry.path] = (await bytesOf(entry)).toString();
  return files;
}

test("named files become one archive, the same each time, with their folders", async () => {
  const results = join(folder, "results");
  mkdirSync(join(results, "deep"), { recursive: true });
  writeFileSync(join(results, "b.txt"), "two");
  writeFileSync(join(results, "deep", "a.txt"), "one");
  const destination = join(folder, "archives", "some.zip");
  assert.deepEqual(await zipFiles(destination, results, ["deep/a.txt", "b.txt"]), ["b.txt", "deep/a.txt"]);
  assert.deepEqual(await contentsOf(destination), { "b.txt": "two", "deep/a.txt": "one" });
  const first = readFileSync(destination);
  writeFileSync(join(results, "b.txt"), "two");
  await zipFiles(destination, results, ["b.txt", "deep/a.txt"]);
  assert.deepEqual(readFileSync(destination), first);
});

test("without names: what this process saved in the folder, each file once", async () => {
  const results = join(folder, "saved");
  await assert.rejects(zipFiles(join(folder, "none.zip"), results), /Nothing was saved in .*saved yet; run the cells/);
  saveFiles(results, "table", { ".tex": "old", ".csv": "n" });
  saveFiles(results, "table", { ".tex": "new" });
  saveFiles(join(folder, "saved-elsewhere"), "other", { ".tex": "x" });
  writeFileSync(join(results, "foreign.txt"), "not saved here");
  await zipFiles(join(folder, "saved.zip"), results);
  assert.deepEqual(await contentsOf(join(folder, "saved.zip")), { "table.csv": "n", "table.tex": "new" });
});

test("a file outside of the folder, or one that is gone, is told and nothing is written", async () => {
  const destination = join(folder, "never.zip");
  await assert.rejects(zipFiles(destination, folder, ["../other.txt"]), /but .*other\.txt is not in it/);
  await assert.rejects(
    zipFiles(destination, folder, ["gone.txt"]),
    /gone\.txt is to be packed, but cannot be read \(ENOENT\)/,
  );
  assert.throws(() => readFileSync(destination), { code: "ENOENT" });
});
