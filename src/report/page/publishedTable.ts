import type { Column } from "../../study/columns";
import { fileOf, type OpenStudy } from "./context";
import { tableBlock } from "./tableBlock";

/** What the authors published of some columns, beside ours; nothing where these are not the paper's. */
export function publishedTable(study: OpenStudy, shown: readonly Column[]): HTMLElement[] {
  const { beside } = study.contents;
  const rows = beside.rows.filter(({ measure }) => shown.some(({ name }) => name === measure));
  if (rows.length === 0) return [];
  return [
    tableBlock({
      title: "Beside the paper",
      about:
        "Paper: Table 2, or numbers read back from published plots. Noise: how far two published runs of the authors' own code are apart; no replication can be asked to come closer. A corpus that the paper does not have is set beside the range over its corpora of the same task.",
      name: fileOf(study, "beside-the-paper"),
      table: { ...beside, rows, digits: 3 },
    }),
  ];
}
