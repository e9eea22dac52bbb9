import { groupBy } from "../stats/summary";
import { labelAxis, rangesOf } from "./axes";
import { boundsOf, boundsSentences, boundsText, errorBars } from "./bounds";
import { type ColumnName, facetsOf, numberAt, type RowsFacet, type RowsOptions, valueName } from "./facets";
import { type Data, escapeText, type Figure, formatNumber, rowsOf } from "./figure";
import { type ClassEntry, frame, type Trace } from "./frame";
import { colours } from "./theme";

export interface DotsOptions<Row> extends RowsOptions<Row> {
  /** The column of the dots. */
  x: ColumnName<Row>;
  /** The column with the label of each line; lines stand as their labels come, from the top. */
  y: ColumnName<Row>;
  /** What is grey, as the range of a control: from "low" to "high" behind what has the same values of `facet`, `y` and `by`. */
  band?: readonly object[];
  /** What the grey is, for the caption; default "reference". */
  bandName?: string;
  /** Rows of other sources, each named in its column "source", as thin marks beside the dots; what has no line here is left out. */
  beside?: readonly object[];
}

/** `each` has the values of training runs. */
type Dot = ReturnType<typeof dotsOf>[number];

/** A class of ours or, as thin marks, another source. */
type Dots = Omit<ClassEntry, "said"> & { dots: Dot[]; isThin?: boolean };

type AnyRow = { readonly [column: string]: unknown };

/**
 * Draws a dot with its interval for each label: means of encoders and attentions side by side, or the differences of
 * the paper's figures 3 to 5.
 *
 * Labels stand in the order of the rows; several classes of a label stand under one another. Columns "low" and "high" are the interval, "interval" what it is, "n" the number of texts, and "each"
 * the values of training runs.
 *
 * @throws UserError for a column that does not exist or holds no finite numbers, two rows with the same label and class,
 * an interval without both ends, or no rows
 *
 * @example dots(means, { x: "mean", y: "corpus", by: "encoder", facet: "measure", beside: published })
 */
export function dots<Row extends object>(data: Data<Row>, options: DotsOptions<Row>): Figure {
  const rows = rowsOf(data);
  const { x, y, by, beside = [] } = options;
  const split = facetsOf("A dot plot", rows, options, { numbers: [x], others: [y], once: y, tellsAll: true });
  const lines = linesOf(rows, split, options);
  const facets = split.map((facet) => contentsOf(facet, options, lines));
  const ranges = rangesOf(facets, "x", { fits: true });
  const names = lines.labels.map((label) => valueName(y, label));
  const { axis, left } = labelAxis(names, [-0.6, names.length - 0.4]);
  const drawn = facets.map(({ name, ours, others, drawn, bands, scales, missing }, index) => {
    const range = ranges[index]!;
    const { title } = scales[0]!;
    const classes = [...(by === undefined ? [] : ours), ...others];
    return {
      ...{ name, xaxis: { title, range }, yaxis: axis },
      classes: classes.map((each) => ({ ...each, said: each.dots.some(isDefined) ? "" : "no value" })),
      traces: [...ours.flatMap(runsTrace), ...[...ours, ...others].map(dotTrace)],
      sentences: [
        ...boundsSentences("Lines", drawn, rows),
        drawn.some(({ each }) => each.length > 0) ? "Small dots: training runs." : "",
        bands.length > 0 ? `Grey: ${options.bandName ?? "reference"}.` : "",
        ...missing,
      ],
      what: `Dots with intervals of ${title}`,
      shows: [...ours, ...others].map((each) => shownOf(each, classes.includes(each))).join(". "),
      shapes: bands,
    };
  });
  return frame(drawn, options, {
    rows: [...rows, ...beside],
    height: 16 + names.length * Math.max(30, 17 * lines.classes + 10),
    left: Math.max(62, left),
  });
}

/** The lines of labels, the lowest at 0: how many classes share one, how high each is, and where a row stands, if anywhere. */
function linesOf<Row extends object>(
  rows: readonly Row[],
  facets: readonly RowsFacet<Row>[],
  { y, by }: DotsOptions<Row>,
) {
  const labels = [...new Set(rows.map((row) => String(row[y])))];
  const places = new Map(facets.flatMap(({ groups }) => groups.map(({ name, place }) => [name, place])));
  const classes = Math.max(...places.values()) + 1;
  const slot = 0.66 / classes;
  const heightOf = (row: AnyRow) => {
    const line = labels.length - 1 - labels.indexOf(String(row[y]));
    const place = by && by in row ? places.get(valueName(by, String(row[by]))) : (classes - 1) / 2;
    return line === labels.length || place === undefined ? undefined : line + ((classes - 1) / 2 - place) * slot;
  };
  return { labels, classes, slot, heightOf };
}

