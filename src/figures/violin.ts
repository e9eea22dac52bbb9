import { binEdges, binned, quantile } from "../stats/summary";
import { extent, type Range, rangeOfBins, rangesOf } from "./axes";
import { type ClassGroup, facetsOf, numbersOf } from "./facets";
import { type Data, type Figure, formatNumber } from "./figure";
import { frame, type Trace } from "./frame";
import type { AxesOptions } from "./scatter";

/** The values of a class in one bin, and the middle of their place on the horizontal axis. */
interface Cell {
  values: number[];
  center: number;
}

type Group<Row> = ClassGroup<Row> & { cells: Cell[] };

/** Of equal width over the horizontal axis, as in the paper's figures 6 and 8. */
const binCount = 4;
/** Fewer values have no shape to show. */
const fewestOfViolin = 10;
/** Of more values in a bin their quantiles are drawn, which look the same. */
const mostOfViolin = 201;

/**
 * Draws how one measure is distributed where another one is small, middling and large: one violin for each of 4 bins and
 * each class, over an axis from 0 or below.
 *
 * Each violin is plotly's kernel density from the smallest to the largest value, all of them equally wide at their widest,
 * around a box from quartile to quartile (figures 6 and 8 of the paper: median output change under permutation, and ε-max
 * JSD, in 4 bins of the largest attention weight). A bin includes its lower end, the last one also its upper end. Fewer
 * than 10 values are drawn as points; each class has the n of its bins beside its name. Values that are undefined are
 * counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, or no rows
 *
 * @example violin(rows, { x: "maxAttention", y: "permutationTvd", by: "predicted", facet: "corpus" })
 */
export function violin<Row extends object>(data: Data<Row>, options: AxesOptions<Row>): Figure {
  const { x, y } = options;
  const facets = facetsOf("A violin plot", data, options, { numbers: [x, y] });
  const xRange = rangesOf(facets, "x", { around: rangeOfBins })[0]!;
  const edges = binEdges(xRange, binCount);
  const yRanges = rangesOf(facets, "y", { around: rangeFromZero });
  const drawn = facets.map(({ name, defined, scales, missing, ...facet }, index) => {
    const slot = (0.94 * (edges[1]! - edges[0]!)) / facet.groups.length;
    const groups = facet.groups.map((group, index): Group<Row> => {
      const shift = (index - (facet.groups.length - 1) / 2) * slot;
      const bins = binned(group.defined, (row) => row[x] as number, edges);
      const cells = bins.map((rows, bin) => {
        return { values: numbersOf(rows, y), center: (edges[bin]! + edges[bin + 1]!) / 2 + shift };
      });
      return { ...group, cells };
    });
    const cells = groups.flatMap((group) => group.cells);
    const yRange = yRanges[index]!;
    const [xTitle, yTitle] = scales.map(({ title }) => title) as [string, string];
    return {
      name,
      classes: groups.map((group) => ({ ...group, said: saidOf(group) })),
      traces: groups.flatMap((group) => groupTraces(group, 0.9 * slot)),
      xaxis: { title: xTitle, range: xRange, tickvals: edges, tickformat: ".3~f" },
      yaxis: { title: yTitle, range: yRange },
      sentences: [
        cells.some(hasShape) ? "Boxes: median and quartiles." : "",
        cells.some((cell) => !hasShape(cell) && cell.values.length > 0)
          ? `Points: fewer than ${fewestOfViolin} values.`
          : "",
        defined.length > 0 ? "n: of the bins from the left." : "",
        ...missing,
      ],
      what: `Violin plot of ${yTitle} in ${binCount} bins of ${xTitle}`,
      shows: groups.map((group) => shownOf(group, edges)).join("; "),
    };
  });
  return frame(drawn, options, { rows: data, height: { ofWidth: 300 / 402 } });
}

function hasShape({ values }: Cell): boolean {
  return values.length >= fewestOfViolin;
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

/** At a place as wide as `width` on the horizontal axis. */
function groupTraces<Row>({ name, colour, symbol, cells }: Group<Row>, width: number): Trace[] {
  const common = { legendgroup: name, width, fillcolor: `${colour}59`, hoverinfo: "y" };
  const line = { color: colour, width: 1.2 };
  const few = cells.filter((cell) => !hasShape(cell));
  return [
    {
      ...{ ...common, type: "violin", name, line, ...placed(cells.filter(hasShape).map(thinned)) },
      ...{
        scalemode: "width",
        spanmode: "hard",
        points: false,
        hoveron: "violins",
        box: { visible: true, width: 0.2 },
      },
    },
    {
      ...{ ...common, type: "box", ...placed(few), boxpoints: "all", pointpos: 0, jitter: 0.5 },
      ...{ marker: { color: colour, symbol, size: 7 }, line: { width: 0 }, fillcolor: "#00000000", hoveron: "points" },
    },
  ];
}

function thinned({ values, center }: Cell): Cell {
  if (values.length <= mostOfViolin) return { values, center };
  const sorted = Float64Array.from(values).sort();
  const placeOf = (step: number) => Math.round((step / (mostOfViolin - 1)) * (sorted.length - 1));
  return { values: Array.from({ length: mostOfViolin }, (_, step) => sorted[placeOf(step)]!), center };
}

/** As plotly gets them; a class without values has a place in the legend too. */
function placed(cells: readonly Cell[]): { x: (number | null)[]; y: (number | null)[] } {
  const x = cells.flatMap(({ values, center }) => values.map(() => center));
  return { x: [...x, null], y: [...cells.flatMap(({ values }) => values), null] };
}

function shownOf<Row>({ name, cells }: Group<Row>, edges: readonly number[]): string {
  const bins = cells.map(({ values }, bin) => {
    const median = values.length === 0 ? "" : `, median ${formatNumber(quantile(values, 0.5), 3)}`;
    const ends = `${formatNumber(edges[bin]!)} to ${formatNumber(edges[bin + 1]!)}`;
    return `${ends} n = ${values.length}${median}`;
  });
  return `${name}: ${bins.join(", ")}`;
}
