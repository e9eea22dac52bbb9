import { classGroups } from "../stats/classGroups";
import { groupBy, mean, quantile, standardDeviation } from "../stats/summary";
import type { Column } from "./columns";

/** A summary of each column of numbers, by predicted class (but of more than three) and for all texts, whose class is undefined. */
export function summarizeRows(
  rows: readonly { predicted: string }[],
  columns: readonly Column[],
  classNames: readonly string[],
) {
  const numbers = columns.filter(({ kind }) => kind === "number");
  return classGroups(rows, classNames).map((group) => ({
    class: group.class,
    n: group.rows.length,
    columns: Object.fromEntries(numbers.map((column) => [column.name, describe(group.rows, column)])),
  }));
}

/** How many texts have a value, how these are spread, and why the others have none, where reasons are told. */
function describe(texts: readonly object[], { name, reason }: Column) {
  const rows = texts as readonly Record<string, unknown>[];
  const defined = rows.flatMap((row) => (row[name] as number | undefined) ?? []);
  const none = defined.length === 0;
  const reasons = groupBy(
    rows.filter((row) => row[name] === undefined),
    (row) => String(reason === undefined ? "" : row[reason]),
  );
  return {
    n: defined.length,
    mean: none ? undefined : mean(defined),
    /** Divided by n, not n - 1, as published. */
    standardDeviation: none ? undefined : standardDeviation(defined),
    quartiles: none ? undefined : [quantile(defined, 0.25), quantile(defined, 0.5), quantile(defined, 0.75)],
    ...(reason !== undefined &&
      reasons.size > 0 && {
        undefinedBecause: Object.fromEntries([...reasons].map(([why, members]) => [why, members.length])),
      }),
  };
}
