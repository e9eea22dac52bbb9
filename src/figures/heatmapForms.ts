import { escapeHtml } from "./html";
import { escapeLatex, withNeeds } from "./latex";
import { heatBar, heatColour, heatmapSummary, type ShownRow, type TextHeatmap, weightText } from "./textHeatmap";
import { coloursOn, fontFamily, fontSize } from "./theme";

/**
 * A heatmap as HTML: each word on its colour, its weight on hover; all styles are inline, so that it can stand in any
 * page. It has its own ground and wraps with the page's width.
 */
export function heatmapHtml(heatmap: TextHeatmap): string {
  const { title, rows, caption, columns, background } = heatmap;
  const colours = coloursOn(background);
  const ground = [
    "margin:0;padding:12px 14px;max-width:64em;box-sizing:border-box;overflow-wrap:anywhere",
    `background:${colours.background};color:${colours.text}`,
    `font:${fontSize.text}px/1.4 ${escapeHtml(fontFamily)}`,
    "-webkit-print-color-adjust:exact;print-color-adjust:exact",
  ].join(";");
  const heading = title ? `<p style="margin:0 0 10px;font-size:${fontSize.title}px">${escapeHtml(title)}</p>\n` : "";
  const grid = `display:grid;grid-template-columns:repeat(${columns},minmax(0,1fr));gap:12px 28px`;
  return [
    `<figure aria-label="${escapeHtml(heatmapSummary(heatmap))}" style="${ground}">`,
    `${heading}<div style="${grid}">`,
    ...rows.map((row) => htmlRow(heatmap, row)),
    "</div>",
    `<figcaption style="margin:10px 0 0;font-size:${fontSize.small}px;color:${colours.muted}">${escapeHtml(caption)}</figcaption>`,
    "</figure>",
  ].join("\n");
}

/** Side by side, a row's numbers are under its words, so that all words begin at one height. */
function htmlRow({ words, background, columns }: TextHeatmap, { label, note, weights, intensities }: ShownRow): string {
  const isBar = background === "any";
  const spans = words.map((word, index) => {
    const intensity = intensities[index];
    if (intensity === undefined) return `<u title="no value">${escapeHtml(word)}</u>`;
    const style = isBar
      ? `background:${heatBar(intensity)};padding:2px 1px 10px`
      : `background:${heatColour(intensity, background)};padding:2px 1px;border-radius:2px`;
    return `<span title="${weightText(weights[index]!)}" style="${style}">${escapeHtml(word)}</span>`;
  });
  const head = `<strong>${escapeHtml(label)}</strong>`;
  const numbers = `<span style="color:${coloursOn(background).muted}">${escapeHtml(note)}</span>`;
  return [
    "<div>",
    `<p style="margin:0 0 4px">${columns === 1 ? `${head} ${numbers}` : head}</p>`,
    `<p style="margin:0;line-height:${isBar ? 2.4 : 1.75}">${spans.join(" ")}</p>`,
    ...(columns === 1 ? [] : [`<p style="margin:4px 0 0">${numbers}</p>`]),
    "</div>",
  ].join("\n");
}

const lineWidth = 78;
const bars = [..." ▁▂▃▄▅▆▇█"];

/** A heatmap as plain text for terminals: under each word a bar as high as its weight. */
export function heatmapText({ title, words, rows, caption }: TextHeatmap): string {
  const lines = wordLines(words);
  const blocks = rows.map(({ label, note, intensities }) => [
    `${label} (${note})`,
    ...lines.flatMap((line) => [
      `  ${line.map((index) => words[index]).join(" ")}`,
      `  ${line.map((index) => bar(intensities[index], [...words[index]!].length)).join(" ")}`.trimEnd(),
    ]),
  ]);
  return [...(title ? [title] : []), ...blocks.flat(), caption].join("\n");
}

/** The words' positions, broken into lines. */
function wordLines(words: readonly string[]): number[][] {
  const lines: number[][] = [];
  let room = 0;
  for (const [index, word] of words.entries()) {
    const width = [...word].length + 1;
    if (width > room) {
      lines.push([]);
      room = lineWidth;
    }
    lines.at(-1)!.push(index);
    room -= width;
  }
  return lines;
}

function bar(intensity: number | undefined, width: number): string {
  return (intensity === undefined ? "_" : bars[Math.round(intensity * (bars.length - 1))]!).repeat(width);
}

/** Letters of all rows that a figure has room for on one page of the standard article class. */
const lettersOfPage = 1800;

/**
 * A heatmap as LaTeX on white paper: each word in a `\colorbox`, as in the paper's figure 1. It is a figure with a caption
 * or, where that would not fit on a page, paragraphs below one another.
 */
export function heatmapLatex({ title, words, rows, caption, columns }: TextHeatmap): string {
  const text = escapeLatex(title ? `${title}. ${caption}` : caption);
  if (rows.length * words.join(" ").length > lettersOfPage) {
    const paragraphs = rows.flatMap((row) => [...latexRow(words, row, true), "\\par\\medskip"]);
    const begin = "\\begingroup\\setlength{\\fboxsep}{1pt}\\setlength{\\parindent}{0pt}\\raggedright";
    return withNeeds([begin, ...paragraphs, `${text}\\par`, "\\endgroup"].join("\n"), ["xcolor"]);
  }
  const width = columns === 1 ? "\\linewidth" : `${(0.96 / columns).toFixed(3)}\\linewidth`;
  const panels = rows.flatMap((row, index) => {
    const isLast = (index + 1) % columns === 0 || index === rows.length - 1;
    return [
      `\\begin{minipage}[t]{${width}}\\raggedright`,
      ...latexRow(words, row, columns === 1),
      `\\end{minipage}${isLast ? "\\par\\medskip" : "\\hfill"}`,
    ];
  });
  const begin = "\\begin{figure}[tb]\n\\setlength{\\fboxsep}{1pt}";
  return withNeeds([begin, ...panels, `\\caption{${text}}`, "\\end{figure}"].join("\n"), ["xcolor"]);
}

/** A row with its numbers beside its label or, as in HTML, under its words. */
function latexRow(words: readonly string[], { label, note, intensities }: ShownRow, isBeside: boolean): string[] {
  const numbers = `(${escapeLatex(note)})`;
  const coloured = words.map((word, position) => {
    const intensity = intensities[position];
    if (intensity === undefined) return `\\underline{${escapeLatex(word)}}`;
    const colour = heatColour(intensity, "light").slice(1).toUpperCase();
    return `\\colorbox[HTML]{${colour}}{\\strut ${escapeLatex(word)}}`;
  });
  const head = `\\textbf{${escapeLatex(label)}}${isBeside ? ` ${numbers}` : ""}\\\\[2pt]`;
  return [head, ...coloured, ...(isBeside ? [] : [`\\\\[2pt]${numbers}`])];
}
