import { attentionBins } from "../../stats/attentionBins";
import { decimal, percent, signed } from "../numberWords";
import { numberIn, type TextRow } from "../studies";
import type { Claim } from "./claim";
import {
  atMost,
  bySide,
  estimate,
  estimateOfRuns,
  judged,
  measured,
  modelsOver,
  nameOf,
  rankCorrelation,
} from "./judging";
import { littleChange, publishedMedians } from "./permute";

/** From this largest weight on one word has most of the attention. */
export const peaked = 0.5;
/** The share of texts from which on they are "many": this study's choice. */
const many = 0.1;

export const permutePeaked: Claim = {
  id: "permute-peaked",
  question: "rq2",
  statement: "Figure 6: also where one word has most of the attention, permuting changes many outputs only little.",
  rule:
    `It agrees where, of the texts whose largest weight is at least ${decimal(peaked, 1)}, the whole interval of the share ` +
    `that changes by at most ${decimal(littleChange)} is above ${percent(many)}; the control are the other texts.`,
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").map((model) => {
      const little = (isPeaked: boolean) =>
        estimate(model, (row) =>
          isPeakedText(row) === isPeaked ? atMost(littleChange, "permutationTvd")(row) : undefined,
        );
      const numbers = {
        effect: measured(
          `Permuting leaves # of ${model.names.corpus}'s peaked texts within ${decimal(littleChange)}`,
          little(true),
          "share",
        ),
        control: measured("of the others #", little(false), "share"),
        published: publishedMedians(model.study, undefined, attentionBins.slice(attentionBins.length / 2)),
      };
      const trend = estimateOfRuns(model, ({ rows }) => rankCorrelation(rows, "maxAttention", "permutationTvd"));
      return judged([model], nameOf(model), numbers, (share) => [
        bySide(share, many, { below: "disagrees", above: "agrees" }),
        `the change rises with the largest weight by τ ${signed(trend?.mean ?? Number.NaN)}`,
      ]);
    }),
};

export function isPeakedText(row: TextRow): boolean {
  return (numberIn(row, "maxAttention") ?? 0) >= peaked;
}
