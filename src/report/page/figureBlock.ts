import { h, html } from "htm/preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { escapeHtml, type Figure, plainText } from "../../figures/figure";
import { onGround } from "../../figures/theme";
import { block, download, downloadCsv, problem, type Titled } from "./blocks";
import { ground } from "./context";

interface Plotly {
  newPlot(plot: HTMLElement, data: object[], layout: object, config: object): Promise<Plot>;
  toImage(figure: Figure, options: object): Promise<string>;
  downloadImage(figure: Figure, options: object): Promise<string>;
}
interface Plot extends HTMLElement {
  on(event: "plotly_click", listener: (event: { points: { text?: string }[] }) => void): void;
}

/** It is large: the page's script has it, but it runs with the first figure. */
const loadPlotly = (): Promise<Plotly> => import("plotly.js-dist" as string);

interface FigureBlock extends Titled {
  draw: () => Figure;
  /** Called with the label of a point that is clicked. */
  onPoint?: (text: string) => void;
}

/** A figure with what it shows and its downloads; it is made anew for another name or ground alone. */
export function figureBlock(props: FigureBlock) {
  return h(Block, { key: `${props.name} ${ground()}`, ...props });
}

function Block({ draw, onPoint, ...titled }: FigureBlock) {
  const [failure, setFailure] = useState<Error>();
  const [scale, setScale] = useState(1);
  const frame = useRef<HTMLElement>(null);
  const figure = useMemo(() => {
    try {
      return draw();
    } catch (error) {
      setFailure(error as Error);
    }
  }, []);
  useLayoutEffect(() => {
    if (!figure) return;
    const { width } = figure.layout;
    const observer = new ResizeObserver(([entry]) => setScale(Math.min(1, entry!.contentRect.width / width)));
    observer.observe(frame.current!);
    const drawPlot = async () => {
      const plot = frame.current?.firstElementChild as HTMLElement | undefined;
      if (!plot) return;
      // On a phone a finger scrolls the page; a mouse zooms into the figure.
      const dragmode = matchMedia("(pointer: coarse)").matches ? false : "zoom";
      const Plotly = await loadPlotly();
      const { data, layout } = onGround(figure, ground());
      const drawn = await Plotly.newPlot(plot, data, { ...layout, dragmode }, plotOptions);
      if (onPoint) drawn.on("plotly_click", ({ points }) => points[0]?.text && onPoint(plainText(points[0].text)));
    };
    queue = queue.then(pause).then(drawPlot).catch(setFailure);
    return () => observer.disconnect();
  }, []);
  if (figure === undefined || failure) return block("figure", titled, failure && problem(failure));
  const { rows = [], ...drawing } = figure;
  const { width, height, meta } = figure.layout;
  const { name } = titled;
  const size = `transform-origin:0 0;width:${width}px;height:${height}px;transform:scale(${scale})`;
  const plot = html`
    <div role="figure" aria-label=${meta.alternativeText} ref=${frame} style="height:${height * scale}px;overflow:hidden">
      <div class="plot" style=${size} />
    </div>`;
  const saveJson = () => download(`${name}.json`, `${JSON.stringify(drawing)}\n`, "application/json");
  return block("figure", titled, plot, [
    ["SVG", () => downloadPicture(drawing, name, "svg"), "Vector picture; text stays text"],
    ["PNG", () => downloadPicture(drawing, name, "png"), "Picture, for print"],
    ["JSON", saveJson, "Plotly figure"],
    ["CSV", () => downloadCsv(name, rows), "The rows behind the figure"],
  ]);
}

const plotOptions = {
  modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
  responsive: false,
  displaylogo: false,
};

/** One figure after the other, so that the first is there soon and the page answers in between. */
let queue = Promise.resolve();
const pause = () => new Promise((resolve) => setTimeout(resolve));

async function downloadPicture(figure: Figure, name: string, format: "svg" | "png"): Promise<void> {
  const { width, height, meta } = figure.layout;
  const Plotly = await loadPlotly();
  if (format === "png") {
    await Plotly.downloadImage(figure, { format, filename: name, width, height, scale: 4 });
    return;
  }
  const url = await Plotly.toImage(figure, { format, width, height });
  const svg = decodeURIComponent(url.slice(url.indexOf(",") + 1)).replace(/ clip-path="url\([^)]*#legend[^)]*\)"/g, "");
  const words = escapeHtml(meta.alternativeText);
  download(`${name}.svg`, svg.replace(/^<svg/, `<svg role="img" aria-label="${words}"`), "image/svg+xml");
}
