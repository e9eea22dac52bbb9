import { decimal, percent } from "../numberWords";
import type { Claim, Judgement } from "./claim";
import {
  bySide,
  estimate,
  gap,
  type JudgedModel,
  judged,
  measured,
  modelsOver,
  nameOf,
  notPublished,
  otherModel,
  publishedWords,
  shareOfCeiling,
  unchanged,
} from "./judging";

export const adversary: Claim = {
  id: "adversary",
  question: "rq2",
  statement: "Section 4.2.2: a very different attention gives the same output.",
  rule: `It agrees where the exact ε-max JSD at ε = ${decimal(unchanged)} is above the JSD of two runs' attention on the same text, interval above interval.`,
  needs: "a study over a BiLSTM",
  judge: (runs) => modelsOver(runs, "bilstm").map(exists),
};

export const adversarySpecific: Claim = {
  id: "adversary-specific",
  question: "rq2",
  statement: "Not in the paper: that this is so is a property of attention over a BiLSTM.",
  rule: "It agrees where the exact JSD, as a share of the largest there is, exceeds that over an average encoder with its whole interval; else it says nothing, as it is true of every model here.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").map((model) => isSpecific(model, otherModel(runs, model, { encoder: "average" }))),
};

function exists(model: JudgedModel): Judgement {
  const numbers = {
    effect: measured(`On ${model.names.corpus} the exact ε-max JSD is #`, estimate(model, "exactJsd01")),
    control: measured("two runs' attention are # apart", estimate(model, "attentionJsdOfOtherRuns")),
    published: publishedWords(model.study, "emaxjsd_mean"),
  };
  const searched = estimate(model, "searchJsd05")?.mean;
  return judged([model], nameOf(model), numbers, (exact, between) => [
    exact.low > between.high ? "agrees" : bySide(exact, between.low, { below: "disagrees", above: "not decided" }),
    `published at ε = .05, where the search finds ${decimal(searched ?? Number.NaN)}`,
  ]);
}

function isSpecific(model: JudgedModel, average: JudgedModel | undefined): Judgement {
  const share = (of: JudgedModel | undefined) => of && estimate(of, shareOfCeiling);
  const numbers = {
    effect: measured(`On ${model.names.corpus} it reaches # of the largest JSD there is`, share(model), "share"),
    control: measured("over the average encoder #", share(average), "share"),
    published: notPublished,
  };
  const difference = gap(model, average, shareOfCeiling);
  return judged(average ? [model, average] : [model], nameOf(model), numbers, () =>
    (difference?.low ?? 0) > 0
      ? ["agrees", `${percent(difference!.mean!)} more than over the average encoder`]
      : ["says nothing", "true of every model here, so no evidence about this one"],
  );
}
