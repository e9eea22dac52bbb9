import { UserError } from "../errors";
import { escapeHtml, formatNumber, printable } from "./figure";
import { escapeLatex, withNeeds } from "./latex";
import { type Background, fontFamily, fontSize, grounds } from "./theme";

/** One weight for each word of a text, for example the attention or an importance. */
export interface HeatmapRow {
  /** What the weights are, for example "attention" or "adversarial"; no two rows have the same. */
  label: string;
  /** From 0; undefined where there is no value. */
  weights: readonly (number | undefined)[];
  /** Numbers beside the label, as in `{ "ŷ": 0.01, JSD: 0.55 }`; shown with three decimals. */
  numbers?: Readonly<Record<string, number | undefined>>;
}

/** Weights over the words of a text, ready to be shown: see `heatmapHtml` and `heatmapLatex`. */
export type TextHeatmap = ReturnType<typeof textHeatmap>;
type ShownRow = ReturnType<typeof shownRow>;

/**
 * Heatmap of one or several weightings of the words of a text, as in the paper's figure 1 (original and adversarial
 * attention); the full colour is the largest weight of a row.
 *
 * Texts of a corpus that may not be passed on hold names instead of words from the start (`concealWords`), so nothing has
 * to be hidden here.
 *
 * @param words as the model reads them
 * @throws UserError for no words or rows, a weight below 0 or not finite, a row of another length, or two equal labels
 *
 * @example
 * const { words, probability } = await explainText(model, tokens);
 * textHeatmap(tokens, [
 *   { label: "attention", weights: words.map((word) => word.attention), numbers: { "ŷ": probability } },
 *   { label: "leave-one-out", weights: words.map((word) => word.leaveOneOut) },
 * ]);
 */
export function textHeatmap(
  words: readonly string[],
  rows: readonly HeatmapRow[],
  { title = "" }: { title?: string } = {},
) {
  checkRows(words, rows);
  const isIncomplete = rows.some(({ weights }) => !weights.every(isNumber));
  return {
    title: printable(title),
    words: words.map(printable),
    rows: rows.map(shownRow),
    caption: `Scale of each row: from 0 to its largest weight.${isIncomplete ? " Underlined: no value." : ""}`,
  };
}

function checkRows(words: readonly string[], rows: readonly HeatmapRow[]): void {
  if (words.length === 0 || rows.length === 0) {
    throw new UserError(
      `A heatmap has at least one word and one row, but ${words.length} words and ${rows.length} rows came.`,
    );
  }
  const labels = [...tableColumns, ...rows.map(({ label }) => label)];
  const twice = labels.find((label, index) => labels.indexOf(label) < index);
  if (twice !== undefined) {
    throw new UserError(`The label "${twice}" is there twice, or names the words themselves; give each row its own.`);
  }
  for (const { label, weights } of rows) {
    if (weights.length !== words.length) {
      throw new UserError(
        `A heatmap has one weight for each word, but row "${label}" has ${weights.length} for ${words.length} words.`,
      );
    }
    const wrong = weights.filter(isNumber).find((weight) => !(Number.isFinite(weight) && weight >= 0));
    if (wrong === undefined) continue;
    throw new UserError(
      `A heatmap shows weights from 0, but row "${label}" holds ${wrong}; take absolute values, or leave it undefined.`,
    );
  }
}

function isNumber(weight: number | undefined): weight is number {
  return weight !== undefined;
}

/** With its numbers and its largest weight in words, and intensities from 0 (no colour) to 1 (full colour). */
function shownRow({ label, weights, numbers = {} }: HeatmapRow) {
  const largest = Math.max(0, ...weights.filter(isNumber));
  const parts = Object.entries(numbers).map(
    ([name, value]) => `${printable(name)} = ${value === undefined ? "–" : formatNumber(value, 3)}`,
  );
  return {
    label: printable(label),
    note: [...parts, `largest ${weightText(largest)}`].join(", "),
    weights: [...weights],
    intensities: weights.map((weight) => weight && weight / largest),
  };
}

/** Four decimals, or two digits where all of these would be 0. */
function weightText(weight: number): string {
  return weight > 0 && weight < 0.00005 ? weight.toExponential(1).replace("-", "−") : formatNumber(weight, 4);
}

const tableColumns = ["position", "word"];

/** The numbers of a heatmap as a table: one row per word, one column per weighting. */
export function heatmapTable({ words, rows }: TextHeatmap): Record<string, string | number | undefined>[] {
  return words.map((word, index) => ({
    position: index + 1,
    word,
    ...Object.fromEntries(rows.map(({ label, weights }) => [label, weights[index]])),
  }));
}

