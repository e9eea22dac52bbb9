import { wholeName } from "../data/corpora/questionOnly";
import type { Dataset } from "../data/dataset";
import type { ModelConfig } from "./config";

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
