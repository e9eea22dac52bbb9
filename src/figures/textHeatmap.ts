import { UserError } from "../errors";
import { formatNumber, printable } from "./figure";
import type { Background } from "./theme";

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
export type ShownRow = ReturnType<typeof shownRow>;

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
export function weightText(weight: number): string {
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
