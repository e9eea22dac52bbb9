import { groupBy } from "../stats/summary";
import type { Range } from "./axes";
import type { ClassGroup } from "./facets";
import { type Data, type Figure, plainText, rowsOf, wrap } from "./figure";
import { type Grid, gridOf, widthOfSmallLetter } from "./grid";
import { colours, fontFamily, fontSize } from "./theme";

/** What every figure takes. */
export interface FrameOptions {
  title?: string;
  /** Small multiples in a row; default: so that no place stays empty. */
  columns?: number;
}

export interface Axis {
  title: string;
  /** As plotly wants it: logarithms (base 10) on a logarithmic axis. */
  range: Range;
  [attribute: string]: unknown;
}

/** A class in a legend, and what this facet says of it, as in "n = 430, mean 0.38"; or "". */
export type ClassEntry = Pick<ClassGroup<unknown>, "name" | "place" | "colour" | "symbol"> & { said: string };

/** A plotly trace, of the type "scatter" by default; the one of a class with a `name` stands for it in the legend. */
export interface Trace {
  /** The class. */
  legendgroup: string;
  /** Null where there is nothing to draw. */
  y: readonly (number | null)[];
  name?: string;
  [attribute: string]: unknown;
}

/** A sentence under a figure: whole, or what it says of one facet. */
export type Sentence =
  | string
  | {
      /** What it is about, before the colon. */
      of: string;
      /** Empty where there is nothing to say. */
      said: string;
      /** The sentence where no facet has anything to say. */
      none?: string;
    };

/**
 * What a kind of figure draws in one plot. Its shapes are placed by "x", "y", and their domains; all text is as plotly
 * shows it.
 */
export interface Facet {
  /** Empty where there is no other. */
  name: string;
  /** Empty without a legend. */
  classes: readonly ClassEntry[];
  traces: readonly Trace[];
  xaxis: Axis;
  yaxis: Axis;
  /** About the same things in the same order in all facets. */
  sentences: readonly Sentence[];
  /** For those who do not see it: what is drawn, and what this facet shows; default: what it says of its classes. */
  what: string;
  shows?: string;
  shapes?: readonly object[];
}

/** What is the same in all facets. */
export interface Plot {
  /** What is drawn, to be saved beside the figure. */
  rows: Data<object>;
  /** Pixels, or the share of the width. */
  height: number | { ofWidth: number };
  /** Pixels of the left margin; default 62. */
  left?: number;
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
  const isSingle = facets.length === 1;
  const title = [options.title, isSingle ? facets[0]!.name : ""].filter(Boolean).join(": ");
  const entries = isSingle ? facets[0]!.classes : sharedEntries(facets);
  const grid = gridOf(facets, plot, { columns: options.columns, hasLegend: entries.length > 0 });
  const legend = legendOf(entries, grid);
  const { width, area, titleRoom } = grid;
  const lines = wrap(captionOf(facets).join(" "), Math.floor((width - grid.margin.l - 16) / widthOfSmallLetter));
  const margin = { ...grid.margin, t: (title ? 36 : 10) + legend.height + 4, b: 58 + titleRoom + 17 * lines.length };
  const summary = [title && `${title}.`, summaryOf(facets), ...lines].filter(Boolean).join(" ");
  return {
    rows: rowsOf(plot.rows),
    data: facets.flatMap((facet, index) => {
      const axes = index === 0 ? {} : { xaxis: `x${index + 1}`, yaxis: `y${index + 1}` };
      return facet.traces.map((trace) => {
        const isFirst = facets.findIndex(({ classes }) => classes.some(({ name }) => name === trace.name)) === index;
        const inLegend = isSingle || (entries.length > 0 && isFirst);
        return { ...placedTrace(trace, facet, inLegend, isSingle), ...axes };
      });
    }),
    layout: {
      ...{ paper_bgcolor: colours.background, plot_bgcolor: colours.background, separators: ".," },
      font: { family: fontFamily, size: fontSize.text, color: colours.text },
      hoverlabel: { font: { family: fontFamily, size: fontSize.small } },
      ...(title ? { title: { ...atUpperLeft, text: title } } : {}),
      ...{ width, height: area.height + margin.t + margin.b, margin },
      ...{ showlegend: entries.length > 0, legend: legend.style },
      ...Object.assign({}, ...facets.map((facet, index) => axesOf(facet, index, grid))),
      shapes: facets.flatMap(({ shapes = [] }, index) => shapes.map((shape) => onAxes(shape, index))),
      annotations: [
        ...facets.flatMap(({ traces }, index) => {
          const isEmpty = traces.every(({ y }) => y.every((value) => value === null));
          const notes = [...(isEmpty ? [noValueNote] : []), ...(isSingle ? [] : [headNote(grid.cells[index]!.head)])];
          return notes.map((note) => onAxes(note, index));
        }),
        ...lines.map((line, index) => captionLine(line, -54 - titleRoom - 17 * index)),
      ],
      meta: { alternativeText: plainText(summary) },
      ...plot.layout,
    },
  };
}

/** Of a title, in line with the plots. */
const atUpperLeft = {
  ...{ x: 0, xref: "paper", y: 1, yref: "container", yanchor: "top", pad: { t: 12 } },
  font: { size: fontSize.title },
};

function placedTrace({ name, ...trace }: Trace, { classes }: Facet, inLegend: boolean, isSingle: boolean): object {
  if (name === undefined) return { type: "scatter", ...trace, showlegend: false };
  const entry = classes.find((entry) => entry.name === name);
  const text = isSingle && entry?.said ? `${name}: ${entry.said}` : name;
  return { type: "scatter", ...trace, name: text, showlegend: inLegend, legendrank: entry?.place ?? 0 };
}

