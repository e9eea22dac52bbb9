import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { loadBackend } from "../../src/backend/tensorflow";
import { jensenShannon } from "../../src/stats/divergence";
import { instanceColumns } from "../../src/study/analyze";
import { findStudies, readStudy, readTexts } from "../../src/study/files";
import { runStudy, type StudyJob } from "../../src/study/run";
import { assertClose } from "../close";

const folder = mkdtempSync(join(tmpdir(), "attention-study-files-"));
const outer = process.env.XDG_CACHE_HOME;
let made: string;

before(async () => {
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  await loadBackend();
  const options = { embeddingSize: 5, hiddenSize: 4, epochs: 2, learningRate: 0.02 };
  const job: StudyJob = { corpus: "reviews", profile: "quick", options, limit: 100, testLimit: 40, analysis: {}, out };
  made = (await runStudy({ ...job, distinct: true })).folder;
});

after(() => {
  if (outer === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outer;
  rmSync(folder, { recursive: true });
});

const out = join(folder, "out");

test("a study is found below a folder and read back with its numbers as numbers", async () => {
  assert.deepEqual(await findStudies(out), [made]);
  assert.deepEqual(await findStudies(made), [made]);
  assert.deepEqual(await findStudies(join(folder, "none")), []);
  const study = await readStudy(made);
  assert.deepEqual([study.corpus, study.encoder, study.seed, study.profile], ["reviews", "bilstm", 0, "quick"]);
  assert.deepEqual(study.classNames, ["negative", "positive"]);
  assert.equal(study.rows.length, 40);
  for (const row of study.rows) {
    assert.deepEqual(Object.keys(row), instanceColumns);
    assert.ok(Number.isInteger(row.words) && row.permutationTvd >= 0 && row.permutationTvd <= 1);
    assert.equal(row.tauGradient === undefined, row.tauGradientUndefined !== "");
    assert.equal(typeof row.exactJsd001, "number");
  }
});

test("the kept weights are those that the rows speak of", async () => {
  const [{ rows }, texts] = [await readStudy(made), await readTexts(made)];
  assert.deepEqual(
    texts.map(({ id }) => id),
    rows.map(({ id }) => id),
  );
  for (const [index, { words, attention, gradient, leaveOneOut, adversarial, exact }] of texts.entries()) {
    const row = rows[index]!;
    for (const weights of [attention, gradient, leaveOneOut, exact!]) assert.equal(weights.length, words.length);
    assert.equal(row.words, words.length);
    assertClose(Math.max(...attention), row.maxAttention, 1e-3);
    assertClose(jensenShannon(exact!, attention), row.exactJsd01!, 2e-3);
    assert.equal(adversarial === null, row.searchJsd01 === undefined);
    if (adversarial) assertClose(jensenShannon(adversarial, attention), row.searchJsd01!, 2e-3);
  }
});

test("a compressed study reads the same, and one without texts has none", async () => {
  const copy = join(folder, "copy");
  mkdirSync(copy);
  for (const name of ["config.json", "summary.json"]) writeFileSync(join(copy, name), readFileSync(join(made, name)));
  writeFileSync(join(copy, "instances.csv.gz"), gzipSync(readFileSync(join(made, "instances.csv"))));
  const study = await readStudy(copy);
  assert.deepEqual(study, { ...(await readStudy(made)), folder: copy });
  assert.deepEqual(await readTexts(copy), []);
  writeFileSync(join(copy, "texts.jsonl.gz"), gzipSync(readFileSync(join(made, "texts.jsonl"))));
  assert.deepEqual(await readTexts(copy), await readTexts(made));
});

test("a damaged or missing file is named", async () => {
  const broken = join(folder, "broken");
  mkdirSync(broken);
  await assert.rejects(readStudy(broken), { name: "UserError", message: /broken.config\.json, but that fails/ });
  writeFileSync(join(broken, "config.json"), "{");
  await assert.rejects(readStudy(broken), { name: "UserError", message: /config\.json is damaged/ });
});

test("with a name of its own, each configuration has a folder of its own", async () => {
  const options = { embeddingSize: 5, hiddenSize: 4, epochs: 3, learningRate: 0.02 };
  const job: StudyJob = { corpus: "reviews", profile: "quick", options, limit: 100, testLimit: 5, analysis: {}, out };
  const other = await runStudy({ ...job, distinct: true });
  assert.match(other.folder, /bilstm-additive.seed-0-[0-9a-f]{8}$/);
  assert.notEqual(other.folder, made);
  assert.deepEqual(await findStudies(out), [made, other.folder].sort());
  renameSync(join(other.folder, "summary.json"), join(other.folder, "summary.old"));
  assert.deepEqual(await findStudies(out), [made]);
  assert.ok(existsSync(join(other.folder, "instances.csv")));
});
