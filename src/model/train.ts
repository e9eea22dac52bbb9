import { amsgradStep, createParameter, disposeParameter, type Parameter } from "../backend/amsgrad";
import { tf } from "../backend/tensorflow";
import type { Dataset, Example } from "../data/dataset";
import { UserError } from "../errors";
import { accuracy, rocAuc } from "../stats/classification";
import { createRandom, deriveSeed } from "../stats/random";
import type { ModelConfig } from "../study/config";
import { type Batch, createBatch, disposeBatch } from "./batch";
import { readTensors, restoreTensors, type TensorFile } from "./checkpoint";
import { type AttentionModel, createModel, forward } from "./model";
import { predictEncoded, predictedLabel } from "./predict";
import { type EncodedText, encodeExample, type Vocabulary } from "./vocabulary";
import type { Weights } from "./weights";

/** What one pass over the training split came to. */
export interface EpochLog {
  /** From 1. */
  epoch: number;
  /** Training loss per instance, averaged over the pass. */
  loss: number;
  /** Score on the dev split after the pass: area under the ROC curve in classification, else accuracy. */
  devScore: number;
  seconds: number;
}

/** Where training is, told after every batch. */
export interface TrainingProgress {
  epoch: number;
  epochs: number;
  /** Batches done, over all epochs. */
  done: number;
  total: number;
  /** Loss per instance of this pass so far. */
  loss: number;
  /** Of the last finished epoch. */
  devScore: number | undefined;
}

export interface TrainingOptions {
  onProgress?: (progress: TrainingProgress) => void;
  /** Stops training at the next batch; the finished epochs stay in `store`. */
  signal?: AbortSignal;
  /** Keeps the state after every epoch, so that training goes on where it was; without it nothing is kept. */
  store?: CheckpointStore;
  /** First word vectors, [words, embedding]; default: random ones. */
  vectors?: Float32Array;
}

/** Where the state of a training run is kept between epochs. */
export interface CheckpointStore {
  load(): Promise<TensorFile | undefined>;
  save(file: TensorFile): Promise<void>;
}

/** A text to learn from. */
export interface Instance extends EncodedText {
  label: number;
}

interface TrainingState {
  parameters: Record<string, Parameter>;
  /** Weights of the best epoch so far. */
  best: Weights;
  bestScore: number;
  log: EpochLog[];
  /** Updates done. */
  step: number;
}

/** The dev score that decides which epoch is kept. */
export function devCriterion({ task }: Pick<Dataset, "task">): "AUC" | "accuracy" {
  return task === "classification" ? "AUC" : "accuracy";
}

/**
 * Trains a model as the paper's code does: in classification binary cross-entropy with a weight on the positives that
 * balances the classes, summed over the batch, else cross-entropy, its mean over the batch; Adam with AMSGrad and L2
 * terms; batches of similar length in random order; the weights of the epoch with the best dev score are kept, but never
 * the first epoch's.
 *
 * @returns the model with the weights of the best epoch, and the log of all epochs
 * @throws UserError when a split has one class only, and when `signal` stops the training
 */
export async function trainModel(
  dataset: Dataset,
  config: ModelConfig,
  options: TrainingOptions = {},
): Promise<{ model: AttentionModel; log: EpochLog[] }> {
  for (const split of ["train", "dev"] as const) checkSplit(dataset, split);
  const model = createModel(config, dataset.vocabulary, dataset, options.vectors);
  const train = encodeExamples(model.vocabulary, dataset.train);
  const dev = encodeExamples(model.vocabulary, dataset.dev);
  const state = await startState(model, options.store);
  try {
    while (state.log.length < config.epochs) await trainEpoch(model, state, train, dev, options);
    model.weights = state.best;
    state.best = {};
    return { model, log: state.log };
  } finally {
    disposeState(state);
  }
}

function checkSplit(dataset: Dataset, split: "train" | "dev"): void {
  const empty = dataset[split].find(({ tokens }) => tokens.length === 0);
  if (empty) {
    throw new UserError(
      `Training needs at least one word in every text, but "${empty.id}" in the ${split} split of "${dataset.corpus}" has none; leave it out.`,
    );
  }
  const labels = new Set(dataset[split].map((example) => example.label));
  if (labels.size >= 2) return;
  throw new UserError(
    `Training needs at least two classes in the ${split} split of "${dataset.corpus}", but ${labels.size === 0 ? "it is empty" : `all ${dataset[split].length} texts are "${dataset.classNames[[...labels][0]!]}"`}; give texts of another class too.`,
  );
}

function encodeExamples(vocabulary: Vocabulary, examples: readonly Example[]): Instance[] {
  return examples.map((example) => ({ ...encodeExample(vocabulary, example), label: example.label }));
}

