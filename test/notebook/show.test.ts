import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readZip } from "../../src/data/files/archive";
import { bytesOf } from "../../src/data/files/bytes";
import { closeRenderer } from "../../src/figures/export";
import { heatmapLatex, heatmapText } from "../../src/figures/heatmapForms";
import { histogram } from "../../src/figures/histogram";
import { textHeatmap } from "../../src/figures/textHeatmap";
import { captureOutputs } from "../../src/notebook/display";
import { exportAll, showFigure, showHeatmap, showTable, showText } from "../../src/notebook/show";

const folder = mkdtempSync(join(tmpdir(), "show-"));
after(async () => {
  await closeRenderer();
  rmSync(folder, { recursive: true });
});

interface Message {
  data: Record<string, unknown>;
  metadata: Record<string, { width: number; height: number; alt: string }>;
}

test("a figure is one output: live plot, picture at its size, and words", async (context) => {
  const figure = histogram([{ tau: 0.2 }, { tau: 0.4 }], { x: "tau" });
  const { result, outputs } = await captureOutputs(() => showFigure(figure, { saveAs: "small", folder }));
  assert.equal(result, undefined);
  assert.equal(outputs.length, 1);
  const { data, metadata } = outputs[0]!.content as Message;
  assert.deepEqual((data["application/vnd.plotly.v1+json"] as typeof figure).data, figure.data);
  assert.equal(data["text/plain"], figure.layout.meta.alternativeText);
  assert.ok(readdirSync(folder).includes("small.json"));
  if (data["image/png"] === undefined) return context.skip("no browser starts here");
  const png = Buffer.from(String(data["image/png"]), "base64");
  assert.equal(png.readUInt32BE(16), figure.layout.width);
  assert.equal(metadata["image/png"]?.alt, figure.layout.meta.alternativeText);
  assert.match(String(data["image/svg+xml"]), /^<svg/);
});

test("a table and a sentence are one output each, and print nothing else", async () => {
  const { result, outputs } = await captureOutputs(() => {
    showText("The mean is **0.38**.");
    return showTable([{ tau: 0.5 }]);
  });
  assert.equal(result, undefined);
  const [text, table] = outputs.map(({ content }) => (content as Message).data);
  assert.equal(text?.["text/markdown"], "The mean is **0.38**.");
  assert.match(String(table?.["text/html"]), /^<table>/);
  assert.match(String(table?.["text/plain"]), /0\.50/);
});

const text = (name: string) => readFileSync(join(folder, name), "utf8");

test("a heatmap is one output, and saved as a page, as LaTeX and as CSV", async () => {
  const words = ["a", "<b>", 'c,"d'];
  const heatmap = textHeatmap(words, [{ label: "attention", weights: [0.125, 0.00001, undefined] }]);
  const { result, outputs } = await captureOutputs(() => showHeatmap(heatmap, { saveAs: "heat", folder }));
  assert.equal(result, undefined);
  assert.equal(outputs.length, 1);
  const { data } = outputs[0]!.content as Message;
  assert.equal(data["text/plain"], heatmapText(heatmap));
  assert.match(String(data["text/html"]), /^<figure [\s\S]*<details[^>]*><summary>Numbers<\/summary><table>/);
  assert.match(String(data["text/html"]), /<td[^>]*>0\.1250<\/td>/);
  const page = text("heat.html");
  assert.match(page, /^<!doctype html>/);
  assert.match(page, /<title>heat<\/title>/);
  assert.match(page, /default-src 'none'/);
  assert.ok(page.includes(String(data["text/html"])));
  assert.equal(text("heat.tex"), heatmapLatex(heatmap));
  assert.equal(text("heat.csv"), 'position,word,attention\n1,a,0.125\n2,<b>,0.00001\n3,"c,""d",\n');
});

test("a table is saved as LaTeX, as it is shown, and as CSV with all digits", async () => {
  const rows = [
    { corpus: "sst", tau: 1 / 3, n: 2 },
    { corpus: "imdb", tau: undefined, n: 1 },
  ];
  const { result, outputs } = await captureOutputs(() =>
    showTable(rows, { columns: { tau: "τ_g", corpus: "" }, saveAs: "table", folder }),
  );
  assert.equal(result, undefined);
  assert.equal(outputs.length, 1);
  assert.match(text("table.tex"), /\$\\tau_\{g\}\$ & {2}\\\\\n\\midrule\n0\.33 & sst \\\\\n-- & imdb/);
  assert.equal(text("table.csv"), "tau,corpus\n0.3333333333333333,sst\n,imdb\n");
});

test("a name that is not one of a file saves nothing", () => {
  for (const saveAs of ["../out", "a/b", "", ".hidden", "a b"]) {
    assert.throws(() => showTable([{ n: 1 }], { saveAs, folder }), /A result's file name has letters, digits/);
  }
});

test("all that was saved is one archive, and the cell says where", async () => {
  const before = readdirSync(folder).sort();
  const { outputs } = await captureOutputs(() => exportAll("all", { folder }));
  const { data } = outputs[0]!.content as Message;
  assert.equal(data["text/plain"], `${before.length} files are packed in \`${join(folder, "all.zip")}\`.`);
  const packed: string[] = [];
  for await (const entry of readZip(join(folder, "all.zip"), () => true)) {
    assert.deepEqual(await bytesOf(entry), readFileSync(join(folder, entry.path)));
    packed.push(entry.path);
  }
  assert.deepEqual(packed, before);
});
