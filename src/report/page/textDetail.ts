import { html } from "htm/preact";
import { formatNumber } from "../../figures/figure";
import { heatmapHtml, heatmapLatex } from "../../figures/heatmapForms";
import { type HeatmapRow, heatmapTable, textHeatmap } from "../../figures/textHeatmap";
import type { Column } from "../../study/columns";
import type { StudiedText } from "../../study/study";
import type { TextRow } from "../contents";
import { downloads, fromHtml, problem } from "./blocks";
import { fileOf, numbersOf, type OpenStudy, pValueOf, type Shown } from "./context";
import { download, downloadCsv } from "./download";

export const noTexts =
  "The texts of this corpus are not in this report, because they may not be passed on or were not stored: each text has its numbers alone.";

/**
 * One text: its numbers and, where it may be shown, the weights on its words.
 *
 * @param text undefined where it is not in this report
 */
export function textDetail({ study, ground }: Shown, row: TextRow, text: StudiedText | undefined) {
  const { predicted, label, probability } = row;
  const [said, mark] = predicted === label ? ["right", "right ✓"] : ["wrong", `wrong ✗, true is ${label}`];
  const question = text?.question?.join(" ");
  const numbers = numbersOf(study).map(
    (column) => html`<dt title=${column.meaning}>${column.title}</dt><dd>${written(row, column)}</dd>`,
  );
  return html`
    <p>Predicted ${predicted}, ŷ = ${formatNumber(probability, 3)}; <span class=${said}>${mark}</span></p>
    ${question && html`<p><strong>Question or hypothesis: </strong>${question}</p>`}
    ${text?.words ? heatmaps(study, row, text, ground) : html`<p>${noTexts}</p>`}
    <dl class="numbers">${numbers}</dl>`;
}

function heatmaps(study: OpenStudy, row: TextRow, text: StudiedText, background: Shown["ground"]) {
  const name = fileOf(study, row.id);
  try {
    const heatmap = textHeatmap(text.words!, weightings(study, row, text), { background });
    const markup = heatmapHtml(heatmap);
    return html`
      <div class="heatmap">${fromHtml(markup)}</div>
      <p class="about">
        Attention is the model's own. Below it are the importances of the words, without their signs, and then other
        attentions: those that interventions give, and those that adversaries find for the paper's ε.
      </p>
      ${downloads([
        ["HTML", () => download(`${name}.html`, page(name, markup), "text/html")],
        ["LaTeX", () => download(`${name}.tex`, heatmapLatex(heatmap))],
        ["CSV", () => downloadCsv(name, heatmapTable(heatmap))],
      ])}`;
  } catch (error) {
    return problem(error as Error);
  }
}

function page(title: string, body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!doctype html>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n<title>${title}</title>\n${body}\n`;
}

/** Attention, importances and other attentions, each with its leading numbers. */
function weightings(study: OpenStudy, row: TextRow, text: StudiedText): HeatmapRow[] {
  const leading = numbersOf(study).filter(({ name }) => name in study.entry.means);
  const saying = (columns: readonly Column[]) =>
    Object.fromEntries(columns.map(({ name, symbol }) => [symbol, row[name] as number | undefined]));
  return [
    { label: "attention", weights: text.attention },
    ...Object.entries(text.importances).map(([name, weights]) => ({
      label: name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      weights: weights.map(Math.abs),
      numbers: saying(leading.filter((column) => isAgreementWith(name, column, leading))),
    })),
    ...Object.entries(text.attentions).map(([name, weights]) => {
      const own = study.contents.parts.find((part) => part.kind === "intervention" && part.name === name);
      const numbers = saying(leading.filter((column) => own?.columns.includes(column.name)));
      return { label: `attention, ${name}`, weights, numbers };
    }),
  ];
}

/** Whether a column is the agreement of attention with an importance, and not that of another importance with it. */
function isAgreementWith(importance: string, { name, reason }: Column, columns: readonly Column[]): boolean {
  const ending = `${importance[0]!.toUpperCase()}${importance.slice(1)}`;
  if (reason === undefined || !name.endsWith(ending)) return false;
  return columns.every((column) => column.name !== name.slice(0, -ending.length));
}

/** A number, of an agreement with its p-value, or why there is none. */
function written(row: TextRow, { name, digits, reason }: Column): string {
  const [value, p] = [row[name], row[pValueOf(name)]];
  if (typeof value !== "number") return `– ${(reason && row[reason]) ?? ""}`.trim();
  const text = formatNumber(value, digits);
  if (reason === undefined || typeof p !== "number") return text;
  return `${text} (p ${p < 0.001 ? "< .001" : `= ${formatNumber(p, 3)}`})`;
}
