import { byLength, type MatchOptions, matchedDifference, type ValueOfLength } from "../stats/byLength";
import { averagedOverRuns, type BootstrapOptions } from "../stats/interval";
import { significanceLevel, significantShareWithoutCorrelation, significantShareWithTau } from "../stats/significance";
import { mean } from "../stats/summary";
import { taskMeasures } from "./means";
import { symbolOf } from "./numberWords";
import { areSame, type Model, modelsOf, perColumn, requireColumns, type StudiesOf } from "./studies";
import { numberIn, textsOf, valuesOf } from "./texts";

/**
 * The mean of some columns over the length of texts, for each model, in bins that hold about as many texts each; of
 * several seeds, each text has its mean. A text without a value is left out.
 */
export function lengthBins(
  runs: StudiesOf,
  columns: readonly string[],
  options: { bins?: number } & BootstrapOptions = {},
) {
  requireColumns(runs, columns);
  return perColumn(runs, columns, (model, column) => byLength(textsOf(model, column), options));
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
export function significanceOf(study: Pick<Model["study"], "rows">, column: string): Record<Line, ValueOfLength[]> {
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
  return perColumn(runs, [column], ({ studies }) => {
    const found = studies.map((study) => significanceOf(study, column));
    return lines.flatMap((line) =>
      byLength(averagedOverRuns(found.map((each) => each[line])), {
        bins,
        resamples: line === "significant" ? resamples : 0,
      }).map(({ mean: share, ...bin }) => ({ line: significanceLines[line], share, ...bin })),
    );
  });
}

const ranks = { "question answering": 0, inference: 1, classification: 2 };

/**
 * How far any two corpora under one encoder and attention are apart in each measure, as in the pair "babi1 − sst": two
 * rows, over all texts and over pairs of texts of the same number of words. Question answering and inference come first
 * in a pair; `kind` tells a pair of such a task and classification ("task") from two corpora of like tasks ("corpus").
 *
 * Of several seeds, each text has its mean. Compare studies whose task is solved, as `runs.solved(controls)` gives them.
 *
 * @param columns default: `taskMeasures`
 */
export function taskDifferences(
  runs: StudiesOf,
  columns: readonly string[] = taskMeasures,
  options: MatchOptions = {},
) {
  const models = modelsOf(runs).sort((a, b) => ranks[a.study.task] - ranks[b.study.task]);
  // The paper has random word vectors where the words of a corpus are few.
  const rest = ({ names }: Model) => ({ ...names, corpus: "", wordVectors: "" });
  const pairs = models.flatMap((model, index) => {
    const others = models.slice(index + 1).filter((other) => areSame(rest(model), rest(other)));
    return others.map((other) => [model, other] as const);
  });
  const rows = columns.flatMap((measure) =>
    pairs.flatMap(([model, other]) => {
      const { corpus, ...names } = model.names;
      const otherCorpus = other.names.corpus;
      const isTask = model.study.task !== "classification" && other.study.task === "classification";
      return matchedDifference(textsOf(model, measure), textsOf(other, measure), options).map((difference) => ({
        ...{ measure, symbol: symbolOf(measure), ...names, pair: `${corpus} − ${otherCorpus}`, corpus, otherCorpus },
        kind: isTask ? ("task" as const) : ("corpus" as const),
        ...difference,
      }));
    }),
  );
  const columnNames = {
    ...{ symbol: "", pair: "Pair", encoder: "encoder", texts: "texts", n: "n", words: "words", otherWords: "and" },
    ...{ difference: "difference", low: "from", high: "to" },
  };
  return { rows, columns: columnNames, caption: "First corpus less second" };
}
