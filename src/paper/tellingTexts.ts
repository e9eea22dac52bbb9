import { epsilonDigits } from "../study/columns";
import { epsilonOfPaper } from "./adversaries";
import { type ComparedStudy, columnsOf } from "./studies";

/** The shortest and the longest text that is shown, in words: long enough for a choice, short enough to be read. */
export const shownLengths = [8, 40] as const;

/** A study whose words and weights can be read. */
type ReadableStudy<Text> = ComparedStudy & { texts(): Promise<readonly (Text | undefined)[]> };

/**
 * The texts that the heatmaps of figure 1 show, by a rule and not by hand: for each study, of the texts of 8 to 40
 * words that are classified rightly, for which the search found an adversarial attention at the paper's ε and whose words
 * are kept, those with the furthest ones, and the one in the middle, as the furthest are not the rule. Equal ones stand in
 * the order of ids.
 *
 * @param furthest how many of the furthest; default 2
 */
export async function tellingTexts<Text extends { words?: readonly string[] }>(
  { configurations }: { configurations: readonly ReadableStudy<Text>[] },
  { furthest = 2 }: { furthest?: number } = {},
) {
  const found = configurations.map(async (study) => {
    const column = `searchJsd${epsilonDigits(epsilonOfPaper(study))}`;
    const texts = await study.texts();
    const candidates = study.rows
      .flatMap((row, index) => {
        const [jsd, text] = [columnsOf(row)[column], texts[index]];
        const isRight = row.predicted === row.label && row.words >= shownLengths[0] && row.words <= shownLengths[1];
        return isRight && typeof jsd === "number" && text?.words ? [{ row, jsd, text, words: text.words }] : [];
      })
      .sort((a, b) => b.jsd - a.jsd || (a.row.id < b.row.id ? -1 : 1));
    const middle = Math.floor((candidates.length - 1) / 2);
    return candidates.flatMap((candidate, index) => {
      if (index >= furthest && index !== middle) return [];
      const title = `${study.corpus}, ${candidate.row.id}: the ${index < furthest ? "furthest" : "median"}`;
      return [{ study, ...candidate, title }];
    });
  });
  return (await Promise.all(found)).flat();
}
