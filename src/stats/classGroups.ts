/** With more classes than these, texts are not told apart by the predicted one, as in the paper's figures. */
export const mostClasses = 3;

/**
 * What the paper tells apart: the predicted classes or, where there are more than three, all texts, which are undefined;
 * so they are never taken for a class, whatever a class is called.
 */
export function toldClasses(classNames: readonly string[]): readonly (string | undefined)[] {
  return classNames.length > mostClasses ? [undefined] : classNames;
}

/** The texts of each of these in the order of `classNames`, and all texts at the end. */
export function classGroups<Row extends { predicted: string }>(rows: readonly Row[], classNames: readonly string[]) {
  return [...new Set([...toldClasses(classNames), undefined])].map((name) => {
    return { class: name, rows: name === undefined ? rows : rows.filter(({ predicted }) => predicted === name) };
  });
}
