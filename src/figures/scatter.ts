import { createRandom } from "../stats/random";
import { type Range, rangesOf } from "./axes";
import { type ClassGroup, type ColumnName, countSaid, facetsOf, numbersOf, type RowsOptions } from "./facets";
import { type Data, escapeText, type Figure, formatNumber, wrap } from "./figure";
import { frame, type Sentence, type Trace } from "./frame";
import { brokenLine } from "./theme";

/** What a figure of one measure over another takes. */
export interface AxesOptions<Row> extends RowsOptions<Row> {
  /** The column of the horizontal axis. */
  x: ColumnName<Row>;
  /** The column of the vertical axis. */
  y: ColumnName<Row>;
}

export interface ScatterOptions<Row> extends AxesOptions<Row> {
  /** The column whose text is shown where the pointer rests on a point, for example "id". */
  label?: ColumnName<Row>;
  /** Whether both values measure the same: one scale, the line y = x, and how many points lie above and below it. Default false. */
  diagonal?: boolean;
}

/** In one figure; more of them are slow and are seen no better. */
const mostPoints = 1500;

/**
 * Draws one point per text, with colour and symbol by class.
 *
 * For example the median change of the output against the largest attention weight (figure 6 of the paper, without its
 * bins), the ε-max JSD that the search found against the exact one, or the τ of two seeds. Each class has its n beside its
 * name; values that are missing are counted under the figure. Of more than {@link mostPoints}
 * points about so many are drawn, by lot with a fixed seed, which the caption says.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, or no rows
 *
 * @example scatter(rows, { x: "exactJsd05", y: "searchJsd05", by: "predicted", facet: "corpus", diagonal: true })
 */
export function scatter<Row extends object>(data: Data<Row>, options: ScatterOptions<Row>): Figure {
  const { x, y, label, diagonal = false } = options;
  const facets = facetsOf("A scatter plot", data, options, { numbers: [x, y], others: [label] });
  const joined = facets.map(({ scales }) => {
    return { scales: [{ ...scales[1]!, values: scales.flatMap(({ values }) => values) }] };
  });
  const xRanges = rangesOf(diagonal ? joined : facets, "x");
  const yRanges = diagonal ? xRanges : rangesOf(facets, "y");
  const count = facets.reduce((sum, { defined }) => sum + defined.length, 0);
  const counts = [Math.min(count, mostPoints), count].map((points) => formatNumber(points, 0));
  // Many points are small and translucent.
  const style = count / facets.length <= 300 ? { size: 7, opacity: 0.8 } : { size: 5, opacity: 0.45 };
  const ticks = diagonal ? { nticks: 6 } : {};
  const drawn = facets.map(({ name, groups, defined, scales, missing }, index) => {
    const [xRange, yRange] = [xRanges[index]!, yRanges[index]!];
    const [xTitle, yTitle] = scales.map(({ title }) => title) as [string, string];
    const [xs, ys] = [numbersOf(defined, x), numbersOf(defined, y)];
    return {
      name,
      classes: groups.map((group) => ({ ...group, said: countSaid(group.defined) })),
      traces: [
        ...groups.map(legendTrace),
        ...inSlices(groups, mostPoints / count).map((slice) => pointsTrace(slice, options, style)),
      ],
      xaxis: { title: xTitle, range: xRange, ...ticks },
      yaxis: { title: yTitle, range: yRange, ...ticks },
      sentences: [
        ...(diagonal ? diagonalSentences(xs, ys) : []),
        ...missing,
        count > mostPoints ? `Drawn by lot: ${counts[0]} of ${counts[1]} points.` : "",
      ],
      what: `Scatter plot of ${yTitle} (vertical) against ${xTitle} (horizontal)`,
      shapes: diagonal ? diagonalLine(xRange, yRange) : [],
    };
  });
  return frame(drawn, options, { rows: data, height: { ofWidth: diagonal ? 1 : 300 / 402 } });
}

/** A share of the points; the classes take turns, so that the last one does not cover the others. */
function inSlices<Row>(groups: readonly ClassGroup<Row>[], share: number): ClassGroup<Row>[] {
  const count = groups.length === 1 ? 1 : 8;
  const random = createRandom("points");
  const drawn = groups.map(({ defined }) =>
    share < 1 ? random.shuffle(defined).slice(0, Math.ceil(share * defined.length)) : defined,
  );
  return Array.from({ length: count }, (_, slice) =>
    groups.map((group, which) => ({ ...group, defined: drawn[which]!.filter((_, index) => index % count === slice) })),
  )
    .flat()
    .filter(({ defined }) => defined.length > 0);
}

function legendTrace<Row>({ name, colour, symbol }: ClassGroup<Row>): Trace {
  return { mode: "markers", name, legendgroup: name, x: [null], y: [null], marker: { color: colour, symbol, size: 8 } };
}

function pointsTrace<Row extends object>(
  { name, colour, symbol, defined }: ClassGroup<Row>,
  { x, y, label }: ScatterOptions<Row>,
  style: { size: number; opacity: number },
): Trace {
  return {
    ...{ mode: "markers", legendgroup: name, x: numbersOf(defined, x), y: numbersOf(defined, y), cliponaxis: false },
    marker: { color: colour, symbol, ...style, line: { width: 0 } },
    ...(label ? { text: defined.map((row) => wrap(escapeText(String(row[label])), 70).join("<br>")) } : {}),
    hovertemplate: `${label ? "%{text}<br>" : ""}%{x}, %{y} (${name})<extra></extra>`,
  };
}

function diagonalLine([left, right]: Range, [bottom, top]: Range): object[] {
  const [low, high] = [Math.max(left, bottom), Math.min(right, top)];
  if (low >= high) return [];
  return [{ ...brokenLine, xref: "x", yref: "y", x0: low, y0: low, x1: high, y1: high }];
}

function diagonalSentences(xs: readonly number[], ys: readonly number[]): Sentence[] {
  const above = ys.filter((value, index) => value > xs[index]!).length;
  const below = ys.filter((value, index) => value < xs[index]!).length;
  const [up, on, down] = [above, xs.length - above - below, below].map((count) => formatNumber(count, 0));
  return ["Broken line: y = x.", { of: "Above, on and below it", said: `${up}, ${on} and ${down}` }];
}
