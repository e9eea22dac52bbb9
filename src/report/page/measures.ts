import type { InstanceRow } from "../../study/analyze";

/** A number of an instance: its column, how it is written, and what it is. */
export interface Measure {
  column: keyof InstanceRow;
  /** As in the heading of a narrow column. */
  symbol: string;
  name: string;
  meaning: string;
  digits: number;
}

/** What instances can be sorted by, in the order of the lists. */
export const measures: readonly Measure[] = [
  {
    column: "tauGradient",
    symbol: "τ_g",
    name: "τ_g: attention and gradient",
    meaning:
      "Kendall's rank correlation (τ-b) of the words' attention with their importance by gradient: 1 is the same order, 0 no relation, −1 the opposite order.",
    digits: 2,
  },
  {
    column: "tauLeaveOneOut",
    symbol: "τ_loo",
    name: "τ_loo: attention and leave-one-out",
    meaning:
      "Kendall's rank correlation (τ-b) of the words' attention with their importance by leave-one-out: how far the output moves when the word is removed from the text.",
    digits: 2,
  },
  {
    column: "tauGradientLeaveOneOut",
    symbol: "τ_g,loo",
    name: "τ of gradient and leave-one-out",
    meaning: "The two measures of importance with one another: the yardstick for the other two.",
    digits: 2,
  },
  {
    column: "permutationTvd",
    symbol: "Δŷ",
    name: "Δŷ: change of the output under permutation (TVD)",
    meaning:
      "The attention weights are shuffled among the words 100 times; the median total variation distance (TVD, 0 to 1) of the output from the model's own.",
    digits: 3,
  },
  {
    column: "searchJsd01",
    symbol: "JSD .01",
    name: "ε-max JSD found, ε = .01",
    meaning:
      "How far another attention can be from the model's own, as Jensen-Shannon divergence (0 to ln 2 ≈ 0.69 nats), while the output moves by at most ε = .01: what the search found.",
    digits: 3,
  },
  {
    column: "searchJsd05",
    symbol: "JSD .05",
    name: "ε-max JSD found, ε = .05",
    meaning: "As for ε = .01, while the output moves by at most ε = .05.",
    digits: 3,
  },
  {
    column: "exactJsd01",
    symbol: "exact .01",
    name: "exact ε-max JSD, ε = .01",
    meaning:
      "The largest ε-max JSD that there is while the output moves by at most ε = .01, of which the search finds a lower bound. Classification only.",
    digits: 3,
  },
  {
    column: "exactJsd05",
    symbol: "exact .05",
    name: "exact ε-max JSD, ε = .05",
    meaning: "The largest ε-max JSD that there is while the output moves by at most ε = .05. Classification only.",
    digits: 3,
  },
  { column: "words", symbol: "words", name: "number of words", meaning: "The words of the text.", digits: 0 },
  {
    column: "probability",
    symbol: "ŷ",
    name: "ŷ: probability of the predicted class",
    meaning: "How sure the model is of its prediction.",
    digits: 3,
  },
  {
    column: "maxAttention",
    symbol: "max α",
    name: "max α: largest attention weight",
    meaning: "The attention of the word that has most of it.",
    digits: 3,
  },
];

export function measureOf(column: string): Measure | undefined {
  return measures.find((measure) => measure.column === column);
}
