import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../atomicWrite";
import { processorKind } from "../backend/processor";
import { loadBackend, nativeVersion } from "../backend/tensorflow";
import { type Example, isBinary } from "../data/dataset";
import { explained, UserError } from "../errors";
import { withLock } from "../lock";
import { type AttentionModel, disposeModel } from "../model/model";
import { sha256 } from "../sha256";
import { groupBy } from "../stats/summary";
import { type AnalysisOptions, columnsOf, resolveAnalysis } from "./analysis";
import { Chunk, cutByWords } from "./chunk";
import type { Column } from "./columns";
import type { ComputedProfile } from "./config";
import { type Combination, loadStudied } from "./design";
import { keepExports } from "./exports";
import { type Manifest, readChecked, readParts, readSummed, type StoredPart, writeParts, writeSummed } from "./files";
import { configurationName, differingOptions, formatVersion, type StudyIdentity, studyFolder } from "./identity";
import { identifyModel, obtainModel, type TrainedModel } from "./obtainModel";
import type { Cells } from "./parquet";
import { type Part, partsOf } from "./parts";
import { type Study, toStudy } from "./study";
import { scoresOf } from "./testScores";

/**
 * One configuration of the study: a corpus, a model, a seed; and what is asked of its texts. An option that is not given has
 * the profile's value, then the paper's.
 */
export interface StudyJob extends Combination {
  profile: ComputedProfile;
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
  const planned = await planStudy(job, control);
  const { folder, name } = planned;
  const { onProgress, signal } = control;
  makeFolder(folder);
  const onWait = () =>
    onProgress?.({ stage: "waiting", done: 0, total: 0, note: "another process computes it; waiting for that" });
  return withLock(join(folder, "manifest.json"), (held) => complete(planned, { onProgress, signal: held }), {
    onWait,
    signal,
  }).catch((error) => {
    if (error instanceof UserError || !signal?.aborted) throw explained(error, folder);
    throw new UserError(`${name} was stopped; what is done is kept, and the next call goes on from there.`);
  });
}

/** Does what comes before the analysis, or the preparation alone; the cache folder keeps it. @throws as {@link makeStudy} */
export async function makeModel(job: StudyJob, control: StudyControl = {}): Promise<void> {
  const planned = await planStudy(job, control);
  if (job.only !== "preparation") disposeModel((await train(planned, control)).model);
}

type Planned = Awaited<ReturnType<typeof planStudy>>;

/** What a configuration reads and analyses; nothing is trained or written. */
export async function planStudy(job: StudyJob, { onProgress, signal }: StudyControl = {}) {
  const { corpus, profile, options, out, only } = job;
  const analysis = resolveAnalysis(job.analysis);
  const { testLimit } = analysis;
  const reading = { signal, onProgress: (done: number, total = 0) => onProgress?.({ stage: "reading", done, total }) };
  const { dataset, extent, options: model } = await loadStudied(profile, corpus, options, reading);
  const words = testLimit === undefined ? extent.testWords : undefined;
  const examples = takeSpread(dataset.test, testLimit ?? extent.testLimit, words);
  const { identity: ofModel, config } = await identifyModel(dataset, model);
  const differing = differingOptions(profile, dataset, config, { limit: options.limit, testLimit });
  const told = examples.map(({ id, tokens, question, candidates, label }) =>
    JSON.stringify([id, tokens, question, candidates, label]),
  );
  const texts = sha256(told.join(""));
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
    analysis,
    only,
  };
}

/** Examples of a fixed spread over all, every n-th, so that short and long, early and late ones are among them. */
function takeSpread(examples: readonly Example[], limit = examples.length, words = Number.POSITIVE_INFINITY) {
  const meanLength = examples.reduce((sum, { tokens }) => sum + tokens.length, 0) / examples.length;
  const count = Math.max(1, Math.min(examples.length, limit, Math.floor(words / meanLength)));
  return Array.from({ length: count }, (_, index) => examples[Math.floor((index * examples.length) / count)]!);
}

