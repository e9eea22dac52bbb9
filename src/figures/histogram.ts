import { requireNumber } from "../errors";
import { binEdges, binned, mean } from "../stats/summary";
import { columnNamed } from "../study/columns";
import { rangeOfBins, rangesOf } from "./axes";
import { type ClassGroup, type ColumnName, countSaid, facetsOf, numbersOf, type RowsOptions } from "./facets";
import { type Data, type Figure, formatNumber } from "./figure";
import { frame, type Trace } from "./frame";

export interface HistogramOptions<Row> extends RowsOptions<Row> {
  /** The column whose values are counted; the heights are shares of the texts or, with `by`, of the class. */
  x: ColumnName<Row>;
  /** Bins of equal width over the axis; default 30, as in the paper's figure 2. */
  bins?: number;
}

/**
 * Draws how the values of a column are distributed, as steps; one class alone is filled.
 *
 * The height of a bar is the fraction of the class's defined values in that bin, so classes of different size can be
 * compared (figure 2 of the paper: τ per text by predicted class, 30 bins on [-1, 1]; figure 7: ε-max JSD, 40 bins
 * on [0, 0.7]). Each class has its n and mean beside its name, a broken line marks the mean. Values that are missing
 * are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, or no rows
 *
 * @example histogram(rows, { x: "tauGradient", by: "predicted", facet: "corpus" })
 */
export function histogram<Row extends object>(data: Data<Row>, options: HistogramOptions<Row>): Figure {
  const { x, by, bins = 30 } = options;
  requireNumber("bins", bins, { from: 1, integer: true });
  const facets = facetsOf("A histogram", data, options, { numbers: [x] });
  const ranges = rangesOf(facets, "x", { around: rangeOfBins });
  const edges = ranges.map((range) => binEdges(range, bins));
  const heights = facets.map(({ groups }, index) =>
    groups.map(({ defined }) => {
      const counts = binned(numbersOf(defined, x), (value) => value, edges[index]!).map(({ length }) => length);
      return counts.map((count) => count / Math.max(1, defined.length));
    }),
  );
  const top = 1.06 * Math.max(0, ...heights.flat(2)) || 1;
  const yTitle = options.yTitle ?? (by === undefined ? "Share of the texts" : "Share of the class");
  const yaxis = { title: yTitle, range: [0, top] as const, minallowed: 0, maxallowed: top, tickformat: ".1~%" };
  const drawn = facets.map(({ name, groups, defined, scales, missing }, index) => {
    const range = ranges[index]!;
    const { title } = scales[0]!;
    const classes = groups.map((group) => ({ ...group, said: saidOf(group, x) }));
    const filled = classes.length === 1;
    const ends = range.map((end) => formatNumber(end)).join(" to ");
    return {
      ...{ name, classes, yaxis, xaxis: { title, range, showgrid: false } },
      traces: groups.flatMap((group, place) =>
        groupTraces(group, { x, heights: heights[index]![place]!, edges: edges[index]!, filled }),
      ),
      sentences: [defined.length > 0 ? "Broken lines: means." : "", ...missing],
      what: `Histogram of ${title}, ${bins} bins from ${ends}`,
    };
  });
  return frame(drawn, options, { rows: data, height: { ofWidth: 250 / 402 }, layout: { hovermode: "x" } });
}

function saidOf<Row extends object>({ defined }: ClassGroup<Row>, x: ColumnName<Row>): string {
  const center = formatNumber(mean(numbersOf(defined, x)), columnNamed(x)?.digits);
  return `${countSaid(defined)}${defined.length > 0 ? `, mean ${center}` : ""}`;
}

function groupTraces<Row extends object>(
  { name, colour, dash, defined }: ClassGroup<Row>,
  options: { x: ColumnName<Row>; heights: number[]; edges: number[]; filled: boolean },
): Trace[] {
  const { x, heights, edges, filled } = options;
  const center = mean(numbersOf(defined, x));
  const steps = {
    ...{ mode: "lines", name, legendgroup: name, fill: filled ? "tozeroy" : "none" },
    ...{ x: [edges[0], ...edges], y: [0, ...heights, 0], fillcolor: `${colour}59` },
    line: { color: colour, width: 1.6, shape: "hv" },
    hovertemplate: `from %{x}: %{y:.1%} of ${name}<extra></extra>`,
  };
  const meanLine = {
    ...{ mode: "lines", legendgroup: name, x: [center, center], y: [0, 1] },
    hovertemplate: `mean of ${name}: ${formatNumber(center)}<extra></extra>`,
    line: { color: colour, width: 2.2, dash },
  };
  return defined.length === 0 ? [{ ...steps, x: [null], y: [null] }] : [steps, meanLine];
}
