import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { installVectors, listVectors } from "../../../src/cli/commands/corpora";
import { Terminal } from "../../../src/cli/setup/steps.cjs";
import { vectorSources } from "../../../src/data/words/vectorSources";

let folder: string;
const environment = { cache: process.env.XDG_CACHE_HOME, mirror: process.env.ATTENTION_DATA_MIRROR };

before(() => {
  folder = mkdtempSync(join(tmpdir(), "vectors-"));
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  process.env.ATTENTION_DATA_MIRROR = folder;
  mkdirSync(join(folder, "vectors"));
  writeFileSync(join(folder, "vectors", "wiki.simple.vec"), "1 2\nthe 1 2\n");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, value] of [
    ["XDG_CACHE_HOME", environment.cache],
    ["ATTENTION_DATA_MIRROR", environment.mirror],
  ] as const)
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

async function linesOf(work: (prepared: { terminal: Terminal }) => unknown): Promise<string> {
  let text = "";
  const stream = { write: (line: string) => (text += line) } as unknown as NodeJS.WriteStream;
  await work({ terminal: new Terminal(stream) });
  return text;
}

test("the list tells of every source its state, size and licence", async () => {
  const text = await linesOf(listVectors);
  for (const { name, size, licence } of vectorSources)
    for (const part of [name, `${size} numbers a word`, licence]) assert.ok(text.includes(part), part);
  assert.match(text, /fasttext-simple +ready: .*vectors\/wiki\.simple\.vec\n/);
  assert.match(text, /glove-840b-300d +to download, 2,177 MB\n/);
  const installed = vectorSources.find(({ file }) => file === undefined)!;
  assert.match(text, new RegExp(`${installed.name} +(ready: |needs your file: npm run vectors -- install )`));
});

test("a source that is ready is not installed again, an unknown one is answered with the nearest", async () => {
  const text = await linesOf((prepared) => installVectors(prepared, "fasttext-simple"));
  assert.equal(text, `fasttext-simple is ready: ${join(folder, "vectors", "wiki.simple.vec")}\n`);
  await assert.rejects(
    linesOf((prepared) => installVectors(prepared, "glove")),
    /There is no source of word vectors "glove"; did you mean "glove-6b-100d"\?/,
  );
});
