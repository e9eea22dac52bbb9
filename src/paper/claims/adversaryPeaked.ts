import { decimal, signed } from "../numberWords";
import type { Claim } from "./claim";
import {
  type Ends,
  estimate,
  estimateOfRuns,
  judged,
  measured,
  modelsOver,
  nameOf,
  notPublished,
  rankCorrelation,
  shareOfCeiling,
} from "./judging";
import { isPeakedText } from "./permutePeaked";

/** Up to this rank correlation one number says little of another: this study's choice. */
const little = 0.3;

export const adversaryPeaked: Claim = {
  id: "adversary-peaked",
  question: "rq2",
  statement: "Figure 8: the largest attention weight says little of how far an adversarial attention can be.",
  rule: `It agrees where the rank correlation of the exact ε-max JSD with the largest weight is within ±${decimal(little, 1)}, interval and all; the control is that of the searched one.`,
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").map((model) => {
      const relation = (column: string) =>
        estimateOfRuns(model, ({ rows }) => rankCorrelation(rows, "maxAttention", column));
      const numbers = {
        effect: measured(
          `On ${model.names.corpus} the largest weight and the exact JSD have τ #`,
          relation("exactJsd01"),
        ),
        control: measured("with the searched JSD #", relation("searchJsd01")),
        published: notPublished,
      };
      const share = (isPeaked: boolean) =>
        estimate(model, (row) => (isPeakedText(row) === isPeaked ? shareOfCeiling(row) : undefined))?.mean;
      return judged([model], nameOf(model), numbers, ({ low, high }: Ends) => [
        low > -little && high < little ? "agrees" : low > little || high < -little ? "disagrees" : "not decided",
        `share of the ceiling, peaked texts less the others: ${signed((share(true) ?? Number.NaN) - (share(false) ?? Number.NaN))}`,
      ]);
    }),
};
