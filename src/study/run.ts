import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../atomicWrite";
import { loadBackend, nativeVersion } from "../backend/tensorflow";
import { corpora, findCorpus, loadDataset } from "../data/catalog";
import type { Dataset, Example } from "../data/dataset";
import { ownCorpus } from "../data/ownCorpus";
import type { OwnCorpus } from "../data/ownCorpusOptions";
import { UserError } from "../errors";
import { type AttentionModel, disposeModel } from "../model/model";
import type { EpochLog } from "../model/train";
import { type Analysed, analyzeInstances, type InstanceOptions, type Stage, stages } from "./analyze";
import { type ComputedProfile, type ModelConfig, modelConfig } from "./config";
import { parseJson, type StudyAbout, type StudyIdentity, writeStudy } from "./files";
import { obtainModel } from "./obtainModel";
import { extentOf } from "./profiles";
import { type StudySummary, summarizeInstances } from "./summary";
import { scoreLabels } from "./testScores";

/** Raised whenever the same configuration would give other rows or another file. */
const formatVersion = 2;

/** One configuration of the study: a corpus, a model, a seed. */
export interface StudyJob {
  /** A corpus of the catalogue, or your own. */
  corpus: string | OwnCorpus;
  profile: ComputedProfile;
  /** Of the model; what is not given has the profile's value, then the paper's. */
  options: Partial<ModelConfig>;
  /** At most so many examples of each split. Default: the profile's. */
  limit?: number;
  /** At most so many examples of the test split are analysed. Default: the profile's. */
  testLimit?: number;
  analysis: InstanceOptions;
  /** Results are written to `<out>/<corpus>/<encoder>-<attention>/seed-<n>/`. */
  out: string;
  /** Adds a short hash of all that decides the rows to the folder's name, so that another configuration has another. */
  distinct?: boolean;
}

/** Where a configuration is. */
export interface StudyProgress {
  stage: "reading" | "training" | "analysing";
  done: number;
  total: number;
  note?: string;
}

export interface StudyOutcome {
  folder: string;
  summary: StudySummary;
  /** Whether it was finished before and nothing was done. */
  wasThere: boolean;
}

export interface StudyControl {
  onProgress?: (progress: StudyProgress) => void;
  /** Stops at the next batch or chunk of texts; what is done is kept. */
  signal?: AbortSignal;
}

/**
 * Trains and analyses one configuration and writes `config.json`, `summary.json` and `instances.csv` into its folder.
 *
 * Everything that is done is kept at once: called again after a stop or a kill it goes on with the next epoch, or with
 * the next chunk of texts, and ends with the same rows. A configuration that is finished is not computed again.
 *
 * @throws UserError for a wrong name or option, and when the folder holds the results of another configuration
 */
