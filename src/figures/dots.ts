import { UserError } from "../errors";
import { labelAxis, outsideSentence, type Range, rangesOf, referenceLines } from "./axes";
import {
  type Bounds,
  type BoundsOptions,
  boundsOf,
  boundsText,
  countsSentence,
  intervalSentence,
  withBounds,
} from "./bounds";
import { type ClassGroup, type ColumnName, facetsOf, numberAt, type RowsOptions, valueName } from "./facets";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { frame, type Trace } from "./frame";
import { type Background, coloursOn, fontSize } from "./theme";

export interface DotsOptions<Row> extends RowsOptions<Row>, BoundsOptions<Row> {
  /** The column of the dots. */
  x: ColumnName<Row>;
  /** The column with the label of each line; lines stand as their labels come, from the top. */
  y: ColumnName<Row>;
  /** The two ends of the horizontal axis; default: what the column can hold, or what fits. */
  xRange?: Range;
  /**
   * What is grey behind the dots, as the range of a control: two ends for all, or rows with "low" and "high" and any of the
   * columns of `facet`, `y` and `by`, each behind what has the same values.
   */
  band?: Range | readonly object[];
  /** What the grey is, for the caption; default "reference". */
  bandName?: string;
  /** Rows of other sources, each named in its column "source", as thin marks beside the dots; what has no line here is left out. */
  beside?: readonly object[];
}

interface Dot extends Bounds {
  /** With its value. */
  words: string;
  x: number | undefined;
  height: number;
}

type AnyRow = { readonly [column: string]: unknown };

/** Where a row stands on the vertical axis, on which the lines of labels are whole numbers and the lowest is 0; undefined where nothing is. */
type HeightOf = (row: AnyRow) => number | undefined;

/**
 * Draws a dot with its interval for each label: means of encoders and attentions side by side, or the differences of
 * the paper's figures 3 to 5.
 *
 * Labels stand in the order of the rows; several classes of a label stand under one another. The n of each dot is at
 * its right or, in small multiples, in the caption. A value that is missing says so at its place.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, two rows with the same label and class,
 * an interval without both ends, a class that is not listed, or no rows
 *
 * @example dots(means, { x: "mean", y: "corpus", by: "encoder", facet: "measure", beside: published })
 */
