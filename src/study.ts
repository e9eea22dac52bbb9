import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import writeFileAtomic from "write-file-atomic";
import { scoreLabels, type TestScores } from "./analysis/testScores";
import { loadBackend, nativeVersion } from "./backend/tensorflow";
import { type ModelConfig, modelConfig, type Profile } from "./config";
import { findCorpus, loadDataset } from "./data/catalog";
import type { Dataset, Example } from "./data/dataset";
import { type OwnCorpusOptions, ownCorpus } from "./data/ownCorpus";
import { UserError } from "./errors";
import { obtainModel } from "./experiment";
import {
  type Analysed,
  analyzeInstances,
  type InstanceOptions,
  instanceColumns,
  type Stage,
  stages,
} from "./instances";
import { type AttentionModel, disposeModel } from "./model/model";
import type { EpochLog } from "./model/train";
import { extentOf } from "./profiles";
import { type ClassSummary, summarizeInstances } from "./studySummary";

/** Raised whenever the same configuration would give other rows or another file. */
const formatVersion = 1;

/** One configuration of the study: a corpus, a model, a seed. */
export interface StudyJob {
  /** A corpus of the catalogue, or your own. */
  corpus: string | { path: string; options: OwnCorpusOptions };
  profile: Profile;
  /** Of the model; what is not given has the profile's value, then the paper's. */
  options: Partial<ModelConfig>;
  /** At most so many examples of each split. Default: the profile's. */
  limit?: number;
  /** At most so many examples of the test split are analysed. Default: the profile's. */
  testLimit?: number;
  analysis: InstanceOptions;
  /** Results are written to `<out>/<corpus>/<encoder>-<attention>/seed-<n>/`. */
  out: string;
}

/** Where a configuration is. */
export interface StudyProgress {
  stage: "reading" | "training" | "analysing";
  done: number;
  total: number;
  note?: string;
}

