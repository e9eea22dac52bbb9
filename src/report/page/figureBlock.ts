import { h, html } from "htm/preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Figure } from "../../figures/figure";
import { escapeHtml } from "../../figures/html";
import type { Background } from "../../figures/theme";
import { block, problem, type Titled } from "./blocks";
import { download, downloadCsv } from "./download";
import { loadScript } from "./loadData";

interface PlotElement extends HTMLElement {
  on(event: "plotly_click", listener: (event: { points: { text?: string }[] }) => void): void;
}
/** Put in by plotly's own script, which is large and comes with the first figure. */
declare const Plotly: {
  newPlot(plot: HTMLElement, data: object[], layout: object, config: object): Promise<PlotElement>;
  toImage(figure: Figure, options: object): Promise<string>;
  downloadImage(figure: Figure, options: object): Promise<string>;
};
let loading: Promise<void> | undefined;

function loadPlotly(): Promise<void> {
  loading ??= loadScript("plotly.js");
  return loading;
}

interface FigureBlock extends Titled {
  ground: Background;
  draw: () => Figure;
  /** Called with the text of a point that is clicked. */
  onPoint?: (text: string) => void;
}

/** A figure with what it shows and its downloads; it is made anew for another name or ground alone. */
export function figureBlock(props: FigureBlock) {
  return h(Block, { key: `${props.name} ${props.ground}`, ...props });
}

function Block({ draw, onPoint, ...titled }: FigureBlock) {
  const [failure, setFailure] = useState<Error>();
  const figure = useMemo(() => {
    try {
      return draw();
    } catch (error) {
      setFailure(error as Error);
    }
  }, []);
  if (figure === undefined || failure) return block("figure", titled, failure && problem(failure));
  const { rows = [], ...drawing } = figure;
  const { name } = titled;
  const saveJson = () => download(`${name}.json`, `${JSON.stringify(drawing)}\n`, "application/json");
  return block("figure", titled, h(Plot, { figure, onPoint, onFailure: setFailure }), [
    ["SVG", () => downloadPicture(drawing, name, "svg"), "Vector picture; text stays text"],
    ["PNG", () => downloadPicture(drawing, name, "png"), "Picture, for print"],
    ["JSON", saveJson, "Plotly figure"],
    ["CSV", () => downloadCsv(name, rows), "The rows behind the figure"],
  ]);
}

type PlotProps = Pick<FigureBlock, "onPoint"> & { figure: Figure; onFailure: (error: Error) => void };

/** The figure itself, as small as the column that it stands in. */
function Plot({ figure, onPoint, onFailure }: PlotProps) {
  const { width, height, meta } = figure.layout;
  const frame = useRef<HTMLElement>(null);
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setScale(Math.min(1, entry!.contentRect.width / width)));
    observer.observe(frame.current!);
    const draw = async () => {
      const plot = frame.current?.firstElementChild as HTMLElement | undefined;
      if (!plot) return;
      const drawn = await Plotly.newPlot(plot, figure.data, { ...figure.layout, dragmode: dragmode() }, plotOptions);
      if (onPoint) drawn.on("plotly_click", ({ points }) => points[0]?.text && onPoint(points[0].text));
    };
    drawLater({ draw, fail: onFailure });
    return () => observer.disconnect();
  }, []);
  const size = `width:${width}px;height:${height}px;transform:scale(${scale})`;
  return html`
    <div class="plot-frame" role="img" aria-label=${meta.alternativeText} ref=${frame} style="height:${height * scale}px">
      <div class="plot" style=${size} />
    </div>`;
}

const plotOptions = { displayModeBar: false, responsive: false, displaylogo: false };

/** On a phone a finger scrolls the page; a mouse zooms into the figure. */
function dragmode(): "zoom" | false {
  return matchMedia("(pointer: coarse)").matches ? false : "zoom";
}

const waiting: { draw: () => Promise<void>; fail: (error: Error) => void }[] = [];

/** One figure after the other, so that the first is there soon and the page answers in between. */
function drawLater(one: (typeof waiting)[number]): void {
  waiting.push(one);
  if (waiting.length > 1) return;
  loadPlotly().then(
    () => setTimeout(drawNext),
    (error) => {
      for (const { fail } of waiting.splice(0)) fail(error);
    },
  );
}

function drawNext(): void {
  const next = waiting.shift();
  next?.draw().catch(next.fail);
  if (waiting.length > 0) setTimeout(drawNext);
}

/** Draws all figures that wait, at once: for paper, which does not wait. */
export function drawWaiting(): void {
  if ("Plotly" in globalThis) for (const { draw, fail } of waiting.splice(0)) draw().catch(fail);
}

async function downloadPicture(figure: Figure, name: string, format: "svg" | "png"): Promise<void> {
  const { width, height, meta } = figure.layout;
  await loadPlotly();
  if (format === "png") {
    await Plotly.downloadImage(figure, { format, filename: name, width, height, scale: 4 });
    return;
  }
  const url = await Plotly.toImage(figure, { format, width, height });
  const svg = decodeURIComponent(url.slice(url.indexOf(",") + 1)).replace(/ clip-path="url\([^)]*#legend[^)]*\)"/g, "");
  const words = escapeHtml(meta.alternativeText);
  download(`${name}.svg`, svg.replace(/^<svg/, `<svg role="img" aria-label="${words}"`), "image/svg+xml");
}
