import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { writeFileAtomic } from "../../src/atomicWrite";
import { readStories } from "../../src/data/corpora/babi";
import { ownCorpus } from "../../src/data/ownCorpus";
import { loadWordVectors } from "../../src/data/words/wordVectors";
import { UserError } from "../../src/errors";
import { makeZip } from "../data/zipFile";

const folder = mkdtempSync(join(tmpdir(), "attack-"));
after(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function pipe(name: string): string {
  spawnSync("mkfifo", [join(folder, name)]);
  return join(folder, name);
}

const corpus = (path: string, options = {}) => ownCorpus({ path, ...options });
const vectors = (path: string) => loadWordVectors(path, ["film"]);
const flipped = makeZip({ "a.vec": "film 0.25 0.5\n" });
flipped.write("7", flipped.indexOf("25"));

/** What is tried, and the sentence that answers it in less than 20 seconds. */
const attacks: [string, () => Promise<unknown>, RegExp][] = [
  ["a named pipe", () => corpus(pipe("pipe.csv")), /pipe\.csv must be a regular file, but is a pipe or a device/],
  ["a pipe of vectors", () => vectors(pipe("pipe.vec")), /must be a regular file, but is a pipe/],
  ["a device", () => corpus("/dev/zero", { format: "csv" }), /\/dev\/zero must be a regular file/],
  ["a folder", () => corpus(folder, { format: "csv" }), /must be a regular file, but is a folder/],
  [
    "a gzip bomb",
    () =>
      corpus(
        put(
          "bomb.csv.gz",
          gzipSync(Buffer.concat([Buffer.from("text,label\n"), Buffer.alloc(2 ** 25, `${"x".repeat(999)},b\n`)])),
        ),
      ),
    /bomb\.csv\.gz is not a readable archive \(it unpacks to more than the \d+ bytes allowed; maxBytes/,
  ],
  [
    "too many rows",
    () => corpus(put("rows.csv", `text,label\n${"a,b\n".repeat(30)}`), { maxRows: 20 }),
    /more than 20 rows/,
  ],
  [
    "no line end",
    () => corpus(put("line.csv", `text,label\n${"a ".repeat(2 ** 24)}`)),
    /Line 2 of .* must not be longer/,
  ],
  [
    "an open quote",
    () => corpus(put("open.csv", `text,label\na,b\n"${"a,b\n".repeat(9)}`)),
    /a cell in line 3 is not closed/,
  ],
  ["bytes of zero", () => corpus(put("zero.csv", Buffer.alloc(9000))), /must be text, but has bytes of zero/],
  [
    "another encoding",
    () => corpus(put("latin.csv", Buffer.from("text,label\nZupa by\xb3a zimna, \xbfa\xb3uj\xea,x\n", "latin1"))),
    /is not UTF-8, and/,
  ],
  [
    "a wrong encoding",
    () => corpus(put("jis.csv", Buffer.from("text,label\n\xff\xff,x\n", "latin1")), { encoding: "shift_jis" }),
    /must be text in shift_jis/,
  ],
  [
    "a 20 kB heading",
    () => corpus(put("long.csv", `${"word ".repeat(4000)},label\n`)),
    /has "word .{34}…", "label"; that looks like/,
  ],
  ["200 headings", () => corpus(put("many.csv", "column,".repeat(200))), /and 191 more; name the column in textColumn/],
  ["an empty table", () => corpus(put("empty.csv", "\n\n")), /must begin with a line of headings, but is empty/],
  [
    "JSON of null",
    () => corpus(put("null.jsonl", "null\n")),
    /Line 1 of .* is not as it must be: value: expected object/,
  ],
  [
    "a name with a path",
    () => corpus(put("x.csv", "text,label\n"), { name: "../x" }),
    /choose another name \(--name\)/,
  ],
  ["a flipped number in a zip", () => vectors(put("flipped.zip", flipped)), /the checksum of a\.vec does not fit/],
  [
    "a page as vectors",
    () => vectors(put("page.vec", "<html>\nlog in</html>\n")),
    /Line 1 of .*page\.vec has no numbers/,
  ],
];

for (const [what, attack, sentence] of attacks)
  test(`${what} is answered with one sentence`, { timeout: 20_000 }, () =>
    assert.rejects(attack(), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, sentence);
      assert.ok(error.message.length < 700 && !error.message.includes("\n"), error.message);
      return true;
    }),
  );

test("line ends of Windows, a byte order mark and empty last lines are read in stories", async () => {
  const text = "\ufeff1 Rosa went to the attic.\r\n2 Where is Rosa? \tattic\t1\r\n\r\n";
  const [story] = await readStories({ path: put("qa1.txt", text) }, "train");
  assert.deepEqual(story!.questions[0]!.tokens, ["rosa", "went", "to", "the", "attic"]);
});

test("a file that does not fit is not written, and what was there stays", async () => {
  const path = put("kept.txt", "before");
  const script = `
    const { writeFileAtomic } = require("./src/atomicWrite");
    const told = (error) => console.log(error.code, error.message);
    writeFileAtomic(${JSON.stringify(path)}, "x".repeat(300_000)).catch(told).then(() =>
      console.log(require("node:fs").readFileSync(${JSON.stringify(path)}, "utf8").length));`;
  const command = `ulimit -f 100; exec "$0" --import tsx -e "$1"`;
  const { stdout } = spawnSync("sh", ["-c", command, process.execPath, script], { encoding: "utf8" });
  assert.match(
    stdout,
    /^EFBIG There is no space left in .* for kept\.txt, which needs 300,000 bytes; free some and start again\.\n6\n$/,
  );
  await writeFileAtomic(path, "after");
  mkdirSync(join(folder, "target"));
  await assert.rejects(writeFileAtomic(join(folder, "target"), "x"), /target cannot be used \((EISDIR|ENOTEMPTY)/);
});

test("a backend that there is not is an error", () => {
  const script = `require("./src/backend/tensorflow").loadBackend().catch((error) => console.log(error.message))`;
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, ATTENTION_BACKEND: "nonsense" },
  });
  assert.match(stdout, /There is no ATTENTION_BACKEND "nonsense"\. It must be one of "native", "wasm"/);
});
