import { UserError } from "../errors";
import type { Range } from "./axes";
import { escapeText, type Figure, type FigureLayout, plainText } from "./figure";
import { lettersIn, wrap } from "./frame";
import {
  type Entry,
  isCaption,
  lineHeight,
  type Note,
  notesOf,
  type Panel,
  sharedEntries,
  sharedSentences,
  type Trace,
  toPanel,
} from "./panelParts";

export interface PanelOptions {
  /** Panels in a row; default 2, for the two columns of a page (17 cm). 1 stacks them, for one column. */
  columns?: number;
}

/** Pixels of an entry of a legend beside its letters. */
const besideLetters = 52;

/**
 * Small multiples: figures of one kind as panels of one figure, for example one for each corpus.
 *
 * The vertical axes have one range, and the horizontal ones too where they measure the same. Panels with the same
 * classes have one legend, above all, and say below their titles what each panel's legend says of the classes, in the
 * legend's order; sentences that stand under every panel stand once, at the bottom. Panels of several kinds of classes
 * keep their own legends.
 *
 * @throws UserError for no figures, or a number of columns below 1
 *
 * @example panels(studies.map(({ rows, title }) => histogram(rows, { x: "tauGradient", by: "predicted", title })))
 */
export function panels(
  figures: readonly Figure[],
  { columns = Math.min(2, figures.length) }: PanelOptions = {},
): Figure {
  const first = figures[0];
  if (first === undefined || !Number.isSafeInteger(columns) || columns < 1) {
    throw new UserError(
      `Panels are at least one figure in at least one column, but ${figures.length} in ${columns} came.`,
    );
  }
  const entries = sharedEntries(figures);
  const sentences = figures.length === 1 ? [] : sharedSentences(figures);
  const parts = figures.map((figure) => toPanel(figure, sentences, entries !== undefined));
  const largest = (side: "l" | "r" | "t" | "b") => Math.max(...parts.map(({ margin }) => margin[side]));
  const margin = { l: largest("l"), r: largest("r"), t: largest("t"), b: largest("b") };
  const cell = {
    width: Math.max(...figures.map(({ layout }) => layout.width)),
    height: margin.t + Math.max(...parts.map(({ plotHeight }) => plotHeight)) + margin.b,
  };
  const width = cell.width * Math.min(columns, figures.length);
  const legendHeight = entries === undefined ? 0 : 19 * legendRows(entries, width - margin.l - margin.r) + 10;
  const caption = wrap(sentences.join(" "), lettersIn(width - margin.l - margin.r)).filter(Boolean);
  const size = {
    width,
    height:
      legendHeight +
      cell.height * Math.ceil(figures.length / columns) +
      (caption.length > 0 ? lineHeight * caption.length + 8 : 0),
  };
  const { title: _title, xaxis: _xaxis, yaxis: _yaxis, legend, ...common } = first.layout;
  const layout: FigureLayout = {
    ...common,
    ...size,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    shapes: [],
    annotations: caption.map((line, index) =>
      sharedLine(first, line, lineHeight * (caption.length - index) + 6, margin.l / width),
    ),
    ...(entries ? { legend: sharedLegend(legend as object, entries, margin.l / width, size.height) } : {}),
    meta: { alternativeText: figures.map((figure) => figure.layout.meta.alternativeText).join(" ") },
  };
  const data = parts.flatMap((panel, index) =>
    addPanel(layout, panel, {
      suffix: index === 0 ? "" : String(index + 1),
      left: (index % columns) * cell.width,
      top: legendHeight + Math.floor(index / columns) * cell.height,
      cell,
      margin,
      ranges: { x: sharedRange(figures, "xaxis"), y: rangeOfAll(figures, "yaxis") },
      entries,
    }),
  );
  return { data, layout };
}

function legendRows(entries: readonly Entry[], width: number): number {
  return Math.ceil(entries.length / Math.max(1, Math.floor(width / (widestName(entries) + besideLetters))));
}

/** Pixels of the longest name. */
function widestName(entries: readonly Entry[]): number {
  return Math.max(...entries.map(({ name }) => plainText(name).length * 6.6));
}

function sharedLegend(legend: object, entries: readonly Entry[], x: number, height: number): object {
  const entrywidth = Math.ceil(widestName(entries)) + 12;
  return { ...legend, orientation: "h", entrywidth, x, y: 1 - 6 / height, yanchor: "top" };
}

function sharedLine(first: Figure, text: string, yshift: number, x: number): object {
  return { ...notesOf(first).find(isCaption), text, xref: "paper", yref: "paper", x, y: 0, yshift };
}

