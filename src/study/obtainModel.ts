import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../atomicWrite";
import { loadBackend, tf } from "../backend/tensorflow";
import type { Dataset } from "../data/dataset";
import { loadWordVectors } from "../data/words/wordVectors";
import { UserError } from "../errors";
import { decodeTensors, encodeTensors, readTensors, restoreTensors, type TensorFile } from "../model/checkpoint";
import { createModel } from "../model/model";
import { type TrainingOptions, type TrainingResult, trainModel } from "../model/train";
import { cacheFolder } from "../paths";
import { sha256 } from "../sha256";
import { type ModelConfig, modelConfig } from "./config";

/** Raised whenever the same config would give other weights or another file. */
export const modelFormat = 3;

export interface TrainedModel extends TrainingResult {
  /** Whether it was trained now or read from the cache folder. */
  source: "trained" | "cache";
}

/**
 * The model of this corpus and config: read from the cache folder if it was trained before, else trained, from the last
 * finished epoch on. @throws UserError for a wrong option, a split with one class, a folder that cannot be written, a stop
 */
export async function obtainModel(
  dataset: Dataset,
  options: Partial<ModelConfig> = {},
  { onlyCached, onProgress, signal }: Pick<TrainingOptions, "onProgress" | "signal"> & { onlyCached?: boolean } = {},
): Promise<TrainedModel> {
  const { config, vectors, identity } = await identifyModel(dataset, options);
  const key = sha256(JSON.stringify(identity)).slice(0, 16);
  const models = process.env.ATTENTION_MODELS ?? join(cacheFolder(), "models");
  const { encoder, attention, seed } = config;
  const folder = join(models, `${dataset.corpus}-${encoder}-${attention}-seed${seed}-${key}`);
  const finished = await readFinished(join(folder, "model.safetensors"), dataset, config);
  if (finished) return finished;
  if (onlyCached)
    throw new UserError(
      `An analysis alone needs a trained model, but there is none in ${folder}; run the same with --only training first, with the same cache folder.`,
    );
  await writeFileAtomic(join(folder, "config.json"), `${JSON.stringify(identity, undefined, 2)}\n`);
  const unfinished = join(folder, "training.safetensors");
  const store = {
    load: () => readTensorFile(unfinished),
    save: (file: TensorFile) => writeTensors(unfinished, file),
  };
  const { model, log, how } = await trainModel(dataset, config, { onProgress, signal, store, vectors });
  await writeTensors(join(folder, "model.safetensors"), {
    tensors: readTensors(model.weights),
    metadata: { log: JSON.stringify(log), how, config: JSON.stringify(identity) },
  });
  await writeFileAtomic(join(folder, "config.json"), `${JSON.stringify({ ...identity, log, how }, undefined, 2)}\n`);
  await rm(unfinished, { force: true });
  return { model, log, how, source: "trained" };
}

/** What decides a model to the last bit. */
export interface ModelIdentity {
  formatVersion: number;
  backend: string;
  corpus: string;
  /** SHA-256 of the vocabulary, the class names, the first word vectors, and the training and dev splits. */
  data: string;
  /** With the true size of the word vectors. */
  config: ModelConfig;
  /** The name or file of the given word vectors, and how many words of the vocabulary they have. */
  wordVectors?: { source: string; words: number; found: number };
}

/** What decides the model, and its first word vectors, [words, size]. @throws UserError for a wrong option, unreadable vectors */
export async function identifyModel(dataset: Dataset, options: Partial<ModelConfig>) {
  const asked = modelConfig(options, dataset);
  const backend = await loadBackend();
  const { corpus, vocabulary } = dataset;
  const given = asked.wordVectors === "random" ? undefined : await loadWordVectors(asked.wordVectors, vocabulary);
  const config = given ? { ...asked, embeddingSize: given.size } : asked;
  const identity: ModelIdentity = {
    ...{ formatVersion: modelFormat, backend, corpus, data: fingerprint(dataset, given?.values), config },
    ...(given && { wordVectors: { source: asked.wordVectors, ...given.known } }),
  };
  return { config, vectors: given?.values, identity };
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

async function readFinished(path: string, dataset: Dataset, config: ModelConfig): Promise<TrainedModel | undefined> {
  const file = await readTensorFile(path);
  if (!file) return undefined;
  const model = createModel(config, dataset.vocabulary, dataset);
  const weights = restoreTensors(file, model.weights);
  tf.dispose(model.weights);
  model.weights = weights;
  return { model, log: JSON.parse(file.metadata.log!), how: file.metadata.how!, source: "cache" };
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
    if (file.metadata.checksum !== (await checksum(file))) throw new UserError("Its checksum does not fit.");
    return file;
  } catch (error) {
    console.warn(`${path} is damaged and is made anew. ${(error as Error).message}`);
    return undefined;
  }
}

async function writeTensors(path: string, file: TensorFile): Promise<void> {
  const metadata = { ...file.metadata, checksum: await checksum(file) };
  await writeFileAtomic(path, encodeTensors({ ...file, metadata }));
}

/** Computed, as all of a file's writing, beside the steps of the training. */
async function checksum({ tensors, metadata: { checksum: _, ...metadata } }: TensorFile): Promise<string> {
  const digests = Object.entries(tensors).map(async ([name, { shape, values }]) => {
    const digest = await crypto.subtle.digest("SHA-256", values as Float32Array<ArrayBuffer>);
    return `${name}[${shape}] ${Buffer.from(digest).toString("hex")}`;
  });
  return sha256(JSON.stringify([metadata, await Promise.all(digests)]));
}
