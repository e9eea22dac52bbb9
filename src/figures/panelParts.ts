import { escapeText, type Figure, plainText } from "./figure";
import { captionName, lettersIn, wrap } from "./frame";

/** What this file reads of a plotly trace. */
export interface Trace {
  name?: string;
  legendgroup?: string;
  showlegend?: boolean;
  marker?: { color?: string };
  line?: { color?: string };
}

/** A line of a legend: a class, with what is said of it, as in "n = 430, mean 0.38". */
export interface Entry {
  name: string;
  said: string;
  colour: string | undefined;
}

/** What is the same in all panels stands once, the rest in each. */
export interface Panel {
  figure: Figure;
  heading: string[];
  caption: string[];
  margin: { l: number; r: number; t: number; b: number };
  plotHeight: number;
}

/** Pixels. */
export const lineHeight = 17;
const legendLine = 19;

export function entriesOf({ data, layout }: Figure): Entry[] {
  if (layout.showlegend === false) return [];
  return (data as Trace[]).flatMap((trace) => {
    if (trace.name === undefined || trace.showlegend === false) return [];
    const name = escapeText(trace.legendgroup ?? plainText(trace.name));
    const said = trace.name.startsWith(`${name}: `) ? trace.name.slice(name.length + 2) : "";
    return [{ name, said, colour: trace.marker?.color ?? trace.line?.color }];
  });
}

/** The legend that stands for those of all panels; undefined where they differ, or for a single panel. */
export function sharedEntries(figures: readonly Figure[]): Entry[] | undefined {
  const keys = figures.map((figure) => JSON.stringify(entriesOf(figure).map(({ name, colour }) => [name, colour])));
  const entries = entriesOf(figures[0]!);
  return figures.length > 1 && entries.length > 0 && new Set(keys).size === 1 ? entries : undefined;
}

function captionOf({ layout }: Figure): string[] {
  return layout.meta.caption ?? [];
}

export function sharedSentences(figures: readonly Figure[]): string[] {
  return captionOf(figures[0]!).filter((sentence) => figures.every((figure) => captionOf(figure).includes(sentence)));
}

export function toPanel(figure: Figure, sentences: readonly string[], isShared: boolean): Panel {
  const { layout } = figure;
  const margin = layout.margin as Panel["margin"];
  const entries = entriesOf(figure);
  const letters = lettersIn(layout.width - margin.l - 16);
  const wrapped = (texts: string[], separator: string) =>
    wrap(texts.filter(Boolean).join(separator), letters).filter(Boolean);
  const heading = isShared
    ? wrapped(
        entries.map(({ said }) => said),
        "; ",
      )
    : [];
  const caption = wrapped(
    captionOf(figure).filter((sentence) => !sentences.includes(sentence)),
    " ",
  );
  const before = notesOf(figure).filter(isCaption).length;
  return {
    figure,
    heading,
    caption,
    margin: {
      ...margin,
      t: margin.t + (isShared ? lineHeight * heading.length - legendLine * entries.length : 0),
      b: margin.b + lineHeight * (caption.length - before),
    },
    plotHeight: layout.height - margin.t - margin.b,
  };
}

export interface Note {
  name?: string;
  xref: string;
  yref: string;
  yshift?: number;
  font?: object;
  [attribute: string]: unknown;
}

export function notesOf({ layout }: Figure): Note[] {
  return (layout.annotations as Note[] | undefined) ?? [];
}

export function isCaption({ name }: Note): boolean {
  return name === captionName;
}
