import { html } from "htm/preact";
import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import { formatNumber } from "../../figures/figure";
import type { Column } from "../../study/columns";
import { scrolling, symbolOf } from "./blocks";
import type { Context } from "./context";

const rowsOfPage = 200;

export interface TableColumn<Row> {
  /** As in the address, where the table is sorted by it. */
  name: string;
  heading?: ComponentChild;
  /** What it is, where the pointer rests on the heading. */
  title?: string;
  /** Of numbers, which stand on the right. */
  digits?: number;
  value: (row: Row) => number | string | undefined;
  cell?: (row: Row) => ComponentChild;
}

export function numberColumn<Row>(
  { name, title, meaning, digits = 2, ...column }: Column,
  value: TableColumn<Row>["value"],
): TableColumn<Row> {
  return { name, heading: symbolOf(column), title: `${title}. ${meaning}`, digits, value };
}

interface TableProps<Row> extends Pick<Context, "state" | "go"> {
  /** What the rows are, as in "texts". */
  of: string;
  /** Those that are asked for, in the order that is asked for. */
  rows: readonly Row[];
  /** How many there are. */
  all: number;
  columns: readonly TableColumn<Row>[];
  save: () => void;
}

/** The rows as the state sorts them; in their own order where it names no column of theirs. */
export function sortedBy<Row>({ rows, columns, state }: Pick<TableProps<Row>, "rows" | "columns" | "state">): Row[] {
  const column = columns.find(({ name }) => name === state.sort);
  return column ? sortBy(rows, column.value, state.order) : [...rows];
}

/** How many rows there are, and a table of them whose headings sort it, and of which the first rows are in the page. */
export function DataTable<Row>({ of, rows, all, columns, save, state, go }: TableProps<Row>) {
  const { sort, order } = state;
  const [shown, setShown] = useState(rowsOfPage);
  const classOf = ({ name, digits }: TableColumn<Row>) =>
    `${digits === undefined ? "" : "number"}${name === sort ? " sorted" : ""}`;
  const heads = columns.map((column) => {
    const { name, heading = name, title } = column;
    const direction = name === sort ? order : undefined;
    const onSort = () => go({ sort: name, order: direction === "descending" ? "ascending" : "descending" });
    const mark = direction && (direction === "descending" ? " ▾" : " ▴");
    return html`
      <th scope="col" class=${classOf(column)} aria-sort=${direction}>
        <button type="button" title=${title} onClick=${onSort}>${heading}${mark}</button>
      </th>`;
  });
  const lines = rows.slice(0, shown).map((row) => {
    const cells = columns.map((column) => {
      const { digits, value, cell = value } = column;
      const content = cell(row) ?? "–";
      const text = typeof content === "number" ? formatNumber(content, digits) : content;
      return html`<td class=${classOf(column)}>${text}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  const [few, most, more] = [rows.length, all, rows.length - shown].map((count) => formatNumber(count, 0));
  return html`
    <div class="bar">
      <p class="status" role="status">${few} of ${most} ${of}</p>
      <button type="button" onClick=${save}>CSV of these ${of}</button>
    </div>
    ${scrolling(of, html`<table class="rows"><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table>`)}
    ${
      rows.length > shown &&
      html`<button type="button" onClick=${() => setShown(shown + rowsOfPage)}>Show more; ${more} are left</button>`
    }`;
}

/** Items by a value, those without one last in both orders; equal ones stay in the order that they have. */
export function sortBy<Item>(
  items: readonly Item[],
  read: (item: Item) => number | string | undefined,
  order: string,
): Item[] {
  const sign = order === "descending" ? -1 : 1;
  const compare = (one: Item, other: Item) => {
    const [first, second] = [read(one), read(other)];
    if (first === undefined || second === undefined) return Number(first === undefined) - Number(second === undefined);
    if (typeof first === "number" && typeof second === "number") return sign * (first - second);
    return sign * String(first).localeCompare(String(second), "en", { numeric: true });
  };
  return [...items].sort(compare);
}