/** Reads what is there of a configuration, computes the rest and keeps it. */
async function complete(planned: Planned, control: StudyControl): Promise<Study> {
  const { folder, dataset, analysis } = planned;
  const parts = partsOf(analysis, { isLinear: isBinary(dataset), words: !dataset.restricted });
  const columns = columnsOf(analysis);
  const found = await unlessDamaged(readChecked(folder));
  const missing = parts.filter((part) => !found?.parts.some((one) => isOf(one, part)));
  const made = missing.length > 0 ? await compute(planned, parts, missing, found, control) : undefined;
  const manifest = made ? await keep(folder, missing, made, columns) : found!;
  const stored = storedOf(manifest, parts);
  const cells = await readParts(folder, manifest, stored, { lists: false });
  const unkept = parts.filter(({ key }) => key === undefined).flatMap((part) => Object.keys(part.columns));
  for (const name of unkept) cells[name] = made!.cells[name]!;
  const source = made ? "computed" : "read back";
  const study = toStudy({ folder, manifest, source, columns, parts, stored, cells });
  await keepExports(study, manifest, keyOfParts(manifest, stored));
  // Where a kill came right before this, nothing is missing, but the folder of all parts is still there.
  const done = missing.length > 0 ? missing : parts;
  await rm(unfinishedFolder(planned, done), { recursive: true, force: true });
  return study;
}

