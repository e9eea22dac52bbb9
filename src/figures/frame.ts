import type { Range } from "./axes";
import { type FigureLayout, plainText } from "./figure";
import {
  axisStyle,
  type Background,
  baseLayout,
  coloursOn,
  fontSize,
  legendStyle,
  panelSize,
  titleStyle,
} from "./theme";

/** What every figure takes. */
export interface FrameOptions {
  title?: string;
  /** Default "light". */
  background?: Background;
}

interface Axis {
  title: string;
  /** As plotly wants it: logarithms (base 10) on a logarithmic axis. */
  range: Range;
  [attribute: string]: unknown;
}

interface FrameContent extends FrameOptions {
  xaxis: Axis;
  yaxis: Axis;
  /** Classes in the legend, one a line; 0 without a legend. */
  legendLines: number;
  /** The sentences under the figure; empty ones are left out. */
  caption: readonly string[];
  /** What the figure shows in words, from the data. */
  summary: string;
  /** Pixels; default as for one panel. */
  plotHeight?: number;
  left?: number;
  right?: number;
  /** Pixels between the horizontal axis and its title that a table takes; default 0. */
  underAxis?: number;
  shapes?: object[];
  annotations?: object[];
}

/** Pixels, on average, in axis titles and in captions. */
const widthOfLetter = 7.6;
const widthOfSmallLetter = 6.09;

/** How a line of the caption is told from the other notes of a layout. */
export const captionName = "caption";

/** How many letters of a caption fit into so many pixels. */
export function lettersIn(width: number): number {
  return Math.floor(width / widthOfSmallLetter);
}

/** The layout around a plot: title, legend above it, axes, and the caption below, as high as they need. */
export function frame({
  title = "",
  background = "light",
  xaxis,
  yaxis,
  legendLines,
  caption,
  summary,
  plotHeight = panelSize.plot,
  left = 62,
  right = 16,
  underAxis = 0,
  shapes = [],
  annotations = [],
}: FrameContent): FigureLayout {
  const yTitle = wrap(yaxis.title, plotHeight / widthOfLetter);
  const margin = { l: left + 18 * (yTitle.length - 1), r: right };
  const xTitle = wrap(xaxis.title, (panelSize.width - margin.l - margin.r) / widthOfLetter);
  const titleRoom = underAxis + 18 * (xTitle.length - 1);
  const sentences = caption.filter(Boolean);
  const lines = wrap(sentences.join(" "), lettersIn(panelSize.width - margin.l - 16));
  const headroom = (title ? 36 : 10) + 19 * legendLines + 4;
  const footroom = 58 + titleRoom + 17 * lines.length;
  const head = title ? `${plainText(title)}. ` : "";
  return {
    ...baseLayout(background),
    ...(title ? { title: titleStyle(title) } : {}),
    width: panelSize.width,
    height: plotHeight + headroom + footroom,
    margin: { ...margin, t: headroom, b: footroom },
    showlegend: legendLines > 0,
    legend: legendStyle(),
    xaxis: placedAxis(xaxis, xTitle, background, underAxis),
    yaxis: placedAxis(yaxis, yTitle, background, 0),
    shapes,
    annotations: [...annotations, ...lines.map((line, index) => captionLine(line, index, titleRoom, background))],
    meta: { alternativeText: `${head}${summary} ${plainText(lines.join(" "))}`, caption: sentences },
  };
}

function placedAxis({ title: _, range, ...attributes }: Axis, lines: string[], background: Background, room: number) {
  const style = axisStyle(lines.join("<br>"), background);
  const title = style.title as { standoff: number };
  return { ...style, title: { ...title, standoff: title.standoff + room }, range: [...range], ...attributes };
}

/** Breaks a text between words into lines of at most so many letters, its markup not counted. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line && plainText(line).length + plainText(word).length >= width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}

function captionLine(text: string, index: number, titleRoom: number, background: Background): object {
  return {
    name: captionName,
    text,
    xref: "x domain",
    yref: "y domain",
    x: 0,
    y: 0,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    yshift: -54 - titleRoom - 17 * index,
    showarrow: false,
    font: { size: fontSize.small, color: coloursOn(background).muted },
  };
}

/** A word in the middle of a plot in which nothing can be drawn. */
export function noValueNote(background: Background): object {
  return {
    text: "No defined value",
    bgcolor: coloursOn(background).background,
    xref: "x domain",
    yref: "y domain",
    x: 0.5,
    y: 0.5,
    showarrow: false,
  };
}
