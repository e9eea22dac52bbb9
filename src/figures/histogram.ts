import { UserError, unknownName } from "../errors";
import { binCounts, mean } from "../stats/summary";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import {
  axisStyle,
  baseLayout,
  classColour,
  classDash,
  colours,
  fontSize,
  legendStyle,
  panelSize,
  titleStyle,
} from "./theme";

/** The name of a column of the rows; a wrong one is answered in the cell with the nearest right one. */
export type Column<Row> = keyof Row & string;

export interface HistogramOptions<Row> {
  /** The column whose values are counted: numbers, or `undefined` (`null`, NaN) where there is no value. */
  x: Column<Row>;
  /** The column that splits the rows into classes, each with its own colour; default: no split. */
  by?: Column<Row>;
  /** All classes in the corpus's order, so that a class keeps its colour; default: those in the rows, sorted. */
  classes?: readonly string[];
  /** The column that says why a value is undefined; the reasons are counted under the figure. */
  reason?: Column<Row>;
  /** Bins of equal width; default 30, as in the paper's figure 2. */
  bins?: number;
  /** The lower end of the first bin and the upper end of the last; default [-1, 1], a correlation's. */
  range?: Range;
  /** The upper end of the vertical axis, as a fraction; default: what fits. Equal values make figures comparable. */
  top?: number;
  title?: string;
  /** What is counted, with its unit; default: the column's name. Plotly's `<sub>` and `<i>` may be used. */
  xTitle?: string;
}

type Range = readonly [low: number, high: number];

interface Group {
  name: string;
  colour: string;
  dash: string;
  /** Every defined value, also those outside the range. */
  values: number[];
  undefined: Map<string, number>;
}

/**
 * Draws how the values of a column are distributed, one translucent histogram per class over the others.
 *
 * The height of a bar is the fraction of the class's defined values in that bin, so classes of different size can be
 * compared (figure 2 of the paper: τ per instance by predicted class, 30 bins on [-1, 1]). The legend has each class's
 * n and mean, a broken line marks the mean. Values that are undefined or outside the range are counted under the figure.
 *
 * @throws UserError for a column that does not exist or holds no numbers, a class that is not listed, or no rows
 *
 * @example histogram(rows, { x: "tauGradient", by: "predicted", xTitle: "τ<sub>g</sub>" })
 */
export function histogram<Row extends object>(rows: readonly Row[], options: HistogramOptions<Row>): Figure {
  const { bins = 30, range = [-1, 1], title = "", xTitle = escapeText(options.x) } = options;
  const groups = groupRows(rows, options);
  const heights = groups.map((group) => barHeights(group, bins, range));
  const tallest = Math.max(0, ...heights.flat());
  const top = options.top ?? (tallest > 0 ? tallest * 1.06 : 1);
  const caption = captionLines(groups, range);
  const headroom = (title ? 36 : 10) + 19 * groups.length + 4;
  const footroom = 58 + 17 * caption.length;
  const hasValues = groups.some((group) => group.values.length > 0);
  return {
    data: groups.flatMap((group, index) => groupTraces(group, heights[index]!, range)),
    layout: {
      ...baseLayout(),
      ...(title ? { title: titleStyle(title) } : {}),
      width: panelSize.width,
      height: panelSize.plot + headroom + footroom,
      margin: { l: 62, r: 16, t: headroom, b: footroom },
      barmode: "overlay",
      bargap: 0,
      showlegend: true,
      legend: legendStyle(),
      xaxis: { ...axisStyle(xTitle), range: [...range], showgrid: false },
      yaxis: {
        ...axisStyle(options.by === undefined ? "Share of the instances" : "Share of the class"),
        range: [0, top],
        minallowed: 0,
        maxallowed: top,
        tickformat: ".1~%",
      },
      shapes: zeroLine(range),
      annotations: [...(hasValues ? [] : [noValueNote()]), ...caption.map(captionLine)],
      meta: { alternativeText: alternativeText(groups, { title, xTitle, bins, range, caption }) },
    },
  };
}

function groupRows<Row extends object>(
  rows: readonly Row[],
  { x, by, classes, reason }: HistogramOptions<Row>,
): Group[] {
  if (rows.length === 0) throw new UserError("A histogram is drawn from at least one row, but there are none.");
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  for (const column of [x, by, reason]) {
    if (column !== undefined && !columns.includes(column)) throw unknownName("column", column, columns);
  }
  const nameOf = (row: Row) => (by === undefined ? "all" : String(row[by]));
  const names = classes ?? [...new Set(rows.map(nameOf))].sort();
  const groups = new Map<string, Group>();
  for (const [index, name] of names.entries()) {
    const style = { colour: classColour(index), dash: classDash(index) };
    groups.set(name, { name, ...style, values: [], undefined: new Map() });
  }
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group === undefined) throw unknownName(`class in column "${by}"`, nameOf(row), names);
    const value = numberOf(row[x], x);
    if (value === undefined) {
      const why = (reason !== undefined && String(row[reason] ?? "")) || "";
      group.undefined.set(why, (group.undefined.get(why) ?? 0) + 1);
    } else group.values.push(value);
  }
  return [...groups.values()];
}

function numberOf(value: unknown, column: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") {
    throw new UserError(
      `A histogram counts numbers, but column "${column}" holds ${JSON.stringify(value)}; choose a column of numbers as x.`,
    );
  }
  return Number.isFinite(value) ? value : undefined;
}