type Lines = ReturnType<typeof linesOf>;

function contentsOf<Row extends object>(facet: RowsFacet<Row>, options: DotsOptions<Row>, lines: Lines) {
  const { band = [], beside = [] } = options;
  const isHere = (row: AnyRow) =>
    !options.facet || !(options.facet in row) || row[options.facet] === facet.rows[0]![options.facet];
  const ours = facet.groups.map((group): Dots => {
    return { ...group, dots: dotsOf(group.rows as AnyRow[], options, lines) };
  });
  const sources = [...groupBy(beside as AnyRow[], ({ source }) => escapeText(String(source)))];
  const others = sources.flatMap(([name, rows], index): Dots[] => {
    const look = { colour: colours.text, symbol: thinSymbols[index % thinSymbols.length]! };
    const dots = dotsOf(rows.filter(isHere), options, lines).filter(isDefined);
    return dots.length > 0 ? [{ name, place: lines.classes + index, ...look, isThin: true, dots }] : [];
  });
  const grey = (band as AnyRow[]).filter(isHere).flatMap((row) => bandOf(row, options, lines) ?? []);
  const drawn = ours.flatMap(({ dots }) => dots.filter(isDefined));
  const marks = others.flatMap(({ dots }) => dots.flatMap((dot) => dot.x ?? []));
  const ends = drawn.flatMap((dot) => [dot.x, ...(dot.bounds ?? []), ...dot.each]);
  const values = [...ends, ...marks, ...grey.flatMap(({ x0, x1 }) => [x0, x1])];
  return { ...facet, ours, others, bands: grey, drawn, scales: [{ ...facet.scales[0]!, values }] };
}

const thinSymbols = ["line-ns-open", "x-thin-open", "cross-thin-open", "asterisk-open"] as const;

function isDefined(dot: Dot): dot is Dot & { x: number } {
  return dot.x !== undefined;
}

function dotsOf<Row extends object>(rows: readonly AnyRow[], options: DotsOptions<Row>, lines: Lines) {
  const { x, y } = options;
  return rows.flatMap((row) => {
    const [value, height] = [numberAt(row, x, "A dot plot draws"), lines.heightOf(row)];
    const bounds = boundsOf(row, "A dot plot");
    const words = `${valueName(y, String(row[y]))} ${formatNumber(value ?? Number.NaN, 3)}${boundsText(bounds)}`;
    const each: readonly number[] = Array.isArray(row.each) ? row.each : [];
    return height === undefined ? [] : [{ words, x: value, each, height, ...bounds }];
  });
}

/** The grey of a row, at its height, or nowhere. */
function bandOf<Row>(row: AnyRow, { by }: DotsOptions<Row>, lines: Lines) {
  const [x0, x1] = [numberAt(row, "low", "A band has"), numberAt(row, "high", "A band has")];
  const height = lines.heightOf(row);
  if (x0 === undefined || x1 === undefined || height === undefined) return undefined;
  const half = by && by in row ? lines.slot / 2 : 0.4;
  const look = { layer: "below", line: { width: 0 }, fillcolor: `${colours.axis}59` };
  return { type: "rect", xref: "x", yref: "y", x0, x1, y0: height - half, y1: height + half, ...look };
}

function runsTrace({ name, colour, dots }: Dots): Trace[] {
  const [x, y] = [dots.flatMap(({ each }) => each), dots.flatMap(({ each, height }) => each.map(() => height))];
  const marker = { color: colour, size: 5, opacity: 0.5 };
  return x.length === 0
    ? []
    : [{ mode: "markers", legendgroup: name, hoverinfo: "skip", cliponaxis: false, x, y, marker }];
}

function dotTrace({ name, colour, symbol, dots, isThin }: Dots): Trace {
  const drawn = dots.filter(isDefined);
  const x = drawn.map((dot) => dot.x);
  return {
    ...{ mode: "markers", name, legendgroup: name, cliponaxis: false, x, error_x: errorBars(colour, drawn, x) },
    y: drawn.map(({ height }) => height),
    marker: { color: colour, symbol, size: isThin ? 10 : 7, line: { color: colour, width: isThin ? 1.4 : 0 } },
    text: drawn.map(({ words }) => words),
    hovertemplate: "%{text}<extra></extra>",
  };
}

function shownOf({ name, dots }: Dots, isSplit: boolean): string {
  const list = dots.length === 0 ? "no value" : dots.map(({ words }) => words).join("; ");
  return isSplit ? `${name}: ${list}` : list;
}
