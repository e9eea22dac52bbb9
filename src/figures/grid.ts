import { requireNumber } from "../errors";
import { wrap } from "./figure";
import type { Facet, Plot } from "./frame";
import { colours, fontSize, widths } from "./theme";

/** Pixels, on average, in axis titles and in captions. */
const widthOfLetter = 7.6;
export const widthOfSmallLetter = 6.09;
/** Pixels at the right of all plots. */
const right = 16;
/** Pixels between plots, beside their labels. */
const gap = { x: 24, y: 12 };
/** Pixels of the labels and the title of a horizontal axis. */
const axisRoom = 54;

/** Where things stand, in pixels; the plots as shares of the area of all plots. */
export type Grid = ReturnType<typeof gridOf>;

/** Lays out plots of one size. */
export function gridOf(
  facets: readonly Facet[],
  { left = 62, height: asked }: Plot,
  options: { hasLegend: boolean; columns: number | undefined },
) {
  const count = facets.length;
  const isSingle = count === 1;
  const width = isSingle ? widths.column : widths.page;
  const columns = columnsOf(count, options.columns);
  const areShared = { x: areSame(facets.map(({ xaxis }) => xaxis)), y: areSame(facets.map(({ yaxis }) => yaxis)) };
  const between = (left: number) => gap.x + (areShared.y ? 0 : left);
  const widthBeside = (left: number) => (width - left - right - (columns - 1) * between(left)) / columns;
  const height = typeof asked === "number" ? asked : heightOf(widthBeside(left), asked.ofWidth, isSingle);
  const yTitles = facets.map(({ yaxis }) => wrap(yaxis.title, height / widthOfLetter));
  const margin = { l: left + 18 * (mostLines(yTitles) - 1), r: right };
  const plotWidth = widthBeside(margin.l);
  const xTitles = facets.map(({ xaxis }) => wrap(xaxis.title, plotWidth / widthOfLetter));
  const titleRoom = 18 * (mostLines(xTitles) - 1);
  const heads = facets.map((facet) => headOf(facet, options.hasLegend, plotWidth - 12));
  const headHeight = isSingle ? 0 : 10 + 16 * mostLines(heads);
  const cell = headHeight + height;
  const step = { x: plotWidth + between(margin.l), y: cell + (areShared.x ? gap.y : axisRoom + titleRoom) };
  const area = { width: width - margin.l - margin.r, height: (Math.ceil(count / columns) - 1) * step.y + cell };
  const cells = facets.map((_, index) => {
    const [left, top] = [(index % columns) * step.x, Math.floor(index / columns) * step.y];
    const [upper, lower] = [headHeight, cell].map((pixels) => Math.max(0, 1 - (top + pixels) / area.height));
    return {
      // Whether its axes have labels.
      isBottom: !areShared.x || index + columns >= count,
      isLeft: !areShared.y || left === 0,
      ...{ xTitle: xTitles[index]!, yTitle: yTitles[index]!, head: heads[index]! },
      ...{ x: [left / area.width, (left + plotWidth) / area.width], y: [lower!, upper!] },
    };
  });
  return { isSingle, width, margin, area, titleRoom, cells };
}

/** The lines above a plot, as plotly shows them: the facet's name, and what it says of its classes, each led by its colour. */
function headOf({ name, classes }: Facet, hasLegend: boolean, width: number): string[] {
  const look = `font-size:${fontSize.text}px;color:${colours.text}`;
  const said = classes.flatMap(({ name, said, colour }) => {
    const text = [hasLegend || classes.length === 1 ? "" : name, said].filter(Boolean).join(": ");
    const lines = text ? wrap(text, (width - 16) / widthOfSmallLetter) : [];
    return lines.map((line, at) => `<span style="color:${at === 0 ? colour : "transparent"}"><b>—</b></span> ${line}`);
  });
  return [...wrap(name, width / widthOfLetter).map((line) => `<span style="${look}">${line}</span>`), ...said];
}

/** Small multiples that are not square are high enough for an axis title, and no higher than two of them on a screen. */
function heightOf(width: number, ofWidth: number, isSingle: boolean): number {
  const height = ofWidth * width;
  return Math.round(isSingle || ofWidth === 1 ? height : Math.min(230, Math.max(150, height)));
}

/** Three in a row, or the number beside it that leaves no single one in the last row. */
function columnsOf(count: number, columns?: number): number {
  if (columns !== undefined) requireNumber("columns", columns, { from: 1, integer: true });
  return Math.min(count, columns ?? (count === 4 ? 2 : count % 3 === 1 ? 4 : 3));
}

function areSame(axes: readonly object[]): boolean {
  return new Set(axes.map((axis) => JSON.stringify(axis))).size === 1;
}

function mostLines(titles: readonly (readonly unknown[])[]): number {
  return Math.max(...titles.map(({ length }) => length));
}
