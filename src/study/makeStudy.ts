import { join } from "node:path";
import { makeFolder } from "../atomicWrite";
import { processorKind } from "../backend/processor";
import { loadBackend, nativeVersion } from "../backend/tensorflow";
import { corpora } from "../data/catalog";
import { type Example, isBinary } from "../data/dataset";
import { explained, UserError } from "../errors";
import { withLock } from "../lock";
import { disposeModel } from "../model/model";
import { sha256 } from "../sha256";
import { type Analysis, type AnalysisOptions, resolveAnalysis } from "./analysis";
import { columnsOf } from "./analysisColumns";
import { Chunk } from "./chunk";
import type { Column } from "./columns";
import type { ComputedProfile } from "./config";
import { type CorpusChoice, loadStudied } from "./dataset";
import { keepExports } from "./exports";
import { checkFiles, type Manifest, readManifest, readParts, type StoredPart, writeParts } from "./files";
import {
  configurationName,
  differingOptions,
  fingerprintTexts,
  formatVersion,
  type StudyIdentity,
  type StudyOptions,
  studyFolder,
} from "./identity";
import { identifyModel, obtainModel, type TrainedModel } from "./obtainModel";
import type { Cells } from "./parquet";
import { type Part, partsOf } from "./parts";
import { type Study, toStudy } from "./study";
import { scoreLabels } from "./testScores";
import { type DoneChunk, UnfinishedAnalysis } from "./unfinished";

/** One configuration of the study: a corpus, a model, a seed; and what is asked of its texts. */
export interface StudyJob {
  /** A corpus of the catalogue, or your own. */
  corpus: CorpusChoice;
  profile: ComputedProfile;
  /** What is not given has the profile's value, then the paper's. */
  options: StudyOptions;
  /** Beside the paper's. */
  analysis: AnalysisOptions;
  /** Results are written to a folder of the configuration's own below this one. */
  out: string;
  /** The step that alone is done, so that steps can be jobs of their own. Default: all of them. */
  only?: Step;
}

/** Reading corpus and word vectors, which downloads them; the training; and the analysis of a model that is trained. */
export const steps = ["preparation", "training", "analysis"] as const;
export type Step = (typeof steps)[number];

/** Where a configuration is. */
export interface StudyProgress {
  stage: "waiting" | "reading" | "training" | "analysing";
  done: number;
  total: number;
  note?: string;
}

export interface StudyControl {
  onProgress?: (progress: StudyProgress) => void;
  /** Stops at the next batch or chunk of texts; what is done is kept. */
  signal?: AbortSignal;
}

/**
 * Trains and analyses one configuration, or reads back what is there and computes the rest. Called again after a stop or a
 * kill it goes on with the next epoch or chunk of texts and ends with the same rows; another process waits, then reads.
 *
 * @throws UserError for a wrong name or option, and when stopped
 */
export async function makeStudy(job: StudyJob, control: StudyControl = {}): Promise<Study> {
  const analysis = resolveAnalysis(job.analysis);
  const planned = await plan(job, analysis, control);
  const { folder, name } = planned;
  const { onProgress, signal } = control;
  makeFolder(folder);
  const onWait = () =>
    onProgress?.({ stage: "waiting", done: 0, total: 0, note: "another process computes it; waiting for that" });
  return withLock(join(folder, "manifest.json"), (held) => complete(planned, analysis, { onProgress, signal: held }), {
    onWait,
    signal,
  }).catch((error) => {
    if (error instanceof UserError || !signal?.aborted) throw explained(error, folder);
    throw new UserError(`${name} was stopped; what is done is kept, and the next call goes on from there.`);
  });
}

/** Does what comes before the analysis, or the preparation alone; the cache folder keeps it. @throws as {@link makeStudy} */
export async function makeModel(job: StudyJob, control: StudyControl = {}): Promise<void> {
  const planned = await plan(job, resolveAnalysis(job.analysis), control);
  if (job.only !== "preparation") disposeModel((await train(planned, control)).model);
}

/** What a configuration would read and analyse; nothing is trained or written. */
export function planStudy(job: StudyJob) {
  return plan(job, resolveAnalysis(job.analysis), {});
}

type Planned = Awaited<ReturnType<typeof plan>>;

