import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { UserError } from "../../errors";
import { cacheFolder, mirrorFolder } from "../../paths";
import type { CorpusFile, CorpusState, ReadOptions } from "../corpus";
import { type ArchiveEntry, readArchive } from "./archive";
import { download, fileSha256, rememberSum } from "./download";
import { type LineSource, readLines } from "./lines";

/** The files of a corpus by what they hold, as train and test, and where they come from. */
export interface CorpusSource<Part extends string> {
  /** The corpus's folder in the cache. */
  corpus: string;
  /** What is downloaded where the mirror lacks a part: one archive of all parts, or a file for each in their order. */
  files: readonly CorpusFile[];
  /** The folder of the parts in the mirror (default: the corpus's name); an absolute path is one of the project. */
  folder?: string;
  /** The names of each part there, of which the first counts that is there; the first is also its name in the archive. */
  parts: Record<Part, readonly string[]>;
}

/** A part of a corpus, to be read before the next one. */
export type PartSource<Part extends string> = LineSource & { part: Part };

/** The path in the folder that ATTENTION_DATA_MIRROR names, if it is there, plain or as .gz. */
export function inMirror(...parts: string[]): string | undefined {
  const mirror = mirrorFolder();
  return mirror && plainOrGzip(join(mirror, ...parts));
}

/** The path itself, or with .gz behind it, where that is there. */
export function plainOrGzip(path: string): string | undefined {
  return [path, `${path}.gz`].find((candidate) => existsSync(candidate));
}

/** Where each part of a corpus lies, if the mirror has them all or they come with the project. */
export function findParts<Part extends string>(source: CorpusSource<Part>): Record<Part, string> | undefined {
  const { corpus, folder = corpus, parts } = source;
  const find = (name: string) => (isAbsolute(folder) ? join(folder, name) : (inMirror(folder, name) ?? []));
  const found = partsOf(source).map((part) => [part, parts[part].flatMap(find)[0]] as const);
  if (found.some(([, path]) => path === undefined)) return undefined;
  return Object.fromEntries(found) as Record<Part, string>;
}

function partsOf<Part extends string>({ parts }: Pick<CorpusSource<Part>, "parts">): Part[] {
  return Object.keys(parts) as Part[];
}

