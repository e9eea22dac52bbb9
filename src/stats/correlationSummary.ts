import { unknownName } from "../errors";
import { type BootstrapOptions, bootstrapMeanInterval, mean, standardDeviation } from "./summary";

/** One instance's tau, or why it has none; what `kendallTau` returns is one. */
export type CorrelationResult =
  | { kind: "defined"; tau: number; pValue: number }
  | { kind: "undefined"; reason: string };

/** What a group of instances says about one correlation. All numbers but the counts are undefined where no tau is. */
export interface CorrelationSummary {
  /** All instances, with and without a defined tau. */
  n: number;
  defined: number;
  /** Over the defined instances, as the next four. */
  mean: number | undefined;
  /** Divided by n, not n - 1, as published. */
  standardDeviation: number | undefined;
  /** The 95 % bootstrap interval of the mean over instances of this one model. */
  meanLow: number | undefined;
  meanHigh: number | undefined;
  /** The share with tau > 0.5: at least three of four word pairs are ordered alike. */
  aboveHalf: number | undefined;
  /** The share with p <= 0.05 among the defined instances. */
  significantOfDefined: number | undefined;
  /** The share with p <= 0.05 among all instances, an undefined one counting as not significant: the published convention. */
  significantOfAll: number | undefined;
  /** How many instances have no tau, by reason; empty where all have one. */
  undefinedByReason: { [reason: string]: number };
}

export const significanceLevel = 0.05;

/**
 * Mean, spread, significant share and undefined instances of the correlations of a group of instances.
 *
 * An undefined tau is counted under its reason; it is neither dropped unseen nor averaged as 0. (The published tables
 * average it as NaN.)
 */
export function summarizeCorrelation(
  results: readonly CorrelationResult[],
  options: BootstrapOptions = {},
): CorrelationSummary {
  const taus: number[] = [];
  const undefinedByReason: { [reason: string]: number } = {};
  let significant = 0;
  for (const result of results) {
    if (result.kind === "undefined") {
      undefinedByReason[result.reason] = (undefinedByReason[result.reason] ?? 0) + 1;
    } else {
      taus.push(result.tau);
      if (result.pValue <= significanceLevel) significant += 1;
    }
  }
  const interval = bootstrapMeanInterval(taus, options);
  const ifAny = (value: number) => (taus.length > 0 ? value : undefined);
  return {
    n: results.length,
    defined: taus.length,
    mean: ifAny(mean(taus)),
    standardDeviation: ifAny(standardDeviation(taus)),
    meanLow: interval?.[0],
    meanHigh: interval?.[1],
    aboveHalf: ifAny(taus.filter((tau) => tau > 0.5).length / taus.length),
    significantOfDefined: ifAny(significant / taus.length),
    significantOfAll: results.length > 0 ? significant / results.length : undefined,
    undefinedByReason,
  };
}

/** The columns that a row has for a correlation named `Measure`, as in `tauGradient`, `tauGradientPValue`, `tauGradientUndefined`. */
export type CorrelationColumns<Measure extends string> = { predicted: string } & {
  [column in Measure | `${Measure}PValue`]: number | undefined;
} & { [column in `${Measure}Undefined`]: string };

/** The name of the group that holds the instances of all classes. */
export const allClasses = "all";
/** With more predicted classes than these, texts are not told apart by class, as in the paper's figures. */
export const mostClasses = 3;

/**
 * One summary per predicted class, in the order of `classNames`, and one of all instances at the end.
 *
 * Classes are the predicted ones, not the labels, as in the paper's Table 2. With more than three class names (question
 * answering) only the summary of all instances is made, as the paper does.
 *
 * @param measure the column, "tauGradient" or "tauLeaveOneOut"
 * @throws UserError when a row's predicted class is not among `classNames`
 */
export function summarizeByClass<Measure extends string>(
  rows: readonly CorrelationColumns<Measure>[],
  measure: Measure,
  { classNames, ...options }: BootstrapOptions & { classNames: readonly string[] },
): ({ class: string } & CorrelationSummary)[] {
  for (const row of rows) {
    if (!classNames.includes(row.predicted)) throw unknownName("class", row.predicted, classNames);
  }
  const groups = classNames.length <= mostClasses ? [...classNames, allClasses] : [allClasses];
  return groups.map((name) => {
    const members = name === allClasses ? rows : rows.filter((row) => row.predicted === name);
    return { class: name, ...summarizeCorrelation(correlationResults(members, measure), options) };
  });
}

function correlationResults<Measure extends string>(
  rows: readonly CorrelationColumns<Measure>[],
  measure: Measure,
): CorrelationResult[] {
  return rows.map((row) => {
    const columns: { [column: string]: unknown } = row;
    const tau = columns[measure] as number | undefined;
    return tau === undefined
      ? { kind: "undefined", reason: columns[`${measure}Undefined`] as string }
      : { kind: "defined", tau, pValue: columns[`${measure}PValue`] as number };
  });
}
