import { escapeHtml } from "./figure";
import { escapeLatex, withNeeds } from "./latex";
import { fullColours, heatmapSummary, type ShownRow, type TextHeatmap, weightText } from "./textHeatmap";
import { type Background, fontFamily, fontSize, grounds } from "./theme";

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
