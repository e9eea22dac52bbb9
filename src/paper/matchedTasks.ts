import { fewestPairs, type MatchedDifference, matchedDifference } from "../stats/matchedDifference";
import type { MatchOptions } from "../stats/matching";
import type { BootstrapOptions } from "../stats/summary";
import { type Measure, measures, symbols } from "./compare";
import { signed } from "./numberWords";
import { solvedRuns, type TaskMeasure, type TaskRun, taskMeasures, taskRows } from "./tasks";

/** Two corpora under the same encoder, one measure. */
export type TaskDifference = MatchedDifference & {
  measure: TaskMeasure;
  encoder: string;
  /** As in "babi1 − sst". */
  pair: string;
  corpus: string;
  otherCorpus: string;
  /** Whether a task with a question stands against classification; else two corpora of like tasks. */
  kind: "task" | "corpus";
};

/**
 * How far any two corpora are apart in each measure, over all texts and on texts of the same number of words; question
 * answering and inference come first in a pair. Corpora whose task is not solved are left out.
 */
export function taskDifferences(
  runs: readonly TaskRun[],
  options: MatchOptions & BootstrapOptions = {},
): TaskDifference[] {
  const ranks = { "question answering": 0, inference: 1, classification: 2 };
  const ordered = solvedRuns(runs).sort((a, b) => ranks[a.task] - ranks[b.task]);
  return taskMeasures.flatMap((measure) =>
    ordered.flatMap((run, index) =>
      ordered
        .slice(index + 1)
        .filter(({ encoder, corpus }) => encoder === run.encoder && corpus !== run.corpus)
        .map((other) => ({
          measure,
          encoder: run.encoder,
          pair: `${run.corpus} − ${other.corpus}`,
          corpus: run.corpus,
          otherCorpus: other.corpus,
          kind:
            run.task !== "classification" && other.task === "classification" ? ("task" as const) : ("corpus" as const),
          ...matchedDifference(taskRows(run), taskRows(other), measure, options),
        })),
    ),
  );
}

/** One dot of a figure: a difference over all texts or over matched ones. */
export type DifferenceDot = Pick<TaskDifference, "measure" | "encoder" | "pair"> & {
  texts: "all" | "matched";
  difference: number | undefined;
  low: number | undefined;
  high: number | undefined;
  /** Texts of both, or pairs. */
  n: number;
};

/** The differences with two rows each, for a figure that sets matched texts beside all. */
export function differenceDots(differences: readonly TaskDifference[]): DifferenceDot[] {
  return differences.flatMap((row) => {
    const { measure, encoder, pair, unmatched, unmatchedLow, unmatchedHigh, matched, matchedLow, matchedHigh } = row;
    const names = { measure, encoder, pair };
    const all = { difference: unmatched, low: unmatchedLow, high: unmatchedHigh, n: row.texts + row.otherTexts };
    const paired = { difference: matched, low: matchedLow, high: matchedHigh, n: row.pairs };
    return [
      { ...names, texts: "all" as const, ...all },
      { ...names, texts: "matched" as const, ...paired },
    ];
  });
}

/**
 * Research question 4, first part, from our rows: whether attention agrees more with importance in question answering
 * and inference than in classification, on texts of the same number of words.
 *
 * "More" ("less") needs every comparable pair of corpora and both τ to have a 95 % interval above (below) 0; else it is
 * not consistent. Pairs with fewer than `fewestPairs` texts of the same length are not comparable, and named.
 */
export function answerMatched(differences: readonly TaskDifference[]): string {
  const taus = differences.filter(
    ({ measure, kind }) => kind === "task" && measures.some((correlation) => correlation === measure),
  );
  if (taus.length === 0) return "No two tasks of different kind are solved, so they are not compared.";
  const compared = taus.filter(({ matched }) => matched !== undefined);
  const apart = [...new Set(taus.filter(({ matched }) => matched === undefined).map(({ pair }) => pair))];
  const lines = [...new Set(compared.map(({ corpus }) => corpus))].flatMap((corpus) =>
    measures.map((measure) =>
      describe(
        measure,
        compared.filter((row) => row.corpus === corpus && row.measure === measure),
      ),
    ),
  );
  const without = `No comparison is possible for ${apart.join(", ")}: fewer than ${fewestPairs} texts of the same length.`;
  return [
    ...lines.filter(Boolean).map((line) => `- ${line}`),
    ...(apart.length > 0 ? [`- ${without}`] : []),
    `\n${verdict(compared)}`,
  ].join("\n");
}

function describe(measure: Measure, rows: readonly TaskDifference[]): string {
  const told = rows.map(
    ({ otherCorpus, matched, matchedLow, matchedHigh, pairs }) =>
      `${otherCorpus} ${signed(matched!)} (${signed(matchedLow!)} to ${signed(matchedHigh!)}, ${pairs} pairs)`,
  );
  return rows.length === 0 ? "" : `Mean ${symbols[measure]} of ${rows[0]!.corpus} less that of ${told.join(", ")}.`;
}

function verdict(rows: readonly TaskDifference[]): string {
  if (rows.length === 0) return "The corpora do not overlap in length, so nothing is concluded.";
  const claim = "On texts of the same length, attention agrees with importance";
  const where = "in question answering and inference than in classification";
  const more = rows.filter(({ matchedLow }) => matchedLow! > 0).length;
  const less = rows.filter(({ matchedHigh }) => matchedHigh! < 0).length;
  const word = more === rows.length ? "more" : less === rows.length ? "less" : "not consistently more or less";
  return `${claim} **${word}** ${where}: of ${rows.length} comparisons ${more} lie above 0, ${less} below, with their whole interval.`;
}
