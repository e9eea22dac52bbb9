import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { buildReport } from "../../src/report/buildReport";
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
  assert.deepEqual(readdirSync(out).sort(), ["data", "index.html", "main.js", "plotly.js", "style.css", "tables"]);
  const [key] = readdirSync(join(root, "reviews"));
  const name = `1-reviews-${key}`;
  assert.deepEqual(readdirSync(join(out, "data")).sort(), [`${name}-lines.js`, `${name}-texts-0.js`, `${name}.js`]);
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

test("the page asks for nothing from a network", () => {
  const html = readFileSync(join(folder, "report", "index.html"), "utf8");
  assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
  assert.doesNotMatch(html, /https?:/);
});
