import { UserError } from "../errors";
import type { Range } from "./axes";
import type { Figure, FigureLayout } from "./figure";

export interface PanelOptions {
  /** Panels in a row; default: all of them, side by side. 1 stacks them, for one column of a paper. */
  columns?: number;
}

interface Margin {
  l: number;
  r: number;
  t: number;
  b: number;
}

/**
 * Puts figures of one kind side by side as one figure with a common vertical scale, each with its own legend and caption.
 *
 * @throws UserError for no figures, or a number of columns below 1
 *
 * @example panels([histogram(rows, { x: "tauGradient" }), histogram(rows, { x: "tauLeaveOneOut" })])
 */
export function panels(figures: readonly Figure[], { columns = figures.length }: PanelOptions = {}): Figure {
  const first = figures[0];
  if (first === undefined || !Number.isSafeInteger(columns) || columns < 1) {
    throw new UserError(
      `Panels are at least one figure in at least one column, but ${figures.length} in ${columns} came.`,
    );
  }
  const rowCount = Math.ceil(figures.length / columns);
  const cell = {
    width: Math.max(...figures.map(({ layout }) => layout.width)),
    height:
      Math.max(...figures.map(({ layout }) => plotHeight(layout))) + commonMargin(figures).t + commonMargin(figures).b,
  };
  const size = { width: cell.width * Math.min(columns, figures.length), height: cell.height * rowCount };
  const ranges = figures.map(({ layout }) => (layout.yaxis as { range: [number, number] }).range);
  const range: Range = [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
  const { title: _title, xaxis: _xaxis, yaxis: _yaxis, legend: _legend, ...common } = first.layout;
  const layout: FigureLayout = {
    ...common,
    ...size,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    shapes: [],
    annotations: [],
    meta: { alternativeText: figures.map((figure) => figure.layout.meta.alternativeText).join(" ") },
  };
  const data = figures.flatMap((figure, index) => {
    const place = { column: index % columns, row: Math.floor(index / columns) };
    return addPanel(layout, figure, {
      suffix: index === 0 ? "" : String(index + 1),
      place,
      cell,
      size,
      range,
      margin: commonMargin(figures),
    });
  });
  return { data, layout };
}

interface Place {
  /** What tells this panel's axes and legend from the others': "" or "2", "3", ... */
  suffix: string;
  place: { column: number; row: number };
  cell: { width: number; height: number };
  size: { width: number; height: number };
  margin: Margin;
  /** Of the common vertical axis. */
  range: Range;
}

function addPanel(layout: FigureLayout, figure: Figure, { suffix, place, cell, size, margin, range }: Place): object[] {
  const { title, xaxis, yaxis, legend, shapes, annotations } = figure.layout;
  const left = place.column * cell.width;
  const bottom = size.height - (place.row + 1) * cell.height;
  const x = [(left + margin.l) / size.width, (left + cell.width - margin.r) / size.width];
  const y = [(bottom + margin.b) / size.height, (bottom + cell.height - margin.t) / size.height];
  layout[`xaxis${suffix}`] = { ...(xaxis as object), domain: x, anchor: `y${suffix}` };
  layout[`yaxis${suffix}`] = {
    ...(yaxis as object),
    domain: y,
    anchor: `x${suffix}`,
    range: [...range],
    ...("maxallowed" in (yaxis as object) ? { maxallowed: range[1] } : {}),
  };
  layout[`legend${suffix}`] = { ...(legend as object), x: x[0], y: y[1] };
  const own = (reference: unknown) => String(reference).replace(/^([xy])(?=$| )/, `$1${suffix}`);
  const moved = (item: object) => {
    const { xref, yref } = item as { xref: string; yref: string };
    return { ...item, xref: own(xref), yref: own(yref) };
  };
  const heading = title as { text: string; font: object } | undefined;
  (layout.shapes as object[]).push(...((shapes as object[] | undefined) ?? []).map(moved));
  (layout.annotations as object[]).push(
    ...((annotations as object[] | undefined) ?? []).map(moved),
    ...(heading ? [panelHeading(heading, suffix, margin.t)] : []),
  );
  return figure.data.map((trace) => ({
    ...trace,
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    legend: `legend${suffix}`,
    ...("legendgroup" in trace ? { legendgroup: `${trace.legendgroup} ${suffix}` } : {}),
  }));
}

function panelHeading({ text, font }: { text: string; font: object }, suffix: string, headroom: number): object {
  return {
    text,
    font,
    xref: `x${suffix} domain`,
    yref: `y${suffix} domain`,
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    xshift: -1,
    yshift: headroom - 6,
    showarrow: false,
  };
}

function marginOf(layout: FigureLayout): Margin {
  return layout.margin as Margin;
}

function plotHeight(layout: FigureLayout): number {
  return layout.height - marginOf(layout).t - marginOf(layout).b;
}

function commonMargin(figures: readonly Figure[]): Margin {
  const largest = (side: keyof Margin) => Math.max(...figures.map(({ layout }) => marginOf(layout)[side]));
  return { l: largest("l"), r: largest("r"), t: largest("t"), b: largest("b") };
}
