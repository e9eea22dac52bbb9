import { z } from "zod";
import { checkOptions, unknownName } from "../errors";
import type { AttentionName } from "../model/attentions";
import type { AttentionWeightsName } from "../model/attentionWeights";
import type { EncoderName } from "../model/encoders";
import { hyperparameters, type Trained, wordVectorsOfPaper } from "./hyperparameters";

export const activationNames = ["tanh", "relu"] as const;
export type ActivationName = (typeof activationNames)[number];

/** What is computed: "quick" answers in about a minute; "paper" follows the paper's protocol. */
export const computedProfileNames = ["quick", "paper"] as const;
export type ComputedProfile = (typeof computedProfileNames)[number];

/** "released" reads the rows that come with the project instead, and computes nothing. */
export const profileNames = [...computedProfileNames, "released"] as const;
export type Profile = (typeof profileNames)[number];

/** Everything that a trained model depends on besides its corpus. */
export interface ModelConfig {
  /** Default "bilstm". */
  encoder: EncoderName;
  /** Default "additive" (Bahdanau et al. 2015). */
  attention: AttentionName;
  /** Default "softmax"; "sparsemax" gives most words exactly 0, "uniform" gives all words the same and learns nothing. */
  attentionWeights: AttentionWeightsName;
  /** Of the average encoder. Default "tanh", as in the paper's code; its text has "relu". */
  averageActivation: ActivationName;
  /** The only source of randomness: first weights and the order of the batches. Default 0. */
  seed: number;
  /** Passes over the training split, at least 2, as the first is never kept. Default: the paper's for the corpus, else 8. */
  epochs: number;
  /** Instances in a training batch. Default: the paper's for the corpus, else 32. */
  batchSize: number;
  /**
   * Where first word vectors come from: "random" (the default), "paper" (the paper's for the corpus), the name of
   * published vectors, or a file's path.
   */
  wordVectors: string;
  /** Length of a word vector. Default 300; word vectors that are given decide it. */
  embeddingSize: number;
  /** Standard deviation of random word vectors. Default 1, as PyTorch's embedding. */
  embeddingScale: number;
  /** Hidden units (of the BiLSTM: per direction). Default 128, the paper's; 32 for bAbI. */
  hiddenSize: number;
  /** Adam's learning rate. Default 0.001, the paper's. */
  learningRate: number;
  /** L2 factor on all weights but the attention's. Default 0.00001, the paper's. */
  weightDecay: number;
  /** L2 factor on the attention's weights. Default 0 in classification and 0.00001 else, the paper's. */
  attentionWeightDecay: number;
}

const positive = "a number above 0";
const fields = {
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .describe("a whole number from 0 to 2147483647"),
  epochs: z
    .number()
    .int()
    .min(2)
    .max(1000)
    .describe("a whole number from 2 to 1000, as the first epoch's weights are never kept"),
  batchSize: z.number().int().min(1).max(1024).describe("a whole number from 1 to 1024"),
  wordVectors: z.string().min(1).describe("a name or a file's path in quotes"),
  embeddingSize: z.number().int().min(1).max(4096).describe("a whole number from 1 to 4096"),
  embeddingScale: z.number().finite().positive().describe(positive),
  hiddenSize: z.number().int().min(1).max(4096).describe("a whole number from 1 to 4096"),
  learningRate: z.number().finite().positive().describe(positive),
  weightDecay: z.number().finite().min(0).describe("a number from 0"),
  attentionWeightDecay: z.number().finite().min(0).describe("a number from 0"),
};

/** The names of a list that is read when it is asked for, as the parts of a model bring TensorFlow with them. */
function nameIn(names: () => readonly string[]) {
  return {
    safeParse: (value: unknown) => ({ success: names().includes(value as string) }),
    get options() {
      return names();
    },
  };
}

const rules = {
  encoder: nameIn(() => Object.keys((require("../model/encoders") as typeof import("../model/encoders")).encoders)),
  attention: nameIn(() =>
    Object.keys((require("../model/attentions") as typeof import("../model/attentions")).attentions),
  ),
  attentionWeights: nameIn(() =>
    Object.keys((require("../model/attentionWeights") as typeof import("../model/attentionWeights")).normalizations),
  ),
  averageActivation: nameIn(() => activationNames),
  ...fields,
} satisfies { [name in keyof ModelConfig]: unknown };

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
  checkOptions(options, rules);
  const config = { ...defaults, ...(dataset && hyperparameters(dataset)), ...options };
  return dataset && config.wordVectors === "paper" ? { ...config, wordVectors: wordVectorsOfPaper(dataset) } : config;
}

function checkName(kind: string, value: unknown, valid: readonly string[]): void {
  if (!valid.includes(value as string)) throw unknownName(kind, value, valid);
}

/**
 * The profile of a notebook: the one asked for in its parameter cell, unless the environment variable
 * `ATTENTION_PROFILE` names another.
 *
 * @throws UserError when either is not a profile
 */
export function chooseProfile(asked: Profile): Profile {
  const chosen = process.env.ATTENTION_PROFILE ?? asked;
  checkName("profile", chosen, profileNames);
  return chosen as Profile;
}
