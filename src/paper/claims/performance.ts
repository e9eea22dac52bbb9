import { gapInterval } from "../../stats/interval";
import { decimal } from "../numberWords";
import type { Claim } from "./claim";
import {
  bySide,
  estimateOf,
  fewestRunsOf,
  judged,
  measured,
  modelsOver,
  nameOf,
  otherModel,
  scoreRuns,
} from "./judging";

/** F1 of learnt and uniform attention: Wiegreffe and Pinter (2019, table 2), and an independent re-run of it. */
const published: Record<string, string> = {
  sst: ".831 and .822, re-run .830 and .825",
  imdb: ".902 and .879, re-run .907 and .886",
  agnews: ".964 and .960, re-run .960 and .960",
  "20news": ".942 and .934, re-run .939 and .945",
};

export const performance: Claim = {
  id: "performance",
  question: "rq3",
  statement: "The paper's premise: attention improves performance.",
  rule: "It agrees where the whole interval of the test score with learnt attention less that of a model trained with uniform attention is above 0: attention is then needed here. The control is how far two runs are apart.",
  needs: "studies over a BiLSTM with learnt and with uniform attention, of one corpus",
  judge: (runs) =>
    modelsOver(runs, "bilstm").flatMap((model) => {
      const uniform = otherModel(runs, model, { attentionWeights: "uniform" });
      if (uniform === undefined) return [];
      const numbers = {
        effect: measured(
          `On ${model.names.corpus} learnt attention scores # above uniform`,
          gapInterval(scoreRuns(model), scoreRuns(uniform), fewestRunsOf),
          "difference",
        ),
        control: measured("two runs are # apart", estimateOf([betweenRuns(scoreRuns(model))])),
        published: { words: published[model.study.corpus] ?? "", missing: "not published" },
      };
      return judged([model], nameOf(model), numbers, (difference) => [
        bySide(difference, 0, { below: "disagrees", above: "agrees" }),
        difference.low > 0
          ? "attention needed here"
          : `attention not shown to be needed here: ${decimal(difference.low)} to ${decimal(difference.high)}`,
      ]);
    }),
};

/** How far the scores of each two runs are apart. */
function betweenRuns(runs: ReturnType<typeof scoreRuns>) {
  return runs.flatMap(([one], index) =>
    runs.slice(index + 1).map(([other], later) => ({
      id: `${index} and ${later}`,
      value: Math.abs(one!.value - other!.value),
    })),
  );
}
