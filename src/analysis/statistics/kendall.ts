import { kendallTau } from "../../stats/kendall";
import type { Statistic } from "../statistic";

/** Kendall's τ-b with SciPy's two-sided p-value: the paper's τ_g and τ_loo (Algorithm 1). */
export const kendall: Statistic<"tau"> = {
  name: "tau",
  symbol: "τ",
  title: "Kendall's τ-b",
  meaning: "Kendall's rank correlation (τ-b): 1 is the same order, 0 no relation, −1 the opposite order.",
  range: [-1, 1],
  version: 1,
  of: kendallTau,
};
