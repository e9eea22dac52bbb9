import type { ComparedRow, ComparedRun } from "../../src/paper/compare";

export const sst: ComparedRun = {
  corpus: "sst",
  encoder: "bilstm",
  attention: "additive",
  classNames: ["negative", "positive"],
};

type Cell = number | "undefined";

/** An instance whose two taus are given; p = .01 where the tau is at least .3, else .5. */
export function instance(predicted: string, tauGradient: Cell, tauLeaveOneOut: Cell = tauGradient): ComparedRow {
  const value = (tau: Cell) => (tau === "undefined" ? undefined : tau);
  const pValue = (tau: Cell) => (tau === "undefined" ? undefined : tau >= 0.3 ? 0.01 : 0.5);
  const reason = (tau: Cell) => (tau === "undefined" ? "saturated output" : "");
  return {
    predicted,
    tauGradient: value(tauGradient),
    tauGradientPValue: pValue(tauGradient),
    tauGradientUndefined: reason(tauGradient),
    tauLeaveOneOut: value(tauLeaveOneOut),
    tauLeaveOneOutPValue: pValue(tauLeaveOneOut),
    tauLeaveOneOutUndefined: reason(tauLeaveOneOut),
  };
}
