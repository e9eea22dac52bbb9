import type { Amsgrad } from "../backend/amsgrad";
import { tf } from "../backend/tensorflow";
import { counted } from "../counted";
import { type Dataset, type Example, isBinary } from "../data/dataset";
import { UserError } from "../errors";
import { accuracy, rocAuc } from "../stats/classification";
import { createRandom, deriveSeed } from "../stats/random";
import type { ModelConfig } from "../study/config";
import { readTensors, restoreTensors, type TensorFile } from "./checkpoint";
import { type AttentionModel, createModel } from "./model";
import { predictEncoded, predictedLabel } from "./predict";
import { chooseStep, createOptimizer, type Instance, type TrainStep } from "./trainStep";
import { encodeExample, type Vocabulary } from "./vocabulary";
import { groupOf, inGroup } from "./weights";

/** What one pass over the training split came to. */
export interface EpochLog {
  /** From 1. */
  epoch: number;
  /** Training loss per instance, averaged over the pass. */
  loss: number;
  /** Score on the dev split after the pass: area under the ROC curve of two classes, else accuracy. */
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

/** What training comes to. */
export interface TrainingResult {
  /** With the weights of the best epoch. */
  model: AttentionModel;
  log: EpochLog[];
  /** By what the steps were computed, in words. */
  how: string;
}

interface TrainingState {
  optimizer: Amsgrad;
  /** Weights of the best epoch so far. */
  best: TensorFile["tensors"];
  bestScore: number;
  log: EpochLog[];
  /** The checkpoint that is being written behind the steps, if any. */
  saving?: Promise<void>;
}

/**
 * Trains a model as the paper's code does: of two classes binary cross-entropy with a weight on the positives that
 * balances the classes, summed over the batch, else cross-entropy, its mean over the batch; Adam with AMSGrad and L2
 * terms; batches of similar length in random order; the weights of the epoch with the best dev score are kept, but never
 * the first epoch's.
 *
 * @throws UserError when a split has one class only, and when `signal` stops the training
 */
export async function trainModel(
  dataset: Dataset,
  config: ModelConfig,
  options: TrainingOptions = {},
): Promise<TrainingResult> {
  for (const split of ["train", "dev"] as const) checkSplit(dataset, split);
  const model = createModel(config, dataset.vocabulary, dataset, options.vectors);
  const train = encodeExamples(model.vocabulary, dataset.train);
  const dev = encodeExamples(model.vocabulary, dataset.dev);
  const { weights: _, ...untrained } = model;
  const state = await startState(model, options.store);
  try {
    const { step, how } = chooseStep(model);
    while (state.log.length < config.epochs) await trainEpoch(untrained, state, step, train, dev, options);
    const weights = restoreTensors({ tensors: state.best }, state.optimizer.weights());
    return { model: { ...untrained, weights }, log: state.log, how };
  } finally {
    await Promise.allSettled([state.saving]);
    state.optimizer.dispose();
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
  const file = await store?.load();
  const optimizer = createOptimizer(model);
  if (!file) return { optimizer, best: {}, bestScore: Number.NEGATIVE_INFINITY, log: [] };
  const { metadata } = file;
  optimizer.restore(restoreTensors(file, optimizer.state()), Number(metadata.step));
  const best = groupOf(file.tensors, "best", "/");
  return { optimizer, best, bestScore: Number(metadata.bestScore), log: JSON.parse(metadata.log!) };
}

/** One pass over the training split, the dev score after it, and the checkpoint, which is written behind the next epoch. */
async function trainEpoch(
  model: Omit<AttentionModel, "weights">,
  state: TrainingState,
  step: TrainStep,
  train: readonly Instance[],
  dev: readonly Instance[],
  { onProgress, signal, store }: TrainingOptions,
): Promise<void> {
  const { config } = model;
  const started = performance.now();
  const epoch = state.log.length + 1;
  const batches = cutBatches(train, config.batchSize, deriveSeed(config.seed, "batches", epoch));
  const positives = train.filter(({ label }) => label === 1).length;
  const weightOfPositives = train.length / positives - 1; // negatives / positives
  let loss = 0;
  let instances = 0;
  for (const [index, instancesOfBatch] of batches.entries()) {
    if (signal?.aborted) throw await stopped(state, store);
    loss += step(model, state.optimizer, instancesOfBatch, weightOfPositives);
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
  const devScore = await measureDevScore({ ...model, weights: state.optimizer.weights() }, dev);
  state.log.push({ epoch, loss: loss / instances, devScore, seconds: (performance.now() - started) / 1000 });
  if (epoch > 1 && devScore > state.bestScore) {
    state.best = readTensors(state.optimizer.weights());
    state.bestScore = devScore;
  }
  await state.saving;
  if (epoch < config.epochs) {
    state.saving = store?.save(saveState(state));
    state.saving?.catch(() => {}); // thrown where it is waited for
  }
}

async function stopped({ log, saving }: TrainingState, store?: CheckpointStore): Promise<UserError> {
  await saving;
  const kept =
    store && log.length > 0
      ? `${counted(log.length, "finished epoch is", "finished epochs are")} kept, and the next call goes on from there`
      : "nothing is kept";
  return new UserError(`Training was stopped in epoch ${log.length + 1}; ${kept}.`);
}

/** Batches of similar length: sorted by length with 10 % noise, cut, and the batches shuffled. @param seed of noise and order */
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

/** What decides which epoch is kept: of two classes the area under the ROC curve, else accuracy. */
async function measureDevScore(model: AttentionModel, dev: readonly Instance[]): Promise<number> {
  const predictions = await predictEncoded(model, dev);
  if (predictions.some(({ logits }) => logits.some(Number.isNaN))) {
    throw new UserError(
      `Training diverged: the model's output is not a number; lower the learning rate (now ${model.config.learningRate}).`,
    );
  }
  const labels = dev.map(({ label }) => label);
  if (!isBinary(model)) return accuracy(labels, predictions.map(predictedLabel));
  return rocAuc(
    labels,
    predictions.map(({ logits }) => logits[0]!),
  )!;
}

function saveState({ log, optimizer, bestScore, best }: TrainingState): TensorFile {
  const metadata = { log: JSON.stringify(log), step: String(optimizer.step), bestScore: String(bestScore) };
  return { tensors: { ...readTensors(optimizer.state()), ...inGroup("best", best, "/") }, metadata };
}
