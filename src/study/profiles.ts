import { wholeName } from "../data/corpora/questionOnly";
import type { Dataset } from "../data/dataset";
import type { ComputedProfile, ModelConfig } from "./config";

/** How much of a corpus is used, and what of the paper's hyperparameters is changed. */
export interface Extent {
  /** Examples of each split. Default: all. */
  limit?: number;
  /** Examples of the test split that are analysed. Default: all of them. */
  testLimit?: number;
  /** Words of these examples together, on average; fewer of long texts are analysed. Default: any number. */
  testWords?: number;
  /** Texts that the controls are computed of. */
  controlTexts: number;
  /** Words of these together, on average, as leave-one-out reads a text as often as it has words. Default: any number. */
  controlWords?: number;
  options: Partial<ModelConfig>;
}

/** A part of a corpus, and the passes and steps in which it is learnt well enough to look at. */
const quick: Record<Dataset["task"], Pick<Extent, "limit" | "options">> = {
  classification: { limit: 1000, options: { epochs: 4 } },
  "question answering": { limit: 1000, options: { epochs: 25, batchSize: 25, learningRate: 0.005 } },
  inference: { limit: 4000, options: { epochs: 3, batchSize: 32 } },
};

/** Long texts are learnt in fewer passes; 25 of them do not solve the small part of bAbI 2 either. */
const quickByCorpus: Record<string, Partial<ModelConfig>> = {
  mails: { epochs: 3 },
  "babi2-small": { epochs: 6 },
};

/** What a profile makes of a corpus: "paper" is all of it with the paper's values, "quick" takes about a minute. */
export function extentOf(profile: ComputedProfile, { corpus, task }: Pick<Dataset, "corpus" | "task">): Extent {
  if (profile === "paper") return { options: {}, controlTexts: 500 };
  const { limit, options } = quick[task];
  return {
    limit,
    options: { ...options, ...quickByCorpus[wholeName(corpus)] },
    testLimit: 300,
    testWords: 15_000,
    controlTexts: 60,
    controlWords: 2_000,
  };
}

/** What decides the hyperparameters of a model besides the options given. */
export type Trained = Pick<Dataset, "corpus" | "task">;

const babi = { epochs: 100, batchSize: 50, embeddingSize: 50, hiddenSize: 32 };
const snli = { epochs: 25, batchSize: 128 };

/** What the paper's code sets otherwise than the defaults, by corpus. */
const byCorpus: Record<string, Partial<ModelConfig>> = {
  diabetes: { embeddingSize: 200 },
  anemia: { embeddingSize: 200 },
  cnn: { epochs: 25, batchSize: 90 },
  snli,
  "snli-sample": snli,
  ...Object.fromEntries([1, 2, 3].flatMap((task) => [`babi${task}`, `babi${task}-small`].map((name) => [name, babi]))),
};

/** The paper's for a corpus; in classification its attention has no L2 term, with a question all weights have (its code). */
export function hyperparameters({ corpus, task }: Trained): Partial<ModelConfig> {
  const attentionWeightDecay = task === "classification" ? 0 : 1e-5;
  return { attentionWeightDecay, ...byCorpus[wholeName(corpus)] };
}

/** The word vectors that the paper starts from: fastText's of Simple Wikipedia for all corpora but a few. */
export function wordVectorsOfPaper({ corpus }: Pick<Trained, "corpus">): string {
  const name = wholeName(corpus);
  if (byCorpus[name] === snli) return "glove-840b-300d";
  // Those of diabetes and anemia were trained on the restricted texts of MIMIC and are not published.
  return byCorpus[name] === babi || ["diabetes", "anemia"].includes(name) ? "random" : "fasttext-simple";
}
