import { UserError } from "../errors";
import { escapeHtml, type Figure, rowsOf } from "../figures/figure";
import {
  heatmapHtml,
  heatmapLatex,
  heatmapSummary,
  heatmapTable,
  type TextHeatmap,
  textHeatmap,
} from "../figures/textHeatmap";
import { fontFamily, fontSize, onGround } from "../figures/theme";
import type { explainText, WordRow } from "../ownText/analyze";
import { overview } from "../paper/scores";
import type { Table } from "../study/columns";
import type { Runs } from "../study/runs";
import type { Output } from "./display";
import { renderFigure } from "./render";
import { type FileContents, toCsv } from "./save";
import { formatTable, mostPlainRows, type TableOptions, tableOf } from "./table";

/** Something that a cell can show. */
export interface Shown {
  outputs: Output[];
  /** It in every format, by the ends of the files' names. */
  files(): Promise<FileContents>;
}

/** For rows and danfojs frames; whatever else is shown says all of itself. */
export type ShowOptions = TableOptions<Record<string, unknown>>;

/** What a cell shows of a thing, and how it is saved: told apart by its shape. @throws UserError for a thing of another kind */
export async function toShown(thing: unknown, options: ShowOptions = {}): Promise<Shown> {
  if (typeof thing === "string") return sentence(thing);
  if (Array.isArray(thing) && thing.every(isObject)) return table(tableOf(thing, options), mostPlainRows);
  if (isObject(thing)) {
    if (Array.isArray(thing.data) && isObject(thing.layout)) return figure(thing as unknown as Figure);
    if (Array.isArray(thing.words) && Array.isArray(thing.rows)) return heatmap(thing as unknown as TextHeatmap);
    if (Array.isArray(thing.words)) return heatmap(explained(thing as unknown as Explained));
    if (Array.isArray(thing.configurations))
      return table({ ...(overview(thing as unknown as Runs) as Table), ...options } as Table);
    if (isFrame(thing)) return table(frameTable(thing, options), mostPlainRows);
    if (Array.isArray(thing.rows) && isObject(thing.columns))
      return table({ ...(thing as unknown as Table), ...(options as Partial<Table>) });
  }
  const what = thing instanceof Promise ? "something that is still awaited" : describe(thing);
  throw new UserError(
    `A cell shows figures, tables, rows, danfojs frames, runs, heatmaps, explained texts and sentences, but ${what} came; show one of its parts.`,
  );
}

function isObject(thing: unknown): thing is Record<string, unknown> {
  return typeof thing === "object" && thing !== null && !Array.isArray(thing);
}

function describe(thing: unknown): string {
  if (!isObject(thing)) return Array.isArray(thing) ? "a list of other things than rows" : `${thing}`.slice(0, 80);
  return `an object with ${Object.keys(thing).slice(0, 8).join(", ") || "nothing"}`;
}

function sentence(markdown: string): Shown {
  return {
    outputs: [{ data: { "text/markdown": markdown, "text/plain": markdown } }],
    files: async () => ({ ".md": `${markdown}\n` }),
  };
}

function table<Row extends object>(content: Table<Row>, most?: number): Shown {
  const { html, text, latex, records } = formatTable(content, most);
  const lead = content.lead === undefined ? [] : sentence(content.lead).outputs;
  return {
    outputs: [...lead, { data: { "text/html": html, "text/plain": text } }],
    files: async () => ({ ".tex": latex, ".csv": toCsv(records) }),
  };
}

/** The live plot in JupyterLab, VS Code and pages, a picture on GitHub; on the ground of whoever shows it. */
async function figure({ rows, ...plot }: Figure): Promise<Shown> {
  const { width, height, meta } = plot.layout;
  const shown = onGround(plot, "any");
  const picture = await pictureOf(shown, { width, height, alt: meta.alternativeText });
  const live = { ...shortened(shown), config: { displaylogo: false, responsive: false } };
  const data = { "application/vnd.plotly.v1+json": live, ...picture?.data, "text/plain": meta.alternativeText };
  return {
    outputs: [{ ...picture, data }],
    files: async () => ({
      ...(await renderFigure(plot, [".svg", ".png", "-print.png", ".pdf"])),
      ".json": `${JSON.stringify(plot)}\n`,
      ...(rows ? { ".csv": toCsv(rows) } : {}),
    }),
  };
}

/** A picture for the screen, of 256 colours, which makes it a quarter as large; undefined where no browser draws it. */
async function pictureOf(figure: Figure | string, metadata: object) {
  const picture = (await renderFigure(figure, ["screen"]))?.screen;
  if (picture === undefined) return undefined;
  const { default: sharp } = await import("sharp");
  const packed = await sharp(picture).png({ palette: true, compressionLevel: 9 }).toBuffer();
  return { data: { "image/png": packed.toString("base64") }, metadata: { "image/png": metadata } };
}

/** With 4 digits, which a picture cannot show more of. */
function shortened(plot: Figure): Figure {
  const short = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return JSON.parse(JSON.stringify(plot, short));
}

/** A picture, as GitHub drops all colours of HTML, and its numbers folded below. */
async function heatmap(content: TextHeatmap): Promise<Shown> {
  const page = toPage(content, heatmapHtml(content));
  const bare = heatmapHtml(content, "any");
  const alt = heatmapSummary(content);
  const picture = await pictureOf(toPage(content, bare), { alt });
  const data = { ...(picture?.data ?? { "text/html": bare }), "text/plain": alt };
  const numbers = table(tableOf(heatmapTable(content), { digits: 4, folded: "Numbers" }));
  return {
    outputs: [{ ...picture, data }, ...numbers.outputs],
    files: async () => ({
      ...(await renderFigure(page, [".png"])),
      ".html": page,
      ".tex": heatmapLatex(content),
      ".csv": toCsv(heatmapTable(content)),
    }),
  };
}

/** A page that loads nothing and runs nothing. */
function toPage({ title }: TextHeatmap, body: string): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:16px;font:${fontSize.text}px ${escapeHtml(fontFamily)}">
${body}
</body>
</html>
`;
}

/** A decision, and numbers for each word. */
type Explained = Awaited<ReturnType<typeof explainText>>;

function explained({ predicted, probability, words }: Explained): TextHeatmap {
  const names = (Object.keys(words[0] ?? {}) as (keyof WordRow)[]).filter((name) => name !== "word");
  const inWords = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return textHeatmap(
    words.map(({ word }) => word),
    names.map((name) => ({ label: inWords(name), weights: words.map((word) => word[name]) })),
    { title: `${predicted}, with probability ${probability.toFixed(3)}` },
  );
}

/** The parts of a danfojs DataFrame or Series that a table shows. */
export interface AnyFrame {
  columns: string[];
  index: (string | number)[];
  dtypes: string[];
  values: unknown[] | unknown[][];
}

function isFrame(thing: object): thing is AnyFrame {
  return "dtypes" in thing && "values" in thing && "index" in thing;
}

/** Its columns, after its index where that is more than the rows' numbers. */
export function frameTable({ columns: names, index, values }: AnyFrame, options: ShowOptions = {}): Table {
  const columns = names[0] === "0" ? ["value", ...names.slice(1)] : names;
  const isNumbered = index.every((label, place) => label === place);
  const rows = rowsOf<Record<string, unknown>>({ columns, values: values.map((value) => [value].flat()) });
  const labelled = isNumbered ? rows : rows.map((row, place) => ({ "": index[place], ...row }));
  return tableOf(labelled, { columns: isNumbered ? columns : ["", ...columns], ...options });
}
