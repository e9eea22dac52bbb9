import type { Figure } from "../../src/figures/figure";
import { type Background, classColours } from "../../src/figures/theme";

interface Bars {
  visible: boolean;
  array: number[];
  arrayminus: number[];
}

/** What the tests read of a plotly trace. */
export interface Trace {
  type: string;
  mode: string;
  width?: number;
  name?: string;
  legendgroup?: string;
  showlegend?: boolean;
  fillcolor?: string;
  x: (number | null)[];
  y: (number | null)[];
  text?: string[];
  hovertemplate?: string;
  marker?: { color: string; symbol?: string };
  error_x?: Bars;
  error_y?: Bars;
  line?: { color?: string; width?: number; dash?: string };
}

export const classColour = (place: number, background: Background = "light") => classColours[background][place]!;

export const tracesOf = (figure: Figure) => figure.data as Trace[];

/** What the legend says, from the top. */
export const legendOf = (figure: Figure) =>
  tracesOf(figure).flatMap(({ name, showlegend }) => (name !== undefined && showlegend !== false ? [name] : []));

export interface Note {
  text: string;
  x: number;
  y: number;
  yshift?: number;
  xref: string;
  font?: { color: string };
}

export const notesOf = (figure: Figure) => figure.layout.annotations as Note[];

/** All texts in and under the plot. */
export const wordsOf = (figure: Figure) =>
  notesOf(figure)
    .map(({ text }) => text)
    .join(" ");

/** The finite numbers of one axis of some traces. */
export const numbersOn = (axis: "x" | "y", traces: readonly Trace[]) =>
  traces.flatMap((trace) => trace[axis].filter((value): value is number => value !== null));

export const axisOf = (figure: Figure, name: "xaxis" | "yaxis") =>
  figure.layout[name] as {
    range: [number, number];
    type?: string;
    title: { text: string };
    tickvals?: number[];
    ticktext?: string[];
  };
