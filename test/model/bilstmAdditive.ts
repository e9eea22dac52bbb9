import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tf } from "../../src/backend/tensorflow";
import { modelConfig } from "../../src/config";
import { type AttentionModel, createModel } from "../../src/model/model";
import type { Weights } from "../../src/model/weights";

type PlainWeights = Record<string, { shape: number[]; values: number[] }>;

interface Golden {
  config: { embeddingSize: number; hiddenSize: number; learningRate: number; weightDecay: number };
  vocabularySize: number;
  weights: PlainWeights;
  texts: {
    ids: number[];
    logit: number;
    probability: number;
    attention: number[];
    gradientImportance: number[];
    probabilityWithoutEach: number[];
  }[];
  positiveWeight: number;
  batches: { ids: number[][]; labels: number[] }[];
  trained: Record<"outside" | "inside", { losses: number[]; gradients: PlainWeights[]; weights: PlainWeights }>;
}

/** What PyTorch says of a small BiLSTM with additive attention; see make_bilstm_additive.py beside the file. */
export const golden: Golden = JSON.parse(
  readFileSync(join(__dirname, "../fixtures/model/bilstm_additive.json"), "utf8"),
);

export const goldenConfig = modelConfig(golden.config);

/** A model with PyTorch's weights; the word with id 4 is "w4". */
export function goldenModel(): AttentionModel {
  const words = Array.from({ length: golden.vocabularySize }, (_, index) => `w${index + 4}`);
  const model = createModel(goldenConfig, words, ["negative", "positive"]);
  tf.dispose(model.weights);
  model.weights = toTensors(golden.weights);
  return model;
}

export function toTensors(weights: PlainWeights): Weights {
  const entries = Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)] as const);
  return Object.fromEntries(entries);
}

/** The golden texts as examples with words. */
export const goldenExamples = golden.texts.map(({ ids }, index) => ({
  id: `text-${index}`,
  tokens: ids.map((id) => `w${id}`),
  label: 0,
}));
