import { join, relative, resolve } from "node:path";
import { exportFigure, renderFigure, requireFileName, toCsv } from "../figures/export";
import type { Figure } from "../figures/figure";
import { heatmapHtml, heatmapLatex, heatmapText } from "../figures/heatmapForms";
import { escapeHtml } from "../figures/html";
import { heatmapTable, type TextHeatmap } from "../figures/textHeatmap";
import { type Background, fontFamily, fontSize } from "../figures/theme";
import { projectFolder, resultsFolder } from "../paths";
import { display } from "./display";
import { noteSaved, saveFiles, zipFiles } from "./save";
import { type Frame, formatTable, type TableOptions } from "./table";

export interface ShowFigureOptions {
  /** File name without ending; with it the figure is also saved as SVG, PNG, PDF and JSON. Default: not saved. */
  saveAs?: string;
  /** The folder to save into; default: the project's `results`. */
  folder?: string;
  /** The rows behind the figure, saved as CSV beside it. */
  rows?: readonly object[];
}

/**
 * Shows a figure in the cell: the live plot in JupyterLab and VS Code, a picture on GitHub and in exported HTML.
 *
 * With `saveAs` it also saves the figure and its rows under `results`.
 *
 * @example await showFigure(histogram(rows, { x: "tauGradient" }), { saveAs: "rq1-reviews", rows })
 */
export async function showFigure(
  figure: Figure,
  { saveAs, folder = resultsFolder, rows }: ShowFigureOptions = {},
): Promise<void> {
  const { width, height, meta } = figure.layout;
  const pictures = await renderFigure(figure, ["screen", "svg"]);
  display({
    data: {
      "application/vnd.plotly.v1+json": { ...figure, config: { displaylogo: false, responsive: false } },
      ...(pictures?.screen ? { "image/png": pictures.screen.toString("base64") } : {}),
      ...(pictures?.svg && pictures.svg.length <= largestSvg ? { "image/svg+xml": pictures.svg.toString() } : {}),
      "text/plain": meta.alternativeText,
    },
    metadata: pictures ? { "image/png": { width, height, alt: meta.alternativeText } } : {},
  });
  if (saveAs === undefined) return;
  const files = await exportFigure(figure, { folder, name: saveAs, ...(rows ? { rows } : {}) });
  noteSaved(files.map(({ path }) => path));
}

/** Bytes from which on a vector picture (of thousands of points) stays out of the notebook; the PNG is there, and the file. */
const largestSvg = 300_000;

export interface SaveOptions {
  /** File name without ending; default: not saved. */
  saveAs?: string;
  /** The folder to save into; default: the project's `results`. */
  folder?: string;
}

/**
 * Shows weights over the words of a text in the cell, with their numbers in a table that opens below.
 *
 * With `saveAs` it also saves them as a page (HTML), as a LaTeX figure and as CSV.
 *
 * @example showHeatmap(textHeatmap(tokens, [{ label: "attention", weights }]), { saveAs: "rq2-example" })
 */
export function showHeatmap(heatmap: TextHeatmap, { saveAs, folder = resultsFolder }: SaveOptions = {}): void {
  const table = heatmapTable(heatmap);
  const numbers = `<details style="margin:8px 0"><summary>Numbers</summary>${formatTable(table, { digits: 4 }).html}</details>`;
  const html = `${heatmapHtml(heatmap)}\n${numbers}`;
  display({ data: { "text/html": html, "text/plain": heatmapText(heatmap) } });
  if (saveAs === undefined) return;
  const page = toPage(heatmap.title || saveAs, html, heatmap.background);
  saveFiles(folder, saveAs, { ".html": page, ".tex": heatmapLatex(heatmap), ".csv": toCsv(table) });
}

/** A page that loads nothing and runs nothing. */
function toPage(title: string, body: string, background: Background): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="${background}">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:16px;font:${fontSize.text}px ${escapeHtml(fontFamily)}">
${body}
</body>
</html>
`;
}

/**
 * Shows rows (or a danfojs DataFrame) as a table: numbers right-aligned with 2 decimals, undefined values as a dash.
 *
 * With `saveAs` it also saves the table as LaTeX, as it is shown, and as CSV, with all digits.
 *
 * @example showTable(rows, { columns: { corpus: "Corpus", mean: "mean τ" }, caption: "Table 2", saveAs: "rq1-table2" })
 */
export function showTable<Row extends object>(
  source: readonly Row[] | Frame,
  { saveAs, folder = resultsFolder, ...options }: TableOptions<Row> & SaveOptions = {},
): void {
  const { html, text, latex, records } = formatTable<Row>(source, options);
  display({ data: { "text/html": html, "text/plain": text } });
  if (saveAs !== undefined) saveFiles(folder, saveAs, { ".tex": latex, ".csv": toCsv(records) });
}

/**
 * Packs all figures, heatmaps and tables that were saved since the kernel started into one zip archive, and shows where
 * it is.
 *
 * @example await exportAll("rq1-reviews-bilstm-additive-seed0")
 */
export async function exportAll(name: string, { folder = resultsFolder }: { folder?: string } = {}): Promise<void> {
  requireFileName(name);
  const destination = join(folder, `${name}.zip`);
  const files = await zipFiles(destination, folder);
  showText(`${files.length} files are packed in \`${shownPath(destination)}\`.`);
}

/** From the project's folder on, if it is in there: a notebook that is passed on says nothing of the machine. */
function shownPath(path: string): string {
  const inside = relative(projectFolder, resolve(path));
  return inside.startsWith("..") ? path : inside;
}

/** Shows a sentence, with Markdown's emphasis and links; a number in it should come from the run. */
export function showText(markdown: string): void {
  display({ data: { "text/markdown": markdown, "text/plain": markdown } });
}
