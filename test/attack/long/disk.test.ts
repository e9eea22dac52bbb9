import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeStartPage } from "../../../src/cli/setup/startPage.cjs";
import { download } from "../../../src/data/files/download";
import { keepFile } from "../../../src/data/words/wordVectors";
import { UserError } from "../../../src/errors";
import { saveFiles } from "../../../src/notebook/save";
import { toShown } from "../../../src/notebook/show";
import { projectFolder } from "../../../src/paths";
import { buildReport } from "../../../src/report/buildReport";
import { answerTo, attackFolder, tinyCorpus, tinyModel } from "../attacks";

// On a disk of 1 MB with so many bytes left each kind of file is written, or one sentence says what is missing and nothing
// half is left under its name; with more space the same goes on.

// Before the folder's own end, which removes it.
after(() => {
  server.close();
  if (isMounted) spawnSync("umount", [disk]);
});
const { folder, put } = attackFolder();
const disk = join(folder, "disk");
mkdirSync(disk);
const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", disk]).status === 0;
const skip = isMounted ? false : "only root mounts a small disk on Linux";
const server = createServer((_, response) => response.end(Buffer.alloc(300_000)));

before(() => new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening)));

/** Empties the disk but for a file that leaves so many bytes. */
function leave(bytes: number): void {
  for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
  giveTo(bytes);
}
function giveTo(bytes: number): void {
  rmSync(join(disk, "filler"), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, "filler"), Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
}

const corpus = put("tiny.csv", tinyCorpus());
const study = (out: string) => () =>
  answerTo(["study", "--corpus-file", corpus, "--out", out, "--test-limit", "8", ...tinyModel]);
const rows = Array.from({ length: 3000 }, (_, place) => ({ place }));
const released = join(projectFolder, "data", "study", "babi1-question-only");
const fetched = () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  return download({ url, destination: join(disk, "new", "x"), label: "x" });
};
const kinds: [what: string, bytes: number[], write: () => unknown][] = [
  ["a study", [0, 4096, 16_384, 32_768], study(join(disk, "new"))],
  ["a report", [0, 20_000, 200_000], () => buildReport([released], join(disk, "new"))],
  ["the start page", [0, 4096], () => writeStartPage(join(disk, "new"))],
  ["a table", [0, 8192], async () => saveFiles(join(disk, "new"), "t", await (await toShown(rows)).files())],
  ["a download", [0, 100_000], fetched],
];

for (const [what, all, write] of kinds)
  for (const bytes of all)
    test(`${what}, where ${bytes} bytes are left`, { skip }, async () => {
      leave(bytes);
      const full = await answerTo(async () => {
        const answer = (await write()) as { code?: number; printed?: string } | undefined;
        if (answer?.code === 1) throw new UserError(answer.printed);
      });
      assert.match(full.printed, /(ENOSPC|no space left in).*free some/);
      assert.doesNotMatch(full.printed, /^ +at |Getter|node:internal/m);
      const left = readdirSync(disk, { recursive: true, encoding: "utf8" });
      assert.deepEqual(
        left.filter((name) => /\.new-|index\.html\.\d/.test(name)),
        [],
      );
      if (what === "a report") return;
      giveTo(600_000);
      const answer = (await write()) as { code?: number; printed?: string } | undefined;
      assert.equal(answer?.code ?? 0, 0, answer?.printed);
    });

test("the cache of a study, and what is kept of a corpus", { skip }, async () => {
  process.env.XDG_CACHE_HOME = disk;
  for (const bytes of [0, 4096, 12_288]) {
    leave(bytes);
    const { code, printed } = await study(join(folder, "out"))();
    assert.equal(code, 1);
    assert.match(printed, /^There is no space left in .* for \w+\.\w+, which needs [\d,]+ bytes; free some/);
  }
  const { printed } = await answerTo(() => keepFile(join(disk, "kept.gz"), async () => rows.map(() => Math.random())));
  assert.match(printed, /cannot be kept in .* and is read again next time: There is no space left/);
});
