import { mean, quantile } from "../stats/summary";
import { checkRun, paperModel } from "./compare";
import type { CounterfactualComparison } from "./counterfactual";
import { isPaperCorpus, published } from "./published";
import type { TaskRun } from "./tasks";

const bins = ["0.00-0.25", "0.25-0.50", "0.50-0.75", "0.75-1.00"] as const;

/** One published number about question answering beside ours, over all answers. */
export type QuestionComparison = { corpus: string } & Omit<CounterfactualComparison, "rangeLow" | "rangeHigh">;

/**
 * The published ε-max JSD (ε = .05, 0 where the search finds nothing) and permutation changes, by largest attention
 * weight, of question answering beside ours. Its many answers are not told apart, as in the paper. Runs of other tasks
 * are left out: `compareCounterfactuals` compares them by class.
 */
export function compareQuestions(runs: readonly TaskRun[]): QuestionComparison[] {
  return runs
    .filter(({ task }) => task === "question answering")
    .flatMap((run) => {
      checkRun(run);
      const { corpus, rows } = run;
      const query = { ...paperModel(run), class: "overall" } as const;
      const rerun = (metric: Parameters<typeof published>[0]["metric"]) =>
        isPaperCorpus(corpus) ? published({ ...query, corpus, metric }).rerun : undefined;
      const jsd = rows.map(({ epsilonMaxJsd05 }) => epsilonMaxJsd05 ?? 0);
      const cell = { corpus, class: "all" };
      return [
        { ...cell, measure: "mean ε-max JSD" as const, bin: "all", ...beside(mean(jsd), jsd, rerun("emaxjsd_mean")) },
        ...bins.map((bin, index) => {
          const inBin = rows.filter(({ maxAttention }) => Math.min(3, Math.floor(4 * maxAttention)) === index);
          const changes = inBin.map(({ medianTvd }) => medianTvd);
          const theirs = rerun(`perm_dy_median@maxattn${bin}`);
          return { ...cell, measure: "median Δŷ" as const, bin, ...beside(quantile(changes, 0.5), changes, theirs) };
        }),
      ];
    });
}

function beside(value: number, values: readonly number[], theirs: number | undefined) {
  const ours = values.length > 0 ? value : undefined;
  const difference = ours === undefined || theirs === undefined ? undefined : ours - theirs;
  return { n: values.length, published: theirs, ours, difference };
}
