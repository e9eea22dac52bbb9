import { formatTable } from "../../notebook/table";
import type { Table } from "../../study/columns";
import { button, element, fromHtml } from "./dom";
import { download, downloadCsv } from "./download";

export interface TableBlock<Row extends object> extends Pick<Table<Row>, "digits"> {
  title: string;
  about: string;
  /** Of the files, without ending. */
  name: string;
  rows: readonly Row[];
  /** The columns to show, with their headings. */
  columns: Table<Row>["columns"];
}

/** A table with what it says and its downloads. */
export function tableBlock<Row extends object>({
  title,
  about,
  name,
  rows,
  columns,
  digits,
}: TableBlock<Row>): HTMLElement {
  // What is undefined was left out when the rows were written.
  const whole = rows.map((row) => ({
    ...Object.fromEntries(Object.keys(columns).map((key) => [key, undefined])),
    ...row,
  }));
  const { html, latex, records } = formatTable<Row>({ rows: whole, columns, digits });
  return element("section", { class: "table" }, [
    element("h3", {}, [title]),
    element("p", { class: "about" }, [about]),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, [fromHtml(html)]),
    element("p", { class: "downloads" }, [
      button("CSV", () => downloadCsv(name, records), { "aria-label": `CSV of ${title}` }),
      button("LaTeX", () => download(`${name}.tex`, latex), { "aria-label": `LaTeX of ${title}` }),
    ]),
  ]);
}
