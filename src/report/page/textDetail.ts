import { html } from "htm/preact";
import { formatNumber } from "../../figures/figure";
import { type HeatmapRow, heatmapHtml, heatmapLatex, heatmapTable, textHeatmap } from "../../figures/textHeatmap";
import type { Column } from "../../study/columns";
import type { StudiedText } from "../../study/study";
import type { ShownRow } from "../contents";
import { downloads, field, fromHtml, tableBlock } from "./blocks";
import { fileOf, ground, numbersOf, type OpenStudy, openStudy, pValueOf, type Shown, textAt } from "./context";
import { download, downloadCsv, fileName } from "./download";

export const noTexts =
  "The texts of this corpus are not in this report, because they may not be passed on or were not stored: each text has its numbers alone.";

const about =
  "Attention is the model's own. Below it are the importances of the words, without their signs, and then other attentions: those that interventions give, and those that adversaries find for the paper's ε.";

/** One text: its numbers and, where it may be shown, the weights on its words. */
export function textDetail(study: OpenStudy, row: ShownRow, text: StudiedText | null) {
  const { predicted, label, probability, outcome } = row;
  const mark = outcome === "right" ? "right ✓" : `wrong ✗, true is ${label}`;
  const numbers = numbersOf(study).map(
    (column) => html`<dt title=${column.meaning}>${column.title}</dt><dd>${written(row, column)}</dd>`,
  );
  return html`
    <p>Predicted ${predicted}, ŷ = ${formatNumber(probability, 3)}; <span class=${outcome}>${mark}</span></p>
    ${text?.question && html`<p><strong>Question or hypothesis: </strong>${text.question.join(" ")}</p>`}
    ${text?.words ? heatmapBlock(fileOf(study, row.id), about, text.words, weightings(text)) : html`<p>${noTexts}</p>`}
    <dl>${numbers}</dl>`;
}

function heatmapBlock(name: string, about: string, words: readonly string[], rows: readonly HeatmapRow[]) {
  const heatmap = textHeatmap(words, rows);
  return html`
    <div class="heatmap">${fromHtml(heatmapHtml(heatmap, ground()))}</div>
    <p class="about">${about}</p>
    ${downloads([
      ["LaTeX", () => download(`${name}.tex`, heatmapLatex(heatmap))],
      ["CSV", () => downloadCsv(name, heatmapTable(heatmap))],
    ])}`;
}

/** The weights on a text's words: its attention, the importances without their signs, and other attentions. */
function weightings({ attention, importances, attentions }: StudiedText): HeatmapRow[] {
  const own = Object.entries(importances).map(([name, weights]) => {
    const label = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return { label, weights: weights.map(Math.abs) };
  });
  const others = Object.entries(attentions).map(([name, weights]) => ({ label: `attention, ${name}`, weights }));
  return [{ label: "attention", weights: attention }, ...own, ...others];
}

/** A number, of an agreement with its p-value, or why there is none. */
function written(row: ShownRow, { name, digits, reason }: Column): string {
  const [value, p] = [row[name], row[pValueOf(name)]];
  if (typeof value !== "number") return `– ${(reason && row[reason]) ?? ""}`.trim();
  const text = formatNumber(value, digits);
  if (reason === undefined || typeof p !== "number") return text;
  return `${text} (p ${p < 0.001 ? "< .001" : `= ${formatNumber(p, 3)}`})`;
}

export function ModelsOfText({ id, ...context }: Shown & { id: string }) {
  const { index, study, entry, state } = context;
  const entries = index.studies.filter(({ corpus }) => corpus === entry.corpus);
  const open = entries.flatMap((one) => openStudy(one) ?? []);
  if (open.length < entries.length) return html`<p role="status">Reading ${entries.length} studies …</p>`;
  const own = study.rows.find((row) => row.id === id);
  const having = open.flatMap((one) => {
    const row = one.rows.find((row) => row.id === id && row.label === own?.label && row.words === own.words);
    const { encoder, variant, seed, profile } = one.entry;
    const model = `${encoder}, ${variant}, seed ${seed}, ${profile}`;
    return row ? [{ model, row, text: textAt(one, row.place) }] : [];
  });
  const shown = having.flatMap(({ text, ...one }) =>
    text?.words ? [{ ...one, words: text.words, weighted: weightings(text) }] : [],
  );
  const names = [...new Set(["attention", ...shown.flatMap(({ weighted }) => weighted.map(({ label }) => label))])];
  const chosen = names.find((name) => name === state.over) ?? names[0]!;
  const rows = shown.flatMap(({ model, row, weighted }) => {
    const own = weighted.find(({ label }) => label === chosen);
    return own ? [{ ...own, label: model, numbers: { ŷ: row.probability } }] : [];
  });
  const name = fileName(entry.corpus, id, "models");
  const about = `${having.length} of ${entries.length} studies of ${entry.corpus} have this text, ${rows.length} of them with these weights on its words.`;
  const choices = Object.fromEntries(names.map((name) => [name, name]));
  return html`
    ${field(context, "over", "Weights", choices, chosen)}
    ${rows.length > 0 ? heatmapBlock(name, about, shown[0]!.words, rows) : html`<p>${about}</p>`}
    ${tableBlock({
      ...{ title: "Numbers of this text", about: "What each is stands at the foot of the page.", name },
      table: {
        rows: having.map(({ model, row }) => ({ model, ...row })),
        columns: {
          ...{ model: "model", predicted: "predicted" },
          ...Object.fromEntries(index.columns.map(({ name, symbol }) => [name, symbol])),
        },
      },
    })}`;
}
