import { unknownName } from "../errors";

/** With more classes than these, texts are not told apart by the predicted one, as in the paper's figures. */
export const mostClasses = 3;

/** The texts of one predicted class, or all of them. */
export interface ClassGroup<Row> {
  /** Undefined of the group of all texts; so it is never taken for a class, whatever a class is called. */
  class: string | undefined;
  rows: readonly Row[];
}

/**
 * A group for each predicted class, in the order of `classNames`, and one of all texts at the end; with more than three
 * classes that one alone, as in the paper.
 *
 * @throws UserError when a row's predicted class is not among `classNames`
 */
export function classGroups<Row extends { predicted: string }>(
  rows: readonly Row[],
  classNames: readonly string[],
): ClassGroup<Row>[] {
  for (const { predicted } of rows) {
    if (!classNames.includes(predicted)) throw unknownName("class", predicted, classNames);
  }
  const shown = classNames.length <= mostClasses ? classNames : [];
  const groups = shown.map((name) => ({ class: name, rows: rows.filter(({ predicted }) => predicted === name) }));
  return [...groups, { class: undefined, rows }];
}

/** The groups that the paper tells apart: the predicted classes, or all texts where there are more than three. */
export function paperGroups<Row extends { predicted: string }>(
  rows: readonly Row[],
  classNames: readonly string[],
): ClassGroup<Row>[] {
  const groups = classGroups(rows, classNames);
  return groups.length > 1 ? groups.slice(0, -1) : groups;
}
