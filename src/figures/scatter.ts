import { quantile } from "../stats/summary";
import { isInside, outsideSentence, type Range, rangeAround, requireRange } from "./axes";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { frame, noValueNote } from "./frame";
import {
  type AxesOptions,
  type Column,
  groupByClass,
  numbersOf,
  type SplitGroup,
  splitDefined,
  undefinedSentence,
} from "./groups";
import { type Background, coloursOn } from "./theme";

export interface ScatterOptions<Row> extends AxesOptions<Row> {
  /** The column whose text is shown where the pointer rests on a point, for example "id". */
  label?: Column<Row>;
  /** Whether both values measure the same: one scale, the line y = x, and how many points lie above and below it. Default false. */
  diagonal?: boolean;
  /** The two ends of the horizontal axis, which are those of the vertical one too with a diagonal; default: what fits. */
  xRange?: Range;
}

/** Pixels: makes the plotting area of a panel square. */
const squarePlot = 402;

/**
 * Draws one point per instance, with colour and symbol by class.
 *
 * For example the median change of the output against the largest attention weight (figure 6 of the paper, without its
 * bins), the ε-max JSD that the search found against the exact one, or the τ of two seeds. The legend has each class's n;
 * values that are undefined or outside the axes are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, a class that is not listed, or no rows
 *
 * @example scatter(rows, { x: "exactJsd05", y: "searchJsd05", by: "predicted", diagonal: true })
 */
export function scatter<Row extends object>(rows: readonly Row[], options: ScatterOptions<Row>): Figure {
  const { x, y, label, reason, diagonal = false, title, background = "light" } = options;
  const { xTitle = escapeText(x), yTitle = escapeText(y) } = options;
  const groups = groupByClass("A scatter plot", rows, options, [x, y, label, reason], background).map((group) => ({
    ...group,
    ...splitDefined(group.rows, [x, y], "A scatter plot places"),
  }));
  const points = groups.flatMap(({ defined }) => defined);
  const [xs, ys] = [numbersOf(points, x), numbersOf(points, y)];
  const xRange = options.xRange ?? rangeAround(diagonal ? [...xs, ...ys] : xs);
  const yRange = options.yRange ?? (diagonal ? xRange : rangeAround(ys));
  requireRange("xRange", xRange);
  requireRange("yRange", yRange);
  return {
    data: [
      ...groups.map(legendTrace),
      ...inSlices(groups).map((slice) => pointsTrace(slice, { x, y, label, ...pointStyle(points.length, background) })),
    ],
    layout: frame({
      title,
      background,
      xaxis: { title: xTitle, range: xRange, ...(diagonal ? { nticks: 6 } : {}) },
      yaxis: { title: yTitle, range: yRange, ...(diagonal ? { nticks: 6 } : {}) },
      legendLines: groups.length,
      caption: [
        diagonal && points.length > 0 ? diagonalSentence(xs, ys) : "",
        undefinedSentence(groups, reason),
        outsideSentence(xs.filter((value) => !isInside(value, xRange)).length, xRange, "horizontally"),
        outsideSentence(ys.filter((value) => !isInside(value, yRange)).length, yRange, "vertically"),
      ],
      summary: describe(groups, { x, y, xTitle, yTitle }),
      plotHeight: diagonal ? squarePlot : 300,
      shapes: diagonal ? diagonalLine(xRange, yRange, coloursOn(background).text) : [],
      annotations: points.length > 0 ? [] : [noValueNote(background)],
    }),
  };
}

/** The classes take turns, so that the last one does not cover the others. */
function inSlices<Row>(groups: readonly SplitGroup<Row>[]): SplitGroup<Row>[] {
  const count = groups.length === 1 ? 1 : 8;
  return Array.from({ length: count }, (_, slice) =>
    groups.map((group) => ({ ...group, defined: group.defined.filter((_, index) => index % count === slice) })),
  )
    .flat()
    .filter(({ defined }) => defined.length > 0);
}

/** Many points are small and translucent. */
function pointStyle(count: number, background: Background): { size: number; opacity: number } {
  if (count <= 300) return { size: 7, opacity: 0.8 };
  return { size: 5, opacity: background === "dark" ? 0.7 : 0.45 };
}

function legendTrace<Row>({ name, colour, symbol, defined }: SplitGroup<Row>): object {
  const text = escapeText(name);
  return {
    type: "scatter",
    mode: "markers",
    name: defined.length === 0 ? `${text}: no value` : `${text}: n = ${formatNumber(defined.length, 0)}`,
    legendgroup: name,
    x: [null],
    y: [null],
    marker: { color: colour, symbol, size: 8 },
  };
}

function pointsTrace<Row extends object>(
  { name, colour, symbol, defined }: SplitGroup<Row>,
  options: { x: Column<Row>; y: Column<Row>; label: Column<Row> | undefined; size: number; opacity: number },
): object {
  const { x, y, label, size, opacity } = options;
  return {
    type: "scatter",
    mode: "markers",
    legendgroup: name,
    showlegend: false,
    x: numbersOf(defined, x),
    y: numbersOf(defined, y),
    marker: { color: colour, symbol, size, opacity, line: { width: 0 } },
    ...(label ? { text: defined.map((row) => escapeText(String(row[label]))) } : {}),
    hovertemplate: `${label ? "%{text}<br>" : ""}%{x:.3f}, %{y:.3f} (${escapeText(name)})<extra></extra>`,
  };
}

function diagonalLine([left, right]: Range, [bottom, top]: Range, color: string): object[] {
  const [low, high] = [Math.max(left, bottom), Math.min(right, top)];
  if (low >= high) return [];
  const line = { color, width: 1.4, dash: "dash" };
  return [{ type: "line", xref: "x", yref: "y", x0: low, y0: low, x1: high, y1: high, line }];
}

function diagonalSentence(xs: readonly number[], ys: readonly number[]): string {
  const above = ys.filter((value, index) => value > xs[index]!).length;
  const below = ys.filter((value, index) => value < xs[index]!).length;
  const [up, on, down] = [above, xs.length - above - below, below].map((count) => formatNumber(count, 0));
  return `Broken line: y = x; above it ${up}, on it ${on}, below it ${down}.`;
}

function describe<Row extends object>(
  groups: readonly SplitGroup<Row>[],
  { x, y, xTitle, yTitle }: { x: Column<Row>; y: Column<Row>; xTitle: string; yTitle: string },
): string {
  const parts = groups.map(({ name, defined }) => {
    if (defined.length === 0) return `${name}: no value`;
    const [horizontal, vertical] = [x, y].map((column) => formatNumber(quantile(numbersOf(defined, column), 0.5), 3));
    return `${name}: n = ${defined.length}, medians ${horizontal} horizontally and ${vertical} vertically`;
  });
  return `Scatter plot of ${plainText(yTitle)} (vertical) against ${plainText(xTitle)} (horizontal). ${parts.join("; ")}.`;
}