/** What is damaged is said, and computed anew. */
function unlessDamaged<Content>(reading: Promise<Content>): Promise<Content | undefined> {
  return reading.catch((error) => {
    if (!(error instanceof UserError)) throw error;
    console.warn(`${error.message} It is computed anew now.`);
    return undefined;
  });
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

type Made = Awaited<ReturnType<Chunk["compute"]>>;

/** Computes what is missing of the parts. @param found what is kept already */
async function compute(
  planned: Planned,
  parts: readonly Part[],
  missing: readonly Part[],
  found: Manifest | undefined,
  control: StudyControl,
): Promise<Made & { manifest: Manifest }> {
  const known = found ? await readParts(planned.folder, found, storedOf(found, parts), { lists: true }) : {};
  const trained = missing.some((part) => part.needsModel) ? await train(planned, control) : undefined;
  try {
    const made = await computeInChunks(planned, missing, { known, bias: found?.bias, model: trained?.model }, control);
    return { ...made, manifest: found ?? (await describe(planned, trained!, made)) };
  } finally {
    if (trained) disposeModel(trained.model);
  }
}

/** One chunk at a time, so that what the model says of its texts is forgotten with it; each is kept until all are there. */
async function computeInChunks(
  planned: Planned,
  parts: readonly Part[],
  { known, bias, model }: { known: Cells; bias?: number; model?: AttentionModel },
  { onProgress, signal }: StudyControl,
): Promise<Made> {
  const { identity, examples, analysis, controls } = planned;
  const about = { seed: identity.model.config.seed, importances: analysis.importances, bias, model, controls };
  const total = workOf(examples);
  const chunks: Made[] = [];
  // What has no version may be another function by the next call.
  const isKept = parts.every(({ key }) => key !== undefined);
  const folder = unfinishedFolder(planned, parts);
  const lengths = examples.map(({ tokens }) => tokens.length);
  for (const { from, to } of cutByWords(lengths, wordsOfChunk)) {
    const place = `${from}-${to}`;
    const path = join(folder, `${place}.json`);
    const done = isKept ? await unlessDamaged(readSummed<Made & { place: string }>(path)) : undefined;
    if (done?.place === place) {
      chunks.push(done);
      continue;
    }
    const [before, within] = [workOf(examples.slice(0, from)), workOf(examples.slice(from, to))];
    const tell = (share: number) => {
      const note = `${from + Math.floor(share * (to - from))} of ${examples.length} texts analysed`;
      onProgress?.({ stage: "analysing", done: before + share * within, total, note });
    };
    tell(0);
    const cells = Object.entries(known).map(([name, column]) => [name, column.slice(from, to)]);
    const chunk = new Chunk({ ...about, cells: Object.fromEntries(cells), examples: examples.slice(from, to) });
    const made = await chunk.compute(parts, { onProgress: tell, signal });
    if (isKept) await writeSummed(path, { ...made, place });
    chunks.push(made);
    signal?.throwIfAborted();
  }
  return joined(chunks);
}

/** What decides the cells of an analysis that is not finished names its folder. */
function unfinishedFolder({ folder, identity }: Planned, missing: readonly Part[]): string {
  const deciding = sha256(JSON.stringify([identity, missing.map(({ name, key }) => [name, key])]));
  return join(folder, `unfinished-${deciding.slice(0, 8)}`);
}

/** What the analyses of some texts take, in units of work: leave-one-out reads a text of n words n times. */
export function workOf(examples: readonly Example[]): number {
  return examples.reduce((sum, { tokens }) => sum + tokens.length * (tokens.length + 100), 0);
}

/** Words of the texts of a chunk; what is done of a study is kept chunk by chunk. */
const wordsOfChunk = 8_192;

function joined(chunks: readonly Made[]): Made {
  const { cells, seconds, bias } = chunks[0]!;
  // JSON has null for undefined.
  const columnOf = (name: string) => chunks.flatMap((chunk) => chunk.cells[name]!.map((cell) => cell ?? undefined));
  const secondsOf = (part: string) => chunks.reduce((sum, chunk) => sum + chunk.seconds[part]!, 0);
  return {
    cells: Object.fromEntries(Object.keys(cells).map((name) => [name, columnOf(name)])),
    seconds: Object.fromEntries(Object.keys(seconds).map((part) => [part, secondsOf(part)])),
    bias,
  };
}

/** The manifest of a configuration of which nothing is kept yet. */
async function describe({ name, identity, dataset }: Planned, { log, how }: TrainedModel, { cells, bias }: Made) {
  const { title, task, classNames, train, dev, test, vocabulary, origin, digest, licence, citation, notes } = dataset;
  const { wordVectors } = identity.model;
  const told = wordVectors
    ? [`${wordVectors.found} of the ${wordVectors.words} words of the vocabulary have a vector to begin with.`]
    : [];
  const counts = { train: train.length, dev: dev.length, test: test.length, vocabulary: vocabulary.length };
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
    scores: scoresOf(dataset, cells),
    ...(bias !== undefined && { bias }),
    parts: [],
    columns: [],
    files: {},
  };
}

/** Keeps the parts that were computed: at first in one file, later each in a file of its own. */
async function keep(
  folder: string,
  parts: readonly Part[],
  { cells, seconds, manifest: first }: Made & { manifest: Manifest },
  columns: readonly Column[],
): Promise<Manifest> {
  const isFirst = first.parts.length === 0;
  const fileOf = ({ kind, name, key }: Part) =>
    isFirst && key !== undefined ? "texts.parquet" : `${kind}-${name}-${key ?? "unversioned"}.parquet`;
  const timed = parts.map((part) => ({ ...part, seconds: seconds[part.name]! }));
  let manifest = first;
  for (const [file, own] of groupBy(timed, fileOf))
    manifest = await writeParts(folder, manifest, file, own, cells, columns);
  return manifest;
}

/** Stands for the parts of an analysis, for the names of what is exported of them; "" for those that were computed first. */
function keyOfParts(manifest: Manifest, parts: readonly StoredPart[]): string {
  const first = manifest.parts.filter(({ file }) => file === "texts.parquet");
  if (first.length === parts.length && parts.every(({ file }) => file === "texts.parquet")) return "";
  return sha256(JSON.stringify(parts.map(({ name, key }) => [name, key]))).slice(0, 8);
}
