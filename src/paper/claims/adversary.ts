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
  rule:
    `It exists where the exact ε-max JSD at ε = ${decimal(unchanged)} is above the JSD of two runs' attention on the same text. It is evidence about ` +
    "the BiLSTM where its share of the largest JSD there is exceeds that of an average encoder; else it is true of every model here.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").flatMap((model) => [
      exists(model),
      isSpecific(model, otherModel(runs, model, { encoder: "average" })),
    ]),
};

function exists(model: JudgedModel): Judgement {
  const numbers = {
    effect: measured(`On ${model.names.corpus} the exact ε-max JSD is #`, estimate(model, "exactJsd01")),
    control: measured("two runs' attention are # apart", estimate(model, "attentionJsdOfOtherRuns")),
    published: publishedWords(model.study, "emaxjsd_mean"),
  };
  const searched = estimate(model, "searchJsd05")?.mean;
  return judged([model], nameOf(model, "exists"), numbers, (exact, between) => [
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
  return judged(average ? [model, average] : [model], nameOf(model, "share of the ceiling"), numbers, () =>
    (difference?.low ?? 0) > 0
      ? ["agrees", `${percent(difference!.mean!)} more than over the average encoder`]
      : ["says nothing", "true of every model here, so no evidence about this one"],
  );
}