async function startState(model: AttentionModel, store?: CheckpointStore): Promise<TrainingState> {
  const saved = await store?.load();
  const parameters = Object.fromEntries(
    Object.entries(model.weights).map(([name, value]) => [name, createParameter(value)]),
  );
  const state: TrainingState = { parameters, best: {}, bestScore: Number.NEGATIVE_INFINITY, log: [], step: 0 };
  if (saved) restoreState(state, saved);
  return state;
}

/** One pass over the training split, the dev AUC after it, and the checkpoint. */
async function trainEpoch(
  model: AttentionModel,
  state: TrainingState,
  train: readonly Instance[],
  dev: readonly Instance[],
  { onProgress, signal, store }: TrainingOptions,
): Promise<void> {
  const { config } = model;
  const started = performance.now();
  const epoch = state.log.length + 1;
  const batches = cutBatches(train, config.batchSize, deriveSeed(config.seed, "batches", epoch));
  const weightOfPositives = positiveWeight(train);
  let loss = 0;
  let instances = 0;
  for (const [index, instancesOfBatch] of batches.entries()) {
    if (signal?.aborted) throw stopped(state, epoch, store);
    loss += trainStep(model, state, instancesOfBatch, weightOfPositives);
    instances += instancesOfBatch.length;
    onProgress?.({
      epoch,
      epochs: config.epochs,
      done: (epoch - 1) * batches.length + index + 1,
      total: config.epochs * batches.length,
      loss: loss / instances,
      devScore: state.log.at(-1)?.devScore,
    });
    await tf.nextFrame();
  }
  model.weights = currentWeights(state);
  const devScore = await measureDevScore(model, dev);
  state.log.push({ epoch, loss: loss / instances, devScore, seconds: (performance.now() - started) / 1000 });
  if (epoch > 1 && devScore > state.bestScore) keepBest(state, devScore);
  await store?.save(saveState(state));
}

function stopped(state: TrainingState, epoch: number, store?: CheckpointStore): UserError {
  const kept =
    store && state.log.length > 0
      ? `${state.log.length} finished epochs are kept, and the next call goes on from there`
      : "nothing is kept";
  return new UserError(`Training was stopped in epoch ${epoch}; ${kept}.`);
}

/**
 * Batches of similar length: sorted by length with 10 % noise, cut, and the batches shuffled.
 *
 * @param seed of the noise and of the order
 */
export function cutBatches(instances: readonly Instance[], batchSize: number, seed: string): Instance[][] {
  const random = createRandom(seed);
  const keyed = instances.map((instance) => ({
    instance,
    key: (instance.ids.length + 2) * (0.9 + 0.2 * random.uniform()),
  }));
  keyed.sort((a, b) => a.key - b.key);
  const batches: Instance[][] = [];
  for (let start = 0; start < keyed.length; start += batchSize) {
    batches.push(keyed.slice(start, start + batchSize).map(({ instance }) => instance));
  }
  return random.shuffle(batches);
}

/** Weight of a positive instance in the loss: negatives / positives. */
function positiveWeight(instances: readonly Instance[]): number {
  const positives = instances.filter(({ label }) => label === 1).length;
  return instances.length / positives - 1;
}

/**
 * One update of all weights.
 *
 * @param weightOfPositives in classification: how much a positive instance counts
 * @returns the batch's loss, summed over its instances
 */
export function trainStep(
  model: Pick<AttentionModel, "config" | "task" | "classNames">,
  state: Pick<TrainingState, "parameters" | "step">,
  instances: readonly Instance[],
  weightOfPositives: number,
): number {
  const { learningRate, weightDecay, attentionWeightDecay } = model.config;
  const batch = createBatch(instances, model.classNames.length);
  const labels = tf.tensor1d(
    instances.map(({ label }) => label),
    "int32",
  );
  const lossOf =
    model.task === "classification"
      ? (logits: tf.Tensor2D) => weightedCrossEntropy(logits, labels, weightOfPositives)
      : (logits: tf.Tensor2D) => meanCrossEntropy(logits, labels);
  const loss = tf.tidy(() => {
    const { value, gradients } = lossGradients(model, currentWeights(state), batch, lossOf);
    state.step += 1;
    for (const [name, parameter] of Object.entries(state.parameters)) {
      const decay = name.startsWith("attention.") ? attentionWeightDecay : weightDecay;
      amsgradStep(parameter, gradients[name]!, { learningRate, decay, step: state.step }, rowsOf(name, batch));
    }
    return value;
  });
  disposeBatch(batch);
  labels.dispose();
  return model.task === "classification" ? loss : loss * instances.length;
}

