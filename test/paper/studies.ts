import type { ComparedStudy, StudiesOf } from "../../src/paper/studies";
import type { TextRow } from "../../src/paper/texts";
import { chanceOf } from "../../src/stats/classification";

type Scores = Omit<ComparedStudy["scores"], "chance">;
type Row = Partial<TextRow> & Record<string, unknown>;

/** Two texts' worth of nothing but what is given: 60 texts of 20 words, half of each class, all labels predicted. */
export function studyOf(
  given: Partial<Omit<ComparedStudy, "rows" | "scores">> & { count?: number; scores?: Scores } = {},
  rowOf: (index: number) => Row = () => ({}),
): ComparedStudy {
  const { count = 60, scores = { texts: count, accuracy: 0.9, macroF1: 0.9 }, ...study } = given;
  const classNames = study.classNames ?? ["negative", "positive"];
  const rows = Array.from({ length: count }, (_, index) => {
    const label = classNames[index % classNames.length]!;
    return { id: `text ${index}`, words: 20, label, predicted: label, maxAttention: 0.6, ...rowOf(index) };
  });
  return {
    corpus: "sst",
    task: "classification",
    encoder: "bilstm",
    attention: "additive",
    seed: 0,
    config: { attentionWeights: "softmax" },
    classNames,
    ...study,
    scores: { chance: chanceOf(rows.map(({ label }) => label)), ...scores },
    rows,
  };
}

export function runsOf(...configurations: ComparedStudy[]): StudiesOf {
  return { configurations };
}

/** Both correlations of a text; significant from .3 on. */
export function taus(gradient: number | undefined, leaveOneOut = gradient): Row {
  const columns = (name: string, tau: number | undefined) => ({
    [name]: tau,
    [`${name}PValue`]: tau === undefined ? undefined : tau >= 0.3 ? 0.01 : 0.5,
    [`${name}Undefined`]: tau === undefined ? "saturated output" : "",
  });
  return { ...columns("tauGradient", gradient), ...columns("tauLeaveOneOut", leaveOneOut) };
}

export const questions = { corpus: "babi1-small", task: "question answering" } as const;
export const inference = {
  corpus: "snli-sample",
  task: "inference",
  classNames: ["contradiction", "entailment", "neutral"],
} as const;
