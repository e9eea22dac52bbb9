import { UserError } from "../errors";
import { labelAxis } from "./axes";
import { type ColumnName, facetsOf, numberAt } from "./facets";
import { type Data, escapeText, type Figure, formatNumber, rowsOf } from "./figure";
import { type FrameOptions, frame } from "./frame";
import { brokenLine, classStyle, fontSize, widths } from "./theme";

export interface StackedBarsOptions<Row> extends FrameOptions {
  /** The column with the label of each bar; bars stand as their labels come, from the top. */
  y: ColumnName<Row>;
  /** The columns of the parts, which sum to 1 in each row: the classes in the corpus's order, so that they keep their colours. */
  parts: readonly string[];
}

/**
 * Draws a bar for each row, cut into parts that sum to 1: what a model says of a text, the probability of each class,
 * under one attention after the other. A broken line marks one half, where a decision between two classes changes.
 *
 * @throws UserError for a column that does not exist or holds no numbers, parts that do not sum to 1, or no rows
 *
 * @example stackedBars([{ attention: "the model's own", negative: 0.18, positive: 0.82 }], { y: "attention", parts: classNames })
 */
export function stackedBars<Row extends object>(data: Data<Row>, options: StackedBarsOptions<Row>): Figure {
  const rows = rowsOf(data);
  const { y, parts } = options;
  facetsOf("A stacked bar", rows, {}, { numbers: parts as readonly ColumnName<Row>[], others: [y] });
  const shares = rows.map((row) => sharesOf(row, options));
  const labels = rows.map((row) => escapeText(String(row[y])));
  const { axis, left: needed, lines } = labelAxis(labels, [-0.55, labels.length - 0.45]);
  const left = Math.max(24, needed);
  const widthOfNumber = pixelsOfNumber / (widths.column - left);
  const classes = parts.map((part, place) => {
    return { name: escapeText(part), place, ...classStyle(place), said: "" };
  });
  const said = shares.map((row) => row.map((share, index) => `${classes[index]!.name} ${percent(share)}`));
  const facet = {
    name: "",
    classes,
    traces: classes.map(({ name, colour, onColour }, index) => ({
      type: "bar",
      orientation: "h",
      ...{ name, legendgroup: name },
      x: shares.map((row) => row[index]!),
      y: axis.tickvals,
      width: 0.62,
      marker: { color: colour, line: { width: 0 } },
      text: shares.map((row) => (row[index]! >= widthOfNumber ? ` ${percent(row[index]!)} ` : "")),
      textposition: "inside",
      insidetextanchor: index === 0 ? "start" : index === parts.length - 1 ? "end" : "middle",
      textangle: 0,
      textfont: { color: onColour, size: fontSize.text },
      constraintext: "none",
      hovertext: said.map((parts, bar) => `${labels[bar]}: ${parts[index]}`),
      hovertemplate: "%{hovertext}<extra></extra>",
    })),
    xaxis: { title: "probability", range: [0, 1.03] as const, tickformat: ".0%", showgrid: false },
    yaxis: axis,
    sentences: [],
    what: "Stacked bars of probability",
    shows: `${said.map((parts, bar) => `${labels[bar]}: ${parts.join(", ")}`).join("; ")}. Broken line: one half`,
    shapes: [{ ...brokenLine, xref: "x", yref: "y domain", x0: 0.5, x1: 0.5, y0: 0, y1: 1 }],
  };
  const height = 10 + labels.length * Math.max(38, 17 * lines + 10);
  return frame([facet], options, { rows, height, left, layout: { barmode: "stack", bargap: 0 } });
}

/** A part that is narrower has no room for its number, which is on hover and in the alternative text. */
const pixelsOfNumber = 58;

function sharesOf<Row extends object>(row: Row, { y, parts }: StackedBarsOptions<Row>): number[] {
  const shares = parts.map((part) => numberAt(row, part, "A stacked bar draws") ?? Number.NaN);
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.every((share) => share >= 0) && Math.abs(sum - 1) <= 1e-3) return shares;
  throw new UserError(
    `A stacked bar has parts from 0 that sum to 1, but those of "${row[y]}" are ${shares.join(", ")}; give all parts.`,
  );
}

function percent(share: number): string {
  return `${formatNumber(100 * share, 1)} %`;
}
