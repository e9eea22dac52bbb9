import { UserError } from "../errors";
import type { Range } from "./axes";
import { captionOf, type Sentence } from "./caption";
import { escapeText, type Figure, plainText, wrap } from "./figure";
import { type Grid, gridOf, widthOfSmallLetter } from "./grid";
import {
  axisStyle,
  type Background,
  baseLayout,
  coloursOn,
  type FigureWidth,
  fontSize,
  legendStyle,
  swatch,
  titleStyle,
} from "./theme";

/** What every figure takes. */
export interface FrameOptions {
  title?: string;
  /** Default "light". */
  background?: Background;
  /** "column" is 8.5 cm wide in print, "page" 17 cm, with the same size of text. Default: small multiples have a page. */
  width?: FigureWidth;
  /** Small multiples in a row; default: so that no place stays empty. */
  columns?: number;
}

export interface Axis {
  title: string;
  /** As plotly wants it: logarithms (base 10) on a logarithmic axis. */
  range: Range;
  [attribute: string]: unknown;
}

/** A class in a legend. */
export interface ClassEntry {
  name: string;
  /** Among the classes, from 0. */
  place: number;
  colour: string;
  symbol?: string;
  /** What this facet says of it, as in "n = 430, mean 0.38"; or "". */
  said: string;
}

/** A plotly trace, of the type "scatter" by default; the one of a class with a `name` stands for it in the legend. */
export interface Trace {
  /** The class. */
  legendgroup: string;
  name?: string;
  [attribute: string]: unknown;
}

/** What a kind of figure draws in one plot. Its shapes and annotations are placed by "x", "y", and their domains. */
export interface Facet {
  /** As plotly shows it; empty where there is no other. */
  name: string;
  /** Empty without a legend. */
  classes: readonly ClassEntry[];
  traces: readonly Trace[];
  xaxis: Axis;
  yaxis: Axis;
  /** Whether there is nothing to draw, which is said in its place. */
  isEmpty: boolean;
  sentences: readonly Sentence[];
  /** In words: what is drawn, and what this facet shows. */
  summary: { what: string; shows: string };
  shapes?: readonly object[];
  annotations?: readonly object[];
}

/** What is the same in all facets. */
export interface Plot {
  /** Pixels, or the share of the width. */
  height: number | { ofWidth: number };
  /** Pixels of the margins; default 62 and 16. */
  left?: number;
  right?: number;
  /** Pixels between the horizontal axis and its title; default 0. */
  underAxis?: number;
  /** More of plotly's layout. */
  layout?: object;
}

/**
 * Puts facets into one figure: title, legend, plots, and the caption below.
 *
 * Axes that are the same in all facets are labelled at the outer ones alone. A legend of several facets has each class
 * once; where facets have different classes, each names its own.
 */
