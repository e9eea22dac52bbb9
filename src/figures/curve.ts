import { rangeAround, rangesOf } from "./axes";
import { boundsOf, boundsSentences, boundsText, errorBars } from "./bounds";
import { type ClassGroup, facetsOf, numberAt } from "./facets";
import { type Data, type Figure, formatNumber, rowsOf } from "./figure";
import { frame, type Trace } from "./frame";
import type { AxesOptions } from "./scatter";

/** Where `y` is undefined the line has a gap. */
type Point = ReturnType<typeof pointsOf>[number];

/** A class with its points, rising in x. */
type Line = Pick<ClassGroup<unknown>, "name" | "colour" | "dash" | "symbol"> & { points: Point[] };

/**
 * Draws a line per class over a measure, with its intervals as bars: the exact ε-max JSD over ε, the agreement of
 * attention and gradient over a text's length.
 *
 * Each line has one row for each value of x, which are joined in their order; where y is undefined the line has a gap,
 * which is counted under the figure. The horizontal axis is logarithmic where that spaces the values more evenly. Columns
 * "low" and "high" are the interval, "interval" what it is, and "n" the number of texts.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, two rows with the same x in one line,
 * an interval without both ends, or no rows
 *
 * @example curve(points, { x: "epsilon", y: "jsd", by: "class", facet: "corpus" })
 */
export function curve<Row extends object>(data: Data<Row>, options: AxesOptions<Row>): Figure {
  const rows = rowsOf(data);
  const { x, y, by } = options;
  const facets = facetsOf("A curve", rows, options, { numbers: [x, y], once: x, tellsAll: true }).map((facet) => {
    const lines = facet.groups.map((group) => ({ ...group, points: pointsOf(group, options) }));
    const drawn = lines.flatMap(({ points }) => points.filter(isDefined));
    const ys = drawn.flatMap((point) => [point.y, ...(point.bounds ?? [])]);
    return { ...facet, lines, drawn, scales: [facet.scales[0]!, { ...facet.scales[1]!, values: ys }] };
  });
  const yRanges = rangesOf(facets, "y", { fits: true });
  const xTitle = facets[0]!.scales[0]!.title;
  const places = facets.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map((point) => point.x)));
  const xaxis = { title: xTitle, hoverformat: ".4~g", ...xAxis(places) };
  const curves = facets.map(({ name, lines, drawn, scales, missing }, index) => {
    const range = yRanges[index]!;
    const yTitle = scales[1]!.title;
    const classes = lines.map((line) => ({ ...line, said: line.points.some(isDefined) ? "" : "no value" }));
    return {
      ...{ name, xaxis, yaxis: { title: yTitle, range } },
      classes: by === undefined ? [] : classes,
      traces: lines.map(lineTrace),
      sentences: [...boundsSentences("Bars", drawn, rows), ...missing],
      what: `Curve of ${yTitle} over ${xTitle}`,
      shows: lines.map(shownOf).join("; "),
    };
  });
  return frame(curves, options, { rows, height: { ofWidth: 270 / 402 } });
}

/** On a logarithmic axis with labels at 1, 2 and 5 of each decade, or in a part of one at all digits. */
function xAxis(places: readonly number[]) {
  if (!areEvenerInLog(places)) return { range: rangeAround(places) };
  const range = rangeAround(places.map(Math.log10));
  return { type: "log", range, dtick: range[1] - range[0] < 1 ? "D1" : "D2", tickformat: ".3~g" };
}

/** Whether the widest step between neighbours is a smaller part of the whole on a logarithmic axis. */
function areEvenerInLog(places: readonly number[]): boolean {
  const sorted = [...new Set(places)].sort((a, b) => a - b);
  if (sorted.length < 3 || sorted[0]! <= 0) return false;
  const widest = (values: readonly number[]) =>
    Math.max(...values.slice(1).map((value, index) => value - values[index]!)) / (values.at(-1)! - values[0]!);
  return widest(sorted.map(Math.log)) < widest(sorted);
}

function isDefined(point: Point): point is Point & { y: number } {
  return point.y !== undefined;
}

function pointsOf<Row extends object>({ rows }: ClassGroup<Row>, options: AxesOptions<Row>) {
  const { x, y } = options;
  return rows
    .flatMap((row) => {
      const place = numberAt(row, x, "A curve draws");
      const point = { y: numberAt(row, y, "A curve draws"), ...boundsOf(row, "A curve") };
      return place === undefined ? [] : [{ x: place, ...point }];
    })
    .sort((a, b) => a.x - b.x);
}

function lineTrace({ name, colour, dash, symbol, points }: Line): Trace {
  const y = points.map((point) => point.y ?? null);
  return {
    ...{ mode: "lines+markers", name, legendgroup: name, connectgaps: false, cliponaxis: false },
    ...{ x: points.map(({ x }) => x), y, error_y: errorBars(colour, points, y) },
    line: { color: colour, width: 2, dash: dash === "dash" ? "solid" : dash },
    marker: { color: colour, symbol, size: 7 },
    text: points.map(boundsText),
    hovertemplate: `${name}: %{y} at %{x}%{text}<extra></extra>`,
  };
}

function shownOf({ name, points }: Line): string {
  const drawn = points.filter(isDefined);
  const [first, last] = [drawn[0], drawn.at(-1)];
  if (first === undefined || last === undefined) return `${name}: no value`;
  const [start, end] = [first, last].map((point) => `${formatNumber(point.y, 3)} at ${Number(point.x.toPrecision(4))}`);
  const head = `${name}: ${drawn.length} point${first === last ? "" : "s"}, ${start}`;
  return first === last ? head : `${head} to ${end}`;
}
