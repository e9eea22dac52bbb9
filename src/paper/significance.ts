import { type SignificanceSummary, summarizeSignificance } from "../stats/significanceOverLength";
import { quantile } from "../stats/summary";
import { type Measure, measures, symbols } from "./compare";
import { percent } from "./numberWords";

/** The significant share of one correlation on one corpus, beside what its lengths make of it. */
export type SignificanceRow = SignificanceSummary & {
  corpus: string;
  /** "τ_g" or "τ_loo". */
  symbol: string;
  /** Median length of the texts. */
  words: number;
};

type Row = { words: number } & { [column in Measure | `${Measure}PValue`]: number | undefined };

/** A line for each correlation and corpus: the significant share of Table 2, and the shares expected at these lengths. */
export function significanceRows(runs: readonly { corpus: string; rows: readonly Row[] }[]): SignificanceRow[] {
  return measures.flatMap((measure) =>
    runs.map(({ corpus, rows }) => ({
      corpus,
      symbol: symbols[measure],
      words: quantile(
        rows.map(({ words }) => words),
        0.5,
      ),
      ...summarizeSignificance<Measure>(rows, measure),
    })),
  );
}

/** How far apart a significant share and the expected one may be to be called near: this study's choice. */
const near = 0.05;

/**
 * How much of the significance is length: in how many cases the mean tau and the lengths of the texts give about the
 * significant share that was found, and where they do not.
 */
export function describeSignificance(rows: readonly SignificanceRow[]): string {
  const cases = rows.flatMap(({ corpus, symbol, significant, atMeanTau }) =>
    significant === undefined || atMeanTau === undefined
      ? []
      : [{ name: `${symbol} on ${corpus}`, significant, atMeanTau, excess: significant - atMeanTau }],
  );
  if (cases.length === 0) return "No text has a correlation, so there is nothing to say of its significance.";
  const others = cases.filter(({ excess }) => Math.abs(excess) > near);
  const list = others.map(
    ({ name, significant, atMeanTau }) => `${name} (${percent(significant)}, expected ${percent(atMeanTau)})`,
  );
  const exceptions = others.length === 0 ? "" : `; it is not in ${list.join(", ")}`;
  return `In ${cases.length - others.length} of ${cases.length} cases the significant share is within ${near} of what the lengths of the texts give if each has the corpus's mean τ${exceptions}.`;
}
