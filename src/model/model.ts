import { tf } from "../backend/tensorflow";
import { type Dataset, isBinary } from "../data/dataset";
import { createRandom, deriveSeed } from "../stats/random";
import type { ModelConfig } from "../study/config";
import { attentions } from "./attentions";
import { normalizations } from "./attentionWeights";
import type { Batch, Sequences } from "./batch";
import { encoders } from "./encoders";
import { createVocabulary, specialTokens, type Vocabulary } from "./vocabulary";
import { embeddingWeights, groupOf, inGroup, uniformWeights, type Weights } from "./weights";

/** What a model is asked: its task, and the names of its classes. */
export type Purpose = Pick<Dataset, "task" | "classNames">;

/** A model with attention: what a notebook holds and hands to the analyses. Its tensors stay inside src/model. */
export interface AttentionModel extends Purpose {
  config: ModelConfig;
  vocabulary: Vocabulary;
  weights: Weights;
}

/** Whether a model reads a question (or hypothesis) beside the text. */
export function hasQuestion({ task }: Pick<Purpose, "task">): boolean {
  return task !== "classification";
}

/** How many words on each side a state of the model's encoder sees; undefined where it may see the whole text. */
export function reachOf({ config }: Pick<AttentionModel, "config">): number | undefined {
  return encoders[config.encoder].reach;
}

/** An untrained model, drawn from the config's seed. @param vectors first ones of the words, [words, embedding], else random */
export function createModel(
  config: ModelConfig,
  words: readonly string[],
  { task, classNames }: Purpose,
  vectors?: Float32Array,
): AttentionModel {
  const vocabulary = createVocabulary(words);
  const random = (part: string) => createRandom(deriveSeed(config.seed, part));
  const withQuestion = hasQuestion({ task });
  const encoder = encoders[config.encoder];
  const stateSize = encoder.stateSize(config);
  const embedding = (part: string) =>
    vectors
      ? givenVectors(vectors, [words.length, config.embeddingSize])
      : embeddingWeights(specialTokens + words.length, config.embeddingSize, config.embeddingScale, random(part));
  const weights: Weights = {
    "embedding.vectors": embedding("embedding"),
    ...inGroup("encoder", encoder.createWeights(config, random("encoder"))),
    ...(withQuestion && {
      "questionEmbedding.vectors": embedding("questionEmbedding"),
      ...inGroup("questionEncoder", encoder.createWeights(config, random("questionEncoder"))),
    }),
    ...(normalizations[config.attentionWeights].usesScores &&
      inGroup("attention", attentions[config.attention].createWeights(stateSize, withQuestion, random("attention")))),
    ...inGroup("decoder", decoderWeights(stateSize, { task, classNames }, random("decoder"))),
  };
  return { config, task, classNames, vocabulary, weights };
}

/** Word vectors with zeros for the special tokens, which the published files do not have. */
function givenVectors(vectors: Float32Array, shape: [words: number, size: number]): tf.Tensor {
  return tf.tidy(() => tf.concat([tf.zeros([specialTokens, shape[1]]), tf.tensor2d(vectors, shape)]));
}

/** As in the paper, one logit for two classes; for more classes one each. */
function decoderWeights(stateSize: number, purpose: Purpose, random: ReturnType<typeof createRandom>): Weights {
  const logits = isBinary(purpose) ? 1 : purpose.classNames.length;
  const size = hasQuestion(purpose) ? Math.floor(stateSize / 2) : stateSize;
  const bound = 1 / Math.sqrt(stateSize);
  return {
    ...(hasQuestion(purpose) && {
      contextWeights: uniformWeights([stateSize, size], bound, random),
      contextBias: uniformWeights([size], bound, random),
      questionWeights: uniformWeights([stateSize, size], bound, random),
      questionBias: uniformWeights([size], bound, random),
    }),
    weights: uniformWeights([size, logits], 1 / Math.sqrt(size), random),
    bias: uniformWeights([logits], 1 / Math.sqrt(size), random),
  };
}

/** Frees the model's memory; it cannot be used afterwards. */
export function disposeModel(model: AttentionModel): void {
  tf.dispose(model.weights);
}

/** What one pass over a batch computes. */
export interface Output {
  /** Logit of the second of two classes, [batch, 1]; else one per class or answer, [batch, classes]. */
  logits: tf.Tensor2D;
  /** Attention weights, [time, batch]; exactly zero on start, end and padding. */
  attention: tf.Tensor2D;
}

/** What a pass may be given instead of computing it. */
export interface Given {
  /** Vectors of the batch's words, [words, embedding]: to take a gradient with respect to them. */
  embedded?: tf.Tensor2D;
  /** Vectors of the words of the batch's questions, [words, embedding]. */
  embeddedQuestion?: tf.Tensor2D;
  /** Attention weights, [time, batch]: the one intervention that all counterfactuals are built on. */
  attention?: tf.Tensor2D;
}

/** What computes: a model, or its config with other weights. */
export type Network = Pick<AttentionModel, "config" | "weights">;

