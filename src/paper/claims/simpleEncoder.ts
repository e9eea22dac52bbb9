import { gapInterval } from "../../stats/interval";
import { type Measure, measures } from "../besidePaper";
import { publishedGap } from "../figure5";
import { signed, symbolOf } from "../numberWords";
import { whyNotPublished } from "../published";
import { type Model, numberIn, sameBut, type TextRow, valuesOf } from "../studies";
import { type Claim, fewestRuns, type Judgement, type Measured } from "./claim";
import { bySide, judged, modelsOver, nameOf, nullOf } from "./judging";

export const simpleEncoder: Claim = {
  id: "simple-encoder",
  question: "rq3",
  statement: "Section 4.1 and figure 5: over an average encoder attention agrees far better than over a BiLSTM.",
  rule:
    "It agrees where the whole interval of the difference is above 0; the control is the same difference for " +
    "attention permuted over the words, and a second line judges what is left without it.",
  needs: "studies over a BiLSTM and over an average encoder, of one corpus and attention",
  judge: (runs) =>
    modelsOver(runs, "average").flatMap((average) => {
      const bilstm = modelsOver(runs, "bilstm").filter((model) => sameBut("encoder", model, average));
      return bilstm.flatMap((model) =>
        measures.flatMap((measure) => [judge(average, model, measure, false), judge(average, model, measure, true)]),
      );
    }),
};

function judge(average: Model, bilstm: Model, measure: Measure, lessNull: boolean): Judgement {
  const symbol = `${symbolOf(measure)}${lessNull ? " less its null" : ""}`;
  const gap = (of: Parameters<typeof valuesOf>[1]) => {
    const values = ({ studies }: Model) => studies.map((study) => valuesOf(study, of));
    const interval = gapInterval(values(average), values(bilstm), { fewestRuns });
    return interval.n > 0 ? interval : undefined;
  };
  const aboveNull = (row: TextRow) => {
    const [tau, without] = [numberIn(row, measure), numberIn(row, nullOf(measure))];
    return tau === undefined || without === undefined ? undefined : tau - without;
  };
  const sentence = `On ${average.names.corpus}, ${symbol} over the average encoder less that over the BiLSTM is #`;
  const effect: Measured = { sentence, unit: "difference", estimate: gap(lessNull ? aboveNull : measure) };
  const form = { sentence: "permuted weights give #", unit: "difference", estimate: gap(nullOf(measure)) } as const;
  const theirs = lessNull ? undefined : publishedGap(measure, bilstm.study);
  const missing = (!lessNull && whyNotPublished(bilstm.study)) || "not published";
  const published = { words: theirs === undefined ? "" : signed(theirs.mean), missing };
  const numbers = { effect, control: form, published };
  return judged([average, bilstm], nameOf(average, symbol), numbers, (difference, without) => [
    bySide(difference, 0, { below: "disagrees", above: "agrees" }),
    lessNull ? "without what the form gives" : `of which the form gives ${signed(without.mean)}`,
  ]);
}
