import type { TaskRun } from "../../src/paper/tasks";

/** A run with one text for each given Δŷ; by default solved, of 20 words, with τ = .2 that is significant. */
export function runOf(
  given: Partial<Omit<TaskRun, "rows">> & { changes?: readonly number[] } = {},
  rowOf: (index: number) => Partial<TaskRun["rows"][number]> = () => ({}),
): TaskRun {
  const { changes = new Array<number>(60).fill(0.01), ...run } = given;
  const classNames = run.classNames ?? ["negative", "positive"];
  return {
    corpus: "reviews",
    task: "classification",
    encoder: "bilstm",
    attention: "additive",
    classNames,
    scores: { accuracy: 0.9 },
    ...run,
    rows: changes.map((permutationTvd, index) => ({
      id: `text ${index}`,
      words: 20,
      label: classNames[index % classNames.length]!,
      predicted: classNames[index % classNames.length]!,
      tauGradient: 0.2,
      tauGradientPValue: 0.01,
      tauGradientUndefined: "",
      tauLeaveOneOut: 0.2,
      tauLeaveOneOutPValue: 0.01,
      tauLeaveOneOutUndefined: "",
      maxAttention: 0.5,
      permutationTvd,
      searchJsd05: 0.5,
      ...rowOf(index),
    })),
  };
}
