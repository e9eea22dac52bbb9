import { UserError } from "../errors";
import { quantile } from "../stats/summary";
import { extent, isInside, outsideSentence, type Range, requireRange } from "./axes";
import { type Density, density } from "./density";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { type FrameOptions, frame, noValueNote } from "./frame";
import {
  type ClassGroup,
  type ClassOptions,
  type Column,
  groupByClass,
  numbersOf,
  splitDefined,
  undefinedSentence,
} from "./groups";
import { type Background, coloursOn, fontSize } from "./theme";

export interface ViolinOptions<Row> extends ClassOptions<Row>, FrameOptions {
  /** The column that is cut into bins: numbers, or `undefined` where there is no value. */
  x: Column<Row>;
  /** The column whose distribution in each bin is drawn. */
  y: Column<Row>;
  /** The column that says why a value is undefined; the reasons are counted under the figure. */
  reason?: Column<Row>;
  /** Bins of equal width; default 4, as in the paper's figures 6 and 8. */
  bins?: number;
  /** The lower end of the first bin and the upper end of the last; default [0, 1], an attention weight's. */
  xRange?: Range;
  /** The two ends of the vertical axis; default: from 0, or below, to what fits. Equal ones make figures comparable. */
  yRange?: Range;
  /** What is measured, with its unit; default: the column's name. */
  xTitle?: string;
  yTitle?: string;
}

/** The values of a class in one bin. */
interface Cell {
  values: number[];
  /** The middle of its place on the horizontal axis, and half of a violin's largest width there. */
  center: number;
  halfWidth: number;
  /** Undefined for too few values. */
  violin: { quartiles: number[]; shape: Density } | undefined;
}

interface Group<Row> extends ClassGroup<Row> {
  defined: Row[];
  undefined: Row[];
  /** One per bin. */
  cells: Cell[];
}

/** Fewer values have no shape to show. */
export const fewestOfViolin = 5;

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
 * @example violin(rows, { x: "maxAttention", y: "medianTvd", by: "predicted" })
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
        ...(values.length > 0 ? emptyBins(groups, edges, background) : [noValueNote(background)]),
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

function binEdges(bins: number, [low, high]: Range): number[] {
  requireRange("xRange", [low, high]);
  if (!Number.isSafeInteger(bins) || bins < 1) {
    throw new UserError(`A violin plot has at least 1 bin, a whole number of them, but ${bins} came.`);
  }
  return Array.from({ length: bins + 1 }, (_, index) => low + ((high - low) * index) / bins);
}

function cellsOf<Row extends object>(
  rows: readonly Row[],
  options: { x: Column<Row>; y: Column<Row>; edges: readonly number[]; place: { index: number; count: number } },
): Cell[] {
  const { x, y, edges, place } = options;
  const slot = (0.94 * (edges[1]! - edges[0]!)) / place.count;
  const values: number[][] = edges.slice(1).map(() => []);
  for (const row of rows) values[binOf(row[x] as number, edges, x)]!.push(row[y] as number);
  return values.map((members, bin) => ({
    values: members,
    center: (edges[bin]! + edges[bin + 1]!) / 2 + (place.index - (place.count - 1) / 2) * slot,
    halfWidth: 0.45 * slot,
    violin: members.length < fewestOfViolin ? undefined : violinOf(members),
  }));
}

function violinOf(values: readonly number[]): Cell["violin"] {
  const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return { quartiles, shape: density(values, quartiles) };
}

function binOf(value: number, edges: readonly number[], column: string): number {
  const [low, high] = [edges[0]!, edges.at(-1)!];
  if (!isInside(value, [low, high])) {
    throw new UserError(
      `The bins of this violin plot go from ${low} to ${high}, but column "${column}" holds ${value}; give "xRange" both ends of its values.`,
    );
  }
  return Math.min(edges.filter((edge) => edge <= value).length, edges.length - 1) - 1;
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

const countRow = 17;

/** Under the axis: a line per class with the n of each bin, led by the class's colour. */
function countTable<Row>(groups: readonly Group<Row>[], background: Background): object[] {
  const { text, muted } = coloursOn(background);
  return groups.flatMap(({ colour, cells }, line) => {
    const common = { yref: "y domain", y: 0, yanchor: "middle", yshift: -34 - countRow * line, showarrow: false };
    const lead = { ...common, xref: "x domain", x: 0, xanchor: "right" };
    const font = { size: fontSize.small, color: text };
    return [
      { ...lead, text: "n", xshift: -22, font: { ...font, color: muted } },
      { ...lead, text: " ", xshift: -6, width: 10, height: 10, borderpad: 0, bgcolor: colour, font: { size: 1 } },
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

function emptyBins<Row>(groups: readonly Group<Row>[], edges: readonly number[], background: Background): object[] {
  return edges.slice(1).flatMap((_, bin) => {
    if (groups.some(({ cells }) => cells[bin]!.values.length > 0)) return [];
    const place = {
      xref: "x domain",
      yref: "y domain",
      x: (bin + 0.5) / (edges.length - 1),
      y: 0.5,
      xanchor: "center",
      showarrow: false,
    };
    return [{ ...place, text: "none", font: { size: fontSize.small, color: coloursOn(background).muted } }];
  });
}

function binName(edges: readonly number[], bin: number): string {
  return `${formatNumber(edges[bin]!)} to ${formatNumber(edges[bin + 1]!)}`;
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
