import { classGroups } from "../stats/classGroups";
import { groupBy } from "../stats/groupBy";
import { mean, quantile, standardDeviation } from "../stats/summary";
import type { Column } from "./columns";

/** Of a group of texts: how many have a value, and how these are spread; without one all others are undefined. */
export interface Distribution {
  n: number;
  mean: number | undefined;
  /** Divided by n, not n - 1, as published. */
  standardDeviation: number | undefined;
  quartiles: [number, number, number] | undefined;
  /** How many texts have no value, by reason, where reasons are told. */
  undefinedBecause?: Record<string, number>;
}

/** What the texts of one predicted class say, or all of them. */
export interface ClassSummary {
  /** Undefined for all texts. */
  class: string | undefined;
  n: number;
  /** By column. */
  columns: Record<string, Distribution>;
}

/** A summary of each column of numbers, for each predicted class and for all texts; with more than three classes for these alone, as in the paper. */
export function summarizeRows(
  rows: readonly { predicted: string }[],
  columns: readonly Column[],
  classNames: readonly string[],
): ClassSummary[] {
  const numbers = columns.filter(({ kind }) => kind === "number");
  return classGroups(rows, classNames).map((group) => ({
    class: group.class,
    n: group.rows.length,
    columns: Object.fromEntries(numbers.map((column) => [column.name, describe(group.rows, column)])),
  }));
}

function describe(texts: readonly object[], { name, reason }: Column): Distribution {
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
    standardDeviation: none ? undefined : standardDeviation(defined),
    quartiles: none ? undefined : [quantile(defined, 0.25), quantile(defined, 0.5), quantile(defined, 0.75)],
    ...(reason !== undefined &&
      reasons.size > 0 && {
        undefinedBecause: Object.fromEntries([...reasons].map(([why, members]) => [why, members.length])),
      }),
  };
}