/** Ready where all parts are at hand, or all that is downloaded is in the cache, by its sizes; else what is missing. */
export function stateOf(source: CorpusSource<string>): CorpusState {
  const { corpus, files } = source;
  const [first, ...more] = Object.values(findParts(source) ?? {});
  if (first !== undefined) return { kind: "ready", where: more.length === 0 ? first : dirname(first) };
  const missing = files.filter((file) => {
    const size = statSync(cachedPath(corpus, file), { throwIfNoEntry: false })?.size;
    return size === undefined || (file.sha256 !== undefined && size !== file.bytes);
  });
  if (missing.length === 0) return { kind: "ready", where: join(cacheFolder(), "corpora", corpus) };
  return { kind: "to download", bytes: missing.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Where a downloaded file of a corpus lies, or will lie: `corpora/<corpus>/` in the cache folder. */
export function cachedPath(corpus: string, { url }: CorpusFile): string {
  return join(cacheFolder(), "corpora", corpus, basename(new URL(url).pathname));
}

/** A file of a corpus on the disk. */
type LocalFile = Required<Pick<CorpusFile, "sha256">> & { path: string };

/**
 * The parts of a corpus as files, from the mirror, where they may be packed otherwise, or else each downloaded.
 *
 * @throws UserError as `download` does
 */
export async function fetchParts<Part extends string>(
  source: CorpusSource<Part>,
  options: ReadOptions,
): Promise<Record<Part, LocalFile>> {
  const found = findParts(source);
  const local: [string, LocalFile][] = [];
  for (const [index, part] of partsOf(source).entries()) {
    const path = found?.[part];
    const file = path && { path, sha256: await fileSha256(path, options.signal) };
    local.push([part, file || (await fetchFile(source.corpus, source.files[index]!, options))]);
  }
  return Object.fromEntries(local) as Record<Part, LocalFile>;
}

/**
 * The parts of a corpus, one after the other: files of the mirror or of the project, or else out of the archive, which is
 * downloaded, in its order.
 *
 * @throws UserError as `download`, `readArchive` and `partsIn` do
 */
export async function* openParts<Part extends string>(
  source: CorpusSource<Part>,
  options: ReadOptions,
): AsyncGenerator<PartSource<Part>> {
  const found = findParts(source);
  if (found !== undefined) {
    for (const part of partsOf(source)) yield { part, path: found[part], ...options };
    return;
  }
  const [archive] = source.files as [CorpusFile];
  const { path } = await fetchFile(source.corpus, archive, options);
  yield* partsIn(path, source.parts, options);
  if (archive.sha256 === undefined) await rememberSum(path);
}

/**
 * The parts of a corpus out of an archive.
 *
 * @throws UserError as `readArchive` does, and after the last one if one is missing
 */
export async function* partsIn<Part extends string>(
  archive: string,
  parts: Record<Part, readonly string[]>,
  options?: ReadOptions,
): AsyncGenerator<PartSource<Part>> {
  const missing = new Set(partsOf({ parts }));
  const partOf = (path: string) => partsOf({ parts }).find((part) => path.endsWith(`/${parts[part][0]}`));
  for await (const { name, path, content } of readArchive(archive, (name) => partOf(name) !== undefined, options)) {
    const part = partOf(name)!;
    if (!missing.delete(part))
      throw new UserError(`${archive} must hold ${parts[part][0]} once, but holds ${path} too; get it anew.`);
    yield { part, path, content };
  }
  if (missing.size === 0) return;
  const lacking = [...missing].map((part) => parts[part][0]).join(" and ");
  throw new UserError(`${archive} must hold ${lacking}, but does not; delete it and start again.`);
}

/**
 * What is made of the texts in groups of an archive, each group in the order of its numbers.
 *
 * @param name matches the names of texts, with the group and the number in brackets
 * @param counts how many texts the official archive has of each group
 * @throws UserError as `readArchive` does, and if it has more or fewer
 */
export async function readGroups<Group extends string, T>(
  archive: string,
  name: RegExp,
  counts: Record<Group, number>,
  make: (entry: ArchiveEntry, group: Group, number: number) => Promise<T>,
  options: ReadOptions,
): Promise<Record<Group, T[]>> {
  const found: { group: Group; number: number; text: T }[] = [];
  for await (const entry of readArchive(archive, (candidate) => name.test(candidate), options)) {
    const [, group, number] = name.exec(entry.name) as unknown as [string, Group, string];
    found.push({ group, number: Number(number), text: await make(entry, group, Number(number)) });
  }
  found.sort((a, b) => a.number - b.number);
  const whole = Object.entries<number>(counts).map(([group, count]) => {
    const texts = found.filter((one) => one.group === group).map(({ text }) => text);
    if (texts.length === count) return [group, texts];
    throw new UserError(
      `${archive} must hold ${count} texts in ${group}, but holds ${texts.length}; delete it and start again.`,
    );
  });
  return Object.fromEntries(whole) as Record<Group, T[]>;
}

/**
 * Downloads one file of a corpus into the cache folder, if it is not there yet.
 *
 * @throws UserError as `download` does
 */
export async function fetchFile(corpus: string, file: CorpusFile, options: ReadOptions): Promise<LocalFile> {
  const path = cachedPath(corpus, file);
  const label = `${basename(path)} of the corpus "${corpus}"`;
  return { path, sha256: await download({ ...file, destination: path, label, ...options }) };
}

/**
 * Checks what a text file holds: unpacked, and with the line ends of Unix, whatever a checkout or an editor made of them.
 *
 * @throws UserError if it does not have this SHA-256
 */
export async function checkContent(path: string, expected: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const { text } of readLines({ path })) hash.update(`${text}\n`);
  const sha256 = hash.digest("hex");
  if (sha256 === expected) return;
  throw new UserError(
    `${path} is not the file of the official distribution: its content must have the SHA-256 ${expected} but has ${sha256}; get it anew.`,
  );
}