/** What is encoded of some texts: their states, [time, batch, state], and summaries of their questions, [batch, state]. */
export interface Encoded {
  states: tf.Tensor3D;
  question?: tf.Tensor2D;
}

/**
 * The model's pass over a batch (paper, section 3): ŷ = σ(θ · h_α) with h_α = Σ_t α_t h_t, of more than two classes
 * softmax(Θ h_α), and with a question Q ŷ = softmax(W_o tanh(W_p h_α + W_q Q)) over the possible answers.
 */
export function forward(network: Network, batch: Batch, given: Given = {}): Output {
  return answer(network, encode(network, batch, given), batch, given.attention);
}

/** The part of {@link forward} behind the encoders. @param attention weights to use instead of computing them */
export function answer(
  network: Network,
  encoded: Encoded,
  { mask, impossible }: Pick<Batch, "mask" | "impossible">,
  attention = attend(network, encoded, mask),
): Output {
  const context = tf.sum<tf.Tensor2D>(tf.mul(tf.expandDims(attention, 2), encoded.states), 0); // [batch, state]
  return { logits: decodeContext(network, context, encoded.question, impossible), attention };
}

/** The part of {@link forward} before attention. */
export function encode(network: Network, batch: Batch, given: Given = {}): Encoded {
  const states = encodeText(network, batch, given.embedded);
  return { states, question: encodeQuestion(network, batch, given.embeddedQuestion) };
}

/** States of the texts, [time, batch, state]. */
export function encodeText(
  network: Network,
  sequences: Sequences,
  embedded = tf.gather(network.weights["embedding.vectors"] as tf.Tensor2D, sequences.words),
): tf.Tensor3D {
  return encodeProjected(network, sequences, project(network, embedded));
}

/** What the encoder, or that of the questions, reads of word vectors: its product with them, if it begins with one. */
export function project({ config, weights }: Network, embedded: tf.Tensor2D, encoder = "encoder"): tf.Tensor2D {
  return encoders[config.encoder].project?.(groupOf(weights, encoder), embedded) ?? embedded;
}

/** States of what {@link project} gives, [time, batch, state]. */
export function encodeProjected(
  { config, weights }: Network,
  sequences: Sequences,
  projected: tf.Tensor2D,
  encoder = "encoder",
): tf.Tensor3D {
  return encoders[config.encoder].encode(groupOf(weights, encoder), projected, sequences, config);
}

/** Summaries of the questions, [batch, state]; undefined in classification. */
export function encodeQuestion(network: Network, { question }: Batch, embedded?: tf.Tensor2D): tf.Tensor2D | undefined {
  if (!question) return undefined;
  const { config, weights } = network;
  const vectors = embedded ?? tf.gather(weights["questionEmbedding.vectors"] as tf.Tensor2D, question.words);
  const projected = project(network, vectors, "questionEncoder");
  const states = encodeProjected(network, question, projected, "questionEncoder");
  return encoders[config.encoder].summarize(states, question);
}

/** Attention weights, [time, batch]. @param mask as {@link Sequences} has it */
export function attend(network: Network, encoded: Encoded, mask: tf.Tensor2D): tf.Tensor2D {
  const { ofBatch } = normalizations[network.config.attentionWeights];
  return ofBatch(scoreStates(network, encoded) ?? mask, mask);
}

/** What the attention is made of, [time, batch]; undefined where it depends on nothing. */
export function scoreStates({ config, weights }: Network, { states, question }: Encoded): tf.Tensor2D | undefined {
  if (!normalizations[config.attentionWeights].usesScores) return undefined;
  return attentions[config.attention].score(groupOf(weights, "attention"), states, question);
}

/** The logits of Σ_t α_t h_t, [n, state]. */
export function decodeContext(
  { weights }: Network,
  context: tf.Tensor2D,
  question?: tf.Tensor2D,
  impossible?: tf.Tensor2D,
): tf.Tensor2D {
  const decoder = groupOf(weights, "decoder");
  let last = contributionsOf(decoder, context);
  if (question) last = tf.matMul(tf.tanh(tf.add(last, projectQuestion(decoder, question))), decoder.weights!);
  const logits = tf.add<tf.Tensor2D>(last, decoder.bias!);
  return impossible ? tf.add(logits, impossible) : logits;
}

/** What states contribute, to the logits [n, logits], or with a question W_p h to the decoder's hidden layer, [n, hidden]. */
export function contributionsOf(decoder: Weights, states: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(states, (decoder.contextWeights ?? decoder.weights) as tf.Tensor2D);
}

/** What questions contribute to the hidden layer, W_q Q, and both biases, [batch, hidden]. @param decoder its group of weights */
export function projectQuestion(decoder: Weights, question: tf.Tensor2D): tf.Tensor2D {
  const bias = tf.add(decoder.contextBias!, decoder.questionBias!);
  return tf.add(tf.matMul(question, decoder.questionWeights!), bias);
}
