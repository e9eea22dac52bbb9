import { byLength, type ValueOfLength } from "../stats/byLength";
import { averagedOverRuns, type BootstrapOptions } from "../stats/interval";
import { kendallTau } from "../stats/kendall";
import { significanceLevel, significantShareWithoutCorrelation, significantShareWithTau } from "../stats/significance";
import { mean } from "../stats/summary";
import { measures } from "./besidePaper";
import { symbolOf } from "./numberWords";
import {
  type ComparedStudy,
  type Model,
  modelsOf,
  numberIn,
  requireColumns,
  type StudiesOf,
  textsOf,
  valuesOf,
} from "./studies";

const whose = { corpus: "Corpus", encoder: "encoder", attention: "attention", symbol: "" };

/** For each model and column what `of` gives, in rows that begin with the names of both. */
function perColumn<Row extends object>(
  runs: StudiesOf,
  columns: readonly string[],
  of: (model: Model, column: string) => readonly Row[],
) {
  requireColumns(runs, columns);
  return modelsOf(runs).flatMap((model) =>
    columns.flatMap((measure) => of(model, measure).map((row) => ({ ...model.names, measure, ...row }))),
  );
}

/**
 * The mean of some columns over the length of texts, for each model, in bins that hold about as many texts each; of
 * several seeds, each text has its mean. A text without a value is left out.
 */
export function lengthBins(
  runs: StudiesOf,
  columns: readonly string[],
  options: { bins?: number } & BootstrapOptions = {},
) {
  return perColumn(runs, columns, (model, column) => byLength(textsOf(model, column), options));
}

/**
 * The rank correlation of each column with length, within each corpus: Kendall's τ-b over texts and its p-value,
 * undefined where all texts have one length or one value.
 */
export function lengthRelations(runs: StudiesOf, columns: readonly string[] = measures) {
  const rows = perColumn(runs, columns, (model, column) => {
    const texts = textsOf(model, column);
    const [words, values] = [texts.map((text) => text.words), texts.map(({ value }) => value)];
    const result = kendallTau(words, values);
    const { tau, pValue } = result.kind === "defined" ? result : { tau: undefined, pValue: undefined };
    return [{ symbol: symbolOf(column), n: texts.length, tau, pValue }];
  });
  return { rows, columns: { ...whose, n: "texts", tau: "τ-b with length", pValue: "p" }, digits: 3 };
}

/** The lines of a curve over length; the first is what was found, the others what length makes of it. */
export const significanceLines = {
  significant: "significant, p ≤ .05",
  atMeanTau: "expected if all had the mean τ",
  withoutCorrelation: "expected without correlation",
} as const;
type Line = keyof typeof significanceLines;
const lines = Object.keys(significanceLines) as Line[];

/**
 * What of a correlation is significant in a study, and what the lengths of its texts alone make of that: for each text
 * with a tau 1 or 0, the probability if each had the corpus's mean tau, and that without correlation. Rankings are taken as without ties.
 */
export function significanceOf(study: Pick<ComparedStudy, "rows">, column: string): Record<Line, ValueOfLength[]> {
  const taus = valuesOf(study, column);
  const meanTau = mean(taus.map(({ value }) => value));
  const lengths = [...new Set(taus.map(({ words }) => words))];
  const expected = (of: (words: number) => number) => {
    const byWords = new Map(lengths.map((words) => [words, of(words)]));
    return taus.map((text) => ({ ...text, value: byWords.get(text.words)! }));
  };
  return {
    significant: valuesOf(study, (row) => {
      if (numberIn(row, column) === undefined) return undefined;
      return Number((numberIn(row, `${column}PValue`) ?? 1) <= significanceLevel);
    }),
    atMeanTau: expected((words) => significantShareWithTau(words, meanTau)),
    withoutCorrelation: expected(significantShareWithoutCorrelation),
  };
}

/**
 * The share of significant correlations over the length of texts, in bins between quantiles of the length, beside the
 * shares expected at these lengths; only what was found has an interval. Where found and expected rise together, the
 * rise says nothing of a closer agreement.
 *
 * @param column of the correlation, as in "tauGradient"; its p-value is in "tauGradientPValue"
 */
export function significanceOverLength(
  runs: StudiesOf,
  column: string,
  { bins = 6, resamples = 1000 }: { bins?: number } & BootstrapOptions = {},
) {
  requireColumns(runs, [column, `${column}PValue`]);
  return perColumn(runs, [column], (model) => {
    const found = significanceOfModel(model, column);
    return lines.flatMap((line) =>
      byLength(found[line], { bins, resamples: line === "significant" ? resamples : 0 }).map(
        ({ mean: share, ...bin }) => ({ line: significanceLines[line], share, ...bin }),
      ),
    );
  });
}

/** `significanceOf` the studies of a model: of several seeds, each text has its mean. */
function significanceOfModel({ studies }: Model, column: string): Record<Line, ValueOfLength[]> {
  const found = studies.map((study) => significanceOf(study, column));
  const entries = lines.map((line) => [line, averagedOverRuns(found.map((each) => each[line]))]);
  return Object.fromEntries(entries);
}

/**
 * The significant share of each correlation beside those expected at the lengths of the texts: of all texts with a tau,
 * of the shortest fifth and of the longest. `words` is the mean number of words, `meanTau` the mean of these texts.
 */
export function significanceTable(runs: StudiesOf, columns: readonly string[] = measures) {
  const rows = perColumn(runs, columns, (model, column) => {
    const found = significanceOfModel(model, column);
    const taus = textsOf(model, column);
    const binned = (bins: number) => {
      const shares = lines.map((line) => byLength(found[line], { bins, resamples: 0 }));
      return byLength(taus, { bins, resamples: 0 }).map(({ words, n, mean: meanTau }, bin) => {
        const entries = lines.map((line, index) => [line, shares[index]![bin]!.mean]);
        return { words, n, meanTau, ...(Object.fromEntries(entries) as Record<Line, number>) };
      });
    };
    const [whole, fifths] = [binned(1), binned(5)];
    const ends = fifths.length > 1 ? [fifths[0]!, fifths.at(-1)!] : [];
    return [...whole, ...ends].map((group, index) => {
      const texts = (["all", "shortest fifth", "longest fifth"] as const)[index]!;
      return { symbol: symbolOf(column), texts, ...group };
    });
  });
  const about = { texts: "texts", words: "words", n: "with τ", meanTau: "mean τ" };
  return { rows, columns: { ...whose, ...about, ...significanceLines } };
}
