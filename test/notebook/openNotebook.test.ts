import "./ownFolders";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import { readArchive } from "../../src/data/files/archive";
import { histogram } from "../../src/figures/histogram";
import { heatmapLatex, textHeatmap } from "../../src/figures/textHeatmap";
import { openNotebook } from "../../src/notebook/openNotebook";
import { closeRenderer } from "../../src/notebook/render";
import { captureOutputs } from "./captureOutputs";
import { folder } from "./ownFolders";

const results = join(folder, "results");
const corpora = { quick: ["reviews", "mails"], released: ["sst"] };
delete process.env.ATTENTION_PROFILE;

after(async () => {
  await closeRenderer();
  rmSync(folder, { recursive: true });
});

interface Message {
  data: Record<string, unknown>;
  metadata: Record<string, { width: number; height: number; alt: string }>;
}

async function outputsOf(work: () => Promise<void>): Promise<Message[]> {
  return (await captureOutputs(work)).outputs.map(({ content }) => content as Message);
}

const saved = (...path: string[]) => readFileSync(join(results, ...path), "utf8");

test("a notebook has the profile that is asked for or that the environment names, and its corpora", () => {
  assert.deepEqual(openNotebook("rq1", "quick", corpora).corpus, ["reviews", "mails"]);
  process.env.ATTENTION_PROFILE = "released";
  const { profile, corpus } = openNotebook("rq1", "quick", corpora);
  assert.deepEqual([profile, corpus], ["released", ["sst"]]);
  process.env.ATTENTION_PROFILE = "paper";
  assert.throws(() => openNotebook("rq1", "quick", corpora), /corpora for quick, released, but the profile is paper/);
  delete process.env.ATTENTION_PROFILE;
});

test("a figure is a live plot of few digits, a picture of its size and words; its rows are saved, not shown", async (context) => {
  const { show } = openNotebook("figures", "quick", corpora);
  const rows = [{ tau: 0.2 }, { tau: 0.4 }];
  const figure = { ...histogram(rows, { x: "tau", bins: 7 }), rows };
  const [shown, path] = await outputsOf(() => show(figure, "small"));
  const { "text/plain": words, "image/png": picture, ...live } = shown!.data;
  assert.equal(words, figure.layout.meta.alternativeText);
  assert.match(JSON.stringify(live), /0\.2857/);
  assert.doesNotMatch(JSON.stringify(live), /\d\.\d{8}|"tau":0\.2/);
  assert.equal(saved("figures", "quick", "small.csv"), "tau\n0.2\n0.4\n");
  assert.doesNotMatch(saved("figures", "quick", "small.json"), /"rows"/);
  if (picture === undefined) return context.skip("no browser starts here");
  const png = Buffer.from(String(picture), "base64");
  assert.equal(png.readUInt32BE(16), figure.layout.width);
  assert.equal(png[25], 3, "its colours are those of a palette");
  assert.equal(shown!.metadata["image/png"]!.alt, words);
  assert.match(
    String(path!.data["text/plain"]),
    /figures\/quick\/small\.svg, \.png, \.pdf, \.json, \.csv, -print\.png$/,
  );
});

test("rows are a table, saved as LaTeX and as CSV with all digits; a second one of the name replaces it", async () => {
  const { show } = openNotebook("tables", "quick", corpora);
  const options = { columns: { tau: "τ_g", corpus: "" }, caption: "Two" };
  await outputsOf(() => show([{ corpus: "sst", tau: 9, n: 2 }], "table", options));
  const rows = [
    { corpus: "sst", tau: 1 / 3, n: 2 },
    { corpus: "imdb", tau: undefined, n: 1 },
  ];
  const [shown] = await outputsOf(() => show(rows, "table", options));
  assert.match(String(shown!.data["text/html"]), /^<table><caption[^>]*>Two<.*0\.33/);
  assert.match(
    saved("tables", "quick", "table.tex"),
    /\$\\tau_\{g\}\$ & {2}\\\\\n\\midrule\n0\.33 & sst \\\\\n-- & imdb/,
  );
  assert.equal(saved("tables", "quick", "table.csv"), "tau,corpus\n0.3333333333333333,sst\n,imdb\n");
});

test("a heatmap is a picture with its numbers folded below, and saved as a page, LaTeX, CSV and PNG", async (context) => {
  const { show } = openNotebook("heatmaps", "quick", corpora);
  const words = ["a", "<b>", 'c,"d'];
  const heatmap = textHeatmap(words, [{ label: "attention", weights: [0.125, 0.00001, undefined] }]);
  const [picture, numbers] = await outputsOf(() => show(heatmap, "heat"));
  assert.match(String(picture!.data["text/plain"]), /^Heatmap over 3 words\. Largest weights: attention/);
  assert.match(String(numbers!.data["text/html"]), /^<details><summary>Numbers<\/summary><table>.*0\.1250<\/td>/s);
  assert.match(saved("heatmaps", "quick", "heat.html"), /^<!doctype html>.*default-src 'none'.*&lt;b&gt;/s);
  assert.equal(saved("heatmaps", "quick", "heat.tex"), heatmapLatex(heatmap));
  assert.equal(
    saved("heatmaps", "quick", "heat.csv"),
    'position,word,attention\n1,a,0.125\n2,<b>,0.00001\n3,"c,""d",\n',
  );
  if (picture!.data["image/png"] === undefined) return context.skip("no browser starts here");
  assert.match(picture!.metadata["image/png"]!.alt, /Heatmap over 3 words/);
  assert.ok(readdirSync(join(results, "heatmaps", "quick")).includes("heat.png"));
});

