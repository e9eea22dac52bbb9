import type { Dataset } from "../data/dataset";
import { attentionBinOf } from "../stats/attentionBins";
import { classGroups } from "../stats/classGroups";
import { type CorrelationSummary, summarizeCorrelation } from "../stats/correlationSummary";
import { mean, quantile, standardDeviation } from "../stats/summary";
import type { InstanceRow, Stage } from "./analyze";
import type { TestScores } from "./testScores";

/** Of a group of instances: how many have a value, and how these are spread; undefined where none has one. */
export interface Distribution {
  n: number;
  mean: number | undefined;
  /** Divided by n, not n - 1, as published. */
  standardDeviation: number | undefined;
  quartiles: [number, number, number] | undefined;
}

/** A measure of the counterfactual analyses, over all instances of a group and by their largest attention weight. */
export interface Binned extends Distribution {
  /** Four bins of the largest attention weight of a text, as in the paper's figures 6 and 8. */
  byMaxAttention: (Distribution & { from: number; to: number })[];
}

/** What the texts of one predicted class say. */
export interface ClassSummary {
  /** Not there in the summary of all texts. */
  class?: string;
  n: number;
  maxAttention: Distribution;
  tauGradient: CorrelationSummary;
  tauLeaveOneOut: CorrelationSummary;
  tauGradientLeaveOneOut: CorrelationSummary;
  permutationTvd: Binned;
  searchJsd01: Binned;
  searchJsd05: Binned;
  exactJsd01: Binned;
  exactJsd05: Binned;
  /** Share of texts for which the search found an adversary within epsilon. */
  searchFeasible01: number;
  searchFeasible05: number;
}

/** What one configuration came to: `summary.json`. */
export interface StudySummary {
  corpus: string;
  task: Dataset["task"];
  encoder: string;
  attention: string;
  seed: number;
  /** What a reader of these numbers must know of the texts, for example "37 % of train". */
  notes: string[];
  scores: TestScores;
  classes: ClassSummary[];
  /** Seconds by stage; training is that of all epochs, whether now or before. */
  seconds: Record<Stage | "training", number>;
}

const binned = ["permutationTvd", "searchJsd01", "searchJsd05", "exactJsd01", "exactJsd05"] as const;
const correlations = ["tauGradient", "tauLeaveOneOut", "tauGradientLeaveOneOut"] as const;

/**
 * One summary for each predicted class and one of all texts at the end; with more than three classes that one alone, as
 * in the paper.
 */
export function summarizeInstances(rows: readonly InstanceRow[], classNames: readonly string[]): ClassSummary[] {
  return classGroups(rows, classNames).map(({ class: name, rows: members }) => {
    const share = (column: "searchFeasible01" | "searchFeasible05") =>
      members.filter((row) => row[column] > 0).length / members.length;
    return {
      class: name,
      n: members.length,
      maxAttention: describe(members.map(({ maxAttention }) => maxAttention)),
      ...summaries(correlations, (measure) => summarizeCorrelation(members, measure)),
      ...summaries(binned, (measure) => describeBinned(members, measure)),
      searchFeasible01: share("searchFeasible01"),
      searchFeasible05: share("searchFeasible05"),
    };
  });
}

function summaries<Name extends string, Summary>(names: readonly Name[], of: (name: Name) => Summary) {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Summary>;
}

function describe(values: readonly (number | undefined)[]): Distribution {
  const defined = values.filter((value): value is number => value !== undefined);
  if (defined.length === 0) return { n: 0, mean: undefined, standardDeviation: undefined, quartiles: undefined };
  return {
    n: defined.length,
    mean: mean(defined),
    standardDeviation: standardDeviation(defined),
    quartiles: [quantile(defined, 0.25), quantile(defined, 0.5), quantile(defined, 0.75)],
  };
}

function describeBinned(rows: readonly InstanceRow[], measure: (typeof binned)[number]): Binned {
  const bins = [0, 0.25, 0.5, 0.75].map((from) => {
    const to = from + 0.25;
    const inside = rows.filter(({ maxAttention }) => attentionBinOf(maxAttention) === 4 * from);
    return { from, to, ...describe(inside.map((row) => row[measure])) };
  });
  return { ...describe(rows.map((row) => row[measure])), byMaxAttention: bins };
}
