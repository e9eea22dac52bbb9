import type { CounterfactualComparison } from "../../paper/counterfactual";
import type { StudyContents } from "../contents";
import { problem } from "./figureBlock";
import { prose } from "./prose";
import { tableBlock } from "./tableBlock";

/** What the authors published of one measure of counterfactual attention, beside ours, and what follows from all of them. */
export function publishedTable(
  { counterfactuals, answers, notCompared }: StudyContents,
  measure: CounterfactualComparison["measure"],
  name: string,
): HTMLElement[] {
  if (notCompared) return [problem(new Error(notCompared))];
  const rows = counterfactuals.filter((row) => row.measure === measure);
  if (rows.length === 0) return [prose(answers.counterfactual)];
  const table = tableBlock({
    title: `Beside the paper: ${measure}`,
    about:
      "The authors published plots of one run; the numbers are read back from them. As in their code, a text where the search finds nothing counts as 0, and ε is .05. A corpus that the paper does not have is set beside the range over the paper's binary classification corpora.",
    name,
    rows,
    digits: 3,
    columns: {
      class: "predicted",
      bin: "largest weight",
      n: "texts",
      published: "published",
      ours: "ours",
      difference: "ours − published",
      rangeLow: "paper's corpora, from",
      rangeHigh: "to",
    },
  });
  return [table, prose(answers.counterfactual)];
}
