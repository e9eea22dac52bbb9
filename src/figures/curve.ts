import { UserError, unknownName } from "../errors";
import { isInside, outsideSentence, type Range, rangeAround, requireRange } from "./axes";
import { type BoundsOptions, boundsOf, countsSentence, intervalSentence } from "./bounds";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { type FrameOptions, frame, noValueNote } from "./frame";
import {
  type ClassGroup,
  type ClassOptions,
  type Column,
  groupByClass,
  numberAt,
  splitDefined,
  undefinedSentence,
} from "./groups";

const scales = ["linear", "log"] as const;

export interface CurveOptions<Row> extends ClassOptions<Row>, BoundsOptions<Row>, FrameOptions {
  /** The column of the horizontal axis; each line has one row for each of its values. */
  x: Column<Row>;
  /** The column of the vertical axis: numbers, or `undefined` where there is no value. */
  y: Column<Row>;
  /** Default "linear"; "log" takes values above 0 only. */
  xScale?: (typeof scales)[number];
  /** The two ends of the vertical axis; default: what fits. Equal ones make figures comparable. */
  yRange?: Range;
  /** What is measured, with its unit; default: the column's name. */
  xTitle?: string;
  yTitle?: string;
}

interface Point {
  x: number;
  /** Undefined: a gap in the line. */
  y: number | undefined;
  bounds: Range | undefined;
  n: number | undefined;
}

interface Group<Row> extends ClassGroup<Row> {
  /** Rising in x. */
  points: Point[];
  undefined: Row[];
}

/**
 * Draws a line per class over a measure, with its interval as a band: the exact ε-max JSD over ε, the agreement of
 * attention and gradient over a text's length.
 *
 * Points are joined in the order of x; where y is undefined the line has a gap, which is counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, two rows with the same x in one line,
 * an x of 0 or less on a logarithmic axis, an interval without both ends, a class that is not listed, or no rows
 *
 * @example curve(points, { x: "epsilon", y: "jsd", low: "jsdLow", high: "jsdHigh", by: "class", xScale: "log" })
 */
export function curve<Row extends object>(rows: readonly Row[], options: CurveOptions<Row>): Figure {
  const { x, y, low, high, n, xScale = "linear", title, background = "light" } = options;
  const { xTitle = escapeText(x), yTitle = escapeText(y) } = options;
  if (!scales.includes(xScale)) throw unknownName("scale", xScale, scales);
  const groups = groupByClass("A curve", rows, options, [x, y, low, high, n], background).map((group) =>
    withPoints(group, options),
  );
  const drawn = groups.flatMap(({ points }) => points.filter(isDefined));
  const ys = drawn.flatMap((point) => [point.y, ...(point.bounds ?? [])]);
  const yRange = options.yRange ?? rangeAround(ys);
  requireRange("yRange", yRange);
  const places = groups.flatMap(({ points }) => points.map((point) => point.x));
  const xaxis =
    xScale === "log"
      ? { type: "log", ...logTicks(rangeAround(places.map(Math.log10))) }
      : { range: rangeAround(places) };
  const legendLines = options.by === undefined ? 0 : groups.length;
  return {
    data: groups.flatMap((group) => [...bandTraces(group), lineTrace(group)]),
    layout: frame({
      title,
      background,
      xaxis: { title: xTitle, ...xaxis },
      yaxis: { title: yTitle, range: yRange },
      legendLines,
      caption: [
        intervalSentence(
          legendLines > 1 ? "Bands" : "Band",
          drawn.map(({ bounds }) => bounds),
          options,
        ),
        countsSentence(drawn.flatMap((point) => point.n ?? [])),
        undefinedSentence(groups),
        outsideSentence(drawn.filter((point) => !isInside(point.y, yRange)).length, yRange, "vertically"),
      ],
      summary: describe(groups, { xTitle, yTitle }),
      plotHeight: 270,
      annotations: drawn.length > 0 ? [] : [noValueNote(background)],
    }),
  };
}

/** Labels at 1, 2 and 5 of each decade, or, where that are fewer than three, at more places. */
function logTicks(range: Range): { range: Range; tickvals: number[]; ticktext: string[] } {
  const [low, high] = range;
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  const places = (digits: readonly number[]) =>
    decades
      .flatMap((decade) => digits.map((digit) => Number((digit * 10 ** decade).toPrecision(3))))
      .filter((place) => isInside(Math.log10(place), range));
  const few = places([1, 2, 5]);
  const tickvals = few.length >= 3 ? few : places([1, 1.5, 2, 3, 4, 5, 6, 8]);
  return { range, tickvals, ticktext: tickvals.map(String) };
}

