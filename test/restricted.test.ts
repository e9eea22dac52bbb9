import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deserialize } from "node:v8";
import { gunzipSync } from "node:zlib";
import { canary, makeAdmissions, makeTweets, writeMimic } from "./data/restrictedCorpora";
import { runNode } from "./runNode";

let folder: string;
let out: string;
let cache: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "restricted-"));
  out = join(folder, "out");
  cache = join(folder, "cache");
  mkdirSync(out);
  writeFileSync(join(folder, "vectors.vec"), `2 3\n${canary} 1 2 3\npain 4 5 6\n`);
  writeFileSync(join(folder, "tweets.tsv"), makeTweets(150));
  const rows = Array.from({ length: 150 }, (_, n) => `${canary} has ${n % 2 ? "pain" : "a fever"},it aches,${n % 2}`);
  writeFileSync(join(folder, "own.csv"), ["text,question,label", ...rows].join("\n"));
  writeMimic(join(folder, "mimic"), makeAdmissions(120, [["2851", "25000"], ["28521"]]));
});

after(() => rmSync(folder, { recursive: true, force: true }));

function study(...corpora: string[]) {
  return runNode(["test/restrictedStudy.ts", out, join(folder, "vectors.vec"), ...corpora], {
    XDG_CACHE_HOME: cache,
    ATTENTION_MIMIC: join(folder, "mimic"),
    ATTENTION_ADR: join(folder, "tweets.tsv"),
    ATTENTION_RESULTS: out,
  });
}

/** Texts, names of patients' stays and of tweets: nothing of this may be seen. */
const secrets = new RegExp(`${canary}|aches|fever|\\b(?:9000\\d\\d|1000\\d\\d|35419\\d+)\\b`, "i");

function assertClean(text: string, where: string): void {
  const found = secrets.exec(text);
  assert.equal(found && text.slice(Math.max(0, found.index - 80), found.index + 80), null, where);
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile());
}

test("nothing that is made from a restricted corpus holds a word of it", async () => {
  const { output, exitCode } = await study("adr", "anemia", "diabetes", join(folder, "own.csv"));
  assert.equal(exitCode, 0, output);
  const files = filesIn(out);
  for (const corpus of ["adr", "anemia", "diabetes", "own"])
    assert.ok(
      files.some((path) => path.includes(join(out, corpus)) && path.endsWith("texts.parquet")),
      `${corpus}: ${output.slice(-2000)}`,
    );
  const manifests = files.filter((path) => path.endsWith("manifest.json")).map((path) => readFileSync(path, "utf8"));
  assert.ok(
    manifests.every((manifest) => !manifest.includes('"tokens"')),
    "not even the names of the words are kept",
  );
  assert.match(output, /word-00001/);
  assert.match(output, /word-unknown/);
  assertClean(output, "output");
  const made = [...files, ...filesIn(cache)];
  assert.ok(made.some((path) => path.endsWith("model.safetensors")));
  assert.ok(made.some((path) => path.includes(join("vectors", "selected"))));
  const contentOf = (path: string) => (path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path));
  for (const path of made) assertClean(contentOf(path).toString("latin1"), path);
});

test("the word vectors are those of the real words", async () => {
  const selected = filesIn(join(cache, "attention-is-not-explanation", "vectors", "selected"));
  for (const path of selected) {
    const { found } = deserialize(gunzipSync(readFileSync(path)));
    assert.equal(found, 2, "both words of the file were found");
  }
});

test("errors of broken files hold nothing of them either", async () => {
  const mimic = join(folder, "mimic");
  const diagnoses = readFileSync(join(mimic, "DIAGNOSES_ICD.csv"), "utf8");
  const tweets = readFileSync(join(folder, "tweets.tsv"), "utf8");
  for (const [brokenTable, brokenTweets] of [
    [diagnoses.replace('"25000"', `"25000${canary}`), tweets.replace("\t1\t@user", `\t${canary}\t@user`)],
    [diagnoses.replace('"25000"', `x"${canary}"`), Buffer.from(`1\t1\t1\t${canary} \xff\n`, "latin1")],
    [`${canary}\n${canary}\n`, canary],
    ["", ""],
  ] as const) {
    writeFileSync(join(mimic, "DIAGNOSES_ICD.csv"), brokenTable);
    writeFileSync(join(folder, "tweets.tsv"), brokenTweets);
    const { output } = await study("anemia", "adr");
    assert.equal(output.match(/^UserError: /gm)?.length, 2, output);
    assertClean(output.replaceAll(folder, ""), "errors");
  }
});
