import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { buildReport } from "../../src/report/buildReport";
import { readManifest, writeManifest } from "../../src/study/files";
import { makeStudy } from "./madeStudies";

const folder = mkdtempSync(join(tmpdir(), "attention-report-"));
const root = join(folder, "study");

before(() => makeStudy(root, { corpus: "reviews", count: 12, withTexts: true }));
after(() => rmSync(folder, { recursive: true }));

test("a report without studies says what to run", async () => {
  await assert.rejects(buildReport([join(folder, "none")], join(folder, "report")), {
    name: "UserError",
    message: /shows finished studies, but .*none holds none; run npm start or npm run study first/,
  });
  assert.ok(!existsSync(join(folder, "report")));
});

test("a report replaces an older report, and nothing else", async () => {
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "index.html"), "mine");
  await assert.rejects(buildReport([root], other), /holds something else; choose another --out/);
  assert.deepEqual(readdirSync(other), ["index.html"]);

  const out = join(folder, "report");
  assert.deepEqual(await buildReport([root], out), { page: join(out, "index.html"), studies: 1 });
  writeFileSync(join(out, "data", "old.js"), "");
  await buildReport([root], out);
  assert.deepEqual(readdirSync(out).sort(), ["data", "index.html", "main.js", "style.css", "tables"]);
  const [key] = readdirSync(join(root, "reviews"));
  const name = `1-reviews-${key}`;
  assert.deepEqual(readdirSync(join(out, "data")).sort(), [`${name}-texts-0.js`, `${name}.js`]);
  assert.deepEqual(readdirSync(folder).sort(), ["other", "report", "study"]);
});

test("a report has tables for other programs: a row for each study, and ours beside the published numbers", () => {
  const table = (name: string): Record<string, string>[] =>
    parse(readFileSync(join(folder, "report", "tables", `${name}.csv`)), { columns: true });
  const [study, ...others] = table("studies");
  assert.equal(others.length, 0);
  assert.equal(study!.corpus, "reviews");
  assert.equal(study!.texts, "12");
  assert.ok(Number.isFinite(Number(study!.tauGradient)));
  assert.ok(table("means").some(({ measure, source }) => measure === "tauGradient" && source === "ours"));
  assert.deepEqual([...new Set(table("table2").map(({ source }) => source))], ["ours"]);
});

test("a report that fails leaves the older one and nothing beside it", async () => {
  const [broken, out] = [join(folder, "broken"), join(folder, "report")];
  const { folder: made } = await makeStudy(broken, { corpus: "reviews", count: 3 });
  writeFileSync(join(made, "manifest.json"), "{");
  const page = readFileSync(join(out, "index.html"), "utf8");
  await assert.rejects(buildReport([broken], out), /manifest.json is not what was written/);
  assert.equal(readFileSync(join(out, "index.html"), "utf8"), page);
  assert.deepEqual(readdirSync(folder).sort(), ["broken", "other", "report", "study"]);
});

test("files of one name with other rows are two corpora, with other models of the same rows one", async () => {
  const [mine, out] = [join(folder, "mine"), join(folder, "two")];
  for (const rows of ["1a2b3c4d", "5e6f7081"])
    for (const seed of [0, 1]) await makeStudy(mine, { corpus: "mine", count: 5, options: { seed }, rows });
  const { page } = await buildReport([mine], out);
  const list = listOf(page).map(({ corpus, name }) => [corpus, name]);
  const named = (corpus: string) => [0, 1].map((seed) => [corpus, `${corpus}, bilstm, additive, seed ${seed}`]);
  assert.deepEqual(list.sort(), [...named("mine"), ...named("mine (2)")].sort());
});

/** The list of studies in a page. */
function listOf(page: string): { [name: string]: unknown }[] {
  const script = readFileSync(join(page, "..", "main.js"), "utf8");
  const found = /studies:(\[\{key:.*?\}\]),columns:/.exec(script);
  return new Function(`return ${found![1]!}`)();
}

test("a study that lies in two folders is there once, with the most parts, and seeds stand in order", async () => {
  const [own, released, out] = ["own", "released", "both"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const more = { interventions: ["reversed"] } as const;
  for (const seed of [10, 2, 1]) await makeStudy(own, { corpus: "reviews", count: 12, options: { seed } });
  await makeStudy(join(own, "quick"), { corpus: "reviews", count: 12, options: { seed: 2 }, analysis: more });
  await makeStudy(released, { corpus: "reviews", count: 12, options: { seed: 2 } });
  await makeStudy(released, { corpus: "sst", count: 12 });
  const { page, studies } = await buildReport([own, released], out);
  assert.equal(studies, 4);
  const list = listOf(page);
  assert.deepEqual(
    list.map(({ corpus, seed }) => `${corpus} ${seed}`),
    ["reviews 1", "reviews 2", "reviews 10", "sst 0"],
  );
  assert.deepEqual(
    list.map(({ means }) => "reversedTvd" in (means as object)),
    [false, true, false, false],
  );
  assert.equal(new Set(list.map(({ model }) => model)).size, 2);
  for (const name of [own, released, out]) rmSync(name, { recursive: true });
});

test("only studies that differ in nothing but the seed are runs of one model", async () => {
  const root = join(folder, "models");
  for (const seed of [0, 1, 2]) await makeStudy(root, { corpus: "reviews", count: 12, options: { seed } });
  for (const seed of [0, 1]) await makeStudy(root, { corpus: "reviews", count: 12, options: { seed, epochs: 2 } });
  const beside = join(folder, "other-backend");
  const other = await makeStudy(beside, { corpus: "reviews", count: 12, options: { seed: 0 } });
  const manifest = (await readManifest(other.folder))!;
  manifest.identity.model.backend = "wasm";
  await writeManifest(other.folder, manifest);
  const { page } = await buildReport([root, beside], join(folder, "strict"));
  const script = readFileSync(join(page, "..", "main.js"), "utf8");
  const variants = listOf(page).map(({ variant, seed }) => `${variant}: ${seed}`);
  assert.equal(new Set(listOf(page).map(({ model }) => model)).size, 3);
  assert.ok(variants.includes("additive: 2") && variants.includes("additive, epochs 2: 1"), variants.join("; "));
  assert.equal(variants.filter((variant) => /^additive, [0-9a-f]{8}: 0$/.test(variant)).length, 1);
  const intervals = [...script.matchAll(/interval over (\d) runs/g)].map(([, runs]) => runs);
  assert.deepEqual([...new Set(intervals)], ["3"]);
  for (const name of [root, beside, join(folder, "strict")]) rmSync(name, { recursive: true });
});

test("the page asks for nothing from a network", () => {
  const html = readFileSync(join(folder, "report", "index.html"), "utf8");
  assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
  assert.doesNotMatch(html, /https?:/);
});

test("the page's script goes without the statistics of intervals over runs, which are computed before", () => {
  assert.ok(!readFileSync(join(folder, "report", "main.js"), "utf8").includes("jStat"));
});
