import { classGroups } from "../stats/classGroups";
import { bootstrapMeanInterval } from "../stats/interval";
import { mean } from "../stats/summary";
import { type ComparedStudy, columnsOf, meanOver, modelsOf, type StudiesOf, type TextRow, textsOf } from "./studies";

/** From this ε-max JSD on an adversarial attention is called far: about half of ln 2, the largest JSD there is. */
export const farJsd = 0.35;
/** A search that stays further than this below the exact ε-max JSD missed it. */
export const missedJsd = 0.05;

/** The paper's ε (section 4.2.2): .01 in classification, .05 of texts with a question. */
export function epsilonOfPaper({ task }: Pick<ComparedStudy, "task">): 0.01 | 0.05 {
  return task === "classification" ? 0.01 : 0.05;
}

/**
 * What the search found beside the exact maximum, for each model, predicted class and ε, and for all texts (`class`
 * undefined); over the texts of all seeds.
 *
 * `search` is the mean of what was found, without the texts of `nothingFound`; `far` the share whose exact ε-max JSD is
 * at least `farJsd`, `searchFar` that by what was found, a lower bound; `missed` the share where the search stays more
 * than `missedJsd` below the exact maximum, or finds nothing. Undefined where no text has an exact one, as of texts
 * with a question.
 */
export function epsilonTable(runs: StudiesOf) {
  const rows = modelsOf(runs).flatMap(({ names, study, studies }) =>
    classGroups(
      studies.flatMap((each) => each.rows),
      study.classNames,
    ).flatMap((group) =>
      epsilonsOf(studies, "searchJsd").map(({ epsilon, column, digits }) => ({
        ...names,
        class: group.class,
        epsilon,
        n: group.rows.length,
        ...summarize(group.rows, column, `exactJsd${digits}`),
      })),
    ),
  );
  const whose = { corpus: "Corpus", encoder: "encoder", attention: "attention", class: "predicted", epsilon: "ε" };
  const bySearch = { n: "texts", search: "search, mean", nothingFound: "nothing found", searchFar: "far, by search" };
  const columns = { ...whose, ...bySearch, exact: "exact, mean", far: "far, exact", missed: "missed" };
  const caption = `Far: a JSD of at least ${farJsd}. Missed: the search stays more than ${missedJsd} below the exact maximum.`;
  return { rows, columns, caption };
}

function summarize(rows: readonly TextRow[], search: string, exact: string) {
  const texts = rows.map((row) => ({ found: columnsOf(row)[search], largest: columnsOf(row)[exact] }) as Found);
  const both = texts.filter((text) => text.largest !== undefined);
  return {
    search: meanOver(texts, ({ found }) => found),
    nothingFound: texts.filter(({ found }) => found === undefined).length,
    searchFar: meanOver(texts, ({ found = 0 }) => Number(found >= farJsd)),
    exact: meanOver(both, ({ largest }) => largest),
    far: meanOver(both, ({ largest }) => Number(largest! >= farJsd)),
    missed: meanOver(both, ({ found = 0, largest }) => Number(largest! - found > missedJsd)),
  };
}

type Found = { found: number | undefined; largest: number | undefined };

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
 * The mean exact ε-max JSD of each predicted class, in nats, as a curve over ε; of several seeds, each text has its mean.
 * A class without a text that has one is left out, so of texts with a question there is no point at all. The ends of the
 * interval are undefined for fewer than two texts.
 */
export function exactCurve(runs: StudiesOf) {
  return modelsOf(runs).flatMap(({ names, study, studies }) =>
    study.classNames.flatMap((name) =>
      epsilonsOf(studies, "exactJsd").flatMap(({ epsilon, column }) => {
        const values = textsOf({ studies }, column, name).map(({ value }) => value);
        if (values.length === 0) return [];
        const [low, high] = bootstrapMeanInterval(values) ?? [];
        const interval = "95 % bootstrap interval over texts";
        return [{ ...names, class: name, epsilon, n: values.length, jsd: mean(values), low, high, interval }];
      }),
    ),
  );
}
