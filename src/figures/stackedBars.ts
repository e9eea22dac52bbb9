import { UserError } from "../errors";
import { escapeText, type Figure, formatNumber, plainText } from "./figure";
import { type FrameOptions, frame, wrap } from "./frame";
import { type Column, groupByClass, numberAt } from "./groups";
import { type Background, classColour, coloursOn, fontSize, panelSize } from "./theme";

export interface StackedBarsOptions<Row> extends FrameOptions {
  /** The column with the label of each bar; bars stand as their labels come, from the top. */
  y: Column<Row>;
  /** The columns of the parts, which sum to 1 in each row: the classes in the corpus's order, so that they keep their colours. */
  parts: readonly string[];
  /** What the parts are shares of; default "probability". */
  xTitle?: string;
}

/**
 * Draws a bar for each row, cut into parts that sum to 1: what a model says of a text, the probability of each class,
 * under one attention after the other. A broken line marks one half, where a decision between two classes changes.
 *
 * @throws UserError for a column that does not exist or holds no numbers, parts that do not sum to 1, or no rows
 *
 * @example stackedBars([{ attention: "the model's own", negative: 0.18, positive: 0.82 }], { y: "attention", parts: classNames })
 */
export function stackedBars<Row extends object>(rows: readonly Row[], options: StackedBarsOptions<Row>): Figure {
  const { y, parts, title, background = "light", xTitle = "probability" } = options;
  groupByClass("A stacked bar", rows, {}, [y, ...(parts as readonly Column<Row>[])], background);
  const shares = rows.map((row) => sharesOf(row, options));
  const labels = rows.map((row) => String(row[y]));
  const places = labels.map((_, index) => labels.length - 1 - index);
  const names = labels.map((label) => wrap(escapeText(label), 26));
  const longest = Math.max(...names.flat().map((line) => plainText(line).length));
  const lines = Math.max(...names.map(({ length }) => length));
  const left = Math.max(24, 18 + Math.ceil(7.2 * longest));
  const widthOfNumber = pixelsOfNumber / (panelSize.width - left - right);
  return {
    data: parts.map((part, index) => ({
      type: "bar",
      orientation: "h",
      name: escapeText(part),
      x: shares.map((row) => row[index]!),
      y: places,
      width: 0.62,
      marker: { color: classColour(index, background), line: { width: 0 } },
      text: shares.map((row) => (row[index]! >= widthOfNumber ? ` ${percent(row[index]!)} ` : "")),
      textposition: "inside",
      insidetextanchor: index === 0 ? "start" : index === parts.length - 1 ? "end" : "middle",
      textangle: 0,
      textfont: { color: textOn(classColour(index, background)), size: fontSize.text },
      constraintext: "none",
      hovertext: shares.map((row, bar) => escapeText(`${labels[bar]}: ${part} ${percent(row[index]!)}`)),
      hovertemplate: "%{hovertext}<extra></extra>",
    })),
    layout: {
      ...frame({
        title,
        background,
        xaxis: { title: xTitle, range: [0, 1], tickformat: ".0%", showgrid: false },
        yaxis: {
          title: "",
          range: [-0.55, labels.length - 0.45],
          tickvals: places,
          ticktext: names.map((parts) => parts.join("<br>")),
          ticks: "",
          showgrid: false,
        },
        legendLines: parts.length,
        caption: [],
        summary: describe(labels, parts, shares, plainText(xTitle)),
        plotHeight: 10 + labels.length * Math.max(38, 17 * lines + 10),
        left,
        right,
        shapes: [halfLine(background)],
      }),
      barmode: "stack",
      bargap: 0,
    },
  };
}

/** A part that is narrower has no room for its number, which is on hover and in the alternative text. */
const pixelsOfNumber = 64;
const right = 24;

function sharesOf<Row extends object>(row: Row, { y, parts }: StackedBarsOptions<Row>): number[] {
  const shares = parts.map((part) => numberAt(row, part as Column<Row>, "A stacked bar shows") ?? Number.NaN);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.every((share) => share >= 0) && Math.abs(sum - 1) <= 1e-3) return shares;
  throw new UserError(
    `A stacked bar has parts from 0 that sum to 1, but those of "${row[y]}" are ${shares.join(", ")}; give all parts.`,
  );
}

function halfLine(background: Background): object {
  const line = { color: coloursOn(background).text, width: 1.4, dash: "dash" };
  return { type: "line", xref: "x", yref: "y domain", x0: 0.5, x1: 0.5, y0: 0, y1: 1, line };
}

/** Black or white, whichever has the higher contrast (WCAG 2). */
function textOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const channel = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 1)} %`;
}

function describe(labels: readonly string[], parts: readonly string[], shares: number[][], what: string): string {
  const bars = labels.map(
    (label, bar) => `${label}: ${parts.map((part, index) => `${part} ${percent(shares[bar]![index]!)}`).join(", ")}`,
  );
  return `Stacked bars of ${what}. ${bars.join("; ")}. Broken line: one half.`;
}
