import { formatTable } from "../../notebook/table";
import type { Table } from "../../study/columns";
import { button, element, fromHtml } from "./dom";
import { download, downloadCsv } from "./download";

export interface TableBlock<Row extends object> {
  title: string;
  about: string;
  /** Of the files, without ending. */
  name: string;
  table: Table<Row>;
}

/** A table with what it says and its downloads. */
export function tableBlock<Row extends object>({ title, about, name, table }: TableBlock<Row>): HTMLElement {
  // What is undefined was left out when the rows were written.
  const undefinedOnes = Object.fromEntries(Object.keys(table.columns).map((key) => [key, undefined]));
  const rows = table.rows.map((row) => ({ ...undefinedOnes, ...row }));
  const { html, latex, records } = formatTable<Row>({ ...table, caption: undefined, rows });
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
