import { z } from "zod";
import { unknownName } from "../errors";
import { checkOptions } from "../options";
import { hyperparameters, type Trained, wordVectorsOfPaper } from "./hyperparameters";

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
  /** Default "bilstm". */
  encoder: namesIn(() => (require("../model/encoders") as typeof import("../model/encoders")).encoders),
  /** Default "additive" (Bahdanau et al. 2015). */
  attention: namesIn(() => (require("../model/attentions") as typeof import("../model/attentions")).attentions),
  /** Default "softmax"; "sparsemax" gives most words exactly 0, "uniform" gives all words the same and learns nothing. */
  attentionWeights: namesIn(
    () => (require("../model/attentionWeights") as typeof import("../model/attentionWeights")).normalizations,
  ),
  /** Of the average encoder. Default "tanh", as in the paper's code; its text has "relu". */
  averageActivation: z.enum(["tanh", "relu"]),
  /** The only source of randomness: first weights and the order of the batches. Default 0. */
  seed: count(0, 2 ** 31 - 1),
  /** Passes over the training split, at least 2, as the first is never kept. Default: the paper's for the corpus, else 8. */
  epochs: count(2, 1000, ", as the first epoch's weights are never kept"),
  /** Instances in a training batch. Default: the paper's for the corpus, else 32. */
  batchSize: count(1, 1024),
  /**
   * Where first word vectors come from: "random" (the default), "paper" (the paper's for the corpus), the name of
   * published vectors, or a file's path.
   */
  wordVectors: z.string().min(1).describe("a name or a file's path in quotes"),
  /** Length of a word vector. Default 300; word vectors that are given decide it. */
  embeddingSize: count(1, 4096),
  /** Standard deviation of random word vectors. Default 1, as PyTorch's embedding. */
  embeddingScale: positive,
  /** Hidden units (of the BiLSTM: per direction). Default 128, the paper's; 32 for bAbI. */
  hiddenSize: count(1, 4096),
  /** Adam's learning rate. Default 0.001, the paper's. */
  learningRate: positive,
  /** L2 factor on all weights but the attention's. Default 0.00001, the paper's. */
  weightDecay: fromZero,
  /** L2 factor on the attention's weights. Default 0 in classification and 0.00001 else, the paper's. */
  attentionWeightDecay: fromZero,
});

/** Everything that a trained model depends on besides its corpus. Cells are compiled without `strict`, where zod infers optional fields. */
export type ModelConfig = Required<z.infer<typeof modelSchema>>;

const defaults: ModelConfig = {
  encoder: "bilstm",
  attention: "additive",
  attentionWeights: "softmax",
  averageActivation: "tanh",
  seed: 0,
  epochs: 8,
  batchSize: 32,
  wordVectors: "random",
  embeddingSize: 300,
  embeddingScale: 1,
  hiddenSize: 128,
  learningRate: 1e-3,
  weightDecay: 1e-5,
  attentionWeightDecay: 0,
};

/**
 * A complete, checked model configuration: what is given, else the paper's values for the corpus, else the defaults.
 *
 * @param dataset the corpus and its task; without one the values for classification
 * @throws UserError for an option that does not exist, a name that is not known or a number out of its range
 */
export function modelConfig(options: Partial<ModelConfig> = {}, dataset?: Trained): ModelConfig {
  checkOptions(modelSchema, options);
  const config = { ...defaults, ...(dataset && hyperparameters(dataset)), ...options };
  return dataset && config.wordVectors === "paper" ? { ...config, wordVectors: wordVectorsOfPaper(dataset) } : config;
}

/**
 * The profile of a notebook: the one asked for in its parameter cell, unless the environment variable
 * `ATTENTION_PROFILE` names another.
 *
 * @throws UserError when either is not a profile
 */
export function chooseProfile(asked: Profile): Profile {
  const chosen = process.env.ATTENTION_PROFILE ?? asked;
  if (!(profileNames as readonly string[]).includes(chosen)) throw unknownName("profile", chosen, profileNames);
  return chosen as Profile;
}
