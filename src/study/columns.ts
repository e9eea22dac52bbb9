import type { Quantity } from "../analysis/quantity";

/** What a column of a study's rows is. */
export interface Column<Name extends string = string> extends Quantity<Name> {
  kind: "number" | "text";
  /** The column that says why a value is undefined. */
  reason?: string;
}

/** What every column has: its name, as it is called in a table and in a sentence, and what it means. */
export function columnOf(kind: Column["kind"], name: string, symbol: string, title: string, meaning: string): Column {
  return { kind, name, symbol, title, meaning };
}

/** Rows with what a reader needs to see of them: a heading for each column that is shown, in order. */
export interface Table<Row extends object = Record<string, unknown>> {
  rows: readonly Row[];
  columns: { [name in keyof Row]?: string };
  caption?: string;
  /** Sentences above it, in Markdown. */
  lead?: string;
  /** Default: as the columns' definitions say, else 2. */
  digits?: number;
  /** The line that opens the table, where it is folded at first. Default: it is open. */
  folded?: string;
}

const known = new Map<string, Column>();

/** Makes columns known to all figures and tables of this process; a later definition of a name replaces the earlier. */
export function defineColumns(columns: readonly Column[]): void {
  for (const column of columns) known.set(column.name, column);
}

/** What is known of a column; undefined for one that nobody defined. */
export function columnNamed(name: string): Column | undefined {
  return known.get(name);
}

/** As plotly and HTML write a symbol, or a title that begins with one: "τ_g" becomes "τ<sub>g</sub>". */
export function symbolHtml(symbol: string): string {
  return symbol.replace(/_(\S*[^\s,])/g, "<sub>$1</sub>");
}

/** The digits that end the name of a column for an ε: .01 gives "01". */
export function epsilonDigits(epsilon: number): string {
  return epsilon.toFixed(10).replace(/0+$/, "").split(".")[1]!;
}