function barHeights({ values }: Group, bins: number, range: Range): number[] {
  const inside = values.filter((value) => isInside(value, range));
  return binCounts(inside, { bins, range }).map((count) => count / Math.max(1, values.length));
}

function isInside(value: number, [low, high]: Range): boolean {
  return value >= low && value <= high;
}

function groupTraces(group: Group, heights: number[], [low, high]: Range): object[] {
  const width = (high - low) / heights.length;
  const edges = Array.from({ length: heights.length + 1 }, (_, index) => low + index * width);
  const name = escapeText(group.name);
  const defined = group.values.length;
  const center = mean(group.values);
  const entry =
    group.values.length === 0
      ? `${name}: no value`
      : `${name}: n = ${formatNumber(defined, 0)}, mean ${formatNumber(center)}`;
  const bars = {
    type: "bar",
    name: entry,
    legendgroup: group.name,
    x: heights.map((_, index) => low + (index + 0.5) * width),
    y: heights,
    width,
    marker: { color: group.colour, opacity: 0.35, line: { width: 0 } },
    customdata: heights.map((height, index) => [
      formatNumber(edges[index]!),
      formatNumber(edges[index + 1]!),
      Math.round(height * defined),
    ]),
    hovertemplate: `%{customdata[0]} to %{customdata[1]}: %{y:.1%} of ${name} (%{customdata[2]} of ${defined})<extra></extra>`,
  };
  const outline = {
    type: "scatter",
    mode: "lines",
    legendgroup: group.name,
    showlegend: false,
    hoverinfo: "skip",
    ...outlinePath(edges, heights),
    line: { color: group.colour, width: 1.6 },
  };
  const meanLine = {
    type: "scatter",
    mode: "lines",
    legendgroup: group.name,
    showlegend: false,
    hovertemplate: `mean of ${name}: ${formatNumber(center)}<extra></extra>`,
    x: [center, center],
    y: [0, 1],
    line: { color: group.colour, width: 2.2, dash: group.dash },
  };
  return group.values.length === 0 ? [bars] : [bars, outline, meanLine];
}

/** The upper edge of the bars; a gap where two neighbours are empty, so that the axis stays visible. */
function outlinePath(edges: readonly number[], heights: readonly number[]): { x: number[]; y: (number | null)[] } {
  const x: number[] = [];
  const y: (number | null)[] = [];
  for (const [index, edge] of edges.entries()) {
    const left = heights[index - 1] ?? 0;
    const right = heights[index] ?? 0;
    x.push(edge, edge);
    if (left === 0 && right === 0) y.push(null, null);
    else y.push(left, right);
  }
  return { x, y };
}

function zeroLine([low, high]: Range): object[] {
  if (low > 0 || high < 0) return [];
  const line = { color: colours.muted, width: 1 };
  return [{ type: "line", xref: "x", yref: "y domain", x0: 0, x1: 0, y0: 0, y1: 1, layer: "below", line }];
}

function captionLines(groups: readonly Group[], range: Range): string[] {
  const values = groups.flatMap((group) => group.values);
  const outside = values.filter((value) => !isInside(value, range)).length;
  const sentences = values.length > 0 ? ["Broken lines: means."] : [];
  sentences.push(undefinedSentence(groups));
  if (outside > 0) {
    sentences.push(`Outside ${formatNumber(range[0])} to ${formatNumber(range[1])}, not drawn: ${outside}.`);
  }
  return wrap(sentences.join(" "));
}

function undefinedSentence(groups: readonly Group[]): string {
  const reasons = [...new Set(groups.flatMap((group) => [...group.undefined.keys()]))].sort();
  if (reasons.length === 0) return "No value is undefined.";
  const parts = reasons.map((reason) => {
    const concerned = groups.filter((group) => group.undefined.has(reason));
    const counts = concerned.map((group) => {
      const count = group.undefined.get(reason)!;
      return groups.length > 1 ? `${count} ${escapeText(group.name)}` : String(count);
    });
    return reason ? `${counts.join(", ")} (${escapeText(reason)})` : counts.join(", ");
  });
  return `Undefined, not drawn: ${parts.join("; ")}.`;
}

function wrap(text: string, width = 66): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line && plainText(line).length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

function captionLine(text: string, index: number): object {
  return {
    text,
    xref: "x domain",
    yref: "y domain",
    x: 0,
    y: 0,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    yshift: -54 - 17 * index,
    showarrow: false,
    font: { size: fontSize.small, color: colours.muted },
  };
}

function noValueNote(): object {
  return {
    text: "No defined value",
    bgcolor: colours.background,
    xref: "x domain",
    yref: "y domain",
    x: 0.5,
    y: 0.5,
    showarrow: false,
  };
}

function alternativeText(
  groups: readonly Group[],
  {
    title,
    xTitle,
    bins,
    range,
    caption,
  }: { title: string; xTitle: string; bins: number; range: Range; caption: string[] },
): string {
  const parts = groups.map(({ name, values }) =>
    values.length === 0 ? `${name}: no value` : `${name}: n = ${values.length}, mean ${formatNumber(mean(values))}`,
  );
  const [low, high] = range;
  const head = title ? `${plainText(title)}. ` : "";
  const what = `Histogram of ${plainText(xTitle)}, ${bins} bins from ${formatNumber(low)} to ${formatNumber(high)}`;
  return `${head}${what}. ${parts.join("; ")}. ${plainText(caption.join(" "))}`;
}
