import type { StudyContents } from "../contents";
import { tableBlock } from "./tableBlock";

/** What the authors published of one measure, beside ours. */
export function publishedTable(
  { comparison }: StudyContents,
  measures: readonly string[],
  { title, name, about }: { title: string; name: string; about: string },
): HTMLElement {
  const common = "A corpus that the paper does not have is set beside the range over its corpora of the same task.";
  return tableBlock({
    title,
    about: `${about} ${common}`,
    name,
    rows: comparison.filter(({ measure }) => measures.includes(measure)),
    digits: 3,
    columns: {
      symbol: "",
      class: "predicted",
      statistic: "statistic",
      n: "texts",
      paper: "paper",
      rerun: "authors' re-run",
      ours: "ours",
      difference: "difference",
      meanNoise: "noise, mean",
      maxNoise: "largest",
      rangeLow: "paper's corpora, from",
      rangeHigh: "to",
      missing: "missing",
    },
  });
}