export function dots<Row extends object>(rows: readonly Row[], given: DotsOptions<Row>): Figure {
  const options = withBounds(rows, given);
  const { x, y, by, facet, low, high, n, band = [], beside = [], background = "light" } = options;
  const columns = { numbers: [x], others: [y, low, high, n], tellsAll: true };
  const split = facetsOf("A dot plot", rows, options, columns);
  const labels = [...new Set(rows.map((row) => String(row[y])))];
  const places = new Map(split.flatMap(({ groups }) => groups.map(({ name, place }) => [name, place])));
  const count = Math.max(...places.values()) + 1;
  const slot = 0.66 / count;
  const heightOf: HeightOf = (row) => {
    const line = labels.length - 1 - labels.indexOf(String(row[y]));
    const place = by && by in row ? places.get(valueName(by, String(row[by]))) : (count - 1) / 2;
    return line === labels.length || place === undefined ? undefined : line + ((count - 1) / 2 - place) * slot;
  };
  const facets = split.map((part) => {
    const isHere = (row: AnyRow) => !facet || !(facet in row) || row[facet] === part.rows[0]![facet];
    const groups = part.groups.map((group) => ({ ...group, dots: dotsOf(group, options, heightOf) }));
    const drawn = groups.flatMap((group) => group.dots.filter(isDefined));
    const marks = (beside as AnyRow[]).filter(isHere).flatMap((row) => markOf(row, x, heightOf) ?? []);
    const bands = isRange(band)
      ? [{ ends: band }]
      : (band as AnyRow[]).filter(isHere).flatMap((row) => {
          return bandOf(row, { height: y in row ? heightOf(row) : Number.NaN, half: by && by in row ? slot / 2 : 0.4 });
        });
    const values = [
      ...drawn.flatMap((dot) => [dot.x, ...(dot.bounds ?? [])]),
      ...marks.map((mark) => mark.x),
      ...bands.flatMap(({ ends }) => [...ends]),
    ];
    return { ...part, groups, drawn, marks, bands, scale: { ...part.scales[0]!, values } };
  });
  const scales = facets.map(({ scale }) => scale);
  const ranges = rangesOf(scales, { option: "xRange", asked: options.xRange });
  const isSingle = facets.length === 1;
  const { axis, left } = labelAxis(
    labels.map((label) => valueName(y, label)),
    { range: [-0.6, labels.length - 0.4], isSingle },
  );
  const sources = [...new Set((beside as AnyRow[]).map(({ source }) => String(source)))];
  const drawn = facets.map(({ name, groups, drawn, marks, bands, scale: { title }, missing }, index) => {
    const range = ranges[index]!;
    const others = sources.map((name, index) => sourceOf(name, { place: count + index, marks, background }));
    const classes = groups.map((group) => ({ ...group, said: group.dots.some(isDefined) ? "" : "no value" }));
    return {
      ...{ name, xaxis: { title, range }, yaxis: axis, isEmpty: drawn.length === 0 },
      classes: [...(by === undefined ? [] : classes), ...others.map(({ entry }) => entry)],
      traces: [
        ...groups.flatMap((group) => [intervalTrace(group), dotTrace(group)]),
        ...others.map(({ trace }) => trace),
      ],
      sentences: [
        intervalSentence("Lines", drawn, options),
        bands.length > 0 ? `Grey: ${options.bandName ?? "reference"}.` : "",
        isSingle ? "" : countsSentence(drawn),
        ...missing,
        outsideSentence(
          drawn.map((dot) => dot.x),
          range,
        ),
      ],
      summary: {
        what: `Dots with intervals of ${plainText(title)}`,
        shows: groups.map((group) => shownOf(group, by !== undefined)).join(". "),
      },
      shapes: [...bands.map((band) => bandShape(band, background)), ...referenceLines("x", range, options)],
      annotations: sideNotes(
        groups.flatMap(({ dots }) => dots),
        { background, isSingle },
      ),
    };
  });
  const height = 16 + labels.length * Math.max(30, 17 * count + 10);
  return frame(drawn, options, { height, left: Math.max(62, left), right: isSingle && n !== undefined ? 70 : 16 });
}

function isDefined(dot: Dot): dot is Dot & { x: number } {
  return dot.x !== undefined;
}

function dotsOf<Row extends object>({ rows }: ClassGroup<Row>, options: DotsOptions<Row>, heightOf: HeightOf): Dot[] {
  const { x, y } = options;
  const labels = rows.map((row) => String(row[y]));
  const twice = labels.find((label, index) => labels.indexOf(label) < index);
  if (twice !== undefined) {
    throw new UserError(
      `A dot plot has one row for each label and class, but "${twice}" comes twice; average its rows, or split them with "by" or "facet".`,
    );
  }
  return rows.map((row, index) => {
    const value = numberAt(row, x, "A dot plot draws");
    const bounds = boundsOf(row, options, "A dot plot");
    const words = `${valueName(y, labels[index]!)} ${formatNumber(value ?? Number.NaN, 3)}${boundsText(bounds)}`;
    return { words, x: value, height: heightOf(row as AnyRow)!, ...bounds };
  });
}

interface Mark {
  source: string;
  x: number;
  height: number;
}

function markOf(row: AnyRow, column: string, heightOf: HeightOf): Mark | undefined {
  const [x, height] = [numberAt(row, column, "A dot plot draws"), heightOf(row)];
  return x === undefined || height === undefined ? undefined : { source: String(row.source), x, height };
}

const thinSymbols = ["line-ns-open", "x-thin-open", "cross-thin-open", "asterisk-open"] as const;

