import { pipeline, type Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { extract, type Header } from "tar-stream";
import yauzl from "yauzl";
import { UserError } from "../../errors";
import type { ReadOptions } from "../corpus";
import { type Limits, largestOf, openFile, regularFile, tooLarge, unreadable } from "./bytes";

/** One file in an archive. */
export interface ArchiveEntry {
  /** Its path in the archive, without a leading "./". */
  path: string;
  /** Its bytes, piece by piece; what is not read is skipped. An error of the archive is thrown here as a UserError. */
  content: AsyncIterable<Uint8Array>;
}

export interface ArchiveOptions extends ReadOptions, Limits {
  /** How many files, folders and other entries an archive may hold. Default 250,000. */
  entries?: number;
}

/**
 * The bytes of a file that may be too large for the memory, piece by piece; one that ends in .gz or .zip is unpacked on
 * the way.
 *
 * @throws UserError if it is missing, no regular file, cannot be read, is damaged, unpacks to more than the limits, or is
 *   a zip archive of more or less than one file; the signal's reason when that is aborted
 */
export async function* readBytes(path: string, options: ArchiveOptions = {}): AsyncGenerator<Uint8Array> {
  let content: Readable | undefined;
  try {
    if (path.endsWith(".zip")) return yield* onlyFile(path, options);
    content = await openFile(path, options);
    for await (const chunk of content) yield chunk as Buffer;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw unreadable(path, error);
  } finally {
    content?.destroy();
  }
}

async function* onlyFile(path: string, options: ArchiveOptions): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const { content } of readZip(path, () => true, options)) {
    count += 1;
    if (count === 1) yield* content;
  }
  if (count === 1) return;
  throw new UserError(
    `${path} must be an archive of one file, but holds ${count}; unpack it and give the path of one.`,
  );
}

/**
 * Reads the wanted files of a zip archive one after another; nothing is unpacked to the disk.
 *
 * @throws UserError if it is no zip archive, is damaged, truncated or encrypted, holds a link, a path twice or one that
 *   leads out of it, or is larger than the limits
 */
export async function* readZip(
  path: string,
  wanted: (path: string) => boolean,
  { onProgress, signal, ...limits }: ArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  let zip: Zip | undefined;
  try {
    await regularFile(path);
    zip = await openZip(path, { lazyEntries: true, autoClose: false });
    let read = 0;
    for (const entry of await zipEntries(zip, limits)) {
      signal?.throwIfAborted();
      if (wanted(entry.fileName)) {
        const share = entry.compressedSize / entry.uncompressedSize;
        const onBytes = (bytes: number) => onProgress?.(read + bytes * share, zip?.fileSize);
        const content = await zip.openReadStreamPromise(entry);
        yield { path: entry.fileName, content: told(checked(content, entry, onBytes), path, signal) };
        content.destroy();
      }
      read += entry.compressedSize;
      onProgress?.(read, zip.fileSize);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(path, error);
  } finally {
    zip?.close();
  }
}

/** What the published types of yauzl lack. */
interface Zip extends yauzl.ZipFile {
  eachEntry(): AsyncIterable<yauzl.Entry>;
  openReadStreamPromise(entry: yauzl.Entry): Promise<Readable>;
}
const openZip = (yauzl as unknown as { openPromise(path: string, options: yauzl.Options): Promise<Zip> }).openPromise;

/** The files of a zip archive, without its folders; yauzl refuses absolute paths and paths with "..". */
async function zipEntries(zip: Zip, limits: ArchiveOptions): Promise<yauzl.Entry[]> {
  const largest = largestOf(zip.fileSize, limits);
  const note = noteNames(limits);
  const entries: yauzl.Entry[] = [];
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    note(entry.fileName);
    if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) throw new Error(`${entry.fileName} is a link`);
    bytes += entry.uncompressedSize;
    if (bytes > largest) throw tooLarge(largest, limits);
    if (!entry.fileName.endsWith("/")) entries.push(entry);
  }
  return entries;
}

/** Refuses more names than the limit, and a name that comes twice. */
function noteNames({ entries = 250_000 }: ArchiveOptions): (name: string) => void {
  const names = new Set<string>();
  return (name) => {
    if (names.has(name)) throw new Error(`it holds ${name} twice`);
    if (names.add(name).size > entries) throw new Error(`it holds more than the ${entries} files allowed`);
  };
}

/** The bytes of an entry; yauzl compares their number with the table of contents, but not their CRC-32. */
async function* checked(content: Readable, entry: yauzl.Entry, onBytes: (bytes: number) => void) {
  let sum = 0;
  let bytes = 0;
  for await (const chunk of content) {
    sum = crc32(chunk, sum);
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk as Uint8Array;
  }
  if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} does not fit`);
}

/**
 * Reads the wanted files of a gzipped tar archive one after another; nothing is unpacked to the disk.
 *
 * @throws UserError if it is no such archive, is damaged or truncated, holds a link, a path twice or one that leads out
 *   of it, or is larger than the limits
 */
export async function* readTarGz(
  path: string,
  wanted: (path: string) => boolean,
  options: ArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const { signal } = options;
  const entries = extract({ allowUnknownFormat: true } as object);
  const note = noteNames(options);
  let isEmpty = true;
  try {
    pipeline(await openFile(path, options, true), entries, () => undefined);
    for await (const entry of entries) {
      const name = checkTarEntry(entry.header);
      note(name);
      isEmpty = false;
      if (entry.header.type === "file" && wanted(name))
        yield { path: name, content: told(entry as AsyncIterable<Uint8Array>, path, signal) };
      entry.resume();
    }
    if (isEmpty) throw new Error("it holds nothing");
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(path, error);
  } finally {
    entries.destroy();
  }
}

/** The path of an entry of a tar archive; folders and files only, and no path that leads out of the archive. */
function checkTarEntry({ name, type }: Header): string {
  const fault = yauzl.validateFileName(name);
  if (fault !== null) throw new Error(fault);
  if (type !== "file" && type !== "directory") throw new Error(`${name} is neither file nor folder, but ${type}`);
  return name.replace(/^(\.\/)+/, "");
}

async function* told(
  content: AsyncIterable<Uint8Array>,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of content) {
      signal?.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(path, error);
  }
}
