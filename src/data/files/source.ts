import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { UserError } from "../../errors";
import { cacheFolder, mirrorFolder } from "../../paths";
import type { Corpus, CorpusFile, CorpusState, PreparedTexts, ReadOptions } from "../dataset";
import { type ArchiveEntry, readArchive } from "./archive";
import { download, rememberSum } from "./download";
import { type LineSource, readLines } from "./lines";

/**
 * The files of a corpus by what they hold, as train and test, and where they come from. What is downloaded where the
 * mirror lacks a part, its `files`, is one for each part in their order, or one archive of several.
 */
export interface CorpusSource<Part extends string> extends Pick<Corpus, "name" | "files"> {
  /** The folder of the parts in the mirror (default: the corpus's name); an absolute path is one of the project. */
  folder?: string;
  /** The names of each part there, of which the first counts that is there; the first is also its name in the archive. */
  parts: Record<Part, readonly string[]>;
  /** What is read instead where the mirror lacks one of the parts but has all of these. */
  pieces?: Record<string, readonly string[]>;
  /** The SHA-256 of each part's text, as `checkContent` takes it; an archive has its own. */
  contents?: Record<Part, string>;
}

/** A part of a corpus, to be read before the next one. */
export type PartSource<Part extends string> = LineSource & { part: Part };

interface CorpusInParts<Part extends string, Texts> extends CorpusSource<Part>, Omit<Corpus, "state" | "read"> {
  readPart: (file: PartSource<Part>) => Promise<Texts>;
  prepare: (parts: Record<Part, Texts>) => PreparedTexts;
}

/** A corpus whose parts are each read by themselves, and then prepared together. */
export function corpusInParts<Part extends string, Texts>(corpus: CorpusInParts<Part, Texts>): Corpus {
  const { readPart, prepare } = corpus;
  const read = async (options: ReadOptions) => prepare(await readParts(openParts(corpus, options), readPart));
  return { ...corpus, state: () => stateOf(corpus), read };
}

export async function readParts<Part extends string, Texts>(
  files: AsyncIterable<PartSource<Part>>,
  readPart: (file: PartSource<Part>) => Promise<Texts>,
): Promise<Record<Part, Texts>> {
  const parts: Partial<Record<Part, Texts>> = {};
  for await (const file of files) parts[file.part] = await readPart(file);
  return parts as Record<Part, Texts>;
}

/** The path in the folder that ATTENTION_DATA_MIRROR names, if it is there, plain or as .gz. */
export function inMirror(...parts: string[]): string | undefined {
  const mirror = mirrorFolder();
  return mirror && plainOrGzip(join(mirror, ...parts));
}

export function plainOrGzip(path: string): string | undefined {
  return [path, `${path}.gz`].find((candidate) => existsSync(candidate));
}

/** Where each part of a corpus, or each of its pieces, lies, if the mirror has them all or they come with the project. */
function findParts({ name, folder = name, parts, pieces = parts }: CorpusSource<string>) {
  const find = (name: string) => (isAbsolute(folder) ? join(folder, name) : (inMirror(folder, name) ?? []));
  for (const wanted of [parts, pieces]) {
    const found = Object.entries(wanted).map(([part, names]) => [part, names.flatMap(find)[0]] as const);
    if (found.every(([, path]) => path !== undefined)) return Object.fromEntries(found) as Record<string, string>;
  }
  return undefined;
}

