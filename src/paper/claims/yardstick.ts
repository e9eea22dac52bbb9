import { decimal, symbolOf } from "../numberWords";
import type { Claim } from "./claim";
import { bySide, eachCorrelation, estimate, judged, measured, nameOf, otherModel, publishedWords } from "./judging";

const columns = {
  tauGradient: { column: "lessTauGradient", metric: "diff_gradloo_minus_attngrad_mean" },
  tauLeaveOneOut: { column: "lessTauLeaveOneOut", metric: "diff_gradloo_minus_attnloo_mean" },
} as const;

export const yardstick: Claim = {
  id: "yardstick",
  question: "rq1",
  statement: "Figures 3 and 4: gradient and leave-one-out agree better with one another than attention with either.",
  rule: "It agrees where the whole interval of the difference per text is above 0; the control is the same over an average encoder.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    eachCorrelation(runs, (model, measure) => {
      const { column, metric } = columns[measure];
      const symbol = `τ_g,loo − ${symbolOf(measure)}`;
      const average = otherModel(runs, model, { encoder: "average" });
      const numbers = {
        effect: measured(`On ${model.names.corpus}, ${symbol} is #`, estimate(model, column), "difference"),
        control: measured("over the average encoder #", average && estimate(average, column), "difference"),
        published: publishedWords(model.study, metric),
      };
      const both = estimate(model, "tauGradientLeaveOneOut")?.mean;
      return judged([model], nameOf(model, symbol), numbers, (difference) => [
        bySide(difference, 0, { below: "disagrees", above: "agrees" }),
        `one attention could reach ${decimal((1 + both!) / 2)} with both`,
      ]);
    }),
};
