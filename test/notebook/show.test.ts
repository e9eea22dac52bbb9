import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { closeRenderer } from "../../src/figures/export";
import { histogram } from "../../src/figures/histogram";
import { captureOutputs } from "../../src/notebook/display";
import { showFigure, showTable, showText } from "../../src/notebook/show";

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
