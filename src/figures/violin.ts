import { requireNumber, UserError } from "../errors";
import { quantile, standardDeviation } from "../stats/summary";
import { extent, isInside, outsideSentence, type Range, rangeOfBins, rangesOf, zeroLine } from "./axes";
import { type ClassGroup, facetsOf } from "./facets";
import { type Data, type Figure, formatNumber, rowsOf } from "./figure";
import { frame, type Trace } from "./frame";
import { type AxesOptions, mostPoints } from "./scatter";

/** The column `x` is cut into bins; the vertical axis begins at 0, or below, by default. */
export interface ViolinOptions<Row> extends AxesOptions<Row> {
  /** Bins of equal width over the horizontal axis; default 4, as in the paper's figures 6 and 8. */
  bins?: number;
}

/** The values of a class in one bin; `quartiles` and `shape` are empty of too few. */
type Cell = ReturnType<typeof cellsOf>[number];

/** A class with its values, one cell per bin. */
type Group<Row> = ClassGroup<Row> & { cells: Cell[] };

/** Fewer values have no shape to show. */
const fewestOfViolin = 10;

/**
 * Draws how one measure is distributed where another one is small, middling and large: one violin per bin and class.
 *
 * Each violin is a kernel density from the smallest to the largest value, all of them equally wide at their widest, with
 * lines at the quartiles (figures 6 and 8 of the paper: median output change under permutation, and ε-max JSD, in 4 bins
 * of the largest attention weight). A bin includes its lower end, the last one also its upper end. Fewer than 10 values
 * are drawn as points; each class has the n of its bins beside its name. Values that are undefined or beyond the
 * vertical axis are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, an x outside the bins, a class that is
 * not listed, or no rows
 *
 * @example violin(rows, { x: "maxAttention", y: "permutationTvd", by: "predicted", facet: "corpus" })
 */
export function violin<Row extends object>(data: Data<Row>, options: ViolinOptions<Row>): Figure {
  const rows = rowsOf(data);
  const { x, y, bins = 4 } = options;
  requireNumber("bins", bins, { from: 1, integer: true });
  const facets = facetsOf("A violin plot", rows, options, { numbers: [x, y] });
  const xRange = rangesOf(facets, "x", options.xRange, { around: rangeOfBins })[0]!;
  const edges = Array.from({ length: bins + 1 }, (_, edge) => xRange[0] + ((xRange[1] - xRange[0]) * edge) / bins);
  const yRanges = rangesOf(facets, "y", options.yRange, { around: rangeFromZero });
  const violins = bins * facets.reduce((sum, { groups }) => sum + groups.length, 0);
  const steps = Math.min(80, Math.max(24, Math.round(mostPoints / violins / 2)));
  const drawn = facets.map(({ name, defined, scales, missing, ...facet }, index) => {
    const groups = facet.groups.map((group, index): Group<Row> => {
      const points = group.defined.map((row) => [row[x] as number, row[y] as number] as const);
      const shift = index - (facet.groups.length - 1) / 2;
      return { ...group, cells: cellsOf(points, edges, { shift, share: 0.94 / facet.groups.length, steps }) };
    });
    const cells = groups.flatMap((group) => group.cells);
    const yRange = yRanges[index]!;
    const [xTitle, yTitle] = scales.map(({ title }) => title) as [string, string];
    return {
      ...{ name, isEmpty: defined.length === 0 },
      classes: groups.map((group) => ({ ...group, said: saidOf(group) })),
      traces: groups.flatMap(groupTraces),
      xaxis: { title: xTitle, range: xRange, tickvals: edges, tickformat: ".3~f" },
      yaxis: { title: yTitle, range: yRange },
      sentences: [
        cells.some(hasShape) ? "Lines: median (thick) and quartiles." : "",
        cells.some((cell) => !hasShape(cell) && cell.values.length > 0)
          ? `Points: fewer than ${fewestOfViolin} values.`
          : "",
        defined.length > 0 ? "n: of the bins from the left." : "",
        ...missing,
        outsideSentence(scales[1]!.values, yRange, "vertically"),
      ],
      what: `Violin plot of ${yTitle} in ${bins} bins of ${xTitle}`,
      shows: groups.map((group) => shownOf(group, edges)).join("; "),
      shapes: zeroLine("y", yRange, options),
    };
  });
  return frame(drawn, options, { rows, height: { ofWidth: 300 / 402 } });
}

function hasShape({ quartiles }: Cell): boolean {
  return quartiles.length > 0;
}

