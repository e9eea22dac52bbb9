/** What decides whether a text is shown. */
export interface ChosenColumns {
  id: string;
  words: number;
  predicted: string;
  label: string;
}

/** A text to show, and which it is among the candidates. */
export interface TellingText<Row> {
  row: Row;
  which: "furthest" | "median";
  /** From 1: its place among the candidates, furthest first. */
  rank: number;
  candidates: number;
}

/** The shortest and the longest text that is shown, in words: long enough for a choice, short enough to be read. */
export const shownLengths = [8, 40] as const;

/**
 * The texts that a heatmap shows, by a rule and not by hand: of the texts of 8 to 40 words that are classified rightly
 * and have a value in the column, those with the largest ones, and the one in the middle, as the largest are not the rule.
 *
 * @param column of the divergence between two attentions, as in "searchJsd01"; equal ones stand in the order of ids
 * @param furthest how many of the largest; default 2
 */
export function tellingTexts<Row extends ChosenColumns>(
  rows: readonly Row[],
  column: keyof Row & string,
  { furthest = 2 }: { furthest?: number } = {},
): TellingText<Row>[] {
  const [shortest, longest] = shownLengths;
  const candidates = rows
    .filter(({ words, predicted, label }) => words >= shortest && words <= longest && predicted === label)
    .filter((row) => row[column] !== undefined)
    .sort((a, b) => Number(b[column]) - Number(a[column]) || (a.id < b.id ? -1 : 1));
  const place = (index: number, which: TellingText<Row>["which"]) => {
    const row = candidates[index];
    return row ? [{ row, which, rank: index + 1, candidates: candidates.length }] : [];
  };
  const middle = Math.floor((candidates.length - 1) / 2);
  const first = Array.from({ length: Math.min(furthest, candidates.length) }, (_, index) => index);
  return [
    ...first.flatMap((index) => place(index, "furthest")),
    ...(middle >= furthest ? place(middle, "median") : []),
  ];
}
