import { UserError } from "../errors";
import { binCounts, mean } from "../stats/summary";
import { isInside, outsideSentence, type Range, requireRange, zeroLine } from "./axes";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { type FrameOptions, frame, noValueNote } from "./frame";
import { type ClassGroup, type ClassOptions, type Column, groupByClass, numberAt, undefinedSentence } from "./groups";

export interface HistogramOptions<Row> extends ClassOptions<Row>, FrameOptions {
  /** The column whose values are counted: numbers, or `undefined` (`null`, NaN) where there is no value. */
  x: Column<Row>;
  /** The column that says why a value is undefined; the reasons are counted under the figure. */
  reason?: Column<Row>;
  /** Bins of equal width; default 30, as in the paper's figure 2. */
  bins?: number;
  /** The lower end of the first bin and the upper end of the last; default [-1, 1], a correlation's. */
  range?: Range;
  /** The upper end of the vertical axis, as a fraction; default: what fits. Equal values make figures comparable. */
  top?: number;
  /** What is counted, with its unit; default: the column's name. Plotly's `<sub>` and `<i>` may be used. */
  xTitle?: string;
  /** What the heights are shares of; default "Share of the instances", with `by` "Share of the class". */
  yTitle?: string;
}

interface Group<Row> extends ClassGroup<Row> {
  /** Every defined value, also those outside the range. */
  values: number[];
  /** The rows without a value. */
  undefined: Row[];
}

/**
 * Draws how the values of a column are distributed, one translucent histogram per class over the others.
 *
 * The height of a bar is the fraction of the class's defined values in that bin, so classes of different size can be
 * compared (figure 2 of the paper: τ per instance by predicted class, 30 bins on [-1, 1]; figure 7: ε-max JSD, 40 bins
 * on [0, 0.7]). The legend has each class's n and mean, a broken line marks the mean. Values that are undefined or
 * outside the range are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no numbers, a class that is not listed, or no rows
 *
 * @example histogram(rows, { x: "tauGradient", by: "predicted", xTitle: "τ<sub>g</sub>" })
 */
export function histogram<Row extends object>(rows: readonly Row[], options: HistogramOptions<Row>): Figure {
  const { x, by, reason, bins = 30, range = [-1, 1], title, background = "light", xTitle = escapeText(x) } = options;
  requireRange("range", range);
  const groups = groupByClass("A histogram", rows, options, [x, reason], background).map((group) =>
    withValues(group, x),
  );
  const values = groups.flatMap((group) => group.values);
  const heights = groups.map((group) => barHeights(group, bins, range));
  const tallest = Math.max(0, ...heights.flat());
  const top = options.top ?? (tallest > 0 ? tallest * 1.06 : 1);
  if (!(top > 0 && top < Number.POSITIVE_INFINITY)) {
    throw new UserError(`The option "top" must be a number above 0, but ${top} came.`);
  }
  return {
    data: groups.flatMap((group, index) => groupTraces(group, heights[index]!, range, groups.length > 3 ? 0.12 : 0.35)),
    layout: {
      ...frame({
        title,
        background,
        xaxis: { title: xTitle, range, showgrid: false },
        yaxis: {
          title: options.yTitle ?? (by === undefined ? "Share of the instances" : "Share of the class"),
          range: [0, top],
          minallowed: 0,
          maxallowed: top,
          tickformat: ".1~%",
        },
        legendLines: groups.length,
        caption: [
          values.length > 0 ? "Broken lines: means." : "",
          undefinedSentence(groups, reason),
          outsideSentence(values.filter((value) => !isInside(value, range)).length, range),
        ],
        summary: describe(groups, { xTitle, bins, range }),
        shapes: zeroLine(range, background),
        annotations: values.length > 0 ? [] : [noValueNote(background)],
      }),
      barmode: "overlay",
      bargap: 0,
    },
  };
}

function withValues<Row extends object>(group: ClassGroup<Row>, x: Column<Row>): Group<Row> {
  const values: number[] = [];
  const rest: Row[] = [];
  for (const row of group.rows) {
    // A data frame has NaN where a value is missing.
    const value = isNotFinite(row[x]) ? undefined : numberAt(row, x, "A histogram counts");
    if (value === undefined) rest.push(row);
    else values.push(value);
  }
  return { ...group, values, undefined: rest };
}

function isNotFinite(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function barHeights<Row>({ values }: Group<Row>, bins: number, range: Range): number[] {
  const inside = values.filter((value) => isInside(value, range));
  return binCounts(inside, { bins, range }).map((count) => count / Math.max(1, values.length));
}

function groupTraces<Row>(group: Group<Row>, heights: number[], [low, high]: Range, opacity: number): object[] {
  const width = (high - low) / heights.length;
  const edges = Array.from({ length: heights.length + 1 }, (_, index) => low + index * width);
  const name = escapeText(group.name);
  const defined = group.values.length;
  const digits = width < 0.05 ? 3 : 2;
  const center = mean(group.values);
  const entry =
    group.values.length === 0
      ? `${name}: no value`
      : `${name}: n = ${formatNumber(defined, 0)}, mean ${formatNumber(center)}`;
  const bars = {
    type: "bar",
    name: entry,
    legendgroup: group.name,
    x: heights.map((_, index) => low + (index + 0.5) * width),
    y: heights,
    width,
    marker: { color: group.colour, opacity, line: { width: 0 } },
    customdata: heights.map((height, index) => [
      formatNumber(edges[index]!, digits),
      formatNumber(edges[index + 1]!, digits),
      Math.round(height * defined),
    ]),
    hovertemplate: `%{customdata[0]} to %{customdata[1]}: %{y:.1%} of ${name} (%{customdata[2]} of ${defined})<extra></extra>`,
  };
  const outline = {
    type: "scatter",
    mode: "lines",
    legendgroup: group.name,
    showlegend: false,
    hoverinfo: "skip",
    ...outlinePath(edges, heights),
    line: { color: group.colour, width: 1.6, simplify: false },
  };
  const meanLine = {
    type: "scatter",
    mode: "lines",
    legendgroup: group.name,
    showlegend: false,
    hovertemplate: `mean of ${name}: ${formatNumber(center)}<extra></extra>`,
    x: [center, center],
    y: [0, 1],
    line: { color: group.colour, width: 2.2, dash: group.dash },
  };
  return group.values.length === 0 ? [bars] : [bars, outline, meanLine];
}

/** The upper edge of the bars; a gap where two neighbours are empty, so that the axis stays visible. */
function outlinePath(edges: readonly number[], heights: readonly number[]): { x: number[]; y: (number | null)[] } {
  const x: number[] = [];
  const y: (number | null)[] = [];
  for (const [index, edge] of edges.entries()) {
    const left = heights[index - 1] ?? 0;
    const right = heights[index] ?? 0;
    x.push(edge, edge);
    if (left === 0 && right === 0) y.push(null, null);
    else y.push(left, right);
  }
  return { x, y };
}

function describe<Row>(
  groups: readonly Group<Row>[],
  { xTitle, bins, range: [low, high] }: { xTitle: string; bins: number; range: Range },
): string {
  const parts = groups.map(({ name, values }) =>
    values.length === 0 ? `${name}: no value` : `${name}: n = ${values.length}, mean ${formatNumber(mean(values))}`,
  );
  const what = `Histogram of ${plainText(xTitle)}, ${bins} bins from ${formatNumber(low)} to ${formatNumber(high)}`;
  return `${what}. ${parts.join("; ")}.`;
}
