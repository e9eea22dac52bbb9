import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { writeFileAtomic } from "../../src/atomicWrite";
import { readStories } from "../../src/data/corpora/babi";
import { readArchive } from "../../src/data/files/archive";
import { partsIn } from "../../src/data/files/source";
import { loadWordVectors } from "../../src/data/words/wordVectors";
import { makeTarGz } from "../data/archiveFiles";
import { makeZip } from "../data/zipFile";
import { attackAll, attackFolder, type Line, tinyCorpus, tinyModel } from "./attacks";

const { folder, put } = attackFolder();

/** A corpus of one's own: the name of its file, what it holds, and how it is read. */
function own(what: string, name: string, content: string | Buffer, sentence: RegExp, ...flags: string[]): Line {
  const ending = /\.\w+(\.gz)?$/.exec(name)?.[0] ?? "";
  const path = put(`${what.replace(/\W+/g, "-")}/${name || `x${ending}`}`, content);
  return [`a corpus: ${what}`, ["study", "--corpus-file", path, "--out", join(folder, "out"), ...flags], sentence];
}

/** A path that no file is made for. */
const at = (what: string, path: string, sentence: RegExp, ...flags: string[]): Line => [
  `a corpus: ${what}`,
  ["study", "--corpus-file", path, "--out", join(folder, "out"), ...flags],
  sentence,
];

function pipe(name: string): string {
  spawnSync("mkfifo", [join(folder, name)]);
  return join(folder, name);
}

const rows = (count: number, row = "a,b\n") => `text,label\n${row.repeat(count)}`;
const latin = (text: string) => Buffer.from(text, "latin1");
const bomb = gzipSync(`text,label\n${`${"x".repeat(999)},b\n`.repeat(4000)}`);
const two = `text,label\n${"good film,1\nbad film,0\n".repeat(20)}`;
const page = gzipSync(Buffer.alloc(2 ** 25, 97));
const members = Buffer.concat([gzipSync("text,label\n"), ...Array.from({ length: 20 }, () => page)]);
const utf16 = Buffer.concat([Buffer.from(`\ufeff${two}`, "utf16le"), Buffer.from([7])]);
put("folder.csv/inside", "x");
symlinkSync(join(folder, "loop.csv"), join(folder, "loop.csv"));
symlinkSync(join(folder, "gone"), join(folder, "gone.csv"));

const sparse = put("sparse.csv", two);
truncateSync(sparse, 10 * 2 ** 40);

