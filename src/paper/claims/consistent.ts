import { varianceOfTau } from "../../stats/significance";
import { mean, standardDeviation } from "../../stats/summary";
import { decimal, symbolOf } from "../numberWords";
import { type ComparedStudy, valuesOf } from "../studies";
import type { Claim } from "./claim";
import { bySide, type Ends, eachCorrelation, estimateOfRuns, inTable2, judged, measured, nameOf } from "./judging";

export const consistent: Claim = {
  id: "consistent",
  question: "rq1",
  statement: "Section 4.1: the agreement is not consistent from text to text.",
  rule: "It agrees where τ varies more between texts, beyond what their lengths make of one τ, than the τ of the two importances does: the whole interval of the difference is above 0.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    eachCorrelation(runs, (model, measure) => {
      const symbol = symbolOf(measure);
      const spread = (column: string) => estimateOfRuns(model, (study) => excessSpread(study, column));
      const numbers = {
        effect: measured(
          `On ${model.names.corpus}, ${symbol} varies by # between texts beyond chance`,
          spread(measure),
        ),
        control: measured("that of the two importances by #", spread("tauGradientLeaveOneOut")),
        published: inTable2(model, measure, "std"),
      };
      return judged([model], nameOf(model, symbol), numbers, () => {
        const difference = estimateOfRuns(model, (study) => {
          const [own, other] = [measure, "tauGradientLeaveOneOut"].map((column) => excessSpread(study, column));
          return own === undefined || other === undefined ? undefined : own - other;
        }) as Ends;
        const reason = `difference ${decimal(difference.mean)} (${decimal(difference.low)} to ${decimal(difference.high)})`;
        return [bySide(difference, 0, { below: "disagrees", above: "agrees" }), reason];
      });
    }),
};

/** The standard deviation between texts without what chance makes of the mean τ at their lengths. */
function excessSpread(study: ComparedStudy, column: string): number | undefined {
  const taus = valuesOf(study, column).filter(({ words }) => words > 2);
  if (taus.length < 2) return undefined;
  const values = taus.map(({ value }) => value);
  const meanTau = mean(values);
  const byChance = mean(taus.map(({ words }) => varianceOfTau(words, meanTau)));
  return Math.sqrt(Math.max(0, standardDeviation(values) ** 2 - byChance));
}
