import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { countsOf, listCorpora } from "../../../src/cli/commands/corpora";
import { Terminal } from "../../../src/cli/setup/steps.cjs";
import { corpora, loadDataset } from "../../../src/data/catalog";
import { serve } from "../../data/serve";

let folder: string;
const names = ["XDG_CACHE_HOME", "ATTENTION_DATA_MIRROR", "ATTENTION_ADR", "ATTENTION_MIMIC"];
const environment = Object.fromEntries(names.map((name) => [name, process.env[name]]));

before(() => {
  folder = mkdtempSync(join(tmpdir(), "corpora-"));
  for (const name of names) delete process.env[name];
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const name of names)
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
});

/** What the command writes, on a terminal or not, and the exit code that it leaves. */
async function output(name?: string, isTTY = false): Promise<{ text: string; exitCode: typeof process.exitCode }> {
  let text = "";
  const stream = { isTTY, write: (line: string) => (text += line) } as unknown as NodeJS.WriteStream;
  const before = process.exitCode;
  try {
    await listCorpora({ terminal: new Terminal(stream) }, name);
    return { text, exitCode: process.exitCode };
  } finally {
    process.exitCode = before;
  }
}

test("the list has a line for every corpus, of a terminal's width, with its state and counts, and ends with the sums", async () => {
  const { text, exitCode } = await output();
  const lines = text.trimEnd().split("\n");
  assert.match(lines[0]!, /^corpus +task +state +train +paper's +test +paper's$/);
  assert.deepEqual(
    lines.slice(1, -2).map((line) => line.split(" ")[0]),
    corpora.map(({ name }) => name),
  );
  for (const line of lines) assert.ok(line.length <= 100, line);
  assert.match(text, /^sst +classification +to download +– +6,355 +– +1,725$/m);
  assert.match(text, /^diabetes +classification +needs your file +– +7,734 +– +1,615$/m);
  assert.match(text, /^reviews +classification +ready +2,100 +–/m);
  assert.match(text, /^babi1 +question answering +to download /m);
  assert.match(lines.at(-2)!, /^\d+ corpora: \d+ ready, \d+ to download .*, 3 need a file of yours\.$/);
  assert.equal(exitCode, process.exitCode);
});

test("what is ready is counted, and what cannot be read is told under its line", async () => {
  process.env.ATTENTION_DATA_MIRROR = folder;
  mkdirSync(join(folder, "sst", "trees"), { recursive: true });
  for (const split of ["train", "dev", "test"]) writeFileSync(join(folder, "sst", "trees", `${split}.txt`), "(3 (2 A");
  const { text, exitCode } = await output();
  delete process.env.ATTENTION_DATA_MIRROR;
  rmSync(join(folder, "sst"), { recursive: true });
  assert.match(text, /^reviews +classification +ready +2,100 +– +600 +–$/m);
  assert.match(
    text,
    /^sst +classification +cannot be read .*\n {2}problem {4}.*train\.txt is not the file of the official distribution/m,
  );
  assert.equal(exitCode, 1);
});

test("one corpus is read and told with its counts, notes, citation and use", async () => {
  const { text } = await output("reviews");
  assert.match(
    text,
    /^reviews: Sentiment labelled sentences \(classification\)\n {2}task +classification, negative \/ positive\n/,
  );
  assert.match(text, /counts +train 1,050\/1,050, dev 150\/150, test 300\/300, vocabulary 4,267\n/);
  assert.match(text, /note +Not one of the paper's corpora/);
  assert.match(text, /citation +Kotzias et al\. \(2015\)/);
  assert.match(text, /use +npm run study -- --corpus reviews\n$/);
});

test("a corpus to download is not downloaded, but told with address, size and sum", async (context) => {
  const asked = serve(context, "");
  const { text } = await output("20news");
  assert.match(text, /state +to download, 14 MB\n/);
  assert.match(text, /file +http:\/\/qwone\.com\/.*20news-bydate\.tar\.gz, 14 MB\n +SHA-256 8f1b2514/);
  assert.match(text, /use +npm run study -- --corpus 20news\n$/);
  assert.deepEqual(asked, []);
});

test("on a terminal the corpus that is being read is told, elsewhere not", async () => {
  assert.match((await output("babi1-small", true)).text, /Reading babi1-small/);
  assert.doesNotMatch((await output("babi1-small")).text, /Reading/);
});

test("a damaged corpus is told with what to do, the others as ever, and the exit code is 1", async () => {
  process.env.ATTENTION_DATA_MIRROR = folder;
  mkdirSync(join(folder, "sst", "trees"), { recursive: true });
  for (const split of ["train", "dev", "test"]) writeFileSync(join(folder, "sst", "trees", `${split}.txt`), "(3 (2 A");
  const { text, exitCode } = await output("sst");
  delete process.env.ATTENTION_DATA_MIRROR;
  assert.match(text, /state +ready: .*trees\n {2}problem +.*train\.txt is not the file of the official distribution/);
  assert.equal(exitCode, 1);
});

test("an unknown corpus is answered with the nearest name", () =>
  assert.rejects(output("imbd"), /There is no corpus "imbd"; did you mean "imdb"/));

test("counts are by class, or the total where classes are answers, with the special tokens", async () => {
  const reviews = await loadDataset("reviews", { limit: 100 });
  const { train, vocabulary } = countsOf(reviews);
  assert.equal(train.length, 2);
  assert.equal(train[0]! + train[1]!, 100);
  assert.equal(vocabulary, reviews.vocabulary.length + 4);
  assert.deepEqual(countsOf({ ...reviews, task: "question answering" }).train, [100]);
});
