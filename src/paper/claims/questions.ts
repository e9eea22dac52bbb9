import { gapInterval } from "../../stats/interval";
import { percent } from "../numberWords";
import { numberIn } from "../studies";
import type { Claim } from "./claim";
import { bySide, estimate, fewestRunsOf, judged, measured, modelsOver, nameOf, otherModel, scoreRuns } from "./judging";
import { littleChange, often, publishedMedians } from "./permute";

export const questions: Claim = {
  id: "questions",
  question: "rq4",
  statement: "Read from figure 6: in question answering permuting the attention changes the output much.",
  rule: `It agrees where, with the whole interval, more than ${percent(often)} of the texts have their decision flipped by half of the permutations, and learnt attention scores above uniform attention; the control is attention on one word that leaves the output within ${littleChange}.`,
  needs: "a study over a BiLSTM of a corpus with questions",
  judge: (runs) =>
    modelsOver(runs, "bilstm")
      .filter(({ study }) => study.task !== "classification")
      .map((model) => {
        const uniform = otherModel(runs, model, { attentionWeights: "uniform" });
        const numbers = {
          effect: measured(
            `On ${model.names.corpus} permuting flips # of the decisions`,
            estimate(model, (row) => {
              const flips = numberIn(row, "permutationFlips");
              return flips === undefined ? undefined : Number(flips >= 0.5);
            }),
            "share",
          ),
          control: measured(
            "one-hot attention leaves # as they are",
            estimate(model, (row) => Number((numberIn(row, "oneHotTvd") ?? 1) <= littleChange)),
            "share",
          ),
          published: publishedMedians(model.study),
        };
        const better = uniform && gapInterval(scoreRuns(model), scoreRuns(uniform), fewestRunsOf);
        return judged([model], nameOf(model), numbers, (flips) => {
          const verdict = bySide(flips, often, { below: "disagrees", above: "agrees" });
          if (verdict !== "agrees") return [verdict, `often is more than ${percent(often)}`];
          return (better?.low ?? 0) > 0
            ? ["agrees", "attention needed here"]
            : ["not decided", "no model with uniform attention shows that attention is needed"];
        });
      }),
};
