import { formatNumber } from "./figure";
import { type Background, coloursOn, fontSize, swatch } from "./theme";
import type { Cell } from "./violinBins";

/** The values of one class, bin by bin. */
interface Line {
  colour: string;
  cells: readonly Cell[];
}

/** Pixels. */
export const countRow = 17;

/** Under the axis: a line per class with the n of each bin, led by the class's colour. */
export function countTable(groups: readonly Line[], background: Background): object[] {
  const { text, muted } = coloursOn(background);
  return groups.flatMap(({ colour, cells }, line) => {
    const common = { yref: "y domain", y: 0, yanchor: "middle", yshift: -34 - countRow * line, showarrow: false };
    const lead = { ...common, xref: "x domain", x: 0, xanchor: "right" };
    const font = { size: fontSize.small, color: text };
    return [
      { ...lead, text: "n", xshift: -22, font: { ...font, color: muted } },
      { ...lead, ...swatch(colour), xshift: -6 },
      ...cells.map(({ values }, bin) => ({
        ...common,
        text: formatNumber(values.length, 0),
        xref: "x domain",
        xanchor: "center",
        x: (bin + 0.5) / cells.length,
        font,
      })),
    ];
  });
}

/** A word in each bin that is empty in every class. */
export function emptyBins(groups: readonly Line[], background: Background): object[] {
  const bins = groups[0]!.cells.length;
  const font = { size: fontSize.small, color: coloursOn(background).muted };
  const place = { xref: "x domain", yref: "y domain", y: 0.5, xanchor: "center", showarrow: false };
  return Array.from({ length: bins }, (_, bin) => bin)
    .filter((bin) => groups.every(({ cells }) => cells[bin]!.values.length === 0))
    .map((bin) => ({ ...place, x: (bin + 0.5) / bins, text: "none", font }));
}
