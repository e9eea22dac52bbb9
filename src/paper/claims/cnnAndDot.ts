import { measures } from "../besidePaper";
import { decimal, signed, symbolOf } from "../numberWords";
import type { StudiesOf } from "../studies";
import type { Claim } from "./claim";
import {
  aboveNull,
  besideBilstm,
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
  unchanged,
} from "./judging";

export const cnn: Claim = {
  id: "cnn",
  question: "rq3",
  statement: "The authors' files: over a CNN agreement lies between those over a BiLSTM and an average encoder.",
  rule: "It agrees where τ less its null is above the BiLSTM's with its whole interval; the control is the same of the two importances.",
  needs: "studies over a BiLSTM and over a CNN, of one corpus and attention",
  judge: (runs) =>
    besideBilstm(runs, "cnn").flatMap(({ other, bilstm }) => judgeEach(other, bilstm, "the CNN", "agrees")),
};

export const dot: Claim = {
  id: "dot",
  question: "rq3",
  statement: "The authors' files: over a BiLSTM, dot attention agrees less than additive attention.",
  rule: `It agrees where τ less its null is below that of additive attention with its whole interval; it says nothing where uniform attention moves the output by at most ${decimal(unchanged)} in half of the texts.`,
  needs: "studies over a BiLSTM with dot and with additive attention, of one corpus",
  judge: (runs) =>
    pairsOfDot(runs).flatMap(({ dot, additive }) => judgeEach(dot, additive, "dot attention", "disagrees")),
};

function pairsOfDot(runs: StudiesOf) {
  return modelsOver(runs, "bilstm", { withDot: true }).flatMap((model) => {
    const additive = model.study.attention === "dot" && otherModel(runs, model, { attention: "additive" });
    return additive ? [{ dot: model, additive }] : [];
  });
}

/** @param whenAbove the verdict where the first agrees more, once its null is taken off */
function judgeEach(model: JudgedModel, other: JudgedModel, title: string, whenAbove: "agrees" | "disagrees") {
  const whenBelow = whenAbove === "agrees" ? "disagrees" : "agrees";
  return measures.map((measure) => {
    const symbol = `${symbolOf(measure)} less its null`;
    const numbers = {
      effect: measured(
        `On ${model.names.corpus}, ${symbol} with ${title} is # above`,
        gap(model, other, aboveNull(measure)),
        "difference",
      ),
      control: measured("that of the two importances #", gap(model, other, "tauGradientLeaveOneOut"), "difference"),
      published: notPublished,
    };
    const uniform = estimate(model, (row) => Number((row as { uniformTvd?: number }).uniformTvd! <= unchanged));
    return judged([model, other], nameOf(model, symbol), numbers, (difference) => {
      if ((uniform?.mean ?? 0) >= 0.5) return ["says nothing", "to the output its attention is uniform"];
      return [bySide(difference, 0, { below: whenBelow, above: whenAbove }), `difference ${signed(difference.mean)}`];
    });
  });
}
