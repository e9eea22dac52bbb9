import { UserError } from "../errors";
import { type BootstrapOptions, bootstrapMeanInterval, mean } from "./summary";

/** How far two models are apart on the same texts. */
export interface PairedDifference {
  /** Texts of both for which both have a value. */
  n: number;
  /** Of the first less the second, per text; undefined where n is 0. */
  mean: number | undefined;
  /** The 95 % bootstrap interval of that mean over texts; undefined where n is below 2. */
  low: number | undefined;
  high: number | undefined;
}

/**
 * The mean difference per text of one column between two models, as in the paper's figure 5, with its bootstrap interval.
 *
 * Texts are paired by id. A text that one of the two has no value for is left out, and `n` says how many are in.
 *
 * @throws UserError when an id comes twice in the rows of one model, or no text is in both
 *
 * @example pairedDifference(averageRows, bilstmRows, "tauLeaveOneOut")
 */
export function pairedDifference<Name extends string>(
  rows: readonly ({ id: string } & { [name in Name]?: number | undefined })[],
  others: readonly ({ id: string } & { [name in Name]?: number | undefined })[],
  column: Name,
  options: BootstrapOptions = {},
): PairedDifference {
  const values = valuesById(rows, column);
  const differences: number[] = [];
  let shared = 0;
  for (const [id, other] of valuesById(others, column)) {
    if (!values.has(id)) continue;
    shared += 1;
    const value = values.get(id);
    if (value !== undefined && other !== undefined) differences.push(value - other);
  }
  if (shared === 0) {
    throw new UserError(
      `Differences are taken between rows of the same texts, but the ${rows.length} and ${others.length} rows have no id in common.`,
    );
  }
  const interval = bootstrapMeanInterval(differences, options);
  return {
    n: differences.length,
    mean: differences.length > 0 ? mean(differences) : undefined,
    low: interval?.[0],
    high: interval?.[1],
  };
}

function valuesById<Name extends string>(
  rows: readonly ({ id: string } & { [name in Name]?: number | undefined })[],
  column: Name,
): Map<string, number | undefined> {
  const values = new Map(rows.map((row) => [row.id, (row as { [name in Name]?: number | undefined })[column]]));
  if (values.size < rows.length) {
    throw new UserError(`Rows are paired by id, but ${rows.length} rows have only ${values.size} different ids.`);
  }
  return values;
}
