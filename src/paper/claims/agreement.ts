import { decimal, signed, symbolOf } from "../numberWords";
import type { Claim } from "./claim";
import {
  aboveNull,
  bySide,
  classesOf,
  eachCorrelation,
  estimate,
  inTable2,
  judged,
  measured,
  nameOf,
  textsIn,
} from "./judging";

/** From this mean τ on the agreement is more than modest: three of four pairs of words are ordered alike. */
const modest = 0.5;

export const agreement: Claim = {
  id: "agreement",
  question: "rq1",
  statement: "Section 4.1: over a BiLSTM, attention agrees only modestly with gradient and leave-one-out.",
  rule:
    `It agrees where the whole interval of the mean τ is below ${decimal(modest, 1)}; the control is the τ of attention ` +
    "permuted over the words, imposed on the unchanged network.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    eachCorrelation(runs, (model, measure) =>
      classesOf(model).map((name) => {
        const symbol = symbolOf(measure);
        const numbers = {
          effect: measured(`Mean ${symbol} of ${textsIn(model, name)} is #`, estimate(model, measure, name)),
          control: measured("permuted weights give #", estimate(model, `${measure}Null`, name)),
          published: inTable2(model, measure, "mean", name),
        };
        const own = estimate(model, aboveNull(measure), name)?.mean;
        return judged([model], nameOf(model, symbol, name), numbers, (tau, without) => [
          bySide(tau, modest, { below: "agrees", above: "disagrees" }),
          `${signed(own ?? tau.mean - without.mean)} above its null`,
        ]);
      }),
    ),
};
