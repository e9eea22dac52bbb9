import { type BootstrapOptions, bootstrapMeanInterval } from "./interval";
import { mean, standardDeviation } from "./summary";

/** What a group of texts says about one correlation. All numbers but the counts are undefined where no tau is. */
export interface CorrelationSummary {
  /** All texts, with and without a defined tau. */
  n: number;
  defined: number;
  /** Over the texts with a tau, as the next four. */
  mean: number | undefined;
  /** Divided by n, not n - 1, as published. */
  standardDeviation: number | undefined;
  /** The 95 % bootstrap interval of the mean over texts of this one model. */
  meanLow: number | undefined;
  meanHigh: number | undefined;
  /** The share with tau > 0.5: at least three of four word pairs are ordered alike. */
  aboveHalf: number | undefined;
  /** The share with p <= 0.05 among the texts with a tau. */
  significantOfDefined: number | undefined;
  /**
   * The share with p <= 0.05 among all texts, one without a tau counting as not significant: the published convention.
   */
  significantOfAll: number | undefined;
  /** How many texts have no tau, by reason; empty where all have one. */
  undefinedByReason: { [reason: string]: number };
}

/** From this p-value down a correlation is called significant, as in the paper. */
export const significanceLevel = 0.05;

/**
 * Mean, spread, significant share and undefined texts of one correlation.
 *
 * An undefined tau is counted under its reason; it is neither dropped unseen nor averaged as 0. (The published tables
 * average it as NaN.)
 *
 * @param column as in "tauGradient"; its p-value and reason are in "tauGradientPValue" and "tauGradientUndefined"
 */
export function summarizeCorrelation(
  rows: readonly object[],
  column: string,
  options: BootstrapOptions = {},
): CorrelationSummary {
  const taus: number[] = [];
  const undefinedByReason: { [reason: string]: number } = {};
  let significant = 0;
  for (const row of rows as readonly Record<string, unknown>[]) {
    const tau = row[column];
    if (typeof tau === "number") {
      taus.push(tau);
      if ((row[`${column}PValue`] as number) <= significanceLevel) significant += 1;
    } else {
      const reason = String(row[`${column}Undefined`] ?? "not computed");
      undefinedByReason[reason] = (undefinedByReason[reason] ?? 0) + 1;
    }
  }
  const interval = bootstrapMeanInterval(taus, options);
  const ifAny = (value: number) => (taus.length > 0 ? value : undefined);
  return {
    n: rows.length,
    defined: taus.length,
    mean: ifAny(mean(taus)),
    standardDeviation: ifAny(standardDeviation(taus)),
    meanLow: interval?.[0],
    meanHigh: interval?.[1],
    aboveHalf: ifAny(taus.filter((tau) => tau > 0.5).length / taus.length),
    significantOfDefined: ifAny(significant / taus.length),
    significantOfAll: rows.length > 0 ? significant / rows.length : undefined,
    undefinedByReason,
  };
}
