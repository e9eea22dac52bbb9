import { byLength, type LengthBin } from "./byLength";
import { significanceLevel } from "./correlationSummary";
import { significantShareWithoutCorrelation, significantShareWithTau, smallestSignificantTau } from "./significance";
import { mean } from "./summary";

type CorrelationOfText<Measure extends string> = { words: number } & {
  [column in Measure | `${Measure}PValue`]?: number | undefined;
};

/** What is significant in a corpus, and what its lengths alone make of that. All but `n` are undefined where no text has a tau. */
export interface SignificanceSummary {
  /** Texts with a defined tau. */
  n: number;
  meanTau: number | undefined;
  /** The share of them with p <= .05. */
  significant: number | undefined;
  /** The share that texts of these lengths have without any correlation. */
  withoutCorrelation: number | undefined;
  /** The share that texts of these lengths have if each has the correlation `meanTau`. */
  atMeanTau: number | undefined;
}

/** The share of significant correlations, beside the share expected at the very lengths of the texts. */
export function summarizeSignificance<Measure extends string>(
  rows: readonly CorrelationOfText<Measure>[],
  measure: Measure,
): SignificanceSummary {
  const { meanTau, texts } = withExpectations(rows, measure);
  const ifAny = (values: number[]) => (values.length > 0 ? mean(values) : undefined);
  return {
    n: texts.length,
    meanTau,
    significant: ifAny(texts.map(({ significant }) => significant)),
    withoutCorrelation: ifAny(texts.map(({ withoutCorrelation }) => withoutCorrelation)),
    atMeanTau: ifAny(texts.map(({ atMeanTau }) => atMeanTau)),
  };
}

/** The lines of a curve over length; the first is what was found, the others what length makes of it. */
export const significanceLines = {
  significant: "significant, p ≤ .05",
  atMeanTau: "expected if all had the mean τ",
  withoutCorrelation: "expected without correlation",
  smallestTau: "smallest significant |τ|",
} as const;

/** A point of one of the `significanceLines`; only what was found has an interval. */
export type SignificancePoint = LengthBin & { line: (typeof significanceLines)[keyof typeof significanceLines] };

/**
 * The share of significant correlations over the length of texts, in bins between quantiles of the length, beside the
 * shares expected at these lengths and the mean of the smallest |tau| that is significant there.
 *
 * Texts without a tau are left out; texts below 5 words have no smallest significant tau.
 */
export function significanceOverLength<Measure extends string>(
  rows: readonly CorrelationOfText<Measure>[],
  measure: Measure,
  { bins = 6 }: { bins?: number } = {},
): SignificancePoint[] {
  const { texts } = withExpectations(rows, measure);
  return (Object.keys(significanceLines) as (keyof typeof significanceLines)[]).flatMap((column) =>
    byLength(texts, column, { bins }).map(({ words, low, high, ...bin }) => ({
      line: significanceLines[column],
      words: Math.round(10 * words) / 10,
      ...bin,
      ...(column === "significant" ? { low, high } : { low: undefined, high: undefined }),
    })),
  );
}

function withExpectations<Measure extends string>(rows: readonly CorrelationOfText<Measure>[], measure: Measure) {
  const defined = rows.flatMap((row) => {
    const columns = row as { [column: string]: number | undefined };
    const [tau, pValue] = [columns[measure], columns[`${measure}PValue`]];
    return tau === undefined || pValue === undefined ? [] : [{ words: row.words, tau, pValue }];
  });
  const meanTau = defined.length > 0 ? mean(defined.map(({ tau }) => tau)) : undefined;
  const texts = defined.map(({ words, pValue }) => ({
    words,
    significant: pValue <= significanceLevel ? 1 : 0,
    withoutCorrelation: significantShareWithoutCorrelation(words),
    atMeanTau: significantShareWithTau(words, meanTau!),
    smallestTau: smallestSignificantTau(words),
  }));
  return { meanTau, texts };
}
