import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeFileAtomic } from "../atomicWrite";
import type { Dataset } from "../data/dataset";
import { explained, shown, UserError } from "../errors";
import type { EpochLog } from "../model/train";
import { sha256 } from "../sha256";
import type { Column } from "./columns";
import type { StudyIdentity } from "./identity";
import { formatVersion } from "./identity";
import type { OtherRuns } from "./otherRuns";
import { type Cells, type ColumnKind, decodeParquet, encodeParquet } from "./parquet";
import type { Part } from "./parts";
import type { TestScores } from "./testScores";

// A study's folder: manifest.json says what was run and what is there; texts.parquet has the parts that were computed
// first, one row a text, and each later part has a file of its own.

/** What was run, on which texts, with which software. */
export interface StudyAbout {
  corpus: Pick<Dataset, "title" | "task" | "classNames" | "origin" | "digest" | "licence" | "citation" | "notes"> &
    Record<"train" | "dev" | "test" | "vocabulary", number>;
  environment: {
    node: string;
    backend: string;
    libtensorflow: string | undefined;
    /** On which it was analysed; bits are the same on processors of one kind. Undefined of older studies. */
    processor?: string;
    /** How a training step was computed; undefined of studies before 0.4.0. */
    training?: string;
  };
  /** Of the training, epoch by epoch. */
  log: EpochLog[];
}

/** A part in a study's folder. */
export interface StoredPart extends Pick<Part, "kind" | "name" | "key" | "columns" | "source"> {
  file: string;
  /** Wall-clock time that it took. */
  seconds: number;
}

/** `manifest.json`: everything of a study but the cells of its texts. */
export interface Manifest {
  /** As in "sst, bilstm, additive, seed 0", with every option that differs from the profile's. */
  name: string;
  identity: StudyIdentity;
  about: StudyAbout;
  /** Of the analysed texts of the test split. */
  scores: TestScores;
  /** Of the decoder, where the task has no question: output = σ(Σ attention · contribution + bias). */
  bias?: number;
  parts: StoredPart[];
  /** Where other runs of its model are at hand: what its texts have with each. */
  otherRuns?: OtherRuns;
  /** What the columns of its rows are, in order; lists are none of them. */
  columns: Column[];
  /** SHA-256 of each file. */
  files: Record<string, string>;
  /** SHA-256 of each file that is written for other programs. */
  exports?: Record<string, string>;
}

const manifestName = "manifest.json";

/**
 * The folders below `root`, and itself, that hold a study, in the order of their names; none where there is no such folder.
 *
 * @param file what each study has: until version 0.3.0, which is not read any more, `instances.csv`
 */
export async function findStudies(root: string, file = manifestName): Promise<string[]> {
  const files = await readdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw explained(error);
  });
  const found = files.filter((name) => basename(name) === file);
  return found.map((name) => join(root, dirname(name))).sort();
}

/** What a folder holds; undefined where it has no manifest. @throws UserError for one that is damaged or of another version */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestName);
  const manifest = await readSummed<Manifest>(path);
  if (manifest === undefined || manifest.identity?.formatVersion === formatVersion) return manifest;
  throw new UserError(
    `${path} must be of version ${formatVersion}, but ${shown(manifest.identity?.formatVersion)} came; take the project's version that wrote it, or remove its folder.`,
  );
}

/** JSON with a checksum of itself; undefined where there is no file. @throws UserError for one that is not what was written */
export async function readSummed<Content extends object>(path: string): Promise<Content | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw explained(error, path);
  });
  if (text === undefined) return undefined;
  try {
    const { sum, ...content } = JSON.parse(text);
    if (sum === sha256(JSON.stringify(content))) return content;
  } catch {}
  throw damaged(path);
}

/** Writes what {@link readSummed} reads. */
export function writeSummed(path: string, content: object, space?: number): Promise<void> {
  const sum = sha256(JSON.stringify(content));
  return writeFileAtomic(path, `${JSON.stringify({ ...content, sum }, undefined, space)}\n`);
}

/** The cells of some stored parts, with or without lists. @throws UserError for a file that is missing or damaged */
export async function readParts(
  folder: string,
  { files }: Pick<Manifest, "files">,
  parts: readonly StoredPart[],
  { lists }: { lists: boolean },
): Promise<Cells> {
  const cells: Record<string, Cells[string]> = {};
  for (const file of new Set(parts.map((part) => part.file))) {
    const wanted = parts
      .filter((part) => part.file === file)
      .flatMap(({ columns }) => Object.entries(columns))
      .filter(([, kind]) => lists || kind === "number" || kind === "text")
      .map(([name]) => name);
    if (wanted.length > 0) Object.assign(cells, await decodeParquet(await readWhole(folder, file, files), wanted));
  }
  return cells;
}

/** {@link readManifest}, also @throws UserError for a file of the study that is missing or is not the one that was written */
export async function readChecked(folder: string): Promise<Manifest | undefined> {
  const manifest = await readManifest(folder);
  const files = manifest?.files ?? {};
  await Promise.all(Object.keys(files).map((file) => readWhole(folder, file, files)));
  return manifest;
}

async function readWhole(folder: string, file: string, sums: Record<string, string>): Promise<Buffer> {
  const path = join(folder, file);
  const bytes = await readFile(path).catch((error) => {
    throw explained(error, path);
  });
  if (sha256(bytes) !== sums[file]) throw damaged(path);
  return bytes;
}

/**
 * Adds parts to a study's folder: one file with the cells, then the manifest, whose being there says that all is.
 *
 * @param columns what the columns of rows are, these among them
 * @param options.single whether all numbers are written in single precision; default false
 * @returns the manifest with them; parts of the same name that are not kept between runs are replaced
 */
export async function writeParts(
  folder: string,
  manifest: Manifest,
  file: string,
  parts: readonly Omit<StoredPart, "file">[],
  cells: Cells,
  columns: readonly Column[],
  options?: { single?: boolean },
): Promise<Manifest> {
  const kinds: Record<string, ColumnKind> = Object.assign({}, ...parts.map((part) => part.columns));
  const bytes = encodeParquet(cells, kinds, options);
  await writeFileAtomic(join(folder, file), bytes);
  const stored = parts.map(({ kind, name, key, columns, source, seconds }) => {
    return { kind, name, key, columns, source, file, seconds };
  });
  const others = manifest.parts.filter((one) => one.file !== file);
  const more = columns.filter(({ name }) => name in kinds);
  const next = {
    ...manifest,
    parts: [...others, ...stored],
    columns: [...manifest.columns.filter(({ name }) => !(name in kinds)), ...more],
    files: { ...manifest.files, [file]: sha256(bytes) },
  };
  await writeManifest(folder, next);
  return next;
}

/** Writes `manifest.json`, with a checksum of itself. */
export function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  return writeSummed(join(folder, manifestName), manifest, 2);
}

function damaged(path: string): UserError {
  return new UserError(
    `${path} is not what was written (its checksum differs); remove ${dirname(path)} and run the study again.`,
  );
}
