import type { ComputedProfile, ModelConfig } from "./config";
import type { Dataset } from "./data/dataset";

/** How much of a corpus is used, and what of the paper's hyperparameters is changed. */
export interface Extent {
  /** Examples of each split. Default: all. */
  limit?: number;
  /** Examples of the test split that are analysed. Default: all of them. */
  testLimit?: number;
  options: Partial<ModelConfig>;
}

/** Passes in which a part of a corpus is learnt well enough to look at. */
const quickEpochs: Record<Dataset["task"], number> = {
  classification: 4,
  "question answering": 30,
  inference: 6,
};

/** What a profile makes of a corpus: "paper" is all of it with the paper's values, "quick" takes about a minute. */
export function extentOf(profile: ComputedProfile, { task }: Pick<Dataset, "task">): Extent {
  if (profile === "paper") return { options: {} };
  return { limit: 1000, testLimit: 300, options: { epochs: quickEpochs[task] } };
}
