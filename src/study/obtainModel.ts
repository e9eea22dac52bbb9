import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "../atomicWrite";
import { loadBackend, tf } from "../backend/tensorflow";
import type { Dataset } from "../data/dataset";
import { loadWordVectors } from "../data/words/wordVectors";
import { UserError } from "../errors";
import { decodeTensors, encodeTensors, readTensors, restoreTensors, type TensorFile } from "../model/checkpoint";
import { type AttentionModel, createModel } from "../model/model";
import { type CheckpointStore, type EpochLog, type TrainingOptions, trainModel } from "../model/train";
import { cacheFolder } from "../paths";
import { type ModelConfig, modelConfig } from "./config";

/** Raised whenever the same config would give other weights or another file. */
const formatVersion = 2;

export interface TrainedModel {
  model: AttentionModel;
  log: EpochLog[];
  /** Whether it was trained now or read from the cache folder. */
  source: "trained" | "cache";
}

/**
 * The model of this corpus and config: read from the cache folder if it was trained before, else trained, from the last
 * finished epoch on if a training was interrupted.
 *
 * @param options encoder, attention, seed, epochs and so on; the paper's values for what is not given
 * @throws UserError for a wrong option, a split with one class, a cache folder that cannot be written, and when stopped
 */
export async function obtainModel(
  dataset: Dataset,
  options: Partial<ModelConfig> = {},
  { onProgress, signal }: Pick<TrainingOptions, "onProgress" | "signal"> = {},
): Promise<TrainedModel> {
  const { config, vectors } = await withWordVectors(modelConfig(options, dataset), dataset);
  const identity = {
    formatVersion,
    backend: await loadBackend(),
    corpus: dataset.corpus,
    data: fingerprint(dataset, vectors),
    config,
  };
  const folder = modelFolder(dataset.corpus, config, identity);
  const finished = await readFinished(join(folder, "model.safetensors"), dataset, config);
  if (finished) return finished;
  await writeFile(join(folder, "config.json"), `${JSON.stringify(identity, undefined, 2)}\n`);
  const store = fileStore(join(folder, "training.safetensors"));
  const { model, log } = await trainModel(dataset, config, { onProgress, signal, store, vectors });
  await writeTensors(join(folder, "model.safetensors"), {
    tensors: readTensors(model.weights),
    metadata: { log: JSON.stringify(log), config: JSON.stringify(identity) },
  });
  await writeFile(join(folder, "config.json"), `${JSON.stringify({ ...identity, log }, undefined, 2)}\n`);
  await rm(join(folder, "training.safetensors"), { force: true });
  return { model, log, source: "trained" };
}

/** The config with the size of the word vectors that it names, and these for the corpus's vocabulary. */
async function withWordVectors(
  config: ModelConfig,
  { vocabulary }: Dataset,
): Promise<{ config: ModelConfig; vectors?: Float32Array }> {
  if (config.wordVectors === "random") return { config };
  const { size, values } = await loadWordVectors(config.wordVectors, vocabulary);
  return { config: { ...config, embeddingSize: size }, vectors: values };
}

/** A hash of all that a model learns from: vocabulary, first word vectors, and the training and dev splits. */
function fingerprint(dataset: Dataset, vectors?: Float32Array): string {
  const hash = createHash("sha256").update(JSON.stringify([dataset.vocabulary, dataset.classNames]));
  if (vectors) hash.update(new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  for (const { tokens, question, candidates, label } of [...dataset.train, ...dataset.dev]) {
    hash.update(JSON.stringify([tokens, question, candidates, label]));
  }
  return hash.digest("hex");
}

function modelFolder(corpus: string, { encoder, attention, seed }: ModelConfig, identity: object): string {
  const key = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16);
  return join(cacheFolder(), "models", `${corpus}-${encoder}-${attention}-seed${seed}-${key}`);
}

async function readFinished(path: string, dataset: Dataset, config: ModelConfig): Promise<TrainedModel | undefined> {
  const file = await readTensorFile(path);
  if (!file) return undefined;
  const model = createModel(config, dataset.vocabulary, dataset);
  const weights = restoreTensors(file, model.weights);
  tf.dispose(model.weights);
  model.weights = weights;
  return { model, log: JSON.parse(file.metadata.log!), source: "cache" };
}

function fileStore(path: string): CheckpointStore {
  return { load: () => readTensorFile(path), save: (file) => writeTensors(path, file) };
}

/** The file's content; undefined if there is none, or if it is damaged, which is said. */
async function readTensorFile(path: string): Promise<TensorFile | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new UserError(`The saved model ${path} cannot be read (${error.code}); check its permissions or remove it.`);
  });
  if (!bytes) return undefined;
  try {
    const file = decodeTensors(bytes);
    if (file.metadata.checksum !== checksum(file)) throw new UserError("Its checksum does not fit.");
    return file;
  } catch (error) {
    console.warn(`${path} is damaged and is made anew. ${(error as Error).message}`);
    return undefined;
  }
}

function writeTensors(path: string, file: TensorFile): Promise<void> {
  return writeFile(path, encodeTensors({ ...file, metadata: { ...file.metadata, checksum: checksum(file) } }));
}

function checksum({ tensors, metadata: { checksum: _, ...metadata } }: TensorFile): string {
  const hash = createHash("sha256").update(JSON.stringify(metadata));
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    hash.update(`${name}[${shape}]`).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}

/** Writes a whole file or none, and makes its folder. */
async function writeFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    writeFileAtomic(path, content);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const advice =
      code === "ENOSPC" ? "free some space there" : "make the folder writable or set XDG_CACHE_HOME to one that is";
    throw new UserError(
      `The cache folder ${cacheFolder()} must be writable to keep a model, but it is not (${code ?? message}); ${advice}.`,
    );
  }
}
