import { wholeName } from "../data/corpora/questionOnly";
import type { Dataset } from "../data/dataset";

/** What decides the hyperparameters of a model besides the options given. */
export type Trained = Pick<Dataset, "corpus" | "task">;

/** The options of a model that the paper sets by corpus. */
export interface Hyperparameters {
  epochs: number;
  batchSize: number;
  embeddingSize: number;
  hiddenSize: number;
  attentionWeightDecay: number;
}

/** In classification the attention has no L2 term; with a question all weights have (the paper's code). */
const byTask: Record<Dataset["task"], Partial<Hyperparameters>> = {
  classification: { attentionWeightDecay: 0 },
  "question answering": { attentionWeightDecay: 1e-5 },
  inference: { attentionWeightDecay: 1e-5 },
};

const babi = { epochs: 100, batchSize: 50, embeddingSize: 50, hiddenSize: 32 };

/** What the paper's code sets otherwise than the defaults, by corpus. */
const byCorpus: Record<string, Partial<Hyperparameters>> = {
  diabetes: { embeddingSize: 200 },
  anemia: { embeddingSize: 200 },
  cnn: { epochs: 25, batchSize: 90 },
  snli: { epochs: 25, batchSize: 128 },
  "snli-sample": { epochs: 25, batchSize: 128 },
  babi1: babi,
  babi2: babi,
  babi3: babi,
  "babi1-small": babi,
  "babi2-small": babi,
  "babi3-small": babi,
};

/** The paper's hyperparameters for a corpus; for one that it does not have, those of the corpus's task. */
export function hyperparameters({ corpus, task }: Trained): Partial<Hyperparameters> {
  return { ...byTask[task], ...byCorpus[wholeName(corpus)] };
}

const paperVectors: Record<string, string> = {
  snli: "glove-840b-300d",
  "snli-sample": "glove-840b-300d",
  babi1: "random",
  babi2: "random",
  babi3: "random",
  "babi1-small": "random",
  "babi2-small": "random",
  "babi3-small": "random",
  // The paper's were trained on the restricted texts of MIMIC and are not published.
  diabetes: "random",
  anemia: "random",
};

/** The word vectors that the paper starts from: fastText's of Simple Wikipedia for all corpora but a few. */
export function wordVectorsOfPaper({ corpus }: Pick<Trained, "corpus">): string {
  return paperVectors[wholeName(corpus)] ?? "fasttext-simple";
}
