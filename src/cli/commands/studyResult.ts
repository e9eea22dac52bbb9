import { mean } from "../../stats/summary";
import type { Study } from "../../study/study";
import type { TestScores } from "../../study/testScores";

/** What the command tells of a configuration. */
export interface StudyResult {
  name: string;
  folder: string;
  /** Whether all of it was there before. */
  wasThere: boolean;
  scores: TestScores;
  /** Of each column of numbers, over the texts that have a value. */
  means: Record<string, number>;
}

export function resultOf({ name, folder, source, scores, columns, rows }: Study): StudyResult {
  const numbers = columns.filter(({ kind }) => kind === "number");
  const means = numbers.flatMap((column) => {
    const values = rows.flatMap((row) => (row as Record<string, unknown>)[column.name] ?? []) as number[];
    return values.length > 0 ? [[column.name, mean(values)] as const] : [];
  });
  return { name, folder, wasThere: source === "read back", scores, means: Object.fromEntries(means) };
}

/** What came of a configuration, in one line. */
export function resultLine({ scores, means }: StudyResult): string {
  const number = (value: number | undefined) => value?.toFixed(3).replace(/^(-?)0\./, "$1.") ?? "–";
  const score = scores.f1 === undefined ? `accuracy ${number(scores.accuracy)}` : `F1 ${number(scores.f1)}`;
  return `${score}, τ_g ${number(means.tauGradient)}, τ_loo ${number(means.tauLeaveOneOut)}, median TVD ${number(means.permutationTvd)}, ε-max JSD ${number(means.searchJsd05)}; ${scores.texts} texts`;
}