attackAll([
  at("a named pipe", pipe("pipe.csv"), /pipe\.csv must be a regular file, but is a pipe or a device/),
  at("a device", "/dev/zero", /\/dev\/zero must be a regular file/, "--format", "csv"),
  ...(process.platform === "linux"
    ? ["kmsg", "self/environ", "self/pagemap"].map((name) =>
        at(
          `the system's own ${name}`,
          `/proc/${name}`,
          /must begin with a line of headings, but is empty/,
          "--format",
          "csv",
        ),
      )
    : []),
  at("a sparse file of 10 TB", sparse, /must not have more than 4294967296 bytes, but has 10995116277760/),
  own("members of a gzip bomb", "a.csv.gz", members, /Line 2 of .* must not be longer than 16777216 bytes/),
  own("gzip of bytes of zero", "a.csv.gz", gzipSync(Buffer.alloc(2 ** 25)), /must be text, but has bytes of zero/),
  own("gzip in gzip", "a.csv.gz", gzipSync(gzipSync(two)), /must be text, but has bytes of zero/),
  own("UTF-16 with half a character", "a.csv", utf16, /must be text in utf-16le, but is not/),
  at("the terminal", "/dev/tty", /\/dev\/tty (must be a regular file|cannot be read)/, "--format", "csv"),
  at("a folder", join(folder, "folder.csv"), /folder\.csv must be a regular file, but is a folder/),
  at("a circle of links", join(folder, "loop.csv"), /loop\.csv cannot be read \(ELOOP\)/),
  at("a link to nothing", join(folder, "gone.csv"), /gone\.csv is missing/),
  at("nothing", join(folder, "none.csv"), /none\.csv is missing; give the path of one that is there/),
  at("an empty path", "", /must be letters|must be a regular file|must end in/),
  at("a name of 5,000 letters", join(folder, `${"n".repeat(5000)}.csv`), /cannot be read \(ENAMETOOLONG\)/),
  at(
    "a name of control characters",
    join(folder, "\u001b[2J\u202e.csv"),
    /\\u001b\[2J\\u202e\.csv must be letters.* choose another name/,
  ),
  at("a web address", "https://example.org/reviews.csv", /reviews\.csv is missing/),
  own("no ending", "reviews", two, /must end in \.csv, \.tsv, \.jsonl/),
  own("another ending", "reviews.xlsx", "PK\u0003\u0004", /must end in \.csv, \.tsv, \.jsonl/),
  own("an unknown format", "a.csv", two, /no format "xml"|format/, "--format", "xml"),
  own("an unknown delimiter", "a.csv", two, /no delimiter "dot"|delimiter/, "--delimiter", "dot"),
  own("an unknown encoding", "a.csv", two, /no encoding "utf-9"/, "--encoding", "utf-9"),
  own(
    "a gzip bomb",
    "bomb.csv.gz",
    bomb,
    /bomb\.csv\.gz is not a readable archive \(it unpacks to more than the 1000000 bytes allowed; maxBytes/,
    ...["--max-bytes", "1000000"],
  ),
  own(
    "more bytes than allowed",
    "a.csv",
    two,
    /must not have more than 100 bytes, but has \d+; maxBytes/,
    "--max-bytes",
    "100",
  ),
  own("too many rows", "a.csv", rows(30), /more than 20 rows, but has; maxRows/, "--max-rows", "20"),
  own("no line end", "a.csv", `text,label\n${"a ".repeat(2 ** 24)}`, /Line 2 of .* must not be longer/),
  own("an open quote", "a.csv", `text,label\na,b\n"${"a,b\n".repeat(9)}`, /a cell in line 3 is not closed/),
  own("a quote within a cell", "a.csv", 'text,label\na "b" c,d\n', /neither stands around a whole cell nor is doubled/),
  own("bytes of zero", "a.csv", Buffer.alloc(9000), /must be text, but has bytes of zero/),
  own(
    "a picture",
    "a.csv",
    Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
    /must be text, but has bytes of zero/,
  ),
  own("another encoding", "a.csv", latin("text,label\nZupa by\xb3a zimna, \xbfa\xb3uj\xea,x\n"), /is not UTF-8, and/),
  own(
    "a wrong encoding",
    "a.csv",
    latin("text,label\n\xff\xff,x\n"),
    /must be text in shift_jis/,
    "--encoding",
    "shift_jis",
  ),
  own("half a character at the end", "a.csv", latin("text,label\na,b\nc\xe2\x82,d\n"), /is not UTF-8|must be UTF-8/),
  own("a 20 kB heading", "a.csv", `${"word ".repeat(4000)},label\n`, /has "word .{34}…", "label"; that looks like/),
  own("200 headings", "a.csv", "column,".repeat(200), /and 191 more; name the column in textColumn/),
  own(
    "headings of control characters",
    "a.csv",
    "\u001b[2J,\u0007\n",
    /No column of .* first line has "\\u001b\[2J", "\\u0007"/,
  ),
  own("one column", "a.csv", "only\nx\n", /it has no comma, semicolon, tab or bar between columns/),
  own(
    "a column that is not there",
    "a.csv",
    two,
    /no column of .* "texts"; did you mean "text"\?/,
    "--text-column",
    "texts",
  ),
  own("a column of 5,000 letters", "a.csv", two, /no column of .* "c+…/, "--text-column", "c".repeat(5000)),
  own("a column of every object", "a.csv", two, /no column of .* "__proto__"/, "--text-column", "__proto__"),
  own(
    "a column that is an object's, in JSON",
    "a.jsonl",
    '{"text":"a","label":"b"}\n',
    /no column of .* "constructor"/,
    "--label-column",
    "constructor",
  ),
  own("an empty file", "a.csv", "", /must begin with a line of headings, but is empty/),
  own("empty lines", "a.csv", "\n\n", /must begin with a line of headings, but is empty/),
  own(
    "headings alone",
    "a.csv",
    "text,label\n",
    /needs two to 10 classes, but the labels in .* are none, as no row has a text and a label/,
  ),
  own("a byte order mark alone", "a.csv", "\ufeff", /is empty/),
  own("more cells than headings", "a.csv", "text,label\na,b,c\n", /Line 2 of .* has 3 cells, but the first line has 2/),
  own(
    "a row without a text",
    "a.csv",
    'text,label\n"",b\n',
    /Line 2 of .* must have a text in "text", but has no word there/,
  ),
  own("a text of blanks", "a.csv", "text,label\n   ,b\n", /Line 2 of .* has no word there/),
  own("a text of control characters", "a.csv", "text,label\n\u0001\u0002,b\n", /Line 2 of .*|needs two to 10 classes/),
  own("one class", "a.csv", rows(30), /needs two to 10 classes, but the labels in .* are 1: "b"/),
  own(
    "a class a row",
    "a.csv",
    `text,label\n${Array.from({ length: 40 }, (_, i) => `a,${i}x`).join("\n")}\n`,
    /the labels in .* are 40: .* and more/,
  ),
  own(
    "classes of 5,000 letters",
    "a.csv",
    `text,label\n${Array.from({ length: 12 }, (_, i) => `a,${i}${"k".repeat(5000)}`).join("\n")}\n`,
    /are 12: "0k{18,19}"/,
  ),
  own("one text of a class", "a.csv", "text,label\na,b\nc,d\n", /has no|needs|lacks|must have/),
  own("a label that is not named", "a.csv", two, /must be one of 1, 2, but "0" is not/, "--class-names", "1,2"),
  own("one named class", "a.csv", two, /"classNames" must be/, "--class-names", "1"),
  own(
    "labels that are no numbers",
    "a.csv",
    two.replaceAll(",1", ",yes"),
    /must have a number as label for positiveFrom.*"yes"/,
    "--positive-from",
    "1",
  ),
  own("a bound that is none", "a.csv", two, /"positiveFrom" must be/, "--positive-from", "high"),
  own(
    "shares of all",
    "a.csv",
    two,
    /must be together below 1, but 0\.5 and 0\.5 came/,
    "--dev-share",
    "0.5",
    "--test-share",
    "0.5",
  ),
  own("a share of nothing", "a.csv", two, /"devShare" must be/, "--dev-share", "0"),
  own("a share that is none", "a.csv", two, /"testShare" must be/, "--test-share", "many"),
  own("a dev file alone", "a.csv", two, /must both be given/, "--dev-file", join(folder, "dev.csv")),
  own(
    "a split that is none",
    "a.csv",
    "text,label,part\na,b,valid\n",
    /must have train, dev or test in "part", but has something else/,
    "--split-column",
    "part",
  ),
  own(
    "a minimum of words above all",
    "a.csv",
    two,
    /needs words of at least 99 training texts/,
    "--min-frequency",
    "99",
  ),
  own("a minimum of no word", "a.csv", two, /"minFrequency" must be/, "--min-frequency", "0"),
  own("an unknown cleaning", "a.csv", two, /no cleaning "soap"|cleaning/, "--cleaning", "soap"),
  own("a name with a path", "a.csv", two, /choose another name \(--name\)/, "--name", "../x"),
  own("a name that is a path's", "a.csv", two, /choose another name/, "--name", ".."),
  own("a name of another corpus", "a.csv", two, /choose another name/, "--name", "sst"),
  own(
    "a name of 5,000 letters",
    "a.csv",
    tinyCorpus(),
    /cannot be used \(ENAMETOOLONG/,
    "--name",
    "n".repeat(5000),
    ...tinyModel,
  ),
  own("a name of control characters", "a.csv", two, /"\\u001b\[2J" came; choose another name/, "--name", "\u001b[2J"),
  own("JSON of null", "a.jsonl", "null\n", /Line 1 of .* is not as it must be: value: expected object/),
  own("JSON of a list", "a.jsonl", "[1,2]\n", /Line 1 of .* is not as it must be/),
  own(
    "JSON cut short",
    "a.jsonl",
    '{"text":"a","label":"b"}\n{"text":"c',
    /Line 2 of .* must be one JSON object, but is "\{/,
  ),
  own("JSON of 100,000 brackets", "a.jsonl", "[".repeat(100_000), /must be one JSON object, but is "\[{40}"/),
  own("JSON in one list", "a.jsonl", '[\n{"text":"a","label":"b"}\n]\n', /Line 1 of .* must be one JSON object/),
  own("JSON of nothing", "a.jsonl", "\n \n", /must begin with a JSON object, but is empty/),
  own("JSON whose text is an object", "a.jsonl", '{"text":{"a":1},"label":"b"}\n', /Line 1 of .* has no word there/),
  own(
    "JSON with __proto__",
    "a.jsonl",
    '{"__proto__":{"text":"a"},"label":"b"}\n',
    /No column of .* has a usual name for the text/,
  ),
  own("plain text called gzip", "a.csv.gz", two, /a\.csv\.gz is not a readable archive \(incorrect header check\)/),
  own("gzip cut short", "a.csv.gz", gzipSync(tinyCorpus()).subarray(0, 60), /a\.csv\.gz is truncated/),
  own(
    "gzip of another sum",
    "a.csv.gz",
    Buffer.concat([gzipSync(tinyCorpus()).subarray(0, -8), Buffer.alloc(8)]),
    /incorrect data check/,
  ),
]);

const vectorsOf = (what: string, name: string, content: string | Buffer, sentence: RegExp): Line => [
  `word vectors: ${what}`,
  () =>
    loadWordVectors(name.startsWith("/") ? name : put(`v-${what.replace(/\W+/g, "-")}/${name}`, content), [
      "film",
      "story",
    ]),
  sentence,
];
const flipped = makeZip({ "a.vec": "film 0.25 0.5\n" });
flipped.write("7", flipped.indexOf("25"));

attackAll([
  vectorsOf("a pipe", pipe("pipe.vec"), "", /must be a regular file, but is a pipe/),
  vectorsOf("a device", "/dev/zero", "", /must be a regular file/),
  vectorsOf("nothing", join(folder, "none.vec"), "", /none\.vec is missing/),
  vectorsOf("an empty file", "a.vec", "", /must have a word and its vector a line, but is empty/),
  vectorsOf("a web page", "page.vec", "<html>\nlog in</html>\n", /Line 1 of .*page\.vec has no numbers/),
  vectorsOf("no numbers", "a.vec", "film\n", /Line 1 of .* has no numbers/),
  vectorsOf(
    "fewer numbers",
    "a.vec",
    "film 1 2\nstory 1\n",
    /Line 2 of .* must have a word and 2 numbers, but has fewer/,
  ),
  vectorsOf(
    "more numbers",
    "a.vec",
    "film 1.5 2.5\nstory 1.5 2.5 3.5\n",
    /Line 2 of .* must have a word and 2 numbers, but has more/,
  ),
  vectorsOf("not a number", "a.vec", "film 1 nan\n", /Line 1 of .* has a field that is no finite number/),
  vectorsOf("an infinite number", "a.vec", "film 1 1e99999\n", /Line 1 of .* has a field that is no finite number/),
  vectorsOf(
    "a size of a million",
    "a.vec",
    "1 1000000\nfilm 1 2\n",
    /Line 2 of .* must have a word and 1000000 numbers, but has fewer/,
  ),
  vectorsOf("words of another language", "a.vec", "kino 1 2\n", /has none; it may be of another language/),
  vectorsOf("words in capitals", "a.vec", "FILM 1 2\n", /has none; it has them in other letters/),
  vectorsOf("a line of 40 MB", "a.vec", "film ".repeat(8_000_000), /Line 1 of .* must not be longer/),
  vectorsOf("a flipped number in a zip", "a.zip", flipped, /the checksum of a\.vec does not fit/),
  vectorsOf(
    "two files in a zip",
    "a.zip",
    makeZip({ a: "film 1", b: "film 1" }),
    /must be an archive of one file, but holds 2/,
  ),
  vectorsOf("an empty zip", "a.zip", makeZip({}), /holds nothing/),
  vectorsOf("a zip cut short", "a.zip", makeZip({ a: "film 1" }).subarray(0, -20), /is not a readable archive/),
  vectorsOf("gzip cut short", "a.vec.gz", gzipSync("film 1 2\n").subarray(0, 15), /is truncated/),
  vectorsOf("JSON of something else", "a.json", "{}", /is not the file of the npm package/),
]);

async function readAll(path: string): Promise<void> {
  for await (const { content } of readArchive(path, () => true)) for await (const _ of content);
}
async function readTrain(path: string): Promise<void> {
  for await (const { content } of partsIn(path, { train: ["train.txt"] })) for await (const _ of content!);
}
let archives = 0;
const packed = (
  what: string,
  ending: string,
  bytes: () => Buffer | Promise<Buffer>,
  sentence: RegExp,
  read = readAll,
): Line => [`an archive: ${what}`, async () => read(put(`archive-${archives++}${ending}`, await bytes())), sentence];
const tar = (what: string, entries: Parameters<typeof makeTarGz>[0], sentence: RegExp) =>
  packed(`tar with ${what}`, ".tar.gz", () => makeTarGz(entries), sentence);
const zip = (what: string, files: Record<string, string>, sentence: RegExp) =>
  packed(`zip with ${what}`, ".zip", () => makeZip(files), sentence);
const outside = /relative path|absolute path|invalid characters/;
const paths = ["../x", "a/../../x", "/etc/x", "..\\x", "C:/x", "C:\\x", "a/../x"];
const linked = makeZip({ "a/link": "/etc/passwd" });
linked.writeUInt32LE((0o120777 << 16) >>> 0, linked.indexOf("PK\x01\x02") + 38);
const twice = makeZip({ "a.txt": "x", "b.txt": "y" });
for (let place = twice.indexOf("b.txt"); place >= 0; place = twice.indexOf("b.txt")) twice.write("a", place);
const secret = makeZip({ "a.txt": "secret" }, { compressed: true });
secret[secret.indexOf("PK\x01\x02") + 8]! |= 1;
const larger = makeZip({ "a.txt": "x".repeat(5000) }, { compressed: true });
larger.writeUInt32LE(10, larger.indexOf("PK\x01\x02") + 24);

const unknownMethod = makeZip({ a: "1" });
unknownMethod.writeUInt16LE(99, unknownMethod.indexOf("PK\x01\x02") + 10);
const beyond = makeZip({ a: "1" });
beyond.writeUInt32LE(9999, beyond.indexOf("PK\x01\x02") + 42);

attackAll([
  ...paths.map((path) => tar(`the path ${path}`, [{ name: path, content: "x" }], outside)),
  ...paths.map((path) => zip(`the path ${path}`, { [path]: "x" }, outside)),
  ...(["link", "symlink", "fifo", "character-device", "block-device"] as const).map((type) =>
    tar(`a ${type}`, [{ name: "a", type, linkname: "/etc/passwd" }], /neither file nor folder, but|Unsupported/),
  ),
  tar(
    "a file twice",
    [
      { name: "a.txt", content: "x" },
      { name: "./a.txt", content: "y" },
    ],
    /holds a\.txt twice/,
  ),
  ...["a/./x", "a//x", "./a/x", "a/x"].flatMap((path) => [
    tar(`a/x and ${path}`, [{ name: "a/x" }, { name: path }], /holds a\/x twice/),
    ...(path === "a/x" ? [] : [zip(`a/x and ${path}`, { "a/x": "1", [path]: "2" }, /holds a\/x twice/)]),
  ]),
  packed(
    "zip with a part in two folders",
    ".zip",
    () => makeZip({ "a/train.txt": "1", "b/train.txt": "2" }),
    /must hold train\.txt once, but holds .*b\/train\.txt too/,
    readTrain,
  ),
  packed("zip whose method nobody knows", ".zip", () => unknownMethod, /unsupported compression method: 99/),
  packed("zip with an entry behind its end", ".zip", () => beyond, /unexpected EOF/),
  packed(
    "zip behind something else",
    ".zip",
    () => Buffer.concat([Buffer.alloc(999), makeZip({ a: "1" })]),
    /signature/,
  ),
  packed(
    "gzip with something behind",
    ".tar.gz",
    async () => {
      return Buffer.concat([await makeTarGz([{ name: "a" }]), Buffer.from("behind")]);
    },
    /incorrect header check/,
  ),
  tar("a bomb", [{ name: "a", content: Buffer.alloc(2 ** 25) }], /more than the 16777216 bytes allowed/),
  tar("nothing", [], /holds nothing/),
  packed("text called tar", ".tar.gz", () => Buffer.from("<html>403</html>"), /incorrect header check/),
  packed("gzip of text called tar", ".tar.gz", () => gzipSync("no tar archive".repeat(100)), /Invalid tar header/),
  packed(
    "tar cut short",
    ".tar.gz",
    async () => (await makeTarGz([{ name: "a", content: "x".repeat(9000) }])).subarray(0, 40),
    /is truncated/,
  ),
  packed("zip with a link", ".zip", () => linked, /a\/link is a link/),
  packed("zip with a file twice", ".zip", () => twice, /holds a\.txt twice/),
  packed("zip with a secret", ".zip", () => secret, /encrypted/),
  packed("zip with more than it says", ".zip", () => larger, /too many bytes/),
  packed(
    "zip bomb",
    ".zip",
    () => makeZip({ a: "0".repeat(2 ** 25) }, { compressed: true }),
    /more than the 16777216 bytes allowed/,
  ),
  packed("text called zip", ".zip", () => Buffer.from("<html>403</html>"), /end of central directory|too small/i),
]);

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

test("what a process that was killed has not finished goes with the next file in its folder", async () => {
  const mine = join(folder, "half");
  const script = `
    const { writeFileAtomic } = require("./src/atomicWrite");
    require("node:fs/promises").rename = () => process.kill(process.pid, "SIGKILL");
    writeFileAtomic(${JSON.stringify(join(mine, "a"))}, "x");`;
  const { signal } = spawnSync(process.execPath, ["--import", "tsx", "-e", script]);
  assert.equal(signal, "SIGKILL");
  const [left] = readdirSync(mine);
  assert.match(left!, /^\.new-\d+-/);
  const others = [`.new-${process.pid}-x@${hostname()}`, `${left}-2`];
  for (const name of others) writeFileSync(join(mine, name), "");
  await writeFileAtomic(join(mine, "b"), "y");
  assert.deepEqual(readdirSync(mine).sort(), [...others, "b"].sort());
});
