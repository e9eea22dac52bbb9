import { unknownName } from "../errors";
import { escapeHtml, formatNumber, printable } from "../figures/figure";
import { escapeLatex, withNeeds } from "../figures/latex";
import { columnNamed, symbolHtml, type Table } from "../study/columns";

/** What is said of rows beside them; headings are those of the columns' definitions where none are given. */
export interface TableOptions<Row extends object> extends Omit<Table<Row>, "rows" | "columns"> {
  /** Which columns, in which order: names, or names with the headings to show; default: all. */
  columns?: readonly (keyof Row & string)[] | Table<Row>["columns"];
}

/** So many rows of a table of ours stand in HTML and text, and of rows and frames as they come; the files have all. */
const mostRows = 60;
export const mostPlainRows = 20;

/** Rows with the headings of their columns: the symbol of a defined column, else its name. */
export function tableOf<Row extends object>(
  rows: readonly Row[],
  { columns, ...options }: TableOptions<Row> = {},
): Table<Row> {
  const given = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const headings = Array.isArray(given)
    ? Object.fromEntries((given as string[]).map((name) => [name, definitionOf(name).symbol ?? name]))
    : given;
  return { rows, columns: headings as Table<Row>["columns"], ...options };
}

/**
 * A table in HTML, plain text and LaTeX with booktabs' lines, and the shown columns with all digits as `records`. Numbers,
 * and columns without any value, are right-aligned, whole numbers without decimals, a dash for what is undefined or NaN.
 *
 * @param most rows that HTML and text show
 */
export function formatTable<Row extends object>(table: Table<Row>, most = mostRows) {
  const { columns, caption, folded } = table;
  const rows = table.rows as readonly Record<string, unknown>[];
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const laidOut = Object.entries(columns as Record<string, string>).map(([name, heading]) => {
    if (!names.includes(name) && rows.length > 0) throw unknownName("column", name, names);
    const values = rows.map((row) => row[name]);
    return layOut(values, name, heading, table.digits);
  });
  const shown = Math.min(rows.length, most);
  const more = rows.length > most ? `The first ${most} of ${formatNumber(rows.length, 0)} rows.` : "";
  const html = toHtml(laidOut, shown, caption) + (more && `<p>${more}</p>`);
  return {
    html: folded ? `<details><summary>${escapeHtml(folded)}</summary>${html}</details>` : html,
    text: toText(laidOut, shown, caption) + (more && `\n${more}`),
    latex: toLatex(laidOut, rows.length, caption),
    records: rows.map((row) => Object.fromEntries(Object.keys(columns).map((name) => [name, row[name]]))),
  };
}

/** What is known of a column; danfojs calls the mean of a column by group "tauGradient_mean". */
function definitionOf(name: string): { symbol?: string; title?: string; digits?: number } {
  const [, base = name, statistic] = /^(.+)_([a-z]+)$/.exec(name) ?? [];
  const known = columnNamed(name) ?? columnNamed(base);
  return { ...known, ...(known && statistic ? { symbol: `${known.symbol} ${statistic}` } : {}) };
}

type TextColumn = ReturnType<typeof layOut>;

function layOut(values: readonly unknown[], name: string, heading: string, given?: number) {
  const { symbol, title, digits = 2 } = definitionOf(name);
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const shown = numbers.every(Number.isInteger) ? 0 : (given ?? digits);
  const isNumeric = values.every((value) => typeof value === "number" || value === undefined || value === null);
  return {
    heading,
    /** A defined column's symbol has its subscript. */
    headingHtml: heading === symbol ? symbolHtml(escapeHtml(heading)) : escapeHtml(heading),
    /** What a defined column holds. */
    title,
    alignment: isNumeric ? ("right" as const) : ("left" as const),
    cells: values.map((value) => cellText(value, shown)),
  };
}