/** The rows of an embedding that a batch reads; undefined for every other weight. */
function rowsOf(name: string, batch: Batch): tf.Tensor1D | undefined {
  if (name === "embedding.vectors") return batch.words;
  return name === "questionEmbedding.vectors" ? batch.question!.words : undefined;
}

/**
 * The loss of a batch and its gradients by name; that of an embedding is of the batch's words, [words, embedding].
 */
function lossGradients(
  model: Pick<AttentionModel, "config">,
  weights: Weights,
  batch: Batch,
  loss: (logits: tf.Tensor2D) => tf.Scalar,
) {
  const names = Object.keys(weights);
  const inputs = names.map((name) => {
    const rows = rowsOf(name, batch);
    return rows ? tf.gather(weights[name]!, rows) : weights[name]!;
  });
  const lossOf = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const given = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
    const { logits } = forward(model, given, batch, {
      embedded: given["embedding.vectors"] as tf.Tensor2D,
      embeddedQuestion: given["questionEmbedding.vectors"] as tf.Tensor2D | undefined,
    });
    return loss(logits);
  });
  const { value, grads } = lossOf(inputs);
  return {
    value: value.dataSync()[0]!,
    gradients: Object.fromEntries(names.map((name, index) => [name, grads[index]!])),
  };
}

/** Binary cross-entropy of logits [batch, 1], positives weighted, summed over the batch. */
function weightedCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D, weightOfPositives: number): tf.Scalar {
  const [flat, truth] = [tf.reshape(logits, [-1]), tf.cast(labels, "float32")];
  const positive = tf.mul(tf.mul(truth, weightOfPositives), tf.softplus(tf.neg(flat)));
  const negative = tf.mul(tf.sub(1, truth), tf.softplus(flat));
  return tf.sum(tf.add(positive, negative));
}

/** Cross-entropy of logits [batch, classes], its mean over the batch. */
function meanCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar {
  const truth = tf.oneHot(labels, logits.shape[1]);
  return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(truth, tf.logSoftmax(logits)), 1)));
}

/** Area under the ROC curve, or accuracy; see {@link devCriterion}. */
async function measureDevScore(model: AttentionModel, dev: readonly Instance[]): Promise<number> {
  const predictions = await predictEncoded(model, dev);
  if (predictions.some(({ logits }) => logits.some(Number.isNaN))) {
    throw new UserError(
      `Training diverged: the model's output is not a number; lower the learning rate (now ${model.config.learningRate}).`,
    );
  }
  const labels = dev.map(({ label }) => label);
  if (devCriterion(model) === "accuracy") return accuracy(labels, predictions.map(predictedLabel));
  return rocAuc(
    labels,
    predictions.map(({ logits }) => logits[0]!),
  )!;
}

function currentWeights(state: Pick<TrainingState, "parameters">): Weights {
  return Object.fromEntries(Object.entries(state.parameters).map(([name, { value }]) => [name, value]));
}

function keepBest(state: TrainingState, devScore: number): void {
  tf.dispose(state.best);
  state.best = copies(currentWeights(state));
  state.bestScore = devScore;
}

/** Copies with memory of their own, which the optimiser does not overwrite. */
function copies(weights: Weights): Weights {
  return restoreTensors({ tensors: readTensors(weights), metadata: {} }, weights);
}

const stateParts = ["value", "mean", "variance", "maximum"] as const;

function namedState(state: TrainingState): Weights {
  const parts = Object.entries(state.parameters).flatMap(([name, parameter]) =>
    stateParts.map((part) => [`${part}/${name}`, parameter[part]] as const),
  );
  const best = Object.entries(state.best).map(([name, value]) => [`best/${name}`, value] as const);
  return Object.fromEntries([...parts, ...best]);
}

function saveState(state: TrainingState): TensorFile {
  const metadata = { log: JSON.stringify(state.log), step: String(state.step), bestScore: String(state.bestScore) };
  return { tensors: readTensors(namedState(state)), metadata };
}

function restoreState(state: TrainingState, file: TensorFile): void {
  state.log = JSON.parse(file.metadata.log!);
  state.step = Number(file.metadata.step);
  state.bestScore = Number(file.metadata.bestScore);
  if (state.log.length > 1) state.best = copies(currentWeights(state));
  const like = namedState(state);
  const restored = restoreTensors(file, like);
  tf.dispose(like);
  for (const [name, parameter] of Object.entries(state.parameters)) {
    for (const part of stateParts) parameter[part] = restored[`${part}/${name}`]!;
  }
  state.best = Object.fromEntries(Object.keys(state.best).map((name) => [name, restored[`best/${name}`]!]));
}

function disposeState(state: TrainingState): void {
  for (const parameter of Object.values(state.parameters)) disposeParameter(parameter);
  tf.dispose(state.best);
}
