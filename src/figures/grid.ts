import { wrap } from "./figure";
import type { Axis, Facet, FrameOptions, HeadLine, Plot } from "./frame";
import { panelWidth } from "./theme";

/** Pixels, on average, in axis titles and in captions. */
const widthOfLetter = 7.6;
export const widthOfSmallLetter = 6.09;
/** Pixels between plots, beside their labels. */
const gap = { x: 24, y: 12 };

type Ends = [from: number, to: number];

/** Where things stand, in pixels. */
export interface Grid {
  isSingle: boolean;
  width: number;
  margin: { l: number; r: number };
  /** All plots with what is between them. */
  area: { width: number; height: number };
  /** Above each plot of several. */
  head: { height: number };
  wrapHead(line: HeadLine): string[];
  /** Under the lowest axes, for all lines of their titles but the first and for a table. */
  titleRoom: number;
  cells: Cell[];
  /** The place for a legend that the last row leaves free. */
  free: { left: number; top: number } | undefined;
}

export interface Cell {
  isSingle: boolean;
  /** What tells its axes from the others': "" or "2", "3", ... */
  suffix: string;
  /** Whether its horizontal and its vertical axis have labels. */
  isBottom: boolean;
  isLeft: boolean;
  xTitle: string[];
  yTitle: string[];
  /** Pixels of a table between the horizontal axis and its title. */
  underAxis: number;
  /** As shares of the area. */
  domain: { x: Ends; y: Ends };
  /** With its head. */
  outline: { x: Ends; y: Ends };
}

/** Lays out plots of one size. */
export function gridOf(
  facets: readonly Facet[],
  { plot, heads, ...options }: FrameOptions & { plot: Plot; heads: readonly HeadLine[][] },
): Grid {
  const count = facets.length;
  const isSingle = count === 1;
  const size = options.width ?? (isSingle ? "column" : "page");
  const width = panelWidth(size);
  const columns = Math.min(count, options.columns ?? columnsFor(count, size === "page" ? 3 : 1));
  const rows = Math.ceil(count / columns);
  const areShared = { x: areSame(facets, "xaxis"), y: areSame(facets, "yaxis") };
  const right = plot.right ?? 16;
  const left = plot.left ?? 62;
  const between = (left: number) => gap.x + (areShared.y ? 0 : left);
  const widthBeside = (left: number) => (width - left - right - (columns - 1) * between(left)) / columns;
  const underAxis = plot.underAxis ?? 0;
  const { height: asked } = plot;
  const height = typeof asked === "number" ? asked : heightOf(asked.ofWidth * widthBeside(left), asked, isSingle);
  const yTitles = facets.map(({ yaxis }) => wrap(yaxis.title, height / widthOfLetter));
  const margin = { l: left + 18 * (mostLines(yTitles) - 1), r: right };
  const plotWidth = widthBeside(margin.l);
  const xTitles = facets.map(({ xaxis }) => wrap(xaxis.title, plotWidth / widthOfLetter));
  const titleRoom = underAxis + 18 * (mostLines(xTitles) - 1);
  const wrapHead = ({ text, colour }: HeadLine) =>
    wrap(text, colour ? (plotWidth - 26) / widthOfSmallLetter : (plotWidth - 12) / widthOfLetter);
  const headHeights = heads.map((head) =>
    head.reduce((sum, line, index) => sum + (index === 0 ? 19 : 16) * wrapHead(line).length, 0),
  );
  const head = isSingle ? 0 : 8 + Math.max(...headHeights);
  const step = {
    x: plotWidth + between(margin.l),
    y: head + height + (areShared.x ? gap.y : 54 + titleRoom),
  };
  const area = { width: width - margin.l - margin.r, height: (rows - 1) * step.y + head + height };
  const cells = facets.map((_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const x: Ends = [(column * step.x) / area.width, (column * step.x + plotWidth) / area.width];
    const fromTop = (pixels: number) => 1 - (row * step.y + pixels) / area.height;
    return {
      ...{ isSingle, suffix: index === 0 ? "" : String(index + 1), underAxis },
      isBottom: !areShared.x || index + columns >= count,
      isLeft: !areShared.y || column === 0,
      xTitle: xTitles[index]!,
      yTitle: yTitles[index]!,
      domain: { x, y: [Math.max(0, fromTop(head + height)), fromTop(head)] as Ends },
      outline: { x, y: [Math.max(0, fromTop(head + height)), fromTop(0)] as Ends },
    };
  });
  const isFree = count % columns > 0;
  const free = isFree
    ? { left: (count % columns) * step.x, top: (rows - 1) * step.y + (areShared.x ? 54 + titleRoom : 0) }
    : undefined;
  return { isSingle, width, margin, area, head: { height: head }, wrapHead, titleRoom, cells, free };
}

/** Small multiples that are not square are high enough for an axis title, and no higher than two of them on a screen. */
function heightOf(height: number, { ofWidth }: { ofWidth: number }, isSingle: boolean): number {
  return Math.round(isSingle || ofWidth === 1 ? height : Math.min(230, Math.max(150, height)));
}

/** Up to three in a row, or the most or the number beside it that leaves the fewest places free, one of which holds the legend. */
function columnsFor(count: number, most: number): number {
  if (count <= most) return count;
  const waste = (columns: number) => {
    const free = (columns - (count % columns)) % columns;
    return free === 1 ? 0.5 : free;
  };
  const candidates = most === 1 ? (count < 4 ? [1] : [2]) : count === 4 ? [2] : [3, 4, 2];
  return candidates.reduce((best, columns) => (waste(columns) < waste(best) ? columns : best));
}

function areSame(facets: readonly Facet[], name: "xaxis" | "yaxis"): boolean {
  return new Set(facets.map((facet) => JSON.stringify(facet[name] satisfies Axis))).size === 1;
}

function mostLines(titles: readonly string[][]): number {
  return Math.max(...titles.map(({ length }) => length));
}