export function frame(facets: readonly Facet[], options: FrameOptions, plot: Plot): Figure {
  const { background = "light", columns } = options;
  if (columns !== undefined && !(Number.isSafeInteger(columns) && columns > 0)) {
    throw new UserError(`A figure has a whole number of columns from 1, but ${columns} came.`);
  }
  const isSingle = facets.length === 1;
  const title = [options.title, isSingle ? facets[0]!.name : ""].filter(Boolean).join(": ");
  const entries = isSingle ? facets[0]!.classes : sharedEntries(facets);
  const heads = facets.map((facet) => (isSingle ? [] : headOf(facet, entries.length > 0)));
  const grid = gridOf(facets, { ...options, plot, heads });
  const legend = legendOf(entries, grid);
  const sentences = captionOf(facets);
  const lines = wrap(sentences.join(" "), Math.floor((grid.width - grid.margin.l - 16) / widthOfSmallLetter));
  const margin = {
    ...grid.margin,
    t: (title ? 36 : 10) + legend.height + 4,
    b: 58 + grid.titleRoom + 17 * lines.length,
  };
  return {
    data: facets.flatMap((facet, index) => facet.traces.map((trace) => placedTrace(trace, facet, index))),
    layout: {
      ...baseLayout(background),
      ...(title ? { title: titleStyle(title) } : {}),
      width: grid.width,
      height: grid.area.height + margin.t + margin.b,
      margin,
      showlegend: entries.length > 0,
      legend: legend.style,
      ...Object.assign({}, ...facets.map((facet, index) => axesOf(facet, grid.cells[index]!, background))),
      shapes: facets.flatMap(({ shapes = [] }, index) => [
        ...(isSingle ? [] : [box(grid.cells[index]!, background)]),
        ...shapes.map((shape) => onAxes(shape, index)),
      ]),
      annotations: [
        ...facets.flatMap(({ annotations = [], isEmpty }, index) => {
          const empty = isEmpty ? [noValueNote(background)] : [];
          return [...annotations, ...empty, ...headNotes(heads[index]!, grid, background)].map((note) =>
            onAxes(note, index),
          );
        }),
        ...lines.map((line, index) => captionLine(line, -54 - grid.titleRoom - 17 * index, background)),
      ],
      meta: {
        alternativeText: [title && `${plainText(title)}.`, summaryOf(facets), plainText(lines.join(" "))]
          .filter(Boolean)
          .join(" "),
      },
      ...plot.layout,
    },
  };

  function placedTrace({ name, ...trace }: Trace, facet: Facet, index: number): object {
    const said = facet.classes.find((entry) => entry.name === name)?.said;
    const isFirst = facets.findIndex(({ classes }) => classes.some((entry) => entry.name === name)) === index;
    const text = escapeText(name ?? "");
    return {
      type: "scatter",
      ...trace,
      ...(name === undefined ? {} : { name: isSingle && said ? `${text}: ${said}` : text }),
      ...(name !== undefined && (isSingle || (entries.length > 0 && isFirst)) ? {} : { showlegend: false }),
      ...(isSingle ? {} : { legendrank: entries.find((entry) => entry.name === name)?.place ?? 0 }),
      x: rounded(trace.x),
      y: rounded(trace.y),
      ...(index === 0 ? {} : { xaxis: `x${index + 1}`, yaxis: `y${index + 1}` }),
    };
  }
}