function cellText(value: unknown, digits: number): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  if (typeof value === "number") return Number.isFinite(value) ? formatNumber(value, digits) : String(value);
  return printable((typeof value === "object" ? JSON.stringify(value) : String(value)).replace(/\s+/g, " "));
}

/** GitHub knows the attribute alone, and JupyterLab, which aligns all cells to the right, the style alone. */
const alignments = { left: ' align="left" style="text-align:left"', right: ' align="right"' };

/** With the subscripts of symbols, as in "τ_g, negative", as such. */
function cellHtml(text: string): string {
  return escapeHtml(text).replace(/(?<=τ)_(\w+(?:,\w+)*)/g, "<sub>$1</sub>");
}

function toHtml(columns: readonly TextColumn[], rowCount: number, caption?: string): string {
  const line = (cells: string[]) => `<tr>${cells.join("")}</tr>`;
  const head = line(columns.map(({ headingHtml, alignment }) => `<th${alignments[alignment]}>${headingHtml}</th>`));
  const body = Array.from({ length: rowCount }, (_, row) =>
    line(columns.map(({ cells, alignment }) => `<td${alignments[alignment]}>${cellHtml(cells[row]!)}</td>`)),
  );
  const title = caption ? `<caption${alignments.left}>${escapeHtml(caption).replaceAll("\n", "<br>")}</caption>` : "";
  return `<table>${title}<thead>${head}</thead><tbody>${body.join("\n")}</tbody></table>`;
}

function toText(columns: readonly TextColumn[], rowCount: number, caption?: string): string {
  const widths = columns.map(({ heading, cells }) =>
    Math.max(...[heading, ...cells.slice(0, rowCount)].map((text) => text.length)),
  );
  const line = (texts: string[]) =>
    texts
      .map((text, at) => (columns[at]!.alignment === "right" ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join("  ")
      .trimEnd();
  const head = [line(columns.map(({ heading }) => heading)), line(widths.map((width) => "─".repeat(width)))];
  const rows = Array.from({ length: rowCount }, (_, row) => line(columns.map(({ cells }) => cells[row]!)));
  return [...(caption ? [caption] : []), ...head, ...rows].join("\n");
}

/** Letters of the longest cell from which a LaTeX column breaks its lines. */
const longCell = 50;

/** A table that is wider or higher than the page is made smaller. */
function toLatex(columns: readonly TextColumn[], rowCount: number, caption?: string): string {
  const titles = [...new Set(columns.flatMap(({ title }) => title ?? []))].join("; ");
  const headings = columns.map(({ heading }) => heading);
  const told = [caption, titles].filter(Boolean).join(". ") || headings.filter(Boolean).join(", ");
  const isBroken = columns.map(({ cells }) => cells.some((cell) => cell.length > longCell));
  const width = (0.6 / Math.max(1, isBroken.filter(Boolean).length)).toFixed(2);
  const broken = `>{\\raggedright\\arraybackslash}p{${width}\\linewidth}`;
  const format = columns.map(({ alignment }, index) => (isBroken[index] ? broken : alignment.slice(0, 1))).join("");
  const line = (texts: string[]) => `${texts.map(escapeLatex).join(" & ")} \\\\`;
  const rows = Array.from({ length: rowCount }, (_, row) => line(columns.map(({ cells }) => cells[row]!)));
  const body = ["\\toprule", line(headings), "\\midrule", ...rows, "\\bottomrule"].join("\n");
  const title = `\\caption{${escapeLatex(told)}}`;
  const packages = ["booktabs", ...(isBroken.includes(true) ? ["array"] : [])];
  const whole = `\\begin{tabular}{@{}${format}@{}}\n${body}\n\\end{tabular}`;
  const fitting = `\\begin{adjustbox}{max width=\\linewidth, max totalheight=0.8\\textheight}\n${whole}\n\\end{adjustbox}`;
  const source = `\\begin{table}[tb]\n\\centering\n${title}\n${fitting}\n\\end{table}`;
  return withNeeds(source, [...packages, "adjustbox"]);
}
