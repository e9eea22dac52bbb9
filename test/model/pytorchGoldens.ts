import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tf } from "../../src/backend/tensorflow";
import type { Task } from "../../src/data/dataset";
import { type AttentionModel, createModel } from "../../src/model/model";
import type { Instance } from "../../src/model/trainStep";
import type { Weights } from "../../src/model/weights";
import { type ModelConfig, modelConfig } from "../../src/study/config";

type PlainWeights = Record<string, { shape: number[]; values: number[] }>;

type GoldenConfig = Pick<
  ModelConfig,
  | "encoder"
  | "attention"
  | "attentionWeights"
  | "averageActivation"
  | "embeddingSize"
  | "hiddenSize"
  | "learningRate"
  | "weightDecay"
  | "attentionWeightDecay"
>;

/** What PyTorch says of one text. */
interface Said {
  /** null stands for minus infinity. */
  logits: (number | null)[];
  output: number[];
  attention: number[];
  gradient: number[];
  gradientNorm: number[];
  integratedGradients: number[];
  leaveOneOut: number[];
  outputOfReversedAttention: number[];
}

/** What became of the weights in one step of training per batch. */
interface Trained {
  losses: number[];
  weights: PlainWeights;
}

/** One kind of model: its weights before and after training, and what it says of the golden's texts. */
export interface ModelGolden {
  config: GoldenConfig;
  weights: PlainWeights;
  said: Said[];
  trained: Trained;
}

/** All models of one task and number of classes. */
export interface Golden {
  task: Task;
  /** Words of the vocabulary; the word with id 4 is "w4". */
  words: number;
  classes: number;
  texts: (Pick<Instance, "ids" | "question" | "label"> & { candidates?: number[] })[];
  batches: Instance[][];
  positiveWeight: number;
  models: Record<string, ModelGolden>;
}

/** Models of every encoder, attention and task, and what PyTorch says of them; see make_models.py beside the files. */
export const goldens: Golden[] = ["classification", "classes", "question-answering", "inference"].map((name) =>
  JSON.parse(readFileSync(join(__dirname, `../fixtures/model/${name}.json`), "utf8")),
);

/** The one model that PyTorch trained with epsilon in both places, with the gradients of each step. */
export const optimiserGolden = goldens[0]!.models["bilstm-additive"] as ModelGolden & {
  trained: Trained & { gradients: PlainWeights[] };
};

const word = (id: number) => `w${id}`;

/** A model with PyTorch's weights. */
export function createGoldenModel({ task, words, classes }: Golden, { config, weights }: ModelGolden): AttentionModel {
  const vocabulary = Array.from({ length: words }, (_, index) => word(index + 4));
  const classNames = Array.from({ length: classes }, (_, label) => `class ${label}`);
  const model = createModel(modelConfig(config), vocabulary, { task, classNames });
  tf.dispose(model.weights);
  model.weights = toTensors(weights);
  return model;
}

export function toTensors(weights: PlainWeights): Weights {
  const entries = Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)] as const);
  return Object.fromEntries(entries);
}

/** The golden texts as examples with words. */
export function goldenExamples({ texts }: Golden) {
  return texts.map(({ ids, question, ...rest }, index) => ({
    id: `text-${index}`,
    tokens: ids.map(word),
    ...(question && { question: question.map(word) }),
    ...rest,
  }));
}
