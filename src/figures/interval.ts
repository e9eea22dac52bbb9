import { UserError } from "../errors";
import { isInside, outsideSentence, type Range, rangeAround, requireRange, zeroLine } from "./axes";
import { type BoundsOptions, boundsOf, intervalSentence } from "./bounds";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { type FrameOptions, frame, noValueNote, wrap } from "./frame";
import { type ClassGroup, type ClassOptions, type Column, groupByClass, numberAt, undefinedSentence } from "./groups";
import { type Background, coloursOn, fontSize } from "./theme";

export interface IntervalOptions<Row> extends ClassOptions<Row>, BoundsOptions<Row>, FrameOptions {
  /** The column of the dots: numbers, or `undefined` where there is no value. */
  x: Column<Row>;
  /** The column with the label of each line; lines stand as their labels come, from the top. */
  y: Column<Row>;
  /** The two ends of the horizontal axis; default: what fits. Equal ones make figures comparable. */
  xRange?: Range;
  /** What is measured, with its unit; default: the column's name. */
  xTitle?: string;
}

interface Dot {
  label: string;
  x: number | undefined;
  bounds: Range | undefined;
  n: number | undefined;
  /** On the vertical axis, on which the lines are whole numbers and the lowest is 0. */
  height: number;
}

interface Group<Row> extends ClassGroup<Row> {
  dots: Dot[];
  undefined: Row[];
}

/**
 * Draws a dot with its interval for each label: means of encoders and attentions side by side, or the differences of
 * the paper's figures 3 to 5.
 *
 * Labels stand in the order of the rows; several classes of a label stand under one another. The n of each dot is at
 * its right. A value that is undefined says so at its place.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, two rows with the same label and class,
 * an interval without both ends, a class that is not listed, or no rows
 *
 * @example interval(means, { x: "mean", y: "encoder", low: "meanLow", high: "meanHigh", by: "attention", n: "n" })
 */
export function interval<Row extends object>(rows: readonly Row[], options: IntervalOptions<Row>): Figure {
  const { x, y, by, low, high, n, title, background = "light", xTitle = escapeText(x) } = options;
  const classes = groupByClass("An interval plot", rows, options, [x, y, low, high, n], background);
  const labels = [...new Set(rows.map((row) => String(row[y])))];
  const groups = classes.map((group, index) => {
    const offset = ((classes.length - 1) / 2 - index) * (0.66 / classes.length);
    return withDots(group, options, (label) => labels.length - 1 - labels.indexOf(label) + offset);
  });
  const dots = groups.flatMap((group) => group.dots);
  const drawn = dots.filter(isDefined);
  const xRange = options.xRange ?? rangeAround(drawn.flatMap((dot) => [dot.x, ...(dot.bounds ?? [])]));
  requireRange("xRange", xRange);
  const names = labels.map((label) => wrap(escapeText(label), 26));
  const longest = Math.max(...names.flat().map((line) => plainText(line).length));
  return {
    data: groups.flatMap((group) => [intervalTrace(group), dotTrace(group)]),
    layout: frame({
      title,
      background,
      xaxis: { title: xTitle, range: xRange },
      yaxis: {
        title: "",
        range: [-0.6, labels.length - 0.4],
        tickvals: labels.map((_, index) => labels.length - 1 - index),
        ticktext: names.map((lines) => lines.join("<br>")),
        ticks: "",
        showgrid: false,
      },
      legendLines: by === undefined ? 0 : groups.length,
      caption: [
        intervalSentence(
          "Lines",
          drawn.map(({ bounds }) => bounds),
          options,
        ),
        undefinedSentence(groups),
        outsideSentence(drawn.filter((dot) => !isInside(dot.x, xRange)).length, xRange),
      ],
      summary: describe(groups, { xTitle, split: by !== undefined }),
      plotHeight: 16 + labels.length * Math.max(30, 17 * classes.length + 10),
      left: Math.max(62, 18 + Math.ceil(7.2 * longest)),
      right: n === undefined ? 16 : 70,
      shapes: zeroLine(xRange, background),
      annotations: [...sideNotes(dots, background), ...(drawn.length > 0 ? [] : [noValueNote(background)])],
    }),
  };
}

