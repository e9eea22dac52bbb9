import type { Column } from "../study/columns";

/** Columns of this folder's rows that figures draw and that are no columns of a text. */
export const derivedColumns: readonly Column[] = [
  column("difference", "difference", "difference", "The mean of the first less that of the second."),
  column("epsilon", "ε", "ε, allowed change of the output", "Total variation of the output that counts as unchanged."),
  column("jsd", "JSD", "mean exact ε-max JSD, nats", "How far another attention can be that keeps the output."),
  {
    ...column("share", "share", "share of texts", "Texts whose τ has p ≤ .05, or what their lengths make of that."),
    range: [0, 1],
  },
  ...(
    [
      ["accuracy", "accuracy"],
      ["f1", "F1 of the second class"],
      ["macroF1", "macro F1"],
      ["auc", "area under the ROC curve"],
    ] as const
  ).map(
    ([name, title]): Column => ({ ...column(name, title, `${title} on test texts`, "A test score."), range: [0, 1] }),
  ),
  { ...column("lessTauLeaveOneOut", "τ_g,loo − τ_loo", ...figure(3, "leave-one-out")), range: [-2, 2] },
  { ...column("lessTauGradient", "τ_g,loo − τ_g", ...figure(4, "gradient")), range: [-2, 2] },
];

function column(name: string, symbol: string, title: string, meaning: string): Column {
  return { kind: "number", name, symbol, title, meaning };
}

function figure(number: number, importance: string): [title: string, meaning: string] {
  const title = `figure ${number}: τ of the two importances less τ of attention and ${importance}`;
  return [title, `How much more the two importances agree with one another than attention with ${importance}.`];
}