function isDefined(point: Point): point is Point & { y: number } {
  return point.y !== undefined;
}

function withPoints<Row extends object>(group: ClassGroup<Row>, options: CurveOptions<Row>): Group<Row> {
  const { x, y, n, by, xScale } = options;
  const placed = splitDefined(group.rows, [x], "A curve draws");
  const points = placed.defined
    .map((row) => ({
      x: row[x] as number,
      y: numberAt(row, y, "A curve draws"),
      bounds: boundsOf(row, options, "A curve"),
      n: n === undefined ? undefined : numberAt(row, n, "A curve draws"),
    }))
    .sort((a, b) => a.x - b.x);
  for (const [index, point] of points.entries()) {
    if (xScale === "log" && point.x <= 0) {
      throw new UserError(`A logarithmic axis has numbers above 0 only, but column "${x}" holds ${point.x}.`);
    }
    if (point.x === points[index + 1]?.x) {
      const line = by === undefined ? "" : ` of "${group.name}"`;
      throw new UserError(
        `A curve has one row for each x of a line, but "${x}" is ${point.x} in two rows${line}; average them, or split them with "by".`,
      );
    }
  }
  return { ...group, points, undefined: splitDefined(group.rows, [x, y], "A curve draws").undefined };
}

function lineTrace<Row>({ name, colour, dash, symbol, points }: Group<Row>): object {
  const text = escapeText(name);
  return {
    type: "scatter",
    mode: "lines+markers",
    name: points.some(isDefined) ? text : `${text}: no value`,
    legendgroup: name,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y ?? null),
    connectgaps: false,
    line: { color: colour, width: 2, dash: dashOfLine(dash) },
    marker: { color: colour, symbol, size: 7 },
    text: points.map(({ bounds, n }) => {
      const interval = bounds ? ` (${formatNumber(bounds[0], 3)} to ${formatNumber(bounds[1], 3)})` : "";
      return `${interval}${n === undefined ? "" : `, n = ${formatNumber(n, 0)}`}`;
    }),
    hovertemplate: `${text}: %{y:.3f} at %{x}%{text}<extra></extra>`,
  };
}

function dashOfLine(dash: string): string {
  return dash === "dash" ? "solid" : dash;
}

/** One polygon for each stretch of points that have an interval; a stretch of one point is a line. */
function bandTraces<Row>({ name, colour, points }: Group<Row>): object[] {
  const stretches: { x: number; bounds: Range }[][] = [[]];
  for (const { x, y, bounds } of points) {
    if (y !== undefined && bounds !== undefined) stretches.at(-1)!.push({ x, bounds });
    else stretches.push([]);
  }
  const polygons = stretches.filter((stretch) => stretch.length > 0);
  if (polygons.length === 0) return [];
  const backwards = <T>(items: readonly T[]) => [...items].reverse();
  return [
    {
      type: "scatter",
      mode: "lines",
      legendgroup: name,
      showlegend: false,
      hoverinfo: "skip",
      x: polygons.flatMap((points) => [...points.map(({ x }) => x), ...backwards(points).map(({ x }) => x), null]),
      y: polygons.flatMap((points) => [
        ...points.map(({ bounds }) => bounds[1]),
        ...backwards(points).map(({ bounds }) => bounds[0]),
        null,
      ]),
      fill: "toself",
      fillcolor: `${colour}33`,
      line: { width: 0 },
    },
  ];
}

function describe<Row>(groups: readonly Group<Row>[], { xTitle, yTitle }: { xTitle: string; yTitle: string }): string {
  const parts = groups.map(({ name, points }) => {
    const drawn = points.filter(isDefined);
    const [first, last] = [drawn[0], drawn.at(-1)];
    if (first === undefined || last === undefined) return `${name}: no value`;
    const head = `${name}: ${drawn.length} point${first === last ? "" : "s"}, ${formatNumber(first.y, 3)} at ${first.x}`;
    return first === last ? head : `${head} to ${formatNumber(last.y, 3)} at ${last.x}`;
  });
  return `Curve of ${plainText(yTitle)} over ${plainText(xTitle)}. ${parts.join("; ")}.`;
}