/** Four digits are more than a picture shows. */
function rounded(values: unknown): unknown {
  const round = (value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return Array.isArray(values) ? values.map(round) : values;
}

/** The classes of all facets; none for a single one, and where one colour stands for different classes. */
function sharedEntries(facets: readonly Facet[]): ClassEntry[] {
  const entries = new Map(facets.flatMap(({ classes }) => classes.map((entry) => [entry.name, entry])));
  const looks = facets.flatMap(({ classes }) =>
    classes.map(({ name, colour, symbol }) => `${colour} ${symbol} ${name}`),
  );
  const colours = new Set([...entries.values()].map(({ colour, symbol }) => `${colour} ${symbol}`));
  const isClear = new Set(looks).size === entries.size && colours.size === entries.size;
  return isClear && entries.size > 1 ? [...entries.values()].sort((a, b) => a.place - b.place) : [];
}

/** A line at the top of a facet: its name, or what it says of a class. */
export interface HeadLine {
  text: string;
  colour?: string;
}

function headOf({ name, classes }: Facet, hasLegend: boolean): HeadLine[] {
  const lines = classes.map(({ name, said, colour }) => {
    const parts = hasLegend || classes.length === 1 ? [said] : [escapeText(name), said];
    return { text: parts.filter(Boolean).join(": "), colour };
  });
  return [{ text: name }, ...lines.filter(({ text }) => text !== "")];
}

function headNotes(head: readonly HeadLine[], { head: { height }, wrapHead }: Grid, background: Background): object[] {
  let yshift = height - 13;
  return head.flatMap((line, index) => {
    const isName = index === 0;
    return wrapHead(line).flatMap((text, part) => {
      const place = { xref: "x domain", yref: "y domain", x: 0, y: 1, yanchor: "middle", showarrow: false, yshift };
      yshift -= isName ? 19 : 16;
      const size = isName ? fontSize.text : fontSize.small;
      const color = isName ? coloursOn(background).text : coloursOn(background).muted;
      return [
        ...(line.colour && part === 0 ? [{ ...swatch(line.colour), ...place, xanchor: "left", xshift: 8 }] : []),
        { ...place, text, xanchor: "left", align: "left", xshift: isName ? 5 : 21, font: { size, color } },
      ];
    });
  });
}

function legendOf(entries: readonly ClassEntry[], { isSingle, area, free }: Grid): { height: number; style: object } {
  if (isSingle) return { height: 19 * entries.length, style: legendStyle() };
  if (free) {
    return {
      height: 0,
      style: { ...legendStyle(), x: free.left / area.width, y: 1 - free.top / area.height, yanchor: "top" },
    };
  }
  const longest = Math.max(0, ...entries.map(({ name }) => name.length));
  const entrywidth = Math.ceil(6.6 * longest) + 12;
  const rows = Math.ceil(entries.length / Math.max(1, Math.floor(area.width / (entrywidth + 40))));
  return { height: rows === 0 ? 0 : 19 * rows + 6, style: { ...legendStyle(), orientation: "h", entrywidth } };
}

function axesOf({ xaxis, yaxis }: Facet, cell: Grid["cells"][number], background: Background): object {
  const { suffix, isBottom, isLeft, domain, xTitle, yTitle, isSingle, underAxis } = cell;
  const axis = ({ title: _, range, ...attributes }: Axis, isLabelled: boolean, lines: string[], room: number) => {
    const style = axisStyle(isLabelled ? lines.join("<br>") : "", background);
    const title = style.title as { standoff: number };
    return {
      ...{ ...style, title: { ...title, standoff: title.standoff + room }, range: [...range], ...attributes },
      ...(isSingle ? {} : { showline: false, showticklabels: isLabelled, ...(isLabelled ? {} : { ticks: "" }) }),
    };
  };
  return {
    [`xaxis${suffix}`]: { ...axis(xaxis, isBottom, xTitle, underAxis), domain: domain.x, anchor: `y${suffix}` },
    [`yaxis${suffix}`]: { ...axis(yaxis, isLeft, yTitle, 0), domain: domain.y, anchor: `x${suffix}` },
  };
}

/** Around the plot and what stands above it. */
function box({ outline: { x, y } }: Grid["cells"][number], background: Background): object {
  const line = { color: coloursOn(background).axis, width: 1 };
  return { type: "rect", xref: "paper", yref: "paper", x0: x[0], x1: x[1], y0: y[0], y1: y[1], layer: "below", line };
}

/** A shape or an annotation on the axes of its facet. */
function onAxes(item: object, index: number): object {
  const { xref, yref } = item as { xref: string; yref: string };
  const own = (reference: string) => (index === 0 ? reference : reference.replace(/^[xy]/, `$&${index + 1}`));
  return { ...item, xref: own(xref), yref: own(yref) };
}

function captionLine(text: string, yshift: number, background: Background): object {
  return {
    ...{ text, xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", align: "left", yshift },
    ...{ showarrow: false, font: { size: fontSize.small, color: coloursOn(background).muted } },
  };
}

function summaryOf(facets: readonly Facet[]): string {
  const whats = [...new Set(facets.map(({ summary }) => summary.what))];
  if (facets.length === 1) return `${whats[0]}. ${facets[0]!.summary.shows}.`;
  const shown = facets.map(({ name, summary: { what, shows } }) => {
    return `${plainText(name)}: ${whats.length > 1 ? `${what}; ` : ""}${shows}.`;
  });
  return [...(whats.length > 1 ? [] : [`${whats[0]}.`]), ...shown].join(" ");
}

/** A word in the middle of a plot in which nothing can be drawn. */
function noValueNote(background: Background): object {
  const place = { xref: "x domain", yref: "y domain", x: 0.5, y: 0.5, showarrow: false };
  return { ...place, text: "No defined value", bgcolor: coloursOn(background).background };
}
