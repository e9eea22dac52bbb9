import { UserError, unknownName } from "../errors";
import { binCounts, mean } from "../stats/summary";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { axisStyle, baseLayout, classColour, classDash, colours, fontSize, panelSize } from "./theme";

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
  const bars = groups.map((group) => barHeights(group, bins, range));
  const tallest = Math.max(0, ...bars.flat());
  const top = options.top ?? (tallest > 0 ? tallest * 1.06 : 1);
  const caption = captionLines(groups, range);
  const shown = groups.filter((group) => group.values.length > 0);

  const headroom = (title ? 34 : 10) + 20 * groups.length + 8;
  const footroom = 58 + caption.length * 17;
  const data = groups.flatMap((group, index) => groupTraces(group, bars[index]!, range, top));
  return {
    data,
    layout: {
      ...baseLayout(),
      width: panelSize.width,
      height: panelSize.height + headroom + footroom - 100,
      margin: { l: 62, r: 16, t: headroom, b: footroom },
      barmode: "overlay",
      bargap: 0,
      ...(title
        ? {
            title: {
              text: title,
              font: { size: fontSize.title },
              x: 0,
              xref: "paper",
              y: 1,
              yref: "container",
              yanchor: "top",
              pad: { t: 12 },
            },
          }
        : {}),
      legend: {
        x: 0,
        xanchor: "left",
        y: 1,
        yanchor: "bottom",
        font: { size: fontSize.small },
        bgcolor: "rgba(0,0,0,0)",
        itemwidth: 30,
        traceorder: "normal",
      },
      showlegend: true,
      xaxis: {
        ...axisStyle(),
        range: [...range],
        showgrid: false,
        title: { text: xTitle, font: { size: fontSize.text }, standoff: 10 },
      },
      yaxis: {
        ...axisStyle(),
        range: [0, top],
        tickformat: ".2~f",
        title: { text: "Fraction of the class", font: { size: fontSize.text }, standoff: 10 },
      },
      shapes: zeroLine(range),
      annotations: [
        ...(shown.length === 0 ? [noValueNote()] : []),
        ...caption.map((text, index) => captionLine(text, index)),
      ],
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
      const why = (reason !== undefined && String(row[reason] ?? "")) || "no reason given";
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

function groupTraces(group: Group, heights: number[], [low, high]: Range, top: number): object[] {
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
    x: [low, ...edges],
    y: [0, ...heights, 0],
    line: { shape: "hv", color: group.colour, width: 1.6 },
  };
  const meanLine = {
    type: "scatter",
    mode: "lines",
    legendgroup: group.name,
    showlegend: false,
    hovertemplate: `mean of ${name}: ${formatNumber(center)}<extra></extra>`,
    x: [center, center],
    y: [0, top],
    line: { color: group.colour, width: 2.2, dash: group.dash },
  };
  return group.values.length === 0 ? [bars] : [bars, outline, meanLine];
}

function zeroLine([low, high]: Range): object[] {
  if (low > 0 || high < 0) return [];
  const line = { color: colours.muted, width: 1 };
  return [{ type: "line", xref: "x", yref: "y domain", x0: 0, x1: 0, y0: 0, y1: 1, layer: "below", line }];
}

function captionLines(groups: readonly Group[], range: Range): string[] {
  const [low, high] = range;
  const several = groups.length > 1;
  const lines: string[] = [];
  const missing = groups.filter((group) => group.undefined.size > 0);
  if (missing.length > 0) {
    const parts = missing.map((group) => {
      const counts = [...group.undefined].map(([why, count]) => `${count} (${escapeText(why)})`).join(", ");
      return several ? `${escapeText(group.name)} ${counts}` : counts;
    });
    lines.push(...wrap(`Undefined, not drawn: ${parts.join("; ")}.`));
  } else lines.push("No value is undefined.");
  const outside = groups.flatMap((group) => group.values).filter((value) => !isInside(value, range)).length;
  if (outside > 0) lines.push(...wrap(`Outside ${formatNumber(low)} to ${formatNumber(high)}, not drawn: ${outside}.`));
  return lines;
}

function wrap(text: string, width = 68): string[] {
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
    yshift: -54 - 17 * index,
    showarrow: false,
    font: { size: fontSize.small, color: colours.muted },
  };
}

function noValueNote(): object {
  return { text: "No defined value", xref: "x domain", yref: "y domain", x: 0.5, y: 0.5, showarrow: false };
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
