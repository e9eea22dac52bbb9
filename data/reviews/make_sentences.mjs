// Writes sentences.tsv from the test fixtures of the npm package sentiment@5.0.2: node data/reviews/make_sentences.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageSha256 = "89302eb03d2005d03b214fe65814bb48adb7d3c42c8ca80bdee6a3ecb7e4480f";
const sha256 = (data) => createHash("sha256").update(data).digest("hex");

const folder = mkdtempSync(join(tmpdir(), "sentences-"));
const run = (command, ...options) => execFileSync(command, options, { cwd: folder, stdio: "ignore" });
run("npm", "pack", "sentiment@5.0.2");
const archive = join(folder, "sentiment-5.0.2.tgz");
if (sha256(readFileSync(archive)) !== packageSha256) throw new Error("The package is not the one this script was made for.");
run("tar", "xzf", archive);

const lines = ["source\tlabel\ttext"];
for (const source of ["amazon", "imdb", "yelp"]) {
  // The last row of each fixture is an empty one without a class.
  const rows = JSON.parse(readFileSync(join(folder, "package/test/fixtures", `${source}.json`), "utf8")).slice(0, -1);
  for (const label of [0, 1])
    if (rows.filter((row) => row.class === label).length !== 500) throw new Error(`${source}: not 500 of class ${label}`);
  for (const row of rows) {
    if (/[\t\n\r]/.test(row.text)) throw new Error(`${source}: a tab or a line break in a sentence`);
    lines.push(`${source}\t${row.class}\t${row.text}`);
  }
}
rmSync(folder, { recursive: true });

const text = `${lines.join("\n")}\n`;
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "sentences.tsv"), text);
console.log(`${lines.length - 1} sentences, ${Buffer.byteLength(text)} bytes, sha256 ${sha256(text)}`);
