/** A plotly figure as plain data: what `show` draws and saves, and plotly opens again. */
export interface Figure {
  /** Plotly traces. */
  data: object[];
  /** Plotly layout: what this project reads back, and any other plotly attribute. */
  layout: {
    /** In CSS pixels (96 to the inch). */
    width: number;
    height: number;
    /** What the figure shows in words. */
    meta: { alternativeText: string };
    [attribute: string]: unknown;
  };
  /** What was drawn, saved as CSV beside the pictures; plotly does not get it. */
  rows?: readonly object[];
}

/** Text from data without what acts on its surroundings: control characters, marks of direction, words without an end. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  const acting = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
  return text.replace(acting, "\ufffd").replace(/(\S{200})\S+/gu, "$1…");
}

/** Text from data (a class name, a word) as plotly must get it: plotly reads a few HTML tags, entities and "%{…}". */
export function escapeText(text: string): string {
  const said = printable(text.replaceAll("\n", " ")).replace(/(\S{50})\S+/gu, "$1…");
  return escapeMarkup(said).replaceAll("%{", "%&#123;");
}

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Plotly text without its markup: for alternative texts and plain outputs. */
export function plainText(text: string): string {
  return text
    .replace(/<br\s*\/?>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&#123;", "{")
    .replaceAll("&amp;", "&");
}

/** A number as this project prints it in figures and tables: fixed digits and a true minus sign. */
export function formatNumber(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "undefined";
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = Math.abs(value).toLocaleString("en-US", fixed);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
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

/** Text that HTML shows as it is, also inside an attribute. */
export function escapeHtml(text: string): string {
  return escapeMarkup(text).replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** Text from data (a class name, a word, a path) that Markdown shows as it is, on one line: no mark, link, HTML or formula. */
export function escapeMarkdown(text: string): string {
  return printable(text.replace(/\s+/g, " "))
    .replace(/[\\`*_[\]<>#|~&:@]|^[-+=]|(?<=^\d+)[.)]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll("$", "<span>&#36;</span>");
}

/** Rows, or a danfojs DataFrame, whose columns are checked when it is drawn. */
export type Data<Row> = readonly Row[] | { columns: string[]; values: unknown };

/** The rows of what a figure draws. */
export function rowsOf<Row>(data: Data<Row>): readonly Row[] {
  if (!("columns" in data)) return data;
  const rows = data.values as unknown[][];
  return rows.map((row) => Object.fromEntries(data.columns.map((name, place) => [name, row[place]])) as Row);
}
