import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cacheFolder, mirrorFolder } from "../../paths";
import type { CorpusFile, CorpusState, ReadOptions } from "../corpus";
import { download, fileSha256 } from "./download";

/** The path of a file or folder in the folder that ATTENTION_DATA_MIRROR names, if it is there, plain or as .gz. */
export function inMirror(...parts: string[]): string | undefined {
  const mirror = mirrorFolder();
  if (mirror === undefined) return undefined;
  const path = plainOrGzip(join(mirror, ...parts));
  return existsSync(path) ? path : undefined;
}

/** The path itself, or with .gz behind it where only that is there. */
export function plainOrGzip(path: string): string {
  return !existsSync(path) && existsSync(`${path}.gz`) ? `${path}.gz` : path;
}

/** Where a downloaded file of a corpus lies, or will lie: `corpora/<corpus>/` in the cache folder. */
export function cachedPath(corpus: string, { url }: CorpusFile): string {
  return join(cacheFolder(), "corpora", corpus, basename(new URL(url).pathname));
}

/** Ready in the mirror, if it has a place there, or else as the cache is. */
export function stateOf(corpus: string, files: readonly CorpusFile[], mirrored: string | undefined): CorpusState {
  return mirrored === undefined ? cacheState(corpus, files) : { kind: "ready", where: mirrored };
}

/** The folder of a file that may not be there. */
export function folderOf(path: string | undefined): string | undefined {
  return path && dirname(path);
}

/** Whether the cache has all these files of a corpus, by their sizes; else how much is to be downloaded. */
export function cacheState(corpus: string, files: readonly CorpusFile[]): CorpusState {
  const missing = files.filter((file) => !isCached(cachedPath(corpus, file), file));
  if (missing.length === 0) return { kind: "ready", where: join(cacheFolder(), "corpora", corpus) };
  return { kind: "to download", bytes: missing.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function isCached(path: string, { bytes, sha256 }: CorpusFile): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  return size !== undefined && (sha256 === undefined || size === bytes);
}

/** A file of a corpus on the disk. */
export interface LocalFile {
  path: string;
  sha256: string;
}

/**
 * One file of a corpus from the folder in ATTENTION_DATA_MIRROR, where it may be packed otherwise, or else downloaded.
 *
 * @param mirrored its path in that folder
 * @throws UserError as `download` does
 */
export async function findOrFetch(
  corpus: string,
  file: CorpusFile,
  mirrored: readonly string[],
  options: ReadOptions,
): Promise<LocalFile> {
  const path = inMirror(...mirrored);
  return path === undefined
    ? fetchFile(corpus, file, options)
    : { path, sha256: await fileSha256(path, options.signal) };
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
