import { z } from "zod";
import { wholeName } from "../data/corpora/questionOnly";
import type { Dataset } from "../data/dataset";
import { unknownName } from "../errors";
import type { AttentionName } from "../model/attentions";
import type { AttentionWeightsName } from "../model/attentionWeights";
import type { encoders } from "../model/encoders";
import { checkOptions } from "../options";

/** What is computed: "quick" answers in about a minute; "paper" follows the paper's protocol. */
export const computedProfileNames = ["quick", "paper"] as const;
export type ComputedProfile = (typeof computedProfileNames)[number];

/** That of a study: "given" has the rows of another program. */
export type StudyProfile = ComputedProfile | "given";

/** "released" reads the rows that come with the project instead, and computes nothing. */
export const profileNames = [...computedProfileNames, "released"] as const;
export type Profile = (typeof profileNames)[number];

const count = (from: number, to: number, why = "") =>
  z.number().int().min(from).max(to).describe(`a whole number from ${from} to ${to}${why}`);
const positive = z.number().finite().positive().describe("a number above 0");
const fromZero = z.number().finite().min(0).describe("a number from 0");

/** The names in a list that is read when it is asked for, as the parts of a model bring TensorFlow with them. */
function namesIn<Name extends string>(list: () => Record<Name, unknown>) {
  return z.lazy(() => z.enum(Object.keys(list()) as [Name, ...Name[]]));
}

/** Every option of a model with its rule. */
export const modelSchema = z.object({
  encoder: namesIn<keyof typeof encoders>(() => require("../model/encoders").encoders).default("bilstm"),
  /** "additive" is that of Bahdanau et al. (2015). */
  attention: namesIn<AttentionName>(() => require("../model/attentions").attentions).default("additive"),
  /** "sparsemax" gives most words exactly 0, "uniform" gives all words the same and learns nothing. */
  attentionWeights: namesIn<AttentionWeightsName>(() => require("../model/attentionWeights").normalizations).default(
    "softmax",
  ),
  /** Of the average encoder: "tanh" as in the paper's code; its text has "relu". */
  averageActivation: z.enum(["tanh", "relu"]).default("tanh"),
  /** The only source of randomness: first weights and the order of the batches. */
  seed: count(0, 2 ** 31 - 1).default(0),
  /** Passes over the training split, at least 2, as the first is never kept. Default: the paper's for the corpus. */
  epochs: count(2, 1000, ", as the first epoch's weights are never kept").default(8),
  /** Instances in a training batch. Default: the paper's for the corpus. */
  batchSize: count(1, 1024).default(32),
  /** First word vectors: "random", "paper" (the paper's for the corpus), the name of published ones, or a file's path. */
  wordVectors: z.string().min(1).describe("a name or a file's path in quotes").default("random"),
  /** Length of a word vector; word vectors that are given decide it. */
  embeddingSize: count(1, 4096).default(300),
  /** Standard deviation of random word vectors, that of PyTorch's embedding. */
  embeddingScale: positive.default(1),
  /** Hidden units (of the BiLSTM: per direction). The paper's is 32 for bAbI. */
  hiddenSize: count(1, 4096).default(128),
  /** Adam's learning rate. The default is the paper's. */
  learningRate: positive.default(1e-3),
  /** L2 factor on all weights but the attention's. The default is the paper's. */
  weightDecay: fromZero.default(1e-5),
  /** L2 factor on the attention's weights. 0 in classification and 0.00001 else, as in the paper. */
  attentionWeightDecay: fromZero.default(0),
});

/** Everything that a trained model depends on besides its corpus. Cells are compiled without `strict`, where zod infers optional fields. */
export type ModelConfig = Required<z.infer<typeof modelSchema>>;

/**
 * A complete, checked model configuration: what is given, else the paper's values for the corpus, else the defaults.
 *
 * @param dataset the corpus and its task; without one the values for classification
 * @throws UserError for an option that does not exist, a name that is not known or a number out of its range
 */
export function modelConfig(options: Partial<ModelConfig> = {}, dataset?: Trained): ModelConfig {
  checkOptions(modelSchema, options);
  const config: ModelConfig = modelSchema.parse({ ...(dataset && hyperparameters(dataset)), ...options });
  return dataset && config.wordVectors === "paper" ? { ...config, wordVectors: wordVectorsOfPaper(dataset) } : config;
}

/** The one that a notebook asks for, unless the environment variable ATTENTION_PROFILE names another. */
export function chooseProfile(asked: Profile): Profile {
  const chosen = process.env.ATTENTION_PROFILE ?? asked;
  if (!(profileNames as readonly string[]).includes(chosen)) throw unknownName("profile", chosen, profileNames);
  return chosen as Profile;
}

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