/** The classes of all facets; none for a single one, and where one colour stands for different classes. */
function sharedEntries(facets: readonly Facet[]): ClassEntry[] {
  const all = facets.flatMap(({ classes }) => classes);
  const entries = [...new Map(all.map((entry) => [entry.name, entry])).values()];
  const looks = new Set(all.map(({ name, colour, symbol }) => `${colour} ${symbol} ${name}`));
  const colours = new Set(all.map(({ colour, symbol }) => `${colour} ${symbol}`));
  const isClear = looks.size === entries.length && colours.size === entries.length;
  return isClear && entries.length > 1 ? entries.sort((a, b) => a.place - b.place) : [];
}

function headNote(head: readonly string[]): object {
  const place = { xref: "x domain", yref: "y domain", x: 0, y: 1, xanchor: "left", yanchor: "bottom", align: "left" };
  return { ...place, showarrow: false, font: { size: fontSize.small, color: colours.muted }, text: head.join("<br>") };
}

/** Between title and plots. */
function legendOf(entries: readonly ClassEntry[], { isSingle, area }: Grid): { height: number; style: object } {
  const place = { x: 0, xanchor: "left", y: 1, yanchor: "bottom" };
  const style = { ...place, font: { size: fontSize.small }, bgcolor: "rgba(0,0,0,0)", traceorder: "normal" };
  if (isSingle) return { height: 19 * entries.length, style };
  const longest = Math.max(0, ...entries.map(({ name }) => plainText(name).length));
  const entrywidth = Math.ceil(6.6 * longest) + 12;
  const rows = Math.ceil(entries.length / Math.max(1, Math.floor(area.width / (entrywidth + 40))));
  return { height: rows === 0 ? 0 : 19 * rows + 6, style: { ...style, orientation: "h", entrywidth } };
}

function axesOf({ xaxis, yaxis }: Facet, index: number, grid: Grid) {
  const { isBottom, isLeft, x, y, xTitle, yTitle } = grid.cells[index]!;
  const suffix = index === 0 ? "" : index + 1;
  const { axis: colour, grid: gridcolor, text } = colours;
  const axis = ({ title: _, range, ...attributes }: Axis, isLabelled: boolean, lines: string[]) => ({
    title: { text: isLabelled ? lines.join("<br>") : "", font: { size: fontSize.text }, standoff: 10 },
    ...{ showline: true, linecolor: colour, ticks: "outside", ticklen: 5, tickcolor: colour, gridcolor },
    ...{ zerolinecolor: colour, automargin: false, tickfont: { size: fontSize.small, color: text } },
    // On hover, where a template's own format has no true minus sign; plotly writes labels that are given in it too.
    ...(attributes.tickvals ? {} : { hoverformat: ".3f" }),
    ...{ range: [...range], ...attributes },
    ...(grid.isSingle ? {} : { mirror: true, showticklabels: isLabelled, ...(isLabelled ? {} : { ticks: "" }) }),
  });
  return {
    [`xaxis${suffix}`]: { ...axis(xaxis, isBottom, xTitle), domain: x, anchor: `y${suffix}` },
    [`yaxis${suffix}`]: { ...axis(yaxis, isLeft, yTitle), domain: y, anchor: `x${suffix}` },
  };
}

function onAxes(item: object, index: number): object {
  const { xref, yref } = item as { xref: string; yref: string };
  const own = (reference: string) => (index === 0 ? reference : reference.replace(/^[xy]/, `$&${index + 1}`));
  return { ...item, xref: own(xref), yref: own(yref) };
}

/** The sentences of all facets as one caption: what holds for every facet is said once. */
function captionOf(facets: readonly Facet[]): string[] {
  return facets[0]!.sentences.flatMap((first, index) => {
    const sentences = facets.map(({ name, sentences }) => ({ name, sentence: sentences[index]! }));
    const whole = sentences.flatMap(({ sentence }) => (typeof sentence === "string" ? sentence : []));
    const parts = sentences.flatMap(({ name, sentence }) =>
      typeof sentence !== "string" && sentence.said ? { name, ...sentence } : [],
    );
    if (typeof first !== "string" && parts.length === 0) return first.none ?? [];
    const merged = [...groupBy(parts, ({ of }) => of)].map(([of, same]) => `${of}: ${merge(same, facets.length)}.`);
    return [...new Set(whole), ...merged].filter(Boolean);
  });
}

function merge(parts: readonly { name: string; said: string }[], facets: number): string {
  const isOfAll = parts.length === facets && new Set(parts.map(({ said }) => said)).size === 1;
  if (isOfAll) return parts[0]!.said;
  return parts.map(({ name, said }) => `${name} ${said.replaceAll("; ", ", ")}`).join("; ");
}

function captionLine(text: string, yshift: number): object {
  return {
    ...{ text, xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", align: "left", yshift },
    ...{ showarrow: false, font: { size: fontSize.small, color: colours.muted } },
  };
}

function summaryOf(facets: readonly Facet[]): string {
  const isOne = new Set(facets.map(({ what }) => what)).size === 1;
  const shown = facets.map(
    ({ name, what, classes, shows = classes.map(({ name, said }) => `${name}: ${said}`).join("; ") }) =>
      [name && `${name}:`, isOne ? "" : `${what};`, `${shows}.`].filter(Boolean).join(" "),
  );
  return [...(isOne ? [`${facets[0]!.what}.`] : []), ...shown].join(" ");
}

const noValueNote = {
  ...{ xref: "x domain", yref: "y domain", x: 0.5, y: 0.5, showarrow: false },
  ...{ text: "No defined value", bgcolor: colours.background },
};
