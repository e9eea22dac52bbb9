import type { Figure } from "../../figures/figure";
import { escapeHtml } from "../../figures/html";
import { button, element } from "./dom";
import { download, downloadCsv } from "./download";
import { loadScript } from "./loadData";

interface PlotElement extends HTMLElement {
  on(event: "plotly_click", listener: (event: { points: { text?: string }[] }) => void): void;
}
interface PlotlyScript {
  newPlot(plot: HTMLElement, data: object[], layout: object, config: object): Promise<PlotElement>;
  toImage(figure: Figure, options: object): Promise<string>;
}

let loading: Promise<PlotlyScript> | undefined;
let script: PlotlyScript | undefined;

/** Plotly, which is large, at the first figure. */
function loadPlotly(): Promise<PlotlyScript> {
  loading ??= loadScript("plotly.js").then(() => {
    script = (globalThis as unknown as { Plotly: PlotlyScript }).Plotly;
    return script;
  });
  return loading;
}

export interface FigureBlock {
  title: string;
  /** What to see in it, in one or two sentences. */
  about: string;
  /** Of the files, without ending. */
  name: string;
  draw: () => Figure;
  /** Called with the text of a point that is clicked. */
  onPoint?: (text: string) => void;
}

/** A figure with what it shows and its downloads; it draws itself when it comes into the page. */
export function figureBlock({ title, about, name, draw, onPoint }: FigureBlock): HTMLElement {
  const head = [element("h3", {}, [title]), element("p", { class: "about" }, [about])];
  let figure: Figure;
  try {
    figure = draw();
  } catch (error) {
    return element("section", { class: "figure" }, [...head, problem(error as Error)]);
  }
  const { rows = [], ...drawing } = figure;
  const { width, height, meta } = figure.layout;
  const plot = element("div", { class: "plot", style: `width:${width}px;height:${height}px` });
  const frame = element("div", { class: "plot-frame", role: "img", "aria-label": meta.alternativeText }, [plot]);
  fit(frame, plot, { width, height });
  drawLater(frame, async ({ newPlot }) => {
    const drawn = await newPlot(plot, figure.data, { ...figure.layout, dragmode: dragmode() }, plotOptions);
    if (onPoint) drawn.on("plotly_click", ({ points }) => points[0]?.text && onPoint(points[0].text));
  });
  const kinds: [kind: string, what: string, save: () => void][] = [
    ["SVG", "Vector picture; text stays text", () => downloadPicture(drawing, name, "svg")],
    ["PNG", "Picture, for print", () => downloadPicture(drawing, name, "png")],
    ["JSON", "Plotly figure", () => download(`${name}.json`, `${JSON.stringify(drawing)}\n`, "application/json")],
    ["CSV", "The rows behind the figure", () => downloadCsv(name, rows)],
  ];
  const buttons = kinds.map(([kind, what, save]) =>
    button(kind, save, { title: what, "aria-label": `${kind} of ${title}` }),
  );
  return element("section", { class: "figure" }, [...head, frame, element("p", { class: "downloads" }, buttons)]);
}

const plotOptions = { displayModeBar: false, responsive: false, displaylogo: false };

/** On a phone a finger scrolls the page; a mouse zooms into the figure. */
function dragmode(): "zoom" | false {
  return matchMedia("(pointer: coarse)").matches ? false : "zoom";
}

/** Why something cannot be shown, at its place. */
export function problem({ message }: Error): HTMLElement {
  return element("p", { class: "problem", role: "alert" }, [message]);
}

/** Makes a figure as small as the column that it stands in. */
function fit(frame: HTMLElement, plot: HTMLElement, { width, height }: { width: number; height: number }): void {
  new ResizeObserver(() => {
    const scale = Math.min(1, frame.clientWidth / width);
    plot.style.transform = scale < 1 ? `scale(${scale})` : "";
    frame.style.height = `${Math.ceil(height * scale)}px`;
  }).observe(frame);
}

type Drawing = (plotly: PlotlyScript) => Promise<void>;

const waiting: { frame: HTMLElement; draw: Drawing }[] = [];

/** One figure after the other, so that the first is there soon and the page answers in between. */
function drawLater(frame: HTMLElement, draw: Drawing): void {
  waiting.push({ frame, draw });
  if (waiting.length === 1) setTimeout(drawNext);
}

async function drawNext(): Promise<void> {
  await loadPlotly().catch((error) => {
    for (const { frame } of waiting.splice(0)) frame.replaceChildren(problem(error));
  });
  drawFirst();
  if (waiting.length > 0) setTimeout(drawNext);
}

/** Draws all figures that wait, at once: for paper, which does not wait. */
export function drawWaiting(): void {
  while (waiting.length > 0 && script !== undefined) drawFirst();
}

function drawFirst(): void {
  const { frame, draw } = waiting.shift() ?? {};
  if (!frame?.isConnected || !draw || !script) return;
  draw(script).catch((error) => frame.replaceChildren(problem(error)));
}

async function downloadPicture(figure: Figure, name: string, format: "svg" | "png"): Promise<void> {
  const { width, height, meta } = figure.layout;
  const { toImage } = await loadPlotly();
  const url = await toImage(figure, { format, width, height, scale: format === "png" ? 4 : 1 });
  const content = url.slice(url.indexOf(",") + 1);
  if (format === "svg") {
    const svg = decodeURIComponent(content).replace(/ clip-path="url\([^)]*#legend[^)]*\)"/g, "");
    const words = escapeHtml(meta.alternativeText);
    download(`${name}.svg`, svg.replace(/^<svg/, `<svg role="img" aria-label="${words}"`), "image/svg+xml");
  } else {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    download(`${name}.png`, new Blob([bytes], { type: "image/png" }));
  }
}
