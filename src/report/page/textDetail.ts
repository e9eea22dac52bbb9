import { formatNumber } from "../../figures/figure";
import { heatmapHtml, heatmapLatex } from "../../figures/heatmapForms";
import { type HeatmapRow, heatmapTable, textHeatmap } from "../../figures/textHeatmap";
import type { Column } from "../../study/columns";
import type { StudiedText } from "../../study/study";
import type { TextRow } from "../contents";
import { type Context, fileOf, numbersOf, type OpenStudy, pValueOf } from "./context";
import { button, element, fromHtml } from "./dom";
import { download, downloadCsv } from "./download";
import { problem } from "./figureBlock";

/**
 * One text: its numbers and, where it may be shown, the weights on its words.
 *
 * @param text undefined where it is not in this report
 */
export function textDetail(study: OpenStudy, { ground }: Context, row: TextRow, text?: StudiedText): HTMLElement {
  const isRight = row.predicted === row.label;
  return element("div", { class: "detail-body" }, [
    element("p", { class: "verdict" }, [
      `Predicted ${row.predicted}, ŷ = ${formatNumber(row.probability, 3)}; `,
      element("span", { class: isRight ? "right" : "wrong" }, [isRight ? "right ✓" : `wrong ✗, true is ${row.label}`]),
    ]),
    ...(text?.question
      ? [element("p", {}, [element("strong", {}, ["Question or hypothesis: "]), text.question.join(" ")])]
      : []),
    ...(text?.words ? heatmaps(study, row, text, ground) : [element("p", {}, [noTexts])]),
    numbers(study, row),
  ]);
}

export const noTexts =
  "The texts of this corpus are not in this report, because they may not be passed on or were not stored: each text has its numbers alone.";

function heatmaps(study: OpenStudy, row: TextRow, text: StudiedText, background: Context["ground"]): HTMLElement[] {
  try {
    const heatmap = textHeatmap(text.words!, weightings(study, row, text), { background });
    const html = heatmapHtml(heatmap);
    const name = fileOf(study, row.id);
    return [
      element("div", { class: "heatmap" }, [fromHtml(html)]),
      element("p", { class: "about" }, [
        "Attention is the model's own. Below it are the importances of the words, without their signs, and then other attentions: those that interventions give, and those that adversaries find for the paper's ε.",
      ]),
      element("p", { class: "downloads" }, [
        button("HTML", () => download(`${name}.html`, page(name, html), "text/html")),
        button("LaTeX", () => download(`${name}.tex`, heatmapLatex(heatmap))),
        button("CSV", () => downloadCsv(name, heatmapTable(heatmap))),
      ]),
    ];
  } catch (error) {
    return [problem(error as Error)];
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

function numbers(study: OpenStudy, row: TextRow): HTMLElement {
  const lines = numbersOf(study).flatMap((column) => [
    element("dt", { title: column.meaning }, [column.title]),
    element("dd", {}, [written(row, column)]),
  ]);
  return element("dl", { class: "numbers" }, lines);
}

/** A number, of an agreement with its p-value, or why there is none. */
function written(row: TextRow, { name, digits, reason }: Column): string {
  const [value, p] = [row[name], row[pValueOf(name)]];
  if (typeof value !== "number") return `– ${(reason && row[reason]) ?? ""}`.trim();
  const text = formatNumber(value, digits);
  if (reason === undefined || typeof p !== "number") return text;
  return `${text} (p ${p < 0.001 ? "< .001" : `= ${formatNumber(p, 3)}`})`;
}
