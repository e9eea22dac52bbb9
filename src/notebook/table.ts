import { UserError, unknownName } from "../errors";
import { formatNumber } from "../figures/figure";
import { escapeHtml } from "../figures/html";
import { escapeLatex, withNeeds } from "../figures/latex";

/** The parts of a danfojs DataFrame that a table shows. */
export interface Frame {
  columns: string[];
  values: unknown[] | unknown[][];
}

export interface TableOptions<Row> {
  /** Which columns, in which order: names, or names with the headings to show; default: all, under their names. */
  columns?: readonly (keyof Row & string)[] | Partial<Record<keyof Row & string, string>>;
  /** One sentence above the table. */
  caption?: string;
  /** Digits after the point for numbers that are not whole columns; default 2. */
  digits?: number;
}

export interface FormattedTable {
  html: string;
  text: string;
  /** A table with booktabs' lines; its first comment says what the preamble needs. */
  latex: string;
  /** The shown columns under their own names, with all digits: for CSV. */
  records: Record<string, unknown>[];
}

interface TextColumn {
  heading: string;
  cells: string[];
  alignment: "left" | "right";
}

/**
 * Lays out rows, or a danfojs frame, as a table in HTML, in plain text and in LaTeX.
 *
 * Numbers, and columns without any value, are right-aligned; a column of whole numbers is shown without decimals, any other with `digits`; what is
 * undefined is a dash. All text is escaped.
 *
 * @throws UserError for a column that does not exist
 */
export function formatTable<Row extends object>(
  source: readonly Row[] | Frame,
  { columns, caption, digits = 2 }: TableOptions<Row> = {},
): FormattedTable {
  const { names, records } = readSource(source);
  const headings = headingsOf<Row>(columns, names);
  const laidOut = Object.entries(headings).map(([name, heading]) => {
    if (!names.includes(name) && records.length > 0) throw unknownName("column", name, names);
    return layOut(
      heading,
      records.map((record) => record[name]),
      digits,
    );
  });
  const shown = records.map((record) => Object.fromEntries(Object.keys(headings).map((name) => [name, record[name]])));
  return {
    html: toHtml(laidOut, records.length, caption),
    text: toText(laidOut, records.length, caption),
    latex: toLatex(laidOut, records.length, caption),
    records: shown,
  };
}

function readSource(source: readonly object[] | Frame): { names: string[]; records: Record<string, unknown>[] } {
  if (Array.isArray(source)) {
    const records = source as Record<string, unknown>[];
    return { names: [...new Set(records.flatMap((row) => Object.keys(row)))], records };
  }
  const { columns, values } = source as Frame;
  if (!Array.isArray(columns) || !Array.isArray(values)) {
    throw new UserError(`A table is made of rows or of a danfojs DataFrame, but ${typeof source} came.`);
  }
  const record = (value: unknown) => {
    const cells = Array.isArray(value) ? value : [value];
    return Object.fromEntries(columns.map((name, index) => [name, cells[index]]));
  };
  return { names: columns, records: values.map(record) };
}

function headingsOf<Row>(columns: TableOptions<Row>["columns"], names: readonly string[]): Record<string, string> {
  if (columns !== undefined && !Array.isArray(columns)) return columns as Record<string, string>;
  return Object.fromEntries(((columns as readonly string[] | undefined) ?? names).map((name) => [name, name]));
}

function layOut(heading: string, values: readonly unknown[], digits: number): TextColumn {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const shown = numbers.every(Number.isInteger) ? 0 : digits;
  const isMissing = (value: unknown) => value === undefined || value === null;
  return {
    heading,
    alignment: values.every((value) => typeof value === "number" || isMissing(value)) ? "right" : "left",
    cells: values.map((value) => cellText(value, shown)),
  };
}

function cellText(value: unknown, digits: number): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  if (typeof value === "number") return Number.isFinite(value) ? formatNumber(value, digits) : String(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function toHtml(columns: readonly TextColumn[], rowCount: number, caption?: string): string {
  const cell = (tag: "th" | "td", text: string, { alignment }: TextColumn) =>
    `<${tag} align="${alignment}" style="text-align: ${alignment}">${escapeHtml(text)}</${tag}>`;
  const line = (cells: string[]) => `<tr>${cells.join("")}</tr>`;
  const head = line(columns.map((column) => cell("th", column.heading, column)));
  const body = Array.from({ length: rowCount }, (_, row) =>
    line(columns.map((column) => cell("td", column.cells[row]!, column))),
  );
  const title = caption ? `<caption style="text-align: left">${escapeHtml(caption)}</caption>` : "";
  return `<table>${title}<thead>${head}</thead><tbody>${body.join("\n")}</tbody></table>`;
}

function toText(columns: readonly TextColumn[], rowCount: number, caption?: string): string {
  const widths = columns.map(({ heading, cells }) => Math.max(...[heading, ...cells].map((text) => [...text].length)));
  const line = (texts: string[]) =>
    texts
      .map((text, index) => {
        const gap = " ".repeat(widths[index]! - [...text].length);
        return columns[index]!.alignment === "right" ? gap + text : text + gap;
      })
      .join("  ")
      .trimEnd();
  const lines = [line(columns.map(({ heading }) => heading)), line(widths.map((width) => "─".repeat(width)))];
  for (let row = 0; row < rowCount; row += 1) lines.push(line(columns.map(({ cells }) => cells[row]!)));
  return [...(caption ? [caption] : []), ...lines].join("\n");
}

/** Letters of the longest cell from which a LaTeX column breaks its lines. */
const longCell = 50;
/** Rows that fit on a page; a longer table goes on over several. */
const rowsOfPage = 40;

function toLatex(columns: readonly TextColumn[], rowCount: number, caption?: string): string {
  const line = (texts: string[]) => `${texts.map(escapeLatex).join(" & ")} \\\\`;
  const isLong = ({ cells }: TextColumn) => cells.some((cell) => cell.length > longCell);
  const width = (0.6 / Math.max(1, columns.filter(isLong).length)).toFixed(2);
  const broken = `>{\\raggedright\\arraybackslash}p{${width}\\linewidth}`;
  const alignments = columns.map((column) => (isLong(column) ? broken : column.alignment === "right" ? "r" : "l"));
  const format = `{@{}${alignments.join("")}@{}}`;
  const title = caption ? [`\\caption{${escapeLatex(caption)}}`] : [];
  const head = ["\\toprule", line(columns.map(({ heading }) => heading)), "\\midrule"];
  const rows = Array.from({ length: rowCount }, (_, row) => line(columns.map(({ cells }) => cells[row]!)));
  const packages = [
    "booktabs",
    ...(columns.some(isLong) ? ["array"] : []),
    ...(rowCount > rowsOfPage ? ["longtable"] : []),
  ];
  const lines =
    rowCount > rowsOfPage
      ? [
          `\\begin{longtable}${format}`,
          ...title.map((text) => `${text} \\\\`),
          ...head,
          "\\endhead",
          ...rows,
          "\\bottomrule",
          "\\end{longtable}",
        ]
      : [
          "\\begin{table}[tb]",
          "\\centering",
          ...title,
          `\\begin{tabular}${format}`,
          ...head,
          ...rows,
          "\\bottomrule",
          "\\end{tabular}",
          "\\end{table}",
        ];
  return withNeeds(lines.join("\n"), packages);
}
