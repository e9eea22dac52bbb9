import { allClasses, type CorrelationSummary } from "../stats/correlationSummary";
import { type ComparedRow, type ComparedRun, checkRun, comparedSummaries, type Measure, metricOf } from "./compare";
import { isPaperCorpus, type PublishedQuery, published } from "./published";

/** A configuration with its rows. */
export interface Table2Run extends ComparedRun {
  rows: readonly ComparedRow[];
}

/** Where the numbers of a line are from: our rows, the paper's Table 2 (run of 2019-04-02), the authors' later run. */
export type Table2Source = "ours" | "paper" | "authors' re-run";

/** A line of Table 2: mean and standard deviation of a correlation over texts, and the share with p <= .05. */
export type Table2Row = {
  corpus: string;
  /** The predicted class, or "all". */
  class: string;
  source: Table2Source;
  /** Our texts of the first encoder; undefined where they are not ours. */
  n: number | undefined;
} & {
  [column in `${"gradient" | "averageGradient" | "leaveOneOut"}${"Mean" | "Std" | "Significant"}`]: number | undefined;
};

/**
 * Table 2 in the paper's layout: for each corpus and predicted class τ_g of an encoder, τ_g of the average encoder, and
 * τ_loo of the first, ours above what is published.
 *
 * A corpus that the paper does not have gets our line alone.
 *
 * @param runs one for each corpus, of the encoder of the first and third correlation (in the paper the BiLSTM)
 * @param averages those of the average encoder; where a corpus has none, its numbers are undefined
 * @throws UserError for an encoder or attention that the paper does not have, or class names that do not fit its classes
 */
export function table2(runs: readonly Table2Run[], averages: readonly Table2Run[]): Table2Row[] {
  for (const run of [...runs, ...averages]) checkRun(run);
  return runs.flatMap((run) => {
    const average = averages.find(({ corpus }) => corpus === run.corpus);
    const gradient = comparedSummaries(run.rows, "tauGradient", run);
    const averageGradient = average && comparedSummaries(average.rows, "tauGradient", average);
    const leaveOneOut = comparedSummaries(run.rows, "tauLeaveOneOut", run);
    return gradient.flatMap((summary, index) => {
      const ours: Table2Row = {
        corpus: run.corpus,
        class: summary.class,
        source: "ours",
        n: summary.n,
        ...numbers("gradient", fromSummary(summary)),
        ...numbers("averageGradient", fromSummary(averageGradient?.[index])),
        ...numbers("leaveOneOut", fromSummary(leaveOneOut[index])),
      };
      return [ours, ...publishedLines(run, summary.class)];
    });
  });
}

type Triple = [mean: number | undefined, std: number | undefined, significant: number | undefined];

function numbers<Name extends string>(
  name: Name,
  [mean, std, significant]: Triple,
): { [column in `${Name}${"Mean" | "Std" | "Significant"}`]: number | undefined } {
  return { [`${name}Mean`]: mean, [`${name}Std`]: std, [`${name}Significant`]: significant } as {
    [column in `${Name}${"Mean" | "Std" | "Significant"}`]: number | undefined;
  };
}

function fromSummary(summary: CorrelationSummary | undefined): Triple {
  return [summary?.mean, summary?.standardDeviation, summary?.significantOfAll];
}

function publishedLines({ corpus, encoder, attention, classNames }: Table2Run, className: string): Table2Row[] {
  if (!isPaperCorpus(corpus)) return [];
  const label = className === allClasses ? ("overall" as const) : classNames.indexOf(className);
  const sources = { paper: "paper", rerun: "authors' re-run" } as const;
  return (["paper", "rerun"] as const).map((run) => {
    const triple = (of: string, measure: Measure) =>
      (["mean", "standard deviation", "significant share"] as const).map((statistic) => {
        const model = { encoder: of, attention } as Pick<PublishedQuery, "encoder" | "attention">;
        return published({ ...model, corpus, class: label, metric: metricOf(measure, statistic) })[run];
      }) as Triple;
    return {
      corpus,
      class: className,
      source: sources[run],
      n: undefined,
      ...numbers("gradient", triple(encoder, "tauGradient")),
      ...numbers("averageGradient", triple("average", "tauGradient")),
      ...numbers("leaveOneOut", triple(encoder, "tauLeaveOneOut")),
    };
  });
}
