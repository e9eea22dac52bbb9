import type { MeasuredText } from "../analysis/measure";
import type { Cell, Cells } from "./parquet";

/** What is kept of a text; undefined where its weights are not. @param importances those that the study has */
export function textAt(cells: Cells, index: number, importances: readonly string[]): MeasuredText | undefined {
  const cell = <T extends Cell>(column: string) => cells[column]?.[index] as T;
  const attention = cell<readonly number[] | undefined>("attention");
  if (attention === undefined) return undefined;
  return {
    words: cell<readonly string[] | undefined>("tokens"),
    question: cell<readonly string[] | undefined>("question"),
    predicted: cell<string>("predicted"),
    label: cell<string>("label"),
    probability: cell<number>("probability"),
    attention,
    contributions: cell<readonly number[] | undefined>("contribution"),
    importances: listsAt(cells, index, importances),
  };
}

/** The lists of a text in the columns of these names, with an ending; without those that it has none of. */
export function listsAt(cells: Cells, index: number, names: readonly string[], ending = "") {
  const lists = names.map((name) => [name, cells[`${name}${ending}`]?.[index] as readonly number[] | undefined]);
  return Object.fromEntries(lists.filter(([, values]) => values !== undefined)) as Record<string, readonly number[]>;
}
