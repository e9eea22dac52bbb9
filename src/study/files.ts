import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { parse as parseCsv } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { writeFileAtomic } from "../atomicWrite";
import type { Dataset } from "../data/dataset";
import { UserError } from "../errors";
import type { EpochLog } from "../model/train";
import { type InstanceOptions, type InstanceRow, instanceColumns, type TextWeights } from "./analyze";
import type { ComputedProfile, ModelConfig } from "./config";
import type { StudySummary } from "./summary";
import type { TestScores } from "./testScores";

// A study's folder: config.json, summary.json, instances.csv, and texts.jsonl where the texts may be shown; the last two
// may also be compressed (.gz).

/** What decides every number of a study. */
export interface StudyIdentity {
  formatVersion: number;
  corpus: string;
  profile: ComputedProfile;
  config: ModelConfig;
  analysis: InstanceOptions;
  /** SHA-256 of the prepared texts, the vocabulary and the class names. */
  examples: string;
}

/** `config.json`: what was run, on which texts, with which software. */
export interface StudyAbout {
  identity: StudyIdentity;
  corpus: Pick<Dataset, "title" | "task" | "classNames" | "origin" | "licence" | "citation" | "notes"> & {
    train: number;
    dev: number;
    test: number;
    vocabulary: number;
  };
  environment: { node: string; backend: string; libtensorflow: string | undefined };
  log: EpochLog[];
}

/** A finished configuration, read back: its rows and all that tells what they are of. */
export interface Study {
  folder: string;
  corpus: string;
  title: string;
  task: Dataset["task"];
  /** By label. */
  classNames: string[];
  encoder: ModelConfig["encoder"];
  attention: ModelConfig["attention"];
  seed: number;
  config: ModelConfig;
  profile: ComputedProfile;
  /** Of the analysed texts of the test split. */
  scores: TestScores;
  summary: StudySummary;
  about: StudyAbout;
  /** One for each analysed text. */
  rows: InstanceRow[];
}

/** The folders below `root`, and itself, that hold a finished configuration, in the order of their names; none where there is no such folder. */
export async function findStudies(root: string): Promise<string[]> {
  const files = await readdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw unreadable(root, error);
  });
  return files
    .filter((name) => basename(name) === "summary.json")
    .map((name) => join(root, dirname(name)))
    .sort();
}

/**
 * Reads a finished configuration.
 *
 * @throws UserError if the folder does not hold one, or one of its files is damaged
 */
export async function readStudy(folder: string): Promise<Study> {
  const about = await readJson<StudyAbout>(join(folder, "config.json"));
  const summary = await readJson<StudySummary>(join(folder, "summary.json"));
  const { title, task, classNames } = about.corpus;
  const { corpus, config, profile } = about.identity;
  const { encoder, attention, seed } = config;
  const rows = toRows(await readText(join(folder, "instances.csv")), join(folder, "instances.csv"));
  const names = { folder, corpus, title, task, classNames, encoder, attention, seed };
  return { ...names, config, profile, scores: summary.scores, summary, about, rows };
}

/** The weights on the words of every text of a configuration; none where its texts may not be shown. */
export async function readTexts(folder: string): Promise<TextWeights[]> {
  const text = await readText(join(folder, "texts.jsonl"), "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseJson(line, join(folder, "texts.jsonl")));
}

/** Writes a finished configuration; `summary.json` comes last, as its being there says that all is. */
export async function writeStudy(
  folder: string,
  {
    about,
    summary,
    rows,
    texts,
  }: { about: StudyAbout; summary: StudySummary; rows: InstanceRow[]; texts: TextWeights[] },
): Promise<void> {
  writeFileAtomic(join(folder, "instances.csv"), toCsv(rows));
  if (texts.length > 0) {
    writeFileAtomic(join(folder, "texts.jsonl"), texts.map((text) => `${JSON.stringify(text)}\n`).join(""));
  }
  writeFileAtomic(join(folder, "config.json"), `${JSON.stringify(about, undefined, 2)}\n`);
  writeFileAtomic(join(folder, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
}

function toCsv(rows: readonly InstanceRow[]): string {
  return stringify([...rows], { header: true, columns: [...instanceColumns] });
}

const textColumns: ReadonlySet<string> = new Set([
  "id",
  "predicted",
  "label",
  "tauGradientUndefined",
  "tauLeaveOneOutUndefined",
  "tauGradientLeaveOneOutUndefined",
] satisfies (keyof InstanceRow)[]);

/** Empty fields are undefined, but in a column of texts. */
function toRows(csv: string, path: string): InstanceRow[] {
  const value = (column: string, text: string) => {
    if (textColumns.has(column)) return text;
    return text === "" ? undefined : Number(text);
  };
  try {
    const [columns = [], ...records] = parseCsv(csv) as string[][];
    return records.map(
      (record) =>
        Object.fromEntries(record.map((text, index) => [columns[index]!, value(columns[index]!, text)])) as never,
    );
  } catch (error) {
    throw damaged(path, error as Error);
  }
}

async function readJson<T>(path: string): Promise<T> {
  return parseJson(await readText(path), path);
}

/** As JSON that a study wrote. @throws UserError that names the damaged file */
export function parseJson<T>(json: string, path: string): T {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw damaged(path, error as Error);
  }
}

/** A file's text, or that of its compressed form; `otherwise` where there is neither. */
async function readText(path: string, otherwise?: string): Promise<string> {
  try {
    const plain = await readIfThere(path);
    if (plain !== undefined) return plain.toString("utf8");
    const packed = await readIfThere(`${path}.gz`);
    if (packed !== undefined) return (await promisify(gunzip)(packed)).toString("utf8");
  } catch (error) {
    throw unreadable(path, error as Error);
  }
  if (otherwise === undefined) throw unreadable(path, new Error("there is no such file"));
  return otherwise;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function unreadable(path: string, error: Error): UserError {
  return new UserError(
    `A finished study is read from ${path}, but that fails (${error.message}); run the study again.`,
  );
}

function damaged(path: string, error: Error): UserError {
  return new UserError(`${path} is damaged (${error.message}); remove its folder and run the study again.`);
}