/** Ready where all parts are at hand, or all that is downloaded is in the cache, by its sizes; else what is missing. */
export function stateOf(source: CorpusSource<string>): CorpusState {
  const [first, ...more] = Object.values(findParts(source) ?? {});
  if (first !== undefined) return { kind: "ready", where: more.length === 0 ? first : dirname(first) };
  const files = source.files!.map((file) => ({ ...file, path: cachedPath(source, file) }));
  const missing = files.filter(({ path, sha256, bytes }) => {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    return size === undefined || (sha256 !== undefined && size !== bytes);
  });
  if (missing.length === 0) return { kind: "ready", where: dirname(files[0]!.path) };
  return { kind: "to download", bytes: missing.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Where a downloaded file lies, or will lie: in `corpora/` of the cache folder, in a folder named as the mirror's. */
export function cachedPath({ name, folder = name }: CorpusSource<string>, file: CorpusFile): string {
  return join(cacheFolder(), "corpora", folder.split("/")[0]!, basename(new URL(file.url).pathname));
}

/** The parts of a corpus: files of the mirror or the project, or else downloaded, or out of the archive, in its order. */
export async function* openParts<Part extends string>(source: CorpusSource<Part>, options: ReadOptions) {
  const { files = [], parts, contents } = source;
  const found = findParts(source);
  const names = Object.keys(found ?? parts) as Part[];
  if (found === undefined && files.length < names.length) {
    const path = await fetchFile(source, files[0]!, options);
    yield* partsIn(path, parts, options);
    if (files[0]!.sha256 === undefined) await rememberSum(path);
  } else
    for (const [index, part] of names.entries()) {
      const path = found?.[part] ?? (await fetchFile(source, files[index]!, options));
      if (contents !== undefined) await checkContent(path, contents[part]);
      yield { part, path, ...options };
    }
}

/** The parts of a corpus out of an archive. @throws UserError also if one is missing */
export async function* partsIn<Part extends string>(
  archive: string,
  parts: Record<Part, readonly string[]>,
  options?: ReadOptions,
): AsyncGenerator<PartSource<Part>> {
  const all = Object.keys(parts) as Part[];
  const missing = new Set(all);
  const partOf = (path: string) => all.find((part) => path.endsWith(`/${parts[part][0]}`));
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

/** What is made of an archive's texts, in the order of their groups and numbers, which `name` has in brackets. */
export async function readGroups<Group extends string, T>(
  { path, ...options }: ReadOptions & { path: string },
  name: RegExp,
  counts: Record<Group, number>,
  make: (entry: ArchiveEntry, group: Group, number: number) => Promise<T>,
): Promise<T[]> {
  const found: { group: Group; number: number; text: T }[] = [];
  const limited = { bytes: 1024 ** 3, ...options };
  for await (const entry of readArchive(path, (candidate) => name.test(candidate), limited)) {
    const [, group, number] = name.exec(entry.name) as unknown as [string, Group, string];
    found.push({ group, number: Number(number), text: await make(entry, group, Number(number)) });
  }
  found.sort((a, b) => a.number - b.number);
  return Object.entries<number>(counts).flatMap(([group, count]) => {
    const texts = found.filter((one) => one.group === group).map(({ text }) => text);
    checkCount(path, `texts in ${group}`, texts.length, count);
    return texts;
  });
}

/** Refuses a file that is cut or changed by how many of something the official one has. */
export function checkCount(path: string, what: string, found: number, official: number): void {
  if (found === official) return;
  throw new UserError(`${path} must have ${official} ${what}, as the official file, but has ${found}; get it anew.`);
}

/** The path of a file of a corpus in the cache folder, into which it is downloaded if it is not there yet. */
export async function fetchFile(source: CorpusSource<string>, file: CorpusFile, options: ReadOptions): Promise<string> {
  const destination = cachedPath(source, file);
  const label = `${basename(destination)} of the corpus "${source.name}"`;
  await download({ ...file, destination, label, ...options });
  return destination;
}

/** Checks a text file by its SHA-256: unpacked, and with the line ends of Unix, whatever a checkout made of them. */
export async function checkContent(path: string, expected: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const { text } of readLines({ path })) hash.update(`${text}\n`);
  const sha256 = hash.digest("hex");
  if (sha256 === expected) return;
  throw new UserError(
    `${path} is not the file of the official distribution: its content must have the SHA-256 ${expected} but has ${sha256}; get it anew.`,
  );
}
