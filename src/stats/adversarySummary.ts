import { allClasses, mostClasses } from "./correlationSummary";
import { mean } from "./summary";

/** What the adversarial search and the exact adversary say of one text, for the paper's ε and the authors' code's. */
export interface AdversaryColumns {
  predicted: string;
  searchJsd01: number | undefined;
  searchJsd05: number | undefined;
  exactJsd01: number | undefined;
  exactJsd05: number | undefined;
}

/** From this ε-max JSD on an adversarial attention is called far: about half of ln 2, the largest JSD there is. */
export const farJsd = 0.35;
/** A search that stays further than this below the exact ε-max JSD missed it. */
export const missedJsd = 0.05;

/** The ε-max JSD of the texts of one predicted class, in nats. All but the counts are undefined where no text has one. */
export type AdversarySummary = {
  /** The predicted class, or "all". */
  class: string;
  epsilon: number;
  n: number;
  /** Mean of what the search found; a text where nothing keeps the output is left out. */
  search: number | undefined;
  /** Texts where no candidate of the search keeps the output. */
  nothingFound: number;
  /** Share of texts where the search found an attention that is far: a lower bound of `far`. */
  searchFar: number | undefined;
  /** Mean of the exact ε-max JSD. */
  exact: number | undefined;
  /** Share of texts whose exact ε-max JSD is at least `farJsd`. */
  far: number | undefined;
  /** Share of texts where the search stays more than `missedJsd` below the exact one, or finds nothing. */
  missed: number | undefined;
};

const columns = [
  { epsilon: 0.01, found: "searchJsd01", largest: "exactJsd01" },
  { epsilon: 0.05, found: "searchJsd05", largest: "exactJsd05" },
] as const;

/** One summary for each predicted class and ε, and for all texts at the end; with more than three classes that alone, as in the paper. */
export function summarizeAdversaries(
  rows: readonly AdversaryColumns[],
  classNames: readonly string[],
): AdversarySummary[] {
  const shown = classNames.length > mostClasses ? [] : classNames;
  const groups = shown.map((name) => ({ name, members: rows.filter(({ predicted }) => predicted === name) }));
  return [...groups, { name: allClasses, members: rows }].flatMap(({ name, members }) =>
    columns.map(({ epsilon, found, largest }) => {
      const search = members.flatMap((row) => row[found] ?? []);
      const both = members.flatMap((row) => {
        const exact = row[largest];
        return exact === undefined ? [] : [{ exact, missing: exact - (row[found] ?? 0) }];
      });
      return {
        class: name,
        epsilon,
        n: members.length,
        search: search.length > 0 ? mean(search) : undefined,
        nothingFound: members.length - search.length,
        searchFar: share(members, (row) => (row[found] ?? 0) >= farJsd),
        exact: both.length > 0 ? mean(both.map(({ exact }) => exact)) : undefined,
        far: share(both, ({ exact }) => exact >= farJsd),
        missed: share(both, ({ missing }) => missing > missedJsd),
      };
    }),
  );
}

/** The share of the items that are so; undefined of no items. */
function share<Item>(items: readonly Item[], isSo: (item: Item) => boolean): number | undefined {
  return items.length > 0 ? items.filter(isSo).length / items.length : undefined;
}
