import { tf } from "../backend/tensorflow";
import type { ModelConfig } from "../config";
import { createRandom, deriveSeed } from "../stats/random";
import { attentions } from "./attention";
import type { Batch } from "./batch";
import { encoders } from "./encoders";
import { createVocabulary, type Vocabulary } from "./vocabulary";
import { embeddingWeights, uniformWeights, type Weights } from "./weights";

/** A classifier with attention: what a notebook holds and hands to the analyses. Its tensors stay inside src/model. */
export interface AttentionModel {
  config: ModelConfig;
  vocabulary: Vocabulary;
  /** Class names by label. */
  classNames: string[];
  weights: Weights;
}

/**
 * An untrained model, its first weights drawn from the config's seed.
 *
 * @param words the vocabulary, most frequent first, without special tokens
 * @param classNames class names by label; two
 */
export function createModel(config: ModelConfig, words: readonly string[], classNames: string[]): AttentionModel {
  const vocabulary = createVocabulary(words);
  const encoder = encoders[config.encoder];
  const stateSize = encoder.stateSize(config);
  const random = (part: string) => createRandom(deriveSeed(config.seed, part));
  const decoder = random("decoder");
  const weights: Weights = {
    "embedding.vectors": embeddingWeights(
      vocabulary.tokens.length,
      config.embeddingSize,
      config.embeddingScale,
      random("embedding"),
    ),
    ...encoder.createWeights(config, random("encoder")),
    ...attentions[config.attention].createWeights(stateSize, random("attention")),
    "decoder.weights": uniformWeights([stateSize, 1], 1 / Math.sqrt(stateSize), decoder),
    "decoder.bias": uniformWeights([1], 1 / Math.sqrt(stateSize), decoder),
  };
  return { config, vocabulary, classNames, weights };
}

/** Frees the model's memory; it cannot be used afterwards. */
export function disposeModel(model: AttentionModel): void {
  tf.dispose(model.weights);
}

/** What one pass over a batch computes. */
export interface Output {
  /** Logit of the second class, [batch]. */
  logits: tf.Tensor1D;
  /** Attention weights, [time, batch]; exactly zero on start, end and padding. */
  attention: tf.Tensor2D;
}

/** What a pass may be given instead of computing it. */
export interface Given {
  /** Vectors of the batch's words, [words, embedding]: to take a gradient with respect to them. */
  embedded?: tf.Tensor2D;
  /** Attention weights, [time, batch]: the one intervention that all counterfactuals are built on. */
  attention?: tf.Tensor2D;
}

/**
 * The model's pass over a batch (paper, section 3): ŷ = σ(θ · Σ_t α_t h_t).
 *
 * @param weights of the model, by name
 */
export function forward(config: ModelConfig, weights: Weights, batch: Batch, given: Given = {}): Output {
  const embedded = given.embedded ?? tf.gather(weights["embedding.vectors"] as tf.Tensor2D, batch.words);
  const states = encoders[config.encoder].encode(weights, embedded, batch); // [time, batch, state]
  const attention = given.attention ?? attend(config, weights, states, batch);
  const context = tf.sum<tf.Tensor2D>(tf.mul(tf.expandDims(attention, 2), states), 0); // [batch, state]
  const logits = tf.add(tf.matMul(context, weights["decoder.weights"] as tf.Tensor2D), weights["decoder.bias"]!);
  return { logits: tf.reshape(logits, [batch.size]), attention };
}

function attend(config: ModelConfig, weights: Weights, states: tf.Tensor3D, batch: Batch): tf.Tensor2D {
  const flat = tf.reshape<tf.Rank.R2>(states, [-1, states.shape[2]]);
  const scores = tf.reshape<tf.Rank.R2>(attentions[config.attention].score(weights, flat), [batch.time, batch.size]);
  return tf.transpose(tf.softmax(tf.transpose(tf.add<tf.Tensor2D>(scores, batch.mask))));
}
