import type { Task } from "../data/dataset";
import type { ValueOfLength } from "../stats/byLength";
import { averagedOverRuns } from "../stats/interval";
import { mean } from "../stats/summary";
import type { ComparedStudy, Model } from "./studies";

/** A text's row; its other columns are read by name, as a study has those of its own analyses. */
export interface TextRow {
  id: string;
  words: number;
  /** Name of the predicted class, and of the true one. */
  predicted: string;
  label: string;
}

/** A row with all its columns. */
export function columnsOf(row: object): Readonly<Record<string, unknown>> {
  return row as Record<string, unknown>;
}

/** The numbers of figures 3 and 4: τ(gradient, leave-one-out) less the agreement of attention with one of them. */
const yardsticks: { [column: string]: string } = {
  lessTauGradient: "tauGradient",
  lessTauLeaveOneOut: "tauLeaveOneOut",
};

/**
 * A column's value in a row, where it is a number; a search that found nothing counts as 0, as in the authors' plots,
 * and `lessTauGradient` and `lessTauLeaveOneOut` follow from their two correlations.
 */
export function numberIn(row: object, column: string): number | undefined {
  const less = yardsticks[column];
  if (less !== undefined) return differenceIn(row, "tauGradientLeaveOneOut", less);
  const value = columnsOf(row)[column];
  if (typeof value === "number") return value;
  return /^searchJsd\d/.test(column) && column in row ? 0 : undefined;
}

/** One column's value in a row less another's; undefined where it lacks either. */
export function differenceIn(row: object, first: string, second: string): number | undefined {
  const [one, other] = [numberIn(row, first), numberIn(row, second)];
  return one === undefined || other === undefined ? undefined : one - other;
}

/**
 * The texts of a study, or of a predicted class, that have a value, of a column or made from the row, with the story or
 * premise that they share.
 */
export function valuesOf(
  study: Pick<ComparedStudy, "rows"> & { task?: Task },
  of: string | ((row: TextRow) => number | undefined),
  name?: string,
): ValueOfLength[] {
  const { rows, task = "classification" } = study;
  const texts: ValueOfLength[] = [];
  let cluster = 0;
  for (const [index, row] of rows.entries()) {
    if (index > 0 && !goesOn(task, row.words, rows[index - 1]!.words)) cluster += 1;
    if (name !== undefined && row.predicted !== name) continue;
    const value = typeof of === "string" ? numberIn(row, of) : of(row);
    const shared = task === "classification" ? undefined : String(cluster);
    if (value !== undefined) texts.push({ id: row.id, words: row.words, cluster: shared, value });
  }
  return texts;
}

/**
 * Whether a text shares what the one before it has: neighbours are of one story while they grow, as each question has all
 * that was told before it, and of one premise while they have the same length. Where this takes two together, an interval
 * is too wide, never too narrow.
 */
function goesOn(task: Task, words: number, before: number): boolean {
  return task === "inference" ? words === before : words > before;
}

/** The texts of a model, or of a predicted class of it, that have a value: each once, with its mean over the seeds. */
export function textsOf({ studies }: Pick<Model, "studies">, column: string, name?: string): ValueOfLength[] {
  return averagedOverRuns(studies.map((study) => valuesOf(study, column, name)));
}

/** The texts of a predicted class; all where none is named. */
export function textsOfClass({ rows }: Pick<ComparedStudy, "rows">, name: string | undefined): readonly TextRow[] {
  return name === undefined ? rows : rows.filter(({ predicted }) => predicted === name);
}

/** The mean of what items give, of those that give something. */
export function meanOver<Item>(items: readonly Item[], read: (item: Item) => number | undefined): number | undefined {
  return rangeOf(items.flatMap((item) => read(item) ?? [])).mean;
}

/** The mean of some numbers with the smallest and the largest; all undefined of none. */
export function rangeOf(values: readonly number[]): { mean?: number; low?: number; high?: number } {
  return values.length > 0 ? { mean: mean(values), low: Math.min(...values), high: Math.max(...values) } : {};
}
