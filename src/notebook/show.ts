import { exportFigure, renderFigure } from "../figures/export";
import type { Figure } from "../figures/figure";
import { resultsFolder } from "../paths";
import { display } from "./display";
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
      ...(pictures?.svg ? { "image/svg+xml": pictures.svg.toString() } : {}),
      "text/plain": meta.alternativeText,
    },
    metadata: pictures ? { "image/png": { width, height, alt: meta.alternativeText } } : {},
  });
  if (saveAs !== undefined) await exportFigure(figure, { folder, name: saveAs, ...(rows ? { rows } : {}) });
}

/**
 * Shows rows (or a danfojs DataFrame) as a table: numbers right-aligned with 2 decimals, undefined values as a dash.
 *
 * @example showTable(rows, { columns: { corpus: "Corpus", mean: "mean τ" }, caption: "Table 2" })
 */
export function showTable<Row extends object>(source: readonly Row[] | Frame, options: TableOptions<Row> = {}): void {
  const { html, text } = formatTable<Row>(source, options);
  display({ data: { "text/html": html, "text/plain": text } });
}

/** Shows a sentence, with Markdown's emphasis and links; a number in it should come from the run. */
export function showText(markdown: string): void {
  display({ data: { "text/markdown": markdown, "text/plain": markdown } });
}