/** What one configuration came to: `summary.json`. */
export interface StudySummary {
  corpus: string;
  task: Dataset["task"];
  encoder: string;
  attention: string;
  seed: number;
  /** What a reader of these numbers must know of the texts, for example "37 % of train". */
  notes: string[];
  scores: TestScores;
  classes: ClassSummary[];
  /** Seconds by stage; training is that of all epochs, whether now or before. */
  seconds: Record<Stage | "training", number>;
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
  const { dataset, options, testLimit } = await loadCorpus(job, reading);
  const examples = takeSpread(dataset.test, testLimit);
  const config = modelConfig(options, dataset);
  const folder = folderOf(job.out, dataset.corpus, config);
  const identity = {
    formatVersion,
    corpus: dataset.corpus,
    profile: job.profile,
    config,
    analysis: job.analysis,
    examples: fingerprint(dataset, examples),
  };
  const finished = await readFinished(folder, identity);
  if (finished) return { folder, summary: finished, wasThere: true };
  const { model, log } = await obtainModel(dataset, options, {
    signal,
    onProgress: ({ done, total, epoch, epochs, loss }) =>
      onProgress?.({ stage: "training", done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}` }),
  });
  try {
    const chunks = await analyzeInChunks(model, examples, job.analysis, folder, identity, { onProgress, signal });
    const summary = summarize(dataset, model, log, examples, chunks);
    await writeResults(folder, identity, dataset, log, chunks, summary);
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
    dataset: await (typeof corpus === "string"
      ? loadDataset(corpus, most)
      : ownCorpus(corpus.path, { ...corpus.options, ...most })),
    options: { ...extent.options, ...options },
    testLimit: testLimit ?? extent.testLimit,
  };
}

function taskOf(corpus: StudyJob["corpus"]): Dataset["task"] {
  if (typeof corpus === "string") return findCorpus(corpus).task;
  return corpus.options.columns.question === undefined ? "classification" : "inference";
}

/** The first examples of a fixed spread over all: every n-th, so that short and long, early and late ones are among them. */
function takeSpread(examples: readonly Example[], limit = Number.POSITIVE_INFINITY): Example[] {
  if (examples.length <= limit) return [...examples];
  return Array.from({ length: limit }, (_, index) => examples[Math.floor((index * examples.length) / limit)]!);
}

function folderOf(out: string, corpus: string, { encoder, attention, attentionWeights, seed }: ModelConfig): string {
  const weights = attentionWeights === "softmax" ? "" : `-${attentionWeights}`;
  return join(out, corpus, `${encoder}-${attention}${weights}`, `seed-${seed}`);
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
async function readFinished(folder: string, identity: object): Promise<StudySummary | undefined> {
  const [config, summary] = await Promise.all(
    ["config.json", "summary.json"].map((name) => readFile(join(folder, name), "utf8").catch(ifMissing)),
  );
  if (config === undefined) return undefined;
  const { identity: found } = parse(config, join(folder, "config.json"));
  if (JSON.stringify(found) !== JSON.stringify(identity)) throw anotherConfiguration(folder, found, identity);
  return summary === undefined ? undefined : parse(summary, join(folder, "summary.json"));
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

function parse(json: string, path: string) {
  try {
    return JSON.parse(json);
  } catch {
    throw new UserError(`${path} is damaged; remove it and start again.`);
  }
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
  options: InstanceOptions,
  folder: string,
  identity: object,
  { onProgress, signal }: StudyControl,
): Promise<Analysed[]> {
  const partial = join(folder, "partial.jsonl");
  const chunks = cutChunks(examples);
  const done = await readPartial(partial, identity, chunks);
  if (done.length === 0) {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(partial, `${JSON.stringify(identity)}\n`);
  }
  let analysed = done.reduce((sum, { rows }) => sum + rows.length, 0);
  const tell = (within: number) =>
    onProgress?.({ stage: "analysing", done: Math.floor(analysed + within), total: examples.length });
  for (const chunk of chunks.slice(done.length)) {
    tell(0);
    const result = await analyzeInstances(model, chunk, options, {
      signal,
      onProgress: (share) => tell(share * chunk.length),
    });
    await appendFile(partial, `${JSON.stringify(result)}\n`);
    done.push(result);
    analysed += chunk.length;
  }
  tell(0);
  return done;
}

/** The chunks that were finished before; a line that a kill cut off is not one. */
async function readPartial(path: string, identity: object, chunks: readonly Example[][]): Promise<Analysed[]> {
  const text = await readFile(path, "utf8").catch(ifMissing);
  const [first, ...lines] = (text ?? "").split("\n");
  if (!first) return [];
  if (first !== JSON.stringify(identity)) throw anotherConfiguration(path, parse(first, path), identity);
  const whole = lines.slice(0, -1).map((line) => parse(line, path) as Analysed);
  if (lines.at(-1) !== "") await writeFileAtomic(path, `${[first, ...lines.slice(0, -1)].join("\n")}\n`);
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

async function writeResults(
  folder: string,
  identity: object,
  dataset: Dataset,
  log: readonly EpochLog[],
  chunks: readonly Analysed[],
  summary: StudySummary,
): Promise<void> {
  const { title, task, train, dev, test, vocabulary, origin, licence, citation, notes } = dataset;
  const counts = { train: train.length, dev: dev.length, test: test.length, vocabulary: vocabulary.length };
  const environment = { node: process.versions.node, backend: await loadBackend(), libtensorflow: nativeVersion() };
  const about = { identity, corpus: { title, task, ...counts, origin, licence, citation, notes }, environment, log };
  const rows = chunks.flatMap((chunk) => chunk.rows);
  await writeFileAtomic(
    join(folder, "instances.csv"),
    stringify(rows, { header: true, columns: [...instanceColumns] }),
  );
  await writeFileAtomic(join(folder, "config.json"), `${JSON.stringify(about, undefined, 2)}\n`);
  await writeFileAtomic(join(folder, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
  await rm(join(folder, "partial.jsonl"), { force: true });
}
