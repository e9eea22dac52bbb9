import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { heatmapLatex, textHeatmap } from "../../src/figures/textHeatmap";
import { formatTable } from "../../src/notebook/table";
import { hostileWords } from "../figures/hostileWords";

const folder = mkdtempSync(join(tmpdir(), "latex-"));
after(() => rmSync(folder, { recursive: true }));
const hasLatex = ["xcolor", "array", "booktabs", "adjustbox"].every(
  (name) => spawnSync("kpsewhich", [`${name}.sty`]).status === 0,
);
const skip = !hasLatex && "no LaTeX is installed";

/** Whether the sources, with the packages that they ask for, are a document without an error. */
function compile(sources: readonly string[]): void {
  const packages = sources.flatMap((source) => source.split("\n")[0]!.match(/\\usepackage(\[T1\])?\{\w+\}/g) ?? []);
  const lines = ["\\documentclass{article}", ...new Set(packages), "\\begin{document}", ...sources, "\\end{document}"];
  writeFileSync(join(folder, "all.tex"), lines.join("\n"));
  const options = ["-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "-draftmode", "all.tex"];
  const { status, stdout } = spawnSync("pdflatex", options, { cwd: folder, encoding: "latin1" });
  assert.equal(status, 0, stdout.slice(-2000));
  assert.doesNotMatch(stdout, /^!|Missing character|Float too large|\/etc\/passwd\)/m);
}

test("hostile words in heatmaps and tables compile as text", { skip }, () => {
  const rows = hostileWords.map((word, index) => ({ word, again: word, n: index }));
  const weights = hostileWords.map((_, index) => (index === 2 ? undefined : index));
  const heatmap = textHeatmap(
    hostileWords,
    hostileWords.slice(0, 3).map((label) => ({ label, weights, numbers: { [label]: -1 } })),
    { title: hostileWords.join(" ") },
  );
  const columns = Object.fromEntries(["word", "again", "n"].map((name, index) => [name, hostileWords[index + 7]!]));
  const table = (count: number) =>
    formatTable({ rows: Array(count).fill(rows).flat(), columns, caption: hostileWords.join(" ") }).latex;
  compile([heatmapLatex(heatmap), table(1), table(2)]);
});

test("a heatmap of any length fits its pages", { skip }, () => {
  const heatmap = (count: number) => {
    const words = Array(count).fill("word");
    const rows = ["original", "adversarial"].map((label) => ({ label, weights: words.map((_, index) => index) }));
    return heatmapLatex(textHeatmap(words, rows));
  };
  compile([heatmap(180), heatmap(900)]);
});
