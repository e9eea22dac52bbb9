import type { Claim } from "./claim";

export const adversaryLearnt: Claim = {
  id: "adversary-learnt",
  question: "rq2",
  statement: "Wiegreffe and Pinter (2019): the far attention is not one that the attention module would give.",
  rule: "Reported as the distance of two curves of JSD over the change of the output: of an adversary that is trained, and of the exact one.",
  needs: "a trained adversary, which is not computed here",
  judge: () => [],
};