function isDefined(dot: Dot): dot is Dot & { x: number } {
  return dot.x !== undefined;
}

function withDots<Row extends object>(
  group: ClassGroup<Row>,
  options: IntervalOptions<Row>,
  heightOf: (label: string) => number,
): Group<Row> {
  const { x, y, n } = options;
  const seen = new Set<string>();
  const dots = group.rows.map((row) => {
    const label = String(row[y]);
    if (seen.has(label)) {
      throw new UserError(
        `An interval plot has one row for each label and class, but "${label}" comes twice; average its rows, or split them with "by".`,
      );
    }
    seen.add(label);
    return {
      label,
      x: numberAt(row, x, "An interval plot places"),
      bounds: boundsOf(row, options, "An interval plot"),
      n: n === undefined ? undefined : numberAt(row, n, "An interval plot shows"),
      height: heightOf(label),
    };
  });
  return { ...group, dots, undefined: group.rows.filter((_, index) => dots[index]!.x === undefined) };
}

function intervalTrace<Row>({ name, colour, dots }: Group<Row>): object {
  const drawn = dots.filter(isDefined).filter(({ bounds }) => bounds !== undefined);
  return {
    type: "scatter",
    mode: "lines+markers",
    legendgroup: name,
    showlegend: false,
    hoverinfo: "skip",
    x: drawn.flatMap(({ bounds }) => [...bounds!, null]),
    y: drawn.flatMap(({ height }) => [height, height, null]),
    line: { color: colour, width: 2 },
    marker: { symbol: "line-ns-open", size: 7, color: colour, line: { color: colour, width: 2 } },
  };
}

function dotTrace<Row>({ name, colour, symbol, dots }: Group<Row>): object {
  const drawn = dots.filter(isDefined);
  const text = escapeText(name);
  return {
    type: "scatter",
    mode: "markers",
    name: drawn.length === 0 ? `${text}: no value` : text,
    legendgroup: name,
    x: drawn.map(({ x }) => x),
    y: drawn.map(({ height }) => height),
    marker: { color: colour, symbol, size: 7 },
    text: drawn.map((dot) => escapeText(wordsFor(dot))),
    hovertemplate: "%{text}<extra></extra>",
  };
}

/** At the right of each dot its n; at the place of a dot that has no value, a word for that. */
function sideNotes(dots: readonly Dot[], background: Background): object[] {
  const { muted, background: ground } = coloursOn(background);
  const font = { size: fontSize.small, color: muted };
  const place = { xref: "x domain", yref: "y", xanchor: "left", yanchor: "middle", showarrow: false, font };
  return dots.flatMap(({ x, n, height }) => [
    ...(n === undefined ? [] : [{ ...place, text: `n = ${formatNumber(n, 0)}`, x: 1, y: height, xshift: 4 }]),
    ...(x === undefined ? [{ ...place, text: "undefined", bgcolor: ground, x: 0, y: height, xshift: 4 }] : []),
  ]);
}

function wordsFor({ label, x, bounds, n }: Dot): string {
  const range = bounds ? ` (${formatNumber(bounds[0], 3)} to ${formatNumber(bounds[1], 3)})` : "";
  return `${label} ${formatNumber(x ?? Number.NaN, 3)}${range}${n === undefined ? "" : `, n = ${n}`}`;
}

function describe<Row>(groups: readonly Group<Row>[], { xTitle, split }: { xTitle: string; split: boolean }): string {
  const parts = groups.map(({ name, dots }) => {
    const list = dots.length === 0 ? "no value" : dots.map(wordsFor).join("; ");
    return split ? `${name}: ${list}` : list;
  });
  return `Dots with intervals of ${plainText(xTitle)}. ${parts.join(". ")}.`;
}