/** Another source in the legend, and its marks. */
function sourceOf(name: string, options: { place: number; marks: readonly Mark[]; background: Background }) {
  const { place, background } = options;
  const marks = options.marks.filter(({ source }) => source === name);
  const look = { colour: coloursOn(background).text, symbol: thinSymbols[place % thinSymbols.length]! };
  const trace: Trace = {
    ...{ mode: "markers", name, legendgroup: name, cliponaxis: false },
    x: marks.map(({ x }) => x),
    y: marks.map(({ height }) => height),
    marker: { symbol: look.symbol, size: 10, color: look.colour, line: { color: look.colour, width: 1.4 } },
    hovertemplate: `${escapeText(name)} %{x:.3f}<extra></extra>`,
  };
  return { entry: { name, place, ...look, said: "" }, trace };
}

interface Band {
  ends: Range;
  /** Default: all lines. */
  lines?: Range;
}

function isRange(band: Range | readonly object[]): band is Range {
  return typeof band[0] === "number";
}

/** @param height undefined where nothing is, NaN for all lines */
function bandOf(row: AnyRow, { height, half }: { height: number | undefined; half: number }): Band[] {
  const [low, high] = [numberAt(row, "low", "A band has"), numberAt(row, "high", "A band has")];
  if (low === undefined || high === undefined || height === undefined) return [];
  return [{ ends: [low, high], ...(Number.isNaN(height) ? {} : { lines: [height - half, height + half] }) }];
}

function bandShape({ ends: [x0, x1], lines }: Band, background: Background): object {
  const [y0, y1] = lines ?? [0, 1];
  const place = { xref: "x", yref: lines ? "y" : "y domain", x0, x1, y0, y1, layer: "below" };
  return { type: "rect", ...place, line: { width: 0 }, fillcolor: `${coloursOn(background).axis}40` };
}

type Dots<Row> = ClassGroup<Row> & { dots: readonly Dot[] };

function intervalTrace<Row>({ name, colour, dots }: Dots<Row>): Trace {
  const drawn = dots.filter(isDefined).filter(({ bounds }) => bounds !== undefined);
  return {
    ...{ mode: "lines+markers", legendgroup: name, hoverinfo: "skip" },
    x: drawn.flatMap(({ bounds }) => [...bounds!, null]),
    y: drawn.flatMap(({ height }) => [height, height, null]),
    line: { color: colour, width: 2 },
    marker: { symbol: "line-ns-open", size: 7, color: colour, line: { color: colour, width: 2 } },
  };
}

function dotTrace<Row>({ name, colour, symbol, dots }: Dots<Row>): Trace {
  const drawn = dots.filter(isDefined);
  return {
    ...{ mode: "markers", name, legendgroup: name, cliponaxis: false },
    x: drawn.map(({ x }) => x),
    y: drawn.map(({ height }) => height),
    marker: { color: colour, symbol, size: 7 },
    text: drawn.map(({ words }) => escapeText(words)),
    hovertemplate: "%{text}<extra></extra>",
  };
}

/** At the right of each dot its n; at the place of a dot that has no value, a word for that. */
function sideNotes(dots: readonly Dot[], { background, isSingle }: { background: Background; isSingle: boolean }) {
  const { muted, background: ground } = coloursOn(background);
  const font = { size: fontSize.small, color: muted };
  const place = { xref: "x domain", yref: "y", xanchor: "left", yanchor: "middle", xshift: 4, showarrow: false, font };
  return dots.flatMap(({ x, n, height }) => [
    ...(n === undefined || !isSingle ? [] : [{ ...place, text: `n = ${formatNumber(n, 0)}`, x: 1, y: height }]),
    ...(x === undefined ? [{ ...place, text: "undefined", bgcolor: ground, x: 0, y: height }] : []),
  ]);
}

function shownOf<Row>({ name, dots }: Dots<Row>, isSplit: boolean): string {
  const list = dots.length === 0 ? "no value" : dots.map(({ words }) => words).join("; ");
  return isSplit ? `${name}: ${list}` : list;
}
