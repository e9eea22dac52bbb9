import { quantile } from "../stats/summary";
import { extent, isInside, outsideSentence, type Range, requireRange } from "./axes";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { frame, noValueNote } from "./frame";
import { type AxesOptions, groupByClass, numbersOf, type SplitGroup, splitDefined, undefinedSentence } from "./groups";
import { binEdges, binName, type Cell, cellsOf, fewestOfViolin } from "./violinBins";
import { countRow, countTable, emptyBins } from "./violinTable";

/** The column `x` is cut into bins; the vertical axis begins at 0, or below, by default. */
export interface ViolinOptions<Row> extends AxesOptions<Row> {
  /** Bins of equal width; default 4, as in the paper's figures 6 and 8. */
  bins?: number;
  /** The lower end of the first bin and the upper end of the last; default [0, 1], an attention weight's. */
  xRange?: Range;
}

interface Group<Row> extends SplitGroup<Row> {
  /** One per bin. */
  cells: Cell[];
}

/**
 * Draws how one measure is distributed where another one is small, middling and large: one violin per bin and class.
 *
 * Each violin is a kernel density from the smallest to the largest value, all of them equally wide at their widest, with
 * lines at the quartiles (figures 6 and 8 of the paper: median output change under permutation, and ε-max JSD, in 4 bins
 * of the largest attention weight). A bin includes its lower end, the last one also its upper end. Fewer than 5 values
 * are drawn as points; the table under the axis has the n of each bin and class. Values that are undefined or beyond the
 * vertical axis are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, an x outside the bins, a class that is
 * not listed, or no rows
 *
 * @example violin(rows, { x: "maxAttention", y: "permutationTvd", by: "predicted" })
 */
export function violin<Row extends object>(rows: readonly Row[], options: ViolinOptions<Row>): Figure {
  const { x, y, reason, bins = 4, xRange = [0, 1], title, background = "light" } = options;
  const { xTitle = escapeText(x), yTitle = escapeText(y) } = options;
  const edges = binEdges(bins, xRange);
  const classes = groupByClass("A violin plot", rows, options, [x, y, reason], background);
  const groups = classes.map((group, index) => {
    const split = splitDefined(group.rows, [x, y], "A violin plot places");
    const place = { index, count: classes.length };
    return { ...group, ...split, cells: cellsOf(split.defined, { x, y, edges, place }) };
  });
  const values = numbersOf(
    groups.flatMap(({ defined }) => defined),
    y,
  );
  const yRange = options.yRange ?? rangeFromZero(values);
  requireRange("yRange", yRange);
  return {
    data: groups.flatMap((group) => groupTraces(group, edges)),
    layout: frame({
      title,
      background,
      xaxis: { title: xTitle, range: xRange, tickvals: edges, tickformat: ".3~f" },
      yaxis: { title: yTitle, range: yRange },
      legendLines: groups.length,
      caption: [
        ...drawingSentences(groups),
        undefinedSentence(groups, reason),
        outsideSentence(values.filter((value) => !isInside(value, yRange)).length, yRange, "vertically"),
      ],
      summary: describe(groups, { edges, xTitle, yTitle }),
      plotHeight: 300,
      underAxis: countRow * groups.length,
      annotations: [
        ...countTable(groups, background),
        ...(values.length > 0 ? emptyBins(groups, background) : [noValueNote(background)]),
      ],
    }),
  };
}

function drawingSentences<Row>(groups: readonly Group<Row>[]): string[] {
  const cells = groups.flatMap((group) => group.cells);
  return [
    cells.some(({ violin }) => violin !== undefined) ? "Lines: median (thick) and quartiles." : "",
    cells.some(({ violin, values }) => violin === undefined && values.length > 0)
      ? `Points: fewer than ${fewestOfViolin} values.`
      : "",
  ];
}

/** From 0, so that small changes look small. */
function rangeFromZero(values: readonly number[]): Range {
  const [low, high] = extent(values) ?? [0, 1];
  const top = Math.max(0, high) || 1;
  return [low < 0 ? 1.06 * low : -0.02 * top, 1.06 * top];
}

