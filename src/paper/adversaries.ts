import { classGroups } from "../stats/classGroups";
import { overTexts } from "../stats/interval";
import { epsilonDigits } from "../study/columns";
import { type ComparedStudy, modelsOf, type StudiesOf } from "./studies";
import { columnsOf, differenceIn, meanOver, numberIn, type TextRow, textsOf } from "./texts";

/** A search that stays further than this below the exact ε-max JSD, in nats, missed it: this study's choice. */
export const missedJsd = 0.05;

/** What the paper's search may change: .01, and .05 where there is a question. */
export const unchanged = 0.01;

/** The paper's ε (section 4.2.2): .01 in classification, .05 of texts with a question. */
export function epsilonOfPaper({ task }: Pick<ComparedStudy, "task">): 0.01 | 0.05 {
  return task === "classification" ? 0.01 : 0.05;
}

/**
 * What the search found beside the exact maximum, for each model, predicted class and ε, and for all texts (`class`
 * undefined); over the texts of all seeds.
 *
 * `search` is the mean of what was found, without the texts of `nothingFound`; `ofCeiling` the exact maximum as a share of
 * the largest JSD that there is, whatever the output does; `missed` the share of texts where the search stays more than
 * `missedJsd` below the exact maximum, or finds nothing. Undefined where no text has an exact one, as of texts with a
 * question.
 */
export function epsilonTable(runs: StudiesOf) {
  const rows = modelsOf(runs).flatMap(({ names, study, studies }) =>
    classGroups(
      studies.flatMap((each) => each.rows),
      study.classNames,
    ).flatMap((group) =>
      epsilonsOf(studies, "searchJsd").map(({ epsilon, column, digits }) => {
        const exact = `exactJsd${digits}`;
        const found = (row: TextRow) => columnsOf(row)[column] as number | undefined;
        return {
          ...{ ...names, class: group.class, epsilon, n: group.rows.length },
          search: meanOver(group.rows, found),
          nothingFound: group.rows.filter((row) => found(row) === undefined).length,
          exact: meanOver(group.rows, (row) => numberIn(row, exact)),
          ofCeiling: meanOver(group.rows, (row) => shareOfCeiling(row, exact)),
          missed: meanOver(group.rows, (row) => {
            const short = differenceIn(row, exact, column);
            return short === undefined ? undefined : Number(short > missedJsd);
          }),
        };
      }),
    ),
  );
  const whose = { corpus: "Corpus", encoder: "encoder", attention: "attention", class: "predicted", epsilon: "ε" };
  const numbers = { n: "texts", search: "search, mean", nothingFound: "nothing found", exact: "exact, mean" };
  const columns = { ...whose, ...numbers, ofCeiling: "share of the ceiling", missed: "missed" };
  const caption = `Ceiling: the largest JSD there is, whatever the output does. Missed: the search stays more than ${missedJsd} below the exact maximum.`;
  return { rows, columns, caption };
}

/** An exact ε-max JSD as a share of the largest there is, whatever the output does. */
export function shareOfCeiling(row: TextRow, exact = "exactJsd01"): number | undefined {
  const [jsd, ceiling] = [numberIn(row, exact), numberIn(row, "jsdCeiling")];
  return jsd === undefined || !ceiling ? undefined : jsd / ceiling;
}

/** The ε of the columns whose names begin so, as 0.01 of "searchJsd01", rising. */
function epsilonsOf(studies: readonly ComparedStudy[], start: string) {
  const columns = new Set(studies.flatMap(({ rows }) => Object.keys(rows[0] ?? {})));
  return [...columns]
    .flatMap((column) => {
      const digits = column.startsWith(start) ? column.slice(start.length) : "";
      return /^\d+$/.test(digits) ? [{ column, digits, epsilon: Number(`0.${digits}`) }] : [];
    })
    .sort((a, b) => a.epsilon - b.epsilon);
}

/**
 * The mean exact ε-max JSD of each predicted class, or of each model's texts, in nats, as a curve over ε; of several seeds,
 * each text has its mean. Without a text that has one, as where there is a question, there is no point. The ends of the
 * interval are undefined for fewer than two texts.
 */
export function exactCurve(runs: StudiesOf, of: "class" | "model" = "class") {
  return modelsOf(runs).flatMap(({ names, study, studies }) =>
    (of === "class" ? study.classNames : [undefined]).flatMap((name) =>
      epsilonsOf(studies, "exactJsd").flatMap(({ epsilon, column }) => {
        const values = textsOf({ studies }, column, name).map(({ value }) => value);
        if (values.length === 0) return [];
        const { n, mean, low, high, interval } = overTexts(values);
        return [{ ...names, class: name, epsilon, n, jsd: mean!, low, high, interval }];
      }),
    ),
  );
}

/** The shortest and the longest text that is shown, in words: long enough for a choice, short enough to be read. */
export const shownLengths = [8, 40] as const;

/**
 * The texts that the heatmaps of figure 1 show, by a rule and not by hand: for each study, of the texts of 8 to 40
 * words that are classified rightly, for which the search found an adversarial attention at the paper's ε and whose words
 * are kept, those with the furthest ones, and the one in the middle, as the furthest are not the rule. Equal ones stand in
 * the order of ids.
 *
 * @param furthest how many of the furthest; default 2
 */
export async function tellingTexts<Text extends { words?: readonly string[] }>(
  { configurations }: { configurations: readonly (ComparedStudy & { texts(): Promise<(Text | undefined)[]> })[] },
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
