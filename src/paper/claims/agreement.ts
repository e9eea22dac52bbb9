import { measures, metricOf } from "../besidePaper";
import { decimal, signed, symbolOf } from "../numberWords";
import type { Claim, Measured } from "./claim";
import { bySide, classesOf, estimate, judged, modelsOver, nameOf, nullOf, publishedWords } from "./judging";

/** From this mean τ on the agreement is more than modest: three of four pairs of words are ordered alike. */
const modest = 0.5;

export const agreement: Claim = {
  id: "agreement",
  question: "rq1",
  statement: "Section 4.1: over a BiLSTM, attention agrees only modestly with gradient and leave-one-out.",
  rule:
    `It agrees where the whole interval of the mean τ is below ${decimal(modest, 1)}; the control is the τ of attention ` +
    "permuted over the words.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").flatMap((model) =>
      measures.flatMap((measure) =>
        classesOf(model).map((name) => {
          const symbol = symbolOf(measure);
          const whose = `${model.names.corpus}${name === undefined ? "" : `'s ${name} texts`}`;
          const effect: Measured = {
            ...{ sentence: `Mean ${symbol} of ${whose} is #`, unit: "number" },
            estimate: estimate(model, measure, name),
          };
          const control: Measured = {
            ...{ sentence: "permuted weights give #", unit: "number" },
            estimate: estimate(model, nullOf(measure), name),
          };
          const published = publishedWords(model.study, metricOf(measure, "mean"), name);
          return judged([model], nameOf(model, symbol, name), { effect, control, published }, (tau, without) => [
            bySide(tau, modest, { below: "agrees", above: "disagrees" }),
            `${signed(tau.mean - without.mean)} above its null`,
          ]);
        }),
      ),
    ),
};