/** The values of one class in bins: at a place as wide as a share of a bin, which is shifted by so many places from its middle. */
function cellsOf(
  points: readonly (readonly [x: number, y: number])[],
  edges: readonly number[],
  { shift, share, steps }: { shift: number; share: number; steps: number },
) {
  const slot = share * (edges[1]! - edges[0]!);
  const bins: number[][] = edges.slice(1).map(() => []);
  for (const [x, y] of points) bins[binOf(x, edges)]!.push(y);
  return bins.map((values, bin) => {
    const quartiles = values.length < fewestOfViolin ? [] : [0.25, 0.5, 0.75].map((share) => quantile(values, share));
    // The middle of its place on the horizontal axis, with half of a violin's largest width there.
    const center = (edges[bin]! + edges[bin + 1]!) / 2 + shift * slot;
    const shape = quartiles.length > 0 ? density(values, quartiles, steps) : { at: [], height: [] };
    return { values, center, halfWidth: 0.45 * slot, quartiles, shape };
  });
}

function binOf(value: number, edges: readonly number[]): number {
  if (!isInside(value, [edges[0]!, edges.at(-1)!])) {
    throw new UserError(
      `The bins of this violin plot go from ${edges[0]} to ${edges.at(-1)}, but ${value} came; give "xRange" both ends of the values.`,
    );
  }
  return Math.min(edges.filter((edge) => edge <= value).length, edges.length - 1) - 1;
}

function saidOf<Row>({ defined, cells }: Group<Row>): string {
  const counts = cells.map(({ values }) => formatNumber(values.length, 0));
  return defined.length === 0 ? "no value" : `n = ${counts.join(", ")}`;
}

/** From 0, so that small changes look small. */
function rangeFromZero(values: readonly number[]): Range {
  const [low, high] = extent(values) ?? [0, 1];
  const top = Math.max(0, high) || 1;
  return [low < 0 ? 1.06 * low : -0.02 * top, 1.06 * top];
}

function groupTraces<Row>(group: Group<Row>): Trace[] {
  const { name, colour, symbol, cells } = group;
  const common = { mode: "lines", legendgroup: name, line: { color: colour, width: 1.2, simplify: false } };
  const outer = [0, 2].flatMap((which) => quartileLines(group, which));
  const hover = (what: string) => ({ hovertemplate: `${what}%{y} (${name})<extra></extra>` });
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

function outline({ shape: { at, height }, center, halfWidth }: Cell): Line {
  if (at.length === 0) return { x: [], y: [] };
  const right = height.map((share) => center + halfWidth * share);
  const left = height.map((share) => center - halfWidth * share);
  return {
    x: [...right, ...left.reverse(), right[0]!],
    y: [...at, ...[...at].reverse(), at[0]!],
  };
}

/** The lines of one quartile, each as wide as its violin there. */
function quartileLines<Row>({ cells }: Group<Row>, which: number): Line[] {
  return cells.filter(hasShape).map(({ quartiles, shape, center, halfWidth }) => {
    const place = quartiles[which]!;
    const half = halfWidth * shape.height[shape.at.indexOf(place)]!;
    return { x: [center - half, center + half], y: [place, place] };
  });
}

/** Side by side, so that equal values are all seen. */
function fewPoints<Row>({ cells }: Group<Row>): Line {
  const few = cells.filter((cell) => !hasShape(cell));
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
    const ends = `${formatNumber(edges[bin]!)} to ${formatNumber(edges[bin + 1]!)}`;
    return `${ends} n = ${values.length}${median}`;
  });
  return `${name}: ${bins.join(", ")}`;
}

/**
 * Gaussian kernel density of some values, cut off at the smallest and the largest: a violin's outline does not go where
 * no value is.
 *
 * The bandwidth is Silverman's: 0.9 min(standard deviation, interquartile range / 1.34) n^(-1/5) (Density Estimation,
 * 1986, equation 3.31). Values that are all equal are a single step of height 1.
 *
 * @param extraPlaces places that the outline also passes, for example quartiles, beside the `steps` at even distances
 * @returns the heights from 0 to 1, relative to the highest, at their places from the smallest to the largest value
 */
export function density(values: readonly number[], extraPlaces: readonly number[] = [], steps = 80) {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  if (low === high) return { at: [low], height: [1] };
  const grid = Array.from({ length: steps }, (_, step) => low + ((high - low) * step) / steps);
  const at = [...new Set([...grid, high, ...extraPlaces])].sort((a, b) => a - b);
  const width = bandwidth(sorted);
  const sums = at.map((place) =>
    sorted.reduce((sum, value) => sum + Math.exp(-0.5 * ((place - value) / width) ** 2), 0),
  );
  const highest = Math.max(...sums);
  return { at, height: sums.map((sum) => sum / highest) };
}

/** Divided by n - 1, as in the source of the rule. */
function bandwidth(values: readonly number[]): number {
  const deviation = standardDeviation(values) * Math.sqrt(values.length / (values.length - 1));
  const spread = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34;
  return 0.9 * (spread > 0 ? Math.min(deviation, spread) : deviation) * values.length ** -0.2;
}
