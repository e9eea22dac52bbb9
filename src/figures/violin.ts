import { quantile } from "../stats/summary";
import { extent, outsideSentence, type Range, rangeOfBins, rangesOf, referenceLines, type Scale } from "./axes";
import { type ClassGroup, countSaid, facetsOf } from "./facets";
import { type Figure, formatNumber } from "./figure";
import { frame, type Trace } from "./frame";
import { type AxesOptions, mostPoints } from "./scatter";
import { type Background, coloursOn, fontSize } from "./theme";
import { binEdges, binName, type Cell, cellsOf, fewestOfViolin } from "./violinBins";

/** The column `x` is cut into bins; the vertical axis begins at 0, or below, by default. */
export interface ViolinOptions<Row> extends AxesOptions<Row> {
  /** Bins of equal width; default 4, as in the paper's figures 6 and 8. */
  bins?: number;
  /** The lower end of the first bin and the upper end of the last; default: what the column can hold, or what fits. */
  xRange?: Range;
}

/** A class with its values, one cell per bin. */
type Group<Row> = ClassGroup<Row> & { cells: Cell[] };

/**
 * Draws how one measure is distributed where another one is small, middling and large: one violin per bin and class.
 *
 * Each violin is a kernel density from the smallest to the largest value, all of them equally wide at their widest, with
 * lines at the quartiles (figures 6 and 8 of the paper: median output change under permutation, and ε-max JSD, in 4 bins
 * of the largest attention weight). A bin includes its lower end, the last one also its upper end. Fewer than 10 values
 * are drawn as points; a table has the n of each bin and class. Values that are undefined or beyond the
 * vertical axis are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, an x outside the bins, a class that is
 * not listed, or no rows
 *
 * @example violin(rows, { x: "maxAttention", y: "permutationTvd", by: "predicted", facet: "corpus" })
 */
export function violin<Row extends object>(rows: readonly Row[], options: ViolinOptions<Row>): Figure {
  const { x, y, bins = 4, background = "light" } = options;
  const facets = facetsOf("A violin plot", rows, options, { numbers: [x, y] });
  const isSingle = facets.length === 1;
  const [xScales, yScales] = [0, 1].map((axis) => facets.map(({ scales }) => scales[axis]!)) as [Scale[], Scale[]];
  const xRange = rangesOf(xScales, { option: "xRange", asked: options.xRange, around: rangeOfBins })[0]!;
  const edges = binEdges(bins, xRange);
  const yRanges = rangesOf(yScales, { option: "yRange", asked: options.yRange, around: rangeFromZero });
  const violins = bins * facets.reduce((sum, { groups }) => sum + groups.length, 0);
  const steps = Math.min(80, Math.max(24, Math.round(mostPoints / violins / 2)));
  const drawn = facets.map(({ name, defined, scales, missing, ...facet }, index) => {
    const groups = facet.groups.map((group, index): Group<Row> => {
      const place = { index, count: facet.groups.length };
      return { ...group, cells: cellsOf(group.defined, { x, y, edges, place, steps }) };
    });
    const yRange = yRanges[index]!;
    const [xTitle, yTitle] = scales.map(({ title }) => title) as [string, string];
    return {
      ...{ name, isEmpty: defined.length === 0 },
      classes: groups.map((group) => ({ ...group, said: saidOf(group, isSingle) })),
      traces: groups.flatMap(groupTraces),
      xaxis: { title: xTitle, range: xRange, tickvals: edges, tickformat: ".3~f" },
      yaxis: { title: yTitle, range: yRange },
      sentences: [
        ...drawingSentences(groups),
        isSingle ? "" : "n: of the bins from the left.",
        ...missing,
        outsideSentence(scales[1]!.values, yRange, "vertically"),
      ],
      summary: {
        what: `Violin plot of ${yTitle} in ${bins} bins of ${xTitle}`,
        shows: groups.map((group) => shownOf(group, edges)).join("; "),
      },
      shapes: referenceLines("y", yRange, options),
      annotations: isSingle ? countTable(groups, background) : [],
    };
  });
  const underAxis = isSingle ? countRow * facets[0]!.groups.length : 0;
  return frame(drawn, options, { rows, height: { ofWidth: 300 / 402 }, underAxis });
}

/** The n of all values, or of each bin. */
function saidOf<Row>({ defined, cells }: Group<Row>, isSingle: boolean): string {
  if (isSingle || defined.length === 0) return countSaid(defined);
  return `n = ${cells.map(({ values }) => formatNumber(values.length, 0)).join(", ")}`;
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

/** Pixels. */
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
      ...cells.map(({ values }, bin) => {
        const place = { xref: "x domain", xanchor: "center", x: (bin + 0.5) / cells.length };
        return { ...common, ...place, text: formatNumber(values.length, 0), font };
      }),
    ];
  });
}

function groupTraces<Row>(group: Group<Row>): Trace[] {
  const { name, colour, symbol, cells } = group;
  const common = { mode: "lines", legendgroup: name, line: { color: colour, width: 1.2, simplify: false } };
  const outer = [0, 2].flatMap((which) => quartileLines(group, which));
  const hover = (what: string) => ({ hovertemplate: `${what}%{y:.3f} (${name})<extra></extra>` });
  return [
    { ...common, name, ...joined(cells.map(outline)), fill: "toself", fillcolor: `${colour}59`, hoverinfo: "skip" },
    { ...common, ...joined(outer), ...hover("quartile ") },
    { ...common, ...joined(quartileLines(group, 1)), ...hover("median "), line: { color: colour, width: 2.6 } },
    {
      ...{ ...common, mode: "markers", cliponaxis: false },
      ...{ ...fewPoints(group), marker: { color: colour, symbol, size: 7 }, ...hover("") },
    },
  ];
}

interface Line {
  x: number[];
  y: number[];
}

/** Lines one after the other in one trace, with a gap between them. */
function joined(lines: readonly Line[]): { x: (number | null)[]; y: (number | null)[] } {
  return { x: lines.flatMap(({ x }) => [...x, null]), y: lines.flatMap(({ y }) => [...y, null]) };
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
function quartileLines<Row>({ cells }: Group<Row>, which: number): Line[] {
  return cells.flatMap(({ violin, center, halfWidth }) => {
    if (violin === undefined) return [];
    const { quartiles, shape } = violin;
    const place = quartiles[which]!;
    const half = halfWidth * shape.height[shape.at.indexOf(place)]!;
    return [{ x: [center - half, center + half], y: [place, place] }];
  });
}

/** Side by side, so that equal values are all seen. */
function fewPoints<Row>({ cells }: Group<Row>): Line {
  const few = cells.filter(({ violin }) => violin === undefined);
  return {
    x: few.flatMap(({ values, center, halfWidth }) => {
      const step = Math.min(0.4, 1.6 / (values.length - 1)) * halfWidth;
      return values.map((_, index) => center + (index - (values.length - 1) / 2) * step);
    }),
    y: few.flatMap(({ values }) => values),
  };
}

function shownOf<Row>({ name, cells }: Group<Row>, edges: readonly number[]): string {
  const bins = cells.map(({ values }, bin) => {
    const median = values.length === 0 ? "" : `, median ${formatNumber(quantile(values, 0.5), 3)}`;
    return `${binName(edges, bin)} n = ${values.length}${median}`;
  });
  return `${name}: ${bins.join(", ")}`;
}
