import { createReadStream, statSync } from "node:fs";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import yauzl from "yauzl";
import { UserError } from "../../errors";

/** One file in an archive. */
export interface ArchiveEntry {
  /** Its path in the archive, without a leading "./". */
  path: string;
  /** Its bytes, piece by piece; what is not read is skipped. An error of the archive is thrown here as a UserError. */
  content: AsyncIterable<Uint8Array>;
}

/** How much an archive may hold; more is taken for an attack. */
export interface ArchiveLimits {
  /** Files, folders and all other entries. Default 250,000. */
  entries?: number;
  /** Bytes of all entries together, unpacked. Default 2 GiB. */
  bytes?: number;
  /** How many times larger than the archive all entries together may be; the first 16 MiB are free. Default 100. */
  ratio?: number;
}

export interface ArchiveOptions extends ArchiveLimits {
  /** Called with the bytes of the archive that have been read, and its size. */
  onProgress?: (read: number, total: number) => void;
}

/**
 * Reads the wanted files of a zip archive one after another; nothing is unpacked to the disk.
 *
 * @throws UserError if it is no zip archive, is damaged, truncated or encrypted, holds a link or a path that leads out of
 *   it, or is larger than the limits
 */
export async function* readZip(
  path: string,
  wanted: (path: string) => boolean,
  { onProgress, ...limits }: ArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const zip = await openZip(path);
  try {
    let read = 0;
    for (const entry of await zipEntries(zip, path, limits)) {
      if (wanted(entry.fileName)) {
        const content = await promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(entry).catch((error) => {
          throw unreadable(path, error);
        });
        yield { path: entry.fileName, content: told(content, path) };
        content.destroy();
      }
      read += entry.compressedSize;
      onProgress?.(read, zip.fileSize);
    }
  } finally {
    zip.close();
  }
}

/**
 * Reads the wanted files of a gzipped tar archive one after another; nothing is unpacked to the disk.
 *
 * @throws UserError if it is no such archive, is damaged or truncated, holds a link or a path that leads out of it, or is
 *   larger than the limits
 */
export async function* readTarGz(
  path: string,
  wanted: (path: string) => boolean,
  { onProgress, ...limits }: ArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const entries = extract({ allowUnknownFormat: true } as object);
  const packed = progressOf(size, onProgress);
  const unpacking = pipeline(createReadStream(path), packed, createGunzip(), limitTo(largestOf(size, limits)), entries);
  unpacking.catch(() => undefined);
  let count = 0;
  try {
    for await (const entry of entries) {
      count += 1;
      checkCount(count, limits);
      const name = checkTarEntry(entry.header);
      if (entry.header.type === "file" && wanted(name))
        yield { path: name, content: told(entry as AsyncIterable<Uint8Array>, path) };
      entry.resume();
    }
    await unpacking;
    if (count === 0) throw new Error("it holds nothing");
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    entries.destroy();
  }
}

/** The whole content of an entry; one of more than `largest` bytes (default 64 MiB) is refused. */
export async function bytesOf({ path, content }: ArchiveEntry, largest = 64 * 1024 * 1024): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > largest)
      throw new UserError(`${path} in the archive must not have more than ${largest} bytes, but has.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Opens a zip archive for `zipEntries`; the caller closes it. */
export async function openZip(path: string): Promise<yauzl.ZipFile> {
  const options = { lazyEntries: true, autoClose: false };
  return promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, options).catch((error) => {
    throw unreadable(path, error);
  });
}

/** The files of a zip archive, without its folders; yauzl refuses absolute paths and paths with "..". */
export async function zipEntries(zip: yauzl.ZipFile, path: string, limits: ArchiveLimits = {}): Promise<yauzl.Entry[]> {
  try {
    checkCount(zip.entryCount, limits);
    const entries = await listZip(zip);
    const largest = largestOf(zip.fileSize, limits);
    const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    if (bytes > largest) throw tooLarge(largest);
    for (const { fileName, externalFileAttributes } of entries)
      if (((externalFileAttributes >>> 16) & 0o170000) === 0o120000) throw new Error(`${fileName} is a link`);
    return entries.filter(({ fileName }) => !fileName.endsWith("/"));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function listZip(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    zip.on("error", reject);
    zip.on("end", () => resolve(entries));
    zip.on("entry", (entry: yauzl.Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/** The path of an entry of a tar archive; folders and files only, and no path that leads out of the archive. */
function checkTarEntry({ name, type }: Header): string {
  const fault = yauzl.validateFileName(name);
  if (fault !== null) throw new Error(fault);
  if (type !== "file" && type !== "directory") throw new Error(`${name} is neither file nor folder, but ${type}`);
  return name.replace(/^(\.\/)+/, "");
}

function checkCount(count: number, { entries = 250_000 }: ArchiveLimits): void {
  if (count > entries) throw new Error(`it holds more than the ${entries} files allowed`);
}

function largestOf(size: number, { bytes = 2 * 1024 ** 3, ratio = 100 }: ArchiveLimits): number {
  return Math.min(bytes, Math.max(16 * 1024 * 1024, size * ratio));
}

function tooLarge(largest: number): Error {
  return new Error(`it unpacks to more than the ${largest} bytes allowed`);
}

function limitTo(largest: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > largest) done(tooLarge(largest));
      else done(null, chunk);
    },
  });
}

function progressOf(total: number, onProgress: ArchiveOptions["onProgress"]): Transform {
  let read = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read += chunk.length;
      onProgress?.(read, total);
      done(null, chunk);
    },
  });
}

async function* told(content: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of content) yield chunk;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { message } = error as Error;
  return new UserError(`${path} is not a readable archive (${message}); delete it, and get it anew.`);
}