async function plan(job: StudyJob, { testLimit }: Analysis, { onProgress, signal }: StudyControl) {
  const { corpus, profile, options, out, only } = job;
  const told = (done: number, total = 0) => onProgress?.({ stage: "reading", done, total });
  const reading = { onProgress: told, signal };
  const { dataset, extent, options: model } = await loadStudied(profile, corpus, options, reading);
  const words = testLimit === undefined ? extent.testWords : undefined;
  const examples = takeSpread(dataset.test, testLimit ?? extent.testLimit, words);
  const { identity: ofModel, config } = await identifyModel(dataset, model);
  const differing = differingOptions(profile, dataset, config, { limit: options.limit, testLimit });
  const texts = fingerprintTexts(examples);
  const identity: StudyIdentity = { formatVersion, profile, model: ofModel, texts, options: differing };
  return {
    name: configurationName(identity),
    folder: studyFolder(out, identity),
    identity,
    dataset,
    /** The texts that are analysed. */
    examples,
    /** Ids of those that the controls are computed of. */
    controls: new Set(takeSpread(examples, extent.controlTexts, extent.controlWords).map(({ id }) => id)),
    options: model,
    only,
  };
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

/** Reads what is there of a configuration, computes the rest and keeps it. */
async function complete(planned: Planned, analysis: Analysis, control: StudyControl): Promise<Study> {
  const { folder, identity, dataset, examples, controls } = planned;
  const restricted = corpora.some(({ name, restricted }) => name === dataset.corpus && restricted);
  const parts = partsOf(analysis, { isLinear: isBinary(dataset), words: !restricted });
  const columns = columnsOf(analysis);
  const found = await readFound(folder);
  const stored = found ? storedOf(found, parts) : [];
  const missing = parts.filter((part) => !stored.some((one) => isOf(one, part)));
  if (found && missing.length === 0) {
    const cells = await readParts(folder, found, stored, { lists: false });
    const study = toStudy({ folder, manifest: found, source: "read back", columns, parts, stored, cells });
    await keepExports(study, found, keyOfParts(found, stored));
    return study;
  }
  const known = found ? await readParts(folder, found, stored, { lists: true }) : {};
  const trained = missing.some((part) => part.needsModel) ? await train(planned, control) : undefined;
  try {
    const unfinished = new UnfinishedAnalysis(folder, [identity, missing.map(({ name, key }) => [name, key])]);
    const { seed } = identity.model.config;
    const about = { seed, importances: analysis.importances, bias: found?.bias, model: trained?.model, controls };
    const chunkOf = ({ from, to }: Place) => {
      const cells = Object.entries(known).map(([name, column]) => [name, column.slice(from, to)]);
      return new Chunk({ ...about, cells: Object.fromEntries(cells), examples: examples.slice(from, to) });
    };
    const made = await analyseInChunks(examples, chunkOf, missing, unfinished, control);
    const first = found ?? (await describe(planned, trained!, made));
    const manifest = await keep(folder, first, missing, made, columns);
    const cells = inMemory({ ...known, ...made.cells }, parts);
    const kept = storedOf(manifest, parts);
    const study = toStudy({ folder, manifest, source: "computed", columns, parts, stored: kept, cells });
    await keepExports(study, manifest, keyOfParts(manifest, kept));
    await unfinished.remove();
    return study;
  } finally {
    if (trained) disposeModel(trained.model);
  }
}

/** Without the lists that can be read again from the study's folder. */
function inMemory(cells: Cells, parts: readonly Part[]): Cells {
  const names = parts.flatMap(({ key, columns }) =>
    Object.entries(columns).flatMap(([name, kind]) =>
      key === undefined || kind === "number" || kind === "text" ? [name] : [],
    ),
  );
  return Object.fromEntries(names.map((name) => [name, cells[name]!]));
}

/** The manifest of the folder; what is damaged there is said, and computed anew. */
async function readFound(folder: string): Promise<Manifest | undefined> {
  try {
    const manifest = await readManifest(folder);
    if (manifest) await checkFiles(folder, manifest);
    return manifest;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.warn(`${error.message} It is computed anew now.`);
    return undefined;
  }
}

function isOf(stored: StoredPart, { kind, name, key }: Part): boolean {
  return stored.kind === kind && stored.name === name && key !== undefined && stored.key === key;
}

/** The wanted parts that are stored. */
export function storedOf({ parts: all }: Pick<Manifest, "parts">, parts: readonly Part[]): StoredPart[] {
  return parts.flatMap((part) => all.find((one) => isOf(one, part)) ?? []);
}

function train({ dataset, options, only }: Planned, { onProgress, signal }: StudyControl) {
  return obtainModel(dataset, options, {
    onlyCached: only === "analysis",
    signal,
    onProgress: ({ done, total, epoch, epochs, loss }) =>
      onProgress?.({ stage: "training", done, total, note: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}` }),
  });
}

type Made = Omit<DoneChunk, "ids">;

/** One chunk at a time, so that what the model says of its texts is forgotten with it. */
async function analyseInChunks(
  examples: readonly Example[],
  chunkOf: (place: Place) => Chunk,
  parts: readonly Part[],
  unfinished: UnfinishedAnalysis,
  { onProgress, signal }: StudyControl,
): Promise<Made> {
  const places = cutChunks(examples);
  const idsOf = ({ from, to }: Place) => examples.slice(from, to).map(({ id }) => id);
  const done = await unfinished.read(places.map(idsOf));
  const total = workOf(examples);
  for (const place of places.slice(done.length)) {
    const { from, to } = place;
    const [before, within] = [workOf(examples.slice(0, from)), workOf(examples.slice(from, to))];
    const tell = (share: number) =>
      onProgress?.({
        stage: "analysing",
        done: before + share * within,
        total,
        note: `${from + Math.floor(share * (to - from))} of ${examples.length} texts analysed`,
      });
    tell(0);
    const chunk = chunkOf(place);
    const { cells, seconds } = await chunk.compute(parts, { onProgress: tell, signal });
    done.push({ ids: idsOf(place), cells, seconds, bias: chunk.bias });
    await unfinished.add(done.at(-1)!);
    signal?.throwIfAborted();
  }
  return joined(done);
}

/** What the analyses of some texts take, in units of work: leave-one-out reads a text of n words n times. */
export function workOf(examples: readonly Example[]): number {
  return examples.reduce((sum, { tokens }) => sum + tokens.length * (tokens.length + 100), 0);
}

/** Words of the texts of a chunk; what is done of a study is kept chunk by chunk. */
const wordsOfChunk = 8_192;

/** Which of the texts a chunk has: from the first to before the last. */
type Place = { from: number; to: number };

function cutChunks(examples: readonly Example[]): Place[] {
  const chunks: Place[] = [];
  let words = Number.POSITIVE_INFINITY;
  for (const [index, { tokens }] of examples.entries()) {
    if (words + tokens.length > wordsOfChunk) {
      chunks.push({ from: index, to: index });
      words = 0;
    }
    chunks.at(-1)!.to = index + 1;
    words += tokens.length;
  }
  return chunks;
}

function joined(chunks: readonly DoneChunk[]): Made {
  const [first = { cells: {}, seconds: {}, bias: undefined }] = chunks;
  const cells = Object.keys(first.cells).map((name) => [name, chunks.flatMap((chunk) => chunk.cells[name]!)]);
  const seconds = Object.keys(first.seconds).map((part) => [
    part,
    chunks.reduce((sum, chunk) => sum + chunk.seconds[part]!, 0),
  ]);
  return { cells: Object.fromEntries(cells), seconds: Object.fromEntries(seconds), bias: first.bias };
}

/** The manifest of a configuration of which nothing is kept yet. */
async function describe(
  { name, identity, dataset }: Planned,
  { log, how }: TrainedModel,
  made: Made,
): Promise<Manifest> {
  const { title, task, classNames, train, dev, test, vocabulary, origin, digest, licence, citation, notes } = dataset;
  const { wordVectors } = identity.model;
  const told = wordVectors
    ? [`${wordVectors.found} of the ${wordVectors.words} words of the vocabulary have a vector to begin with.`]
    : [];
  const counts = { train: train.length, dev: dev.length, test: test.length, vocabulary: vocabulary.length };
  const label = (column: string) => made.cells[column]!.map((cell) => classNames.indexOf(cell as string));
  return {
    name,
    identity,
    about: {
      corpus: { title, task, classNames, ...counts, origin, digest, licence, citation, notes: [...notes, ...told] },
      environment: {
        node: process.versions.node,
        backend: await loadBackend(),
        libtensorflow: nativeVersion(),
        processor: processorKind(),
        training: how,
      },
      log,
    },
    scores: scoreLabels(dataset, {
      labels: label("label"),
      predicted: label("predicted"),
      logits: (made.cells.logit ?? []) as number[],
    }),
    ...(made.bias !== undefined && { bias: made.bias }),
    parts: [],
    columns: [],
    files: {},
  };
}

/** Keeps the parts that were computed: at first in one file, later each in a file of its own. */
async function keep(
  folder: string,
  first: Manifest,
  parts: readonly Part[],
  { cells, seconds }: Made,
  columns: readonly Column[],
): Promise<Manifest> {
  const withSeconds = parts.map((part) => ({ part, seconds: seconds[part.name]! }));
  let manifest = first;
  const isFirst = first.parts.length === 0;
  const together = isFirst ? withSeconds.filter(({ part }) => part.key !== undefined) : [];
  if (together.length > 0) manifest = await writeParts(folder, manifest, "texts.parquet", together, cells, columns);
  for (const one of withSeconds) {
    if (together.includes(one)) continue;
    const { kind, name, key = "unversioned" } = one.part;
    manifest = await writeParts(folder, manifest, `${kind}-${name}-${key}.parquet`, [one], cells, columns);
  }
  return manifest;
}

/** Stands for the parts of an analysis, for the names of what is exported of them; "" for those that were computed first. */
function keyOfParts(manifest: Manifest, parts: readonly StoredPart[]): string {
  const first = manifest.parts.filter(({ file }) => file === "texts.parquet");
  if (first.length === parts.length && parts.every(({ file }) => file === "texts.parquet")) return "";
  return sha256(JSON.stringify(parts.map(({ name, key }) => [name, key]))).slice(0, 8);
}