/** What a heatmap shows in words: the three words with the largest weights of each row. */
export function heatmapSummary({ title, words, rows }: TextHeatmap): string {
  const parts = rows.map(({ label, note, weights }) => {
    const order = weights.flatMap((weight, index) => (weight ? [{ weight, word: words[index]! }] : []));
    const top = order.sort((a, b) => b.weight - a.weight).slice(0, 3);
    const list = top.map(({ word, weight }) => `${word} ${weightText(weight)}`).join(", ");
    return `${label} (${note}): ${list || "no weight above 0"}`;
  });
  return `${title ? `${title}. ` : ""}Heatmap over ${words.length} words. Largest weights: ${parts.join("; ")}.`;
}

/** The full colour on each ground: text keeps a contrast of 4.5 to 1 on it, so on every paler one. */
export const fullColours: Readonly<Record<Background, string>> = { light: "#f28e00", dark: "#a84e00", any: "#d97a00" };

/**
 * A heatmap as HTML: each word on its colour, its weight on hover; all styles are inline, so that it can stand in any
 * page. It has its own ground and wraps with the page's width.
 */
export function heatmapHtml(heatmap: TextHeatmap, background: Background = "light"): string {
  const { title, rows, caption } = heatmap;
  const colours = grounds[background];
  const ground = [
    "margin:0;padding:12px 14px;max-width:64em;box-sizing:border-box;overflow-wrap:anywhere",
    `background:${colours.background};color:${colours.text}`,
    `font:${fontSize.text}px/1.4 ${escapeHtml(fontFamily)}`,
    "-webkit-print-color-adjust:exact;print-color-adjust:exact",
  ].join(";");
  const heading = title ? `<p style="margin:0 0 10px;font-size:${fontSize.title}px">${escapeHtml(title)}</p>\n` : "";
  return [
    `<figure aria-label="${escapeHtml(heatmapSummary(heatmap))}" style="${ground}">`,
    `${heading}<div style="display:grid;gap:12px">`,
    ...rows.map((row) => htmlRow(heatmap.words, row, background)),
    "</div>",
    `<figcaption style="margin:10px 0 0;font-size:${fontSize.small}px;color:${colours.muted}">${escapeHtml(caption)}</figcaption>`,
    "</figure>",
  ].join("\n");
}

function htmlRow(words: readonly string[], { label, note, weights, intensities }: ShownRow, background: Background) {
  // Where the ground may be any, no text would be readable on every colour: a bar under it is as high as its weight.
  const isBar = background === "any";
  const colour = fullColours[background];
  const spans = words.map((word, index) => {
    const intensity = intensities[index];
    if (intensity === undefined) return `<u title="no value">${escapeHtml(word)}</u>`;
    const alpha = Math.round(255 * intensity)
      .toString(16)
      .padStart(2, "0");
    const style = isBar
      ? `background:linear-gradient(${colour} 0 0) 0 100%/100% ${(9 * intensity).toFixed(1)}px no-repeat;padding:2px 1px 10px`
      : `background:${colour}${alpha};padding:2px 1px;border-radius:2px`;
    return `<span title="${weightText(weights[index]!)}" style="${style}">${escapeHtml(word)}</span>`;
  });
  const numbers = `<span style="color:${grounds[background].muted}">${escapeHtml(note)}</span>`;
  return [
    `<div>\n<p style="margin:0 0 4px"><strong>${escapeHtml(label)}</strong> ${numbers}</p>`,
    `<p style="margin:0;line-height:${isBar ? 2.4 : 1.75}">${spans.join(" ")}</p>\n</div>`,
  ].join("\n");
}

/**
 * A heatmap as LaTeX on white paper: paragraphs, each word in a `\colorbox`, as in the paper's figure 1.
 */
export function heatmapLatex({ title, words, rows, caption }: TextHeatmap): string {
  const text = escapeLatex(title ? `${title}. ${caption}` : caption);
  const paragraphs = rows.flatMap(({ label, note, intensities }) => [
    `\\textbf{${escapeLatex(label)}} (${escapeLatex(note)})\\\\[2pt]`,
    ...words.map((word, position) => latexWord(escapeLatex(word), intensities[position])),
    "\\par\\medskip",
  ]);
  const settings =
    "\\begingroup\\definecolor{weight}{HTML}{F28E00}\\setlength{\\fboxsep}{1pt}\\setlength{\\parindent}{0pt}\\raggedright";
  return withNeeds([settings, ...paragraphs, `${text}\\par\\endgroup`].join("\n"), ["xcolor"]);
}

function latexWord(word: string, intensity: number | undefined): string {
  if (intensity === undefined) return `\\underline{${word}}`;
  return `\\colorbox{weight!${Math.round(100 * intensity)}}{\\strut ${word}}`;
}
