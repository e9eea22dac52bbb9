import { escapeHtml } from "./html";
import { escapeLatex, withNeeds } from "./latex";
import { heatColour, heatmapSummary, type ShownRow, type TextHeatmap } from "./textHeatmap";
import { coloursOn, fontFamily, fontSize } from "./theme";

/**
 * A heatmap as HTML: each word on its colour, its weight on hover; all styles are inline, so that it can stand in any
 * page. It has its own ground and wraps with the page's width.
 */
export function heatmapHtml(heatmap: TextHeatmap): string {
  const { title, rows, caption, columns, background } = heatmap;
  const colours = coloursOn(background);
  const ground = [
    "margin:0;padding:12px 14px;max-width:64em;box-sizing:border-box",
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

function htmlRow({ words, background }: TextHeatmap, { label, note, weights, intensities }: ShownRow): string {
  const spans = words.map((word, index) => {
    const intensity = intensities[index];
    if (intensity === undefined) return `<u title="no value">${escapeHtml(word)}</u>`;
    const style = `background:${heatColour(intensity, background)};padding:2px 1px;border-radius:2px`;
    return `<span title="${weightText(weights[index]!)}" style="${style}">${escapeHtml(word)}</span>`;
  });
  const muted = coloursOn(background).muted;
  return [
    "<div>",
    `<p style="margin:0 0 4px"><strong>${escapeHtml(label)}</strong> <span style="color:${muted}">${escapeHtml(note)}</span></p>`,
    `<p style="margin:0;line-height:1.75;overflow-wrap:anywhere">${spans.join(" ")}</p>`,
    "</div>",
  ].join("\n");
}

/** Four decimals, or two digits that count where these would all be 0. */
function weightText(weight: number): string {
  return weight > 0 && weight < 0.00005 ? weight.toExponential(1) : weight.toFixed(4);
}
