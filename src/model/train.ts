import { amsgradStep, createParameter, disposeParameter, type Parameter } from "../backend/amsgrad";
import { tf } from "../backend/tensorflow";
import type { ModelConfig } from "../config";
import type { Dataset, Example } from "../data/dataset";
import { UserError } from "../errors";
import { rocAuc } from "../stats/classification";
import { createRandom, deriveSeed } from "../stats/random";
import { type Batch, createBatch, disposeBatch } from "./batch";
import { readTensors, restoreTensors, type TensorFile } from "./checkpoint";
import { type AttentionModel, createModel, forward } from "./model";
import { predictEncoded } from "./predict";
import { encodeTokens, type Vocabulary } from "./vocabulary";
import type { Weights } from "./weights";

/** What one pass over the training split came to. */
export interface EpochLog {
  /** From 1. */
  epoch: number;
  /** Training loss per instance, averaged over the pass. */
  loss: number;
  /** Area under the ROC curve on the dev split, after the pass. */
  devAuc: number;
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
  devAuc: number | undefined;
}

export interface TrainingOptions {
  onProgress?: (progress: TrainingProgress) => void;
  /** Stops training at the next batch; the finished epochs stay in `store`. */
  signal?: AbortSignal;
  /** Keeps the state after every epoch, so that training goes on where it was; without it nothing is kept. */
  store?: CheckpointStore;
}

/** Where the state of a training run is kept between epochs. */
export interface CheckpointStore {
  load(): Promise<TensorFile | undefined>;
  save(file: TensorFile): Promise<void>;
}

/** A sequence of word ids and its label. */
export interface Instance {
  ids: number[];
  label: number;
}

interface TrainingState {
  parameters: Record<string, Parameter>;
  /** Weights of the best epoch so far. */
  best: Weights;
  bestAuc: number;
  log: EpochLog[];
  /** Updates done. */
  step: number;
}

/**
 * Trains a classifier as the paper's code does: binary cross-entropy with a weight on the positives that balances the
 * classes, summed over the batch; Adam with AMSGrad, an L2 term on all weights but the attention's; batches of similar
 * length in random order; the weights of the epoch with the best dev AUC are kept, but never the first epoch's.
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
  const model = createModel(config, dataset.vocabulary, dataset.classNames);
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
    `Training needs both classes in the ${split} split of "${dataset.corpus}", but ${labels.size === 0 ? "it is empty" : `all ${dataset[split].length} texts are "${dataset.classNames[[...labels][0]!]}"`}; give texts of both classes.`,
  );
}

function encodeExamples(vocabulary: Vocabulary, examples: readonly Example[]): Instance[] {
  return examples.map(({ tokens, label }) => ({ ids: encodeTokens(vocabulary, tokens), label }));
}

async function startState(model: AttentionModel, store?: CheckpointStore): Promise<TrainingState> {
  const saved = await store?.load();
  const parameters = Object.fromEntries(
    Object.entries(model.weights).map(([name, value]) => [name, createParameter(value)]),
  );
  const state: TrainingState = { parameters, best: {}, bestAuc: Number.NEGATIVE_INFINITY, log: [], step: 0 };
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
    loss += trainStep(config, state, instancesOfBatch, weightOfPositives);
    instances += instancesOfBatch.length;
    onProgress?.({
      epoch,
      epochs: config.epochs,
      done: (epoch - 1) * batches.length + index + 1,
      total: config.epochs * batches.length,
      loss: loss / instances,
      devAuc: state.log.at(-1)?.devAuc,
    });
    await tf.nextFrame();
  }
  model.weights = currentWeights(state);
  const devAuc = await measureAuc(model, dev);
  state.log.push({ epoch, loss: loss / instances, devAuc, seconds: (performance.now() - started) / 1000 });
  if (epoch > 1 && devAuc > state.bestAuc) keepBest(state, devAuc);
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

/** One update of all weights; the answer is the batch's loss. */
export function trainStep(
  config: ModelConfig,
  state: Pick<TrainingState, "parameters" | "step">,
  instances: readonly Instance[],
  weightOfPositives: number,
): number {
  const batch = createBatch(instances.map(({ ids }) => ids));
  const labels = tf.tensor1d(instances.map(({ label }) => label));
  const loss = tf.tidy(() => {
    const { value, gradients } = lossGradients(config, currentWeights(state), batch, labels, weightOfPositives);
    state.step += 1;
    for (const [name, parameter] of Object.entries(state.parameters)) {
      const decay = name.startsWith("attention.") ? 0 : config.weightDecay;
      const rows = name === "embedding.vectors" ? batch.words : undefined;
      amsgradStep(parameter, gradients[name]!, { learningRate: config.learningRate, decay, step: state.step }, rows);
    }
    return value;
  });
  disposeBatch(batch);
  labels.dispose();
  return loss;
}

/**
 * The summed loss of a batch and its gradients by name; the embedding's is that of the batch's words, [words, embedding].
 */
function lossGradients(
  config: ModelConfig,
  weights: Weights,
  batch: Batch,
  labels: tf.Tensor1D,
  weightOfPositives: number,
) {
  const { "embedding.vectors": vectors, ...others } = weights;
  const names = ["embedding.vectors", ...Object.keys(others)];
  const lossOf = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const given = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
    const { logits } = forward(config, given, batch, { embedded: values[0] as tf.Tensor2D });
    return weightedCrossEntropy(logits, labels, weightOfPositives);
  });
  const { value, grads } = lossOf([tf.gather(vectors!, batch.words), ...Object.values(others)]);
  return {
    value: value.dataSync()[0]!,
    gradients: Object.fromEntries(names.map((name, index) => [name, grads[index]!])),
  };
}

/** Binary cross-entropy of logits, positives weighted, summed over the batch. */
function weightedCrossEntropy(logits: tf.Tensor1D, labels: tf.Tensor1D, weightOfPositives: number): tf.Scalar {
  const positive = tf.mul(tf.mul(labels, weightOfPositives), tf.softplus(tf.neg(logits)));
  const negative = tf.mul(tf.sub(1, labels), tf.softplus(logits));
  return tf.sum(tf.add(positive, negative));
}

async function measureAuc(model: AttentionModel, dev: readonly Instance[]): Promise<number> {
  const predictions = await predictEncoded(
    model,
    dev.map(({ ids }) => ids),
  );
  const logits = predictions.map(({ logit }) => logit);
  if (logits.some(Number.isNaN)) {
    throw new UserError(
      `Training diverged: the model's output is not a number; lower the learning rate (now ${model.config.learningRate}).`,
    );
  }
  const auc = rocAuc(
    dev.map(({ label }) => label),
    logits,
  );
  return auc!;
}

function currentWeights(state: Pick<TrainingState, "parameters">): Weights {
  return Object.fromEntries(Object.entries(state.parameters).map(([name, { value }]) => [name, value]));
}

function keepBest(state: TrainingState, devAuc: number): void {
  tf.dispose(state.best);
  state.best = copies(currentWeights(state));
  state.bestAuc = devAuc;
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
  const metadata = { log: JSON.stringify(state.log), step: String(state.step), bestAuc: String(state.bestAuc) };
  return { tensors: readTensors(namedState(state)), metadata };
}

function restoreState(state: TrainingState, file: TensorFile): void {
  state.log = JSON.parse(file.metadata.log!);
  state.step = Number(file.metadata.step);
  state.bestAuc = Number(file.metadata.bestAuc);
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