function groupTraces<Row>(group: Group<Row>, edges: readonly number[]): object[] {
  const { name, colour, symbol, defined } = group;
  const text = escapeText(name);
  const common = {
    type: "scatter",
    mode: "lines",
    legendgroup: name,
    line: { color: colour, width: 1.2, simplify: false },
  };
  const quartileLine = { ...common, showlegend: false, hovertemplate: "%{text}<extra></extra>" };
  return [
    {
      ...common,
      name: defined.length === 0 ? `${text}: no value` : `${text}: n = ${formatNumber(defined.length, 0)}`,
      ...joined(group.cells.map(outline)),
      fill: "toself",
      fillcolor: `${colour}59`,
      hoverinfo: "skip",
    },
    { ...quartileLine, ...joined([0, 2].flatMap((which) => quartileLines(group, which, edges))) },
    { ...quartileLine, ...joined(quartileLines(group, 1, edges)), line: { color: colour, width: 2.6 } },
    {
      ...common,
      mode: "markers",
      showlegend: false,
      ...fewPoints(group),
      marker: { color: colour, symbol, size: 7 },
      hovertemplate: `%{y:.3f} (${text})<extra></extra>`,
    },
  ];
}

interface Line {
  x: number[];
  y: number[];
  text?: string[];
}

/** Lines one after the other in one trace, with a gap between them. */
function joined(lines: readonly Line[]): { x: (number | null)[]; y: (number | null)[]; text: string[] } {
  return {
    x: lines.flatMap(({ x }) => [...x, null]),
    y: lines.flatMap(({ y }) => [...y, null]),
    text: lines.flatMap(({ text = [] }) => [...text, ""]),
  };
}

function outline({ violin, center, halfWidth }: Cell): Line {
  if (violin === undefined) return { x: [], y: [] };
  const { at, height } = violin.shape;
  const right = height.map((share) => center + halfWidth * share);
  const left = height.map((share) => center - halfWidth * share);
  return {
    x: [...right, ...left.reverse(), right[0]!],
    y: [...at, ...[...at].reverse(), at[0]!],
  };
}

/** The lines of one quartile, each as wide as its violin there. */
function quartileLines<Row>({ cells, name }: Group<Row>, which: number, edges: readonly number[]): Line[] {
  return cells.flatMap(({ values, violin, center, halfWidth }, bin) => {
    if (violin === undefined) return [];
    const { quartiles, shape } = violin;
    const place = quartiles[which]!;
    const half = halfWidth * shape.height[shape.at.indexOf(place)]!;
    const [lower, median, upper] = quartiles.map((quartile) => formatNumber(quartile, 3));
    const what = `${escapeText(name)}, ${binName(edges, bin)}: n = ${values.length}, median ${median}, quartiles ${lower} and ${upper}`;
    return [{ x: [center - half, center + half], y: [place, place], text: [what, what] }];
  });
}

/** Side by side, so that equal values are all seen. */
function fewPoints<Row>({ cells }: Group<Row>): { x: number[]; y: number[] } {
  const few = cells.filter(({ violin }) => violin === undefined);
  return {
    x: few.flatMap(({ values, center, halfWidth }) =>
      values.map((_, index) => center + (index - (values.length - 1) / 2) * 0.4 * halfWidth),
    ),
    y: few.flatMap(({ values }) => values),
  };
}

function describe<Row>(
  groups: readonly Group<Row>[],
  { edges, xTitle, yTitle }: { edges: readonly number[]; xTitle: string; yTitle: string },
): string {
  const parts = groups.map(({ name, cells }) => {
    const bins = cells.map(({ values }, bin) => {
      const median = values.length === 0 ? "" : `, median ${formatNumber(quantile(values, 0.5), 3)}`;
      return `${binName(edges, bin)} n = ${values.length}${median}`;
    });
    return `${name}: ${bins.join(", ")}`;
  });
  const what = `Violin plot of ${plainText(yTitle)} in ${edges.length - 1} bins of ${plainText(xTitle)}`;
  return `${what}. ${parts.join("; ")}.`;
}