function rangeOfAll(figures: readonly Figure[], axis: "xaxis" | "yaxis"): Range {
  const ranges = figures.map(({ layout }) => (layout[axis] as { range: Range }).range);
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}

/** Undefined where the axes do not measure the same. */
function sharedRange(figures: readonly Figure[], axis: "xaxis" | "yaxis"): Range | undefined {
  const keys = figures.map(({ layout }) => {
    const { title, type } = layout[axis] as { title: { text: string }; type?: string };
    return `${type} ${title.text}`;
  });
  return new Set(keys).size === 1 ? rangeOfAll(figures, axis) : undefined;
}

interface Place {
  /** What tells this panel's axes and legend from the others': "" or "2", "3", ... */
  suffix: string;
  /** Pixels from the figure's left and upper edge. */
  left: number;
  top: number;
  cell: { width: number; height: number };
  margin: Panel["margin"];
  ranges: { x: Range | undefined; y: Range };
  entries: Entry[] | undefined;
}

function addPanel(
  layout: FigureLayout,
  panel: Panel,
  { suffix, left, top, cell, margin, ranges, entries }: Place,
): object[] {
  const { title, xaxis, yaxis, legend, shapes } = panel.figure.layout;
  const { width, height } = layout;
  const x = [(left + margin.l) / width, (left + cell.width - margin.r) / width];
  const y = [1 - (top + cell.height - margin.b) / height, 1 - (top + margin.t) / height];
  layout[`xaxis${suffix}`] = { ...withRange(xaxis as object, ranges.x), domain: x, anchor: `y${suffix}` };
  layout[`yaxis${suffix}`] = { ...withRange(yaxis as object, ranges.y), domain: y, anchor: `x${suffix}` };
  if (entries === undefined) layout[`legend${suffix}`] = { ...(legend as object), x: x[0], y: y[1] };
  const moved = (item: { xref: string; yref: string }) => {
    const own = (reference: string) => reference.replace(/^([xy])(?=$| )/, `$1${suffix}`);
    return { ...item, xref: own(item.xref), yref: own(item.yref) };
  };
  (layout.shapes as object[]).push(...((shapes as Note[] | undefined) ?? []).map(moved));
  (layout.annotations as object[]).push(...[...panelNotes(panel), ...headingNotes(panel, title, margin.t)].map(moved));
  const isFirst = suffix === "";
  return (panel.figure.data as Trace[]).map((trace) => ({
    ...trace,
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    ...(entries ? inSharedLegend(trace, isFirst) : { ...inOwnLegend(trace, suffix), legend: `legend${suffix}` }),
  }));
}

function withRange(axis: object, range: Range | undefined): object {
  if (range === undefined) return axis;
  return { ...axis, range: [...range], ...("maxallowed" in axis ? { maxallowed: range[1] } : {}) };
}

/** In the first panel the class alone, as what is said of it differs between panels. */
function inSharedLegend({ name, legendgroup, showlegend }: Trace, isFirst: boolean): Partial<Trace> {
  if (name === undefined || showlegend === false) return {};
  return isFirst && legendgroup !== undefined ? { name: escapeText(legendgroup) } : { showlegend: isFirst };
}

function inOwnLegend({ legendgroup }: Trace, suffix: string): Partial<Trace> {
  return legendgroup === undefined ? {} : { legendgroup: `${legendgroup} ${suffix}` };
}

/** The notes in the plot as they are, and the panel's own sentences where its caption was. */
function panelNotes({ figure, caption }: Panel): Note[] {
  const notes = notesOf(figure);
  const first = notes.find(isCaption);
  const lines = caption.map((text, index) => ({ ...first!, text, yshift: (first!.yshift ?? 0) - lineHeight * index }));
  return [...notes.filter((note) => !isCaption(note)), ...lines];
}

function headingNotes({ figure, heading }: Panel, title: unknown, headroom: number): Note[] {
  const common = {
    xref: "x domain",
    yref: "y domain",
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    xshift: -1,
    showarrow: false,
  };
  const font = notesOf(figure).find(isCaption)?.font;
  const lines = heading.map((text, index) => ({
    ...common,
    text,
    font,
    yshift: lineHeight * (heading.length - index) + 6,
  }));
  const { text, font: titleFont } = (title ?? {}) as { text?: string; font?: object };
  return text === undefined ? lines : [{ ...common, text, font: titleFont, yshift: headroom - 6 }, ...lines];
}
