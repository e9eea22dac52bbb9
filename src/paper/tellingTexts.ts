import { epsilonDigits } from "../study/columns";
import { epsilonOfPaper } from "./adversaries";
import { type ComparedStudy, columnsOf, type TextRow } from "./studies";

/** The shortest and the longest text that is shown, in words: long enough for a choice, short enough to be read. */
export const shownLengths = [8, 40] as const;

/**
 * The texts that the heatmaps of figure 1 show, by a rule and not by hand: for each study, of the texts of 8 to 40
 * words that are classified rightly and for which the search found an adversarial attention, those with the furthest
 * ones, and the one in the middle, as the furthest are not the rule. Equal ones stand in the order of ids. `rank` is its
 * place among the candidates, from 1, furthest first.
 *
 * @param column default: what the search found at the paper's ε, as in "searchJsd01"
 * @param furthest how many of the furthest; default 2
 */
export function tellingTexts<Study extends ComparedStudy>(
  { configurations }: { configurations: readonly Study[] },
  { column, furthest = 2 }: { column?: string; furthest?: number } = {},
) {
  return configurations.flatMap((study) => {
    const candidates = candidatesOf<Study["rows"][number]>(
      study.rows,
      column ?? `searchJsd${epsilonDigits(epsilonOfPaper(study))}`,
    );
    const middle = Math.floor((candidates.length - 1) / 2);
    return candidates.flatMap(({ row, jsd }, index) => {
      if (index >= furthest && index !== middle) return [];
      const which = index < furthest ? ("furthest" as const) : ("median" as const);
      const title = `${study.corpus}, ${row.id}: the ${which}`;
      return [{ study, row, jsd, which, title, rank: index + 1, candidates: candidates.length }];
    });
  });
}

function candidatesOf<Row extends TextRow>(rows: readonly Row[], column: string): { row: Row; jsd: number }[] {
  const [shortest, longest] = shownLengths;
  return rows
    .filter(({ words, predicted, label }) => words >= shortest && words <= longest && predicted === label)
    .flatMap((row) => {
      const jsd = columnsOf(row)[column];
      return typeof jsd === "number" ? [{ row, jsd }] : [];
    })
    .sort((a, b) => b.jsd - a.jsd || (a.row.id < b.row.id ? -1 : 1));
}
