import { formatNumber } from "../../figures/figure";
import { heatmapHtml, heatmapLatex } from "../../figures/heatmapForms";
import { type HeatmapRow, heatmapTable, textHeatmap } from "../../figures/textHeatmap";
import type { Background } from "../../figures/theme";
import type { InstanceRow } from "../../study/analyze";
import type { WeightsOfTexts, WordsOfTexts } from "../contents";
import { button, element, fromHtml } from "./dom";
import { download, downloadCsv } from "./download";
import { measures } from "./measures";

type Text = NonNullable<WordsOfTexts[number]> & NonNullable<WeightsOfTexts[number]>;

export interface InstanceDetail {
  row: InstanceRow;
  /** Undefined where the texts are not in this report. */
  text: Text | undefined;
  /** The paper's ε for the task, as in "01": of the adversaries that are shown. */
  epsilon: "01" | "05";
  ground: Background;
  /** Of the files, without ending. */
  name: string;
}

/** One instance: its numbers and, where its text may be shown, the weights on its words. */
export function instanceDetail(detail: InstanceDetail): HTMLElement {
  const { row, text } = detail;
  return element("div", { class: "detail-body" }, [
    element("p", { class: "verdict" }, [
      `Predicted ${row.predicted}, ŷ = ${formatNumber(row.probability, 3)}; `,
      element("span", { class: row.predicted === row.label ? "right" : "wrong" }, [
        row.predicted === row.label ? "right ✓" : `wrong ✗, true is ${row.label}`,
      ]),
    ]),
    ...(text?.question
      ? [element("p", {}, [element("strong", {}, ["Question or hypothesis: "]), text.question.join(" ")])]
      : []),
    ...(text ? heatmaps(detail, text) : [element("p", {}, [noTexts])]),
    numbers(row),
  ]);
}

export const noTexts =
  "The texts of this corpus are not in this report, because they may not be passed on or were not stored: each instance has its numbers alone.";

function heatmaps({ row, epsilon, ground, name }: InstanceDetail, text: Text): HTMLElement[] {
  const weightings = weightingsOf(row, text, epsilon);
  const heatmap = textHeatmap(text.words, weightings, { background: ground });
  const missing = ["adversarial", "exact"].filter((label) => !weightings.some((row) => row.label.startsWith(label)));
  return [
    element("div", { class: "heatmap" }, [fromHtml(heatmapHtml(heatmap))]),
    element("p", { class: "about" }, [
      `Attention is the model's own. Adversarial is the furthest attention that the search found, exact the furthest there is, that moves the output by at most ε = .${epsilon}.`,
      missing.includes("adversarial") ? " The search found none here." : "",
      missing.includes("exact") ? " Texts with a question have no exact one." : "",
    ]),
    element("p", { class: "downloads" }, [
      button("HTML", () => download(`${name}.html`, page(name, heatmapHtml(heatmap)), "text/html")),
      button("LaTeX", () => download(`${name}.tex`, heatmapLatex(heatmap))),
      button("CSV", () => downloadCsv(name, heatmapTable(heatmap))),
    ]),
  ];
}

/** The rows of the heatmap; an attention that is not there has none. */
export function weightingsOf(row: InstanceRow, text: Text, epsilon: "01" | "05"): HeatmapRow[] {
  const { attention, gradient, leaveOneOut, adversarial, exact } = text;
  const [found, furthest] = [row[`searchJsd${epsilon}`], row[`exactJsd${epsilon}`]];
  return [
    { label: "attention", weights: attention },
    { label: "gradient", weights: gradient, numbers: { τ_g: row.tauGradient } },
    {
      label: "leave-one-out",
      weights: leaveOneOut.map((weight) => weight ?? undefined),
      numbers: { τ_loo: row.tauLeaveOneOut },
    },
    ...(adversarial ? [{ label: "adversarial", weights: adversarial, numbers: { JSD: found } }] : []),
    ...(exact ? [{ label: "exact", weights: exact, numbers: { JSD: furthest } }] : []),
  ];
}

function page(title: string, body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!doctype html>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<meta http-equiv="Content-Security-Policy" content="${policy}">\n<title>${title}</title>\n${body}\n`;
}

function numbers(row: InstanceRow): HTMLElement {
  const lines = measures.flatMap(({ column, name, meaning, digits }) => {
    const value = row[column] as number | undefined;
    return [element("dt", { title: meaning }, [name]), element("dd", {}, [written(row, column, value, digits)])];
  });
  return element("dl", { class: "numbers" }, lines);
}

/** A number, for a correlation with its p-value, or why there is none. */
function written(row: InstanceRow, column: string, value: number | undefined, digits: number): string {
  const others = row as { [name: string]: number | string | undefined };
  if (value === undefined) return `– ${others[`${column}Undefined`] ?? ""}`.trim();
  const p = others[`${column}PValue`];
  const text = formatNumber(value, digits);
  if (typeof p !== "number") return text;
  return `${text} (p ${p < 0.001 ? "< .001" : `= ${formatNumber(p, 3)}`})`;
}