test("sentences, explained texts and tables are shown; other things are told", async () => {
  const { show } = openNotebook("others", "quick", corpora);
  const table = { rows: [{ n: 1 }], columns: { n: "texts" } };
  const explained = { predicted: "good", probability: 0.9, words: [{ word: "x", attention: 1, leaveOneOut: 0.5 }] };
  const outputs = await outputsOf(async () => {
    await show("The mean is **0.38**.");
    await show(table);
    await show({ ...table, caption: "All" });
    await show(explained);
  });
  const texts = outputs.map(({ data }) => String(data["text/plain"]));
  assert.equal(outputs[0]!.data["text/markdown"], "The mean is **0.38**.");
  assert.deepEqual(texts.slice(1, 3), ["texts\n─────\n    1", "All\ntexts\n─────\n    1"]);
  assert.match(texts[3]!, /^good, with probability 0\.900\. .*attention .*leave-one-out/s);
  for (const [thing, what] of [
    [undefined, "undefined"],
    [Promise.resolve("later"), "something that is still awaited"],
    [{ a: 1 }, "an object with a"],
    [[1, 2], "a list of other things than rows"],
  ] as const)
    await assert.rejects(show(thing), { message: new RegExp(`^A cell shows figures, .* but ${what} came`) });
});

test("a name that is not one of a file shows and saves nothing", async () => {
  const { show } = openNotebook("names", "quick", corpora);
  for (const name of ["../out", "a/b", "", ".hidden", "a b"])
    await assert.rejects(show([{ n: 1 }], name), /A result's file name has letters, digits/);
});

/** Runs as `study` gives them, of which only names matter here. */
const runs = (...names: string[]) => {
  const row = { id: "a", words: 1, predicted: "good", label: "good" };
  const scores = { texts: 1, accuracy: 1, macroF1: 1 };
  const model = { corpus: "sst", task: "classification", encoder: "bilstm", attention: "additive", seed: 0 };
  const config = { attentionWeights: "softmax" };
  return { configurations: names.map((name) => ({ ...model, name, config, classNames: [], scores, rows: [row] })) };
};

test("no configuration overwrites another: options name the folder, and a hash tells apart what else differs", async () => {
  const usual = runs("sst, bilstm, additive, seed 0", "imdb, bilstm, additive, seed 0");
  const folderOf = async (shown: object) => {
    const { show } = openNotebook("rq9", "quick", corpora);
    const outputs = await outputsOf(async () => {
      await show(shown);
      await show([{ n: 1 }], "n");
    });
    return /rq9\/(.*)\/n\.tex/.exec(String(outputs.at(-1)!.data["text/plain"]))![1];
  };
  assert.equal(await folderOf(usual), "quick");
  assert.equal(
    saved("rq9", "quick", "configurations.txt"),
    usual.configurations.map(({ name }) => `${name}\n`).join(""),
  );
  assert.equal(await folderOf(runs("sst, bilstm, additive, seed 0, sparsemax, epochs 3")), "quick-sparsemax-epochs-3");
  const other = await folderOf(runs("sst, bilstm, additive, seed 1"));
  assert.match(other!, /^quick-[0-9a-f]{6}$/);
  assert.equal(await folderOf(runs("sst, bilstm, additive, seed 1")), other);
  assert.equal(await folderOf(usual), "quick");
  assert.equal(await folderOf({ ...usual, asked: ["permutations 500"] }), "quick-permutations-500");
});

test("all that a run has saved is one archive, the same each time, without what was there before it; the cell says where", async () => {
  const { show, exportAll } = openNotebook("archive", "quick", corpora);
  await outputsOf(() => openNotebook("archive", "quick", corpora).show("Of an earlier run.", "old"));
  await assert.rejects(exportAll(), /Nothing was saved in .*quick yet/);
  await outputsOf(async () => {
    await show([{ n: 1 }], "b");
    await show("A sentence.", "a");
  });
  const [where] = await outputsOf(exportAll);
  const path = join(results, "archive", "quick.zip");
  assert.equal(where!.data["text/plain"], `3 files are packed in ${path}.`);
  const first = readFileSync(path);
  await outputsOf(exportAll);
  assert.deepEqual(readFileSync(path), first);
  const packed: string[] = [];
  for await (const entry of readArchive(path, () => true)) {
    assert.equal((await buffer(entry.content)).toString(), saved("archive", "quick", entry.name));
    packed.push(entry.name);
  }
  assert.deepEqual(packed, ["a.md", "b.csv", "b.tex"]);
});