export async function runStudy(job: StudyJob, { onProgress, signal }: StudyControl = {}): Promise<StudyOutcome> {
  const reading = (done: number, total = 0) => onProgress?.({ stage: "reading", done, total });
  const { dataset, options, testLimit, testWords } = await loadCorpus(job, reading);
  const examples = takeSpread(dataset.test, testLimit, testWords);
  const config = modelConfig(options, dataset);
  const identity: StudyIdentity = {
    formatVersion,
    corpus: dataset.corpus,
    profile: job.profile,
    config,
    analysis: job.analysis,
    examples: fingerprint(dataset, examples),
  };
  const folder = folderOf(job, identity);
  const finished = await readFinished(folder, identity);
  if (finished) return { folder, summary: finished, wasThere: true };
  const { model, log } = await obtainModel(dataset, options, {
    signal,
    onProgress: ({ done, total, epoch, epochs, loss }) =>
      onProgress?.({ stage: "training", done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}` }),
  });
  try {
    const chunks = await analyzeInChunks(model, examples, folder, identity, { onProgress, signal });
    const summary = summarize(dataset, model, log, examples, chunks);
    const about = await describe(identity, dataset, log);
    const [rows, texts] = [chunks.flatMap((chunk) => chunk.rows), chunks.flatMap((chunk) => chunk.texts)];
    await writeStudy(folder, { about, summary, rows, texts });
    await rm(join(folder, "partial.jsonl"), { force: true });
    return { folder, summary, wasThere: false };
  } finally {
    disposeModel(model);
  }
}

async function loadCorpus(
  { corpus, profile, options, limit, testLimit }: StudyJob,
  onProgress: (done: number, total?: number) => void,
) {
  const extent = extentOf(profile, { task: taskOf(corpus) });
  const most = { limit: limit ?? extent.limit, onProgress };
  return {
    dataset: await (typeof corpus === "string" ? loadDataset(corpus, most) : ownCorpus(corpus, most)),
    options: { ...extent.options, ...options },
    testLimit: testLimit ?? extent.testLimit,
    testWords: testLimit === undefined ? extent.testWords : undefined,
  };
}

function taskOf(corpus: StudyJob["corpus"]): Dataset["task"] {
  if (typeof corpus === "string") return findCorpus(corpus).task;
  return corpus.questionColumn === undefined ? "classification" : "inference";
}

/** Examples of a fixed spread over all, every n-th, so that short and long, early and late ones are among them. */
function takeSpread(
  examples: readonly Example[],
  limit = Number.POSITIVE_INFINITY,
  words = Number.POSITIVE_INFINITY,
): Example[] {
  const meanLength = examples.reduce((sum, { tokens }) => sum + tokens.length, 0) / examples.length;
  const count = Math.max(1, Math.min(examples.length, limit, Math.floor(words / meanLength)));
  return Array.from({ length: count }, (_, index) => examples[Math.floor((index * examples.length) / count)]!);
}

function folderOf({ out, distinct }: StudyJob, identity: StudyIdentity): string {
  const { encoder, attention, attentionWeights, seed } = identity.config;
  const weights = attentionWeights === "softmax" ? "" : `-${attentionWeights}`;
  const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 8);
  return join(out, identity.corpus, `${encoder}-${attention}${weights}`, `seed-${seed}${distinct ? `-${hash}` : ""}`);
}

/** Stands for the texts, so that results of others are not taken for these. */
function fingerprint({ vocabulary, classNames, train, dev }: Dataset, examples: readonly Example[]): string {
  const hash = createHash("sha256").update(JSON.stringify([vocabulary, classNames, train.length, dev.length]));
  for (const { id, tokens, question, candidates, label } of examples) {
    hash.update(JSON.stringify([id, tokens, question, candidates, label]));
  }
  return hash.digest("hex");
}

/** The summary of this very configuration, if its folder holds one. */
async function readFinished(folder: string, identity: StudyIdentity): Promise<StudySummary | undefined> {
  const [config, summary] = await Promise.all(
    ["config.json", "summary.json"].map((name) => readFile(join(folder, name), "utf8").catch(ifMissing)),
  );
  if (config === undefined) return undefined;
  const { identity: found } = parseJson<StudyAbout>(config, join(folder, "config.json"));
  if (JSON.stringify(found) !== JSON.stringify(identity)) throw anotherConfiguration(folder, found, identity);
  return summary === undefined ? undefined : parseJson(summary, join(folder, "summary.json"));
}

function anotherConfiguration(path: string, found: unknown, wanted: unknown): UserError {
  return new UserError(
    `${path} must not hold the results of another configuration, but it does (${differenceOf(found, wanted)}); choose another --out, or remove that folder.`,
  );
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw new UserError(`Earlier results cannot be read (${error.message}); check their permissions.`);
}

/** The first field in which two configurations differ, as "config.epochs 8 instead of 4". */
function differenceOf(found: unknown, wanted: unknown, path: readonly string[] = []): string {
  const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
  if (isRecord(found) && isRecord(wanted)) {
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
    const name = names.find((key) => JSON.stringify(found[key]) !== JSON.stringify(wanted[key]));
    if (name !== undefined) return differenceOf(found[name], wanted[name], [...path, name]);
  }
  return `${path.join(".")} ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}

/** Words of the texts of a chunk; what is done of a study is kept chunk by chunk. */
const wordsOfChunk = 8_192;

function cutChunks(examples: readonly Example[]): Example[][] {
  const chunks: Example[][] = [];
  let words = Number.POSITIVE_INFINITY;
  for (const example of examples) {
    if (words + example.tokens.length > wordsOfChunk) {
      chunks.push([]);
      words = 0;
    }
    chunks.at(-1)!.push(example);
    words += example.tokens.length;
  }
  return chunks;
}

async function analyzeInChunks(
  model: AttentionModel,
  examples: readonly Example[],
  folder: string,
  identity: StudyIdentity,
  { onProgress, signal }: StudyControl,
): Promise<Analysed[]> {
  const partial = join(folder, "partial.jsonl");
  const chunks = cutChunks(examples);
  const done = await readPartial(partial, identity, chunks);
  if (done.length === 0) {
    await mkdir(folder, { recursive: true });
    writeFileAtomic(partial, `${JSON.stringify(identity)}\n`);
  }
  let analysed = done.reduce((sum, { rows }) => sum + rows.length, 0);
  const tell = (within: number) =>
    onProgress?.({ stage: "analysing", done: Math.floor(analysed + within), total: examples.length });
  for (const chunk of chunks.slice(done.length)) {
    tell(0);
    const { texts, ...numbers } = await analyzeInstances(model, chunk, identity.analysis, {
      signal,
      onProgress: (share) => tell(share * chunk.length),
    });
    const result = { ...numbers, texts: isRestricted(identity.corpus) ? [] : texts };
    await appendFile(partial, `${JSON.stringify(result)}\n`);
    done.push(result);
    analysed += chunk.length;
  }
  tell(0);
  return done;
}

/** Whether not even the order of a text's words may be kept. */
function isRestricted(corpus: string): boolean {
  return corpora.some(({ name, restricted }) => name === corpus && restricted);
}

/** The chunks that were finished before; a line that a kill cut off is not one. */
async function readPartial(path: string, identity: object, chunks: readonly Example[][]): Promise<Analysed[]> {
  const text = await readFile(path, "utf8").catch(ifMissing);
  const [first, ...lines] = (text ?? "").split("\n");
  if (!first) return [];
  if (first !== JSON.stringify(identity)) throw anotherConfiguration(path, parseJson(first, path), identity);
  const whole = lines.slice(0, -1).map((line) => parseJson<Analysed>(line, path));
  if (lines.at(-1) !== "") writeFileAtomic(path, `${[first, ...lines.slice(0, -1)].join("\n")}\n`);
  const fits = whole.every(({ rows }, index) => rows.length === chunks[index]?.length);
  return fits ? whole : [];
}

function summarize(
  dataset: Dataset,
  model: AttentionModel,
  log: readonly EpochLog[],
  examples: readonly Example[],
  chunks: readonly Analysed[],
): StudySummary {
  const { encoder, attention, seed } = model.config;
  const rows = chunks.flatMap((chunk) => chunk.rows);
  const total = (stage: Stage) => chunks.reduce((sum, { seconds }) => sum + seconds[stage], 0);
  return {
    corpus: dataset.corpus,
    task: dataset.task,
    encoder,
    attention,
    seed,
    notes: dataset.notes,
    scores: scoreLabels(dataset.task, {
      labels: examples.map(({ label }) => label),
      predicted: chunks.flatMap((chunk) => chunk.predicted),
      logits: chunks.flatMap((chunk) => chunk.logits),
    }),
    classes: summarizeInstances(rows, dataset.classNames),
    seconds: {
      training: log.reduce((sum, { seconds }) => sum + seconds, 0),
      ...(Object.fromEntries(stages.map((stage) => [stage, total(stage)])) as Record<Stage, number>),
    },
  };
}

async function describe(identity: StudyIdentity, dataset: Dataset, log: EpochLog[]): Promise<StudyAbout> {
  const { title, task, classNames, train, dev, test, vocabulary, origin, licence, citation, notes } = dataset;
  const counts = { train: train.length, dev: dev.length, test: test.length, vocabulary: vocabulary.length };
  const corpus = { title, task, classNames, ...counts, origin, licence, citation, notes };
  const environment = { node: process.versions.node, backend: await loadBackend(), libtensorflow: nativeVersion() };
  return { identity, corpus, environment, log };
}
