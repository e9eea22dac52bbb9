import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadBackend } from "../../../src/backend/tensorflow";
import { createRandom, type Random } from "../../../src/stats/random";
import { answerTo, attackFolder, tinyCorpus, tinyModel, tinyWords } from "../attacks";
import { results } from "../processes";

// A bit is changed in each file of results and cache: it is noticed, or it is harmless; never is a number another one.

const { folder, put } = attackFolder();
const corpus = put("tiny.csv", tinyCorpus());
const lines = tinyWords.map((word, place) => `${word} ${place / 8} 1 ${-place}.5 2\n`);
const vectors = put("tiny.vec", lines.join(""));
const out = join(folder, "out");
const command = [
  ...["study", "--corpus-file", corpus, "--out", out, "--vectors", vectors, "--test-limit", "8"],
  ...tinyModel.filter((word, place, all) => !/embeddingSize/.test(`${word}${all[place + 1]}`)),
];
const cache = join(folder, "cache");
const flips = Number(process.env.ATTACK_FLIPS ?? 40);
let expected: Record<string, string>;

const filesBelow = (root: string) =>
  readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(root, name)).isFile());

before(async () => {
  await loadBackend();
  const { code, printed } = await answerTo(command);
  assert.equal(code, 0, printed);
  expected = results(out);
  for (const root of ["out", "cache"]) cpSync(join(folder, root), join(folder, `whole-${root}`), { recursive: true });
});

function restore(): void {
  for (const root of ["out", "cache"]) {
    rmSync(join(folder, root), { recursive: true });
    cpSync(join(folder, `whole-${root}`), join(folder, root), { recursive: true, preserveTimestamps: true });
  }
}

test("a changed bit is noticed or harmless in every file", { timeout: 3_600_000 }, async (context) => {
  const random = createRandom(process.env.ATTACK_SEED ?? "bits");
  const found = [out, cache].flatMap((root) => filesBelow(root).map((name) => ({ root, name })));
  assert.ok(found.length >= 7, found.map(({ name }) => name).join());
  for (const { root, name } of found) await context.test(name, () => flipBits(root, name, random));
});

async function flipBits(root: string, name: string, random: Random): Promise<void> {
  const counts = { noticed: 0, harmless: 0, refused: 0 };
  for (let flip = 0; flip < flips; flip++) {
    restore();
    // What lies in the cache is read again only where no study is there.
    if (root === cache) for (const one of filesBelow(out)) rmSync(join(out, one));
    const path = join(root, name);
    const bytes = readFileSync(path);
    if (bytes.length === 0) break;
    const place = random.integer(bytes.length);
    bytes[place]! ^= 1 << random.integer(8);
    writeFileSync(path, bytes);
    const { code, printed } = await answerTo(command);
    const where = `bit of byte ${place} of ${name}: ${printed}`;
    assert.doesNotMatch(printed, /^ +at |Getter/m, where);
    if (code === 0) assert.deepEqual(results(out), expected, where);
    if (code !== 0) counts.refused += 1;
    else if (/anew|damaged/.test(printed)) counts.noticed += 1;
    else counts.harmless += 1;
  }
  console.log(`${name}: ${JSON.stringify(counts)}`);
}
