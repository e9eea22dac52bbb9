import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { posix } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { crc32, createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import yauzl from "yauzl";
import { UserError } from "../../errors";
import type { ReadOptions } from "../dataset";

/** How much a packed file or an archive may hold; more is taken for an attack. */
export interface Limits {
  /** Bytes of everything together, unpacked: default 16 GiB. No more than 16 MiB or 100 times the file in any case. */
  bytes?: number;
  /** How many files, folders and other entries an archive may hold. Default 250,000. */
  entries?: number;
  /** The option of the user that sets `bytes`, for the message. */
  option?: string;
}

export type ArchiveOptions = ReadOptions & Limits;

export interface ArchiveEntry {
  /** Its path in the archive, without "./" and doubled "/". */
  name: string;
  path: string;
  /** Its bytes, piece by piece; what is not read is skipped. An error of the archive is thrown here as a UserError. */
  content: AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a file, piece by piece; one that ends in .gz or .zip is unpacked on the way.
 * @throws UserError for what is no whole regular file, or unpacks to more than the limits or than one file
 */
export function readBytes(path: string, options: ArchiveOptions = {}): AsyncGenerator<Uint8Array> {
  if (path.endsWith(".zip")) return onlyFile(path, options);
  return explained(unpack(path, options, path.endsWith(".gz")), path, options.signal);
}

/**
 * The wanted files of a zip archive, by its name, or else a gzipped tar archive; nothing is unpacked to the disk.
 * @throws UserError if it is damaged, encrypted or too large, holds a link, a path twice or one that leads out of it
 */
export function readArchive(path: string, wanted: (name: string) => boolean, options: ArchiveOptions = {}) {
  return explained(wantedEntries(path, wanted, options), path, options.signal);
}

/** What the system says of a file. @throws UserError if it is missing or is a folder, a pipe or a device */
export async function regularFile(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error) => {
    throw unreadable(path, error);
  });
  if (stats.isFile()) return stats;
  throw new UserError(
    `${path} must be a regular file, but is a ${stats.isDirectory() ? "folder" : "pipe or a device"}; give the path of a file.`,
  );
}

/** The same items; an error on the way becomes the sentence that names the file, or the signal's reason. */
async function* explained<T>(items: AsyncIterable<T>, path: string, signal?: AbortSignal): AsyncGenerator<T> {
  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      yield item;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(path, error);
  }
}

async function* unpack(path: string, { onProgress, signal, ...limits }: ArchiveOptions, isGzip: boolean) {
  const { size } = await regularFile(path);
  if (limits.bytes !== undefined && size > limits.bytes)
    throw new UserError(`${path} must not have more than ${limits.bytes} bytes, but has ${size}${allowed(limits)}.`);
  // A file of the system's own says so too, and can be read for ever.
  if (size === 0) return;
  const room = roomFor(isGzip ? size * 100 : size, limits);
  const file = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  // An error also comes out of the loop.
  const done = () => undefined;
  for await (const chunk of isGzip ? pipeline(file, createGunzip({ chunkSize: 1024 * 1024 }), done) : file) {
    room(chunk.length);
    onProgress?.(file.bytesRead, size);
    yield chunk;
  }
}

/** Takes bytes that are unpacked, until they are more than these and 16 MiB, or than the limits allow. */
function roomFor(usual: number, limits: Limits): (bytes: number) => void {
  const { bytes = 16 * 1024 ** 3 } = limits;
  const largest = Math.min(bytes, Math.max(16 * 1024 * 1024, usual));
  let unpacked = 0;
  return (length) => {
    unpacked += length;
    if (unpacked > largest) throw new Error(`it unpacks to more than the ${largest} bytes allowed${allowed(limits)}`);
  };
}

function allowed({ option }: Limits): string {
  return option === undefined ? "" : `; ${option} allows more`;
}

async function* onlyFile(path: string, options: ArchiveOptions): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const { content } of readArchive(path, () => true, options)) {
    count += 1;
    if (count === 1) for await (const chunk of content) yield chunk;
  }
  if (count === 1) return;
  throw new UserError(
    `${path} must be an archive of one file, but holds ${count}; unpack it and give the path of one.`,
  );
}

/** Every entry is checked, also one that nobody wants. */
async function* wantedEntries(path: string, wanted: (name: string) => boolean, options: ArchiveOptions) {
  const { entries = 250_000 } = options;
  const names = new Set<string>();
  const read = path.endsWith(".zip") ? readZip : readTar;
  for await (const { name, isFile, content } of read(path, options)) {
    if (names.has(name)) throw new Error(`it holds ${name} twice`);
    if (names.add(name).size > entries) throw new Error(`it holds more than the ${entries} files allowed`);
    if (isFile && wanted(name))
      yield { name, path: `${path}/${name}`, content: explained(content, path, options.signal) };
  }
  if (names.size === 0) throw new Error("it holds nothing");
}

type RawEntry = Omit<ArchiveEntry, "path"> & { isFile: boolean };

/** What the published types of yauzl lack. */
interface Zip extends yauzl.ZipFile {
  eachEntry(): AsyncIterable<yauzl.Entry>;
  openReadStreamPromise(entry: yauzl.Entry): Promise<Readable>;
}
const openZip = (yauzl as unknown as { openPromise(path: string, options: yauzl.Options): Promise<Zip> }).openPromise;

/** The entries of a zip archive; yauzl refuses absolute paths and paths with "..". */
async function* readZip(path: string, { onProgress, ...limits }: ArchiveOptions): AsyncGenerator<RawEntry> {
  await regularFile(path);
  const zip = await openZip(path, { lazyEntries: true, autoClose: false });
  try {
    const room = roomFor(zip.fileSize * 100, limits);
    let before = 0;
    for await (const entry of zip.eachEntry()) {
      const { compressedSize, uncompressedSize } = entry;
      const name = posix.normalize(entry.fileName);
      if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000) throw new Error(`${name} is a link`);
      room(uncompressedSize);
      const onBytes = (bytes: number) =>
        onProgress?.(before + (bytes * compressedSize) / uncompressedSize, zip.fileSize);
      yield { name, isFile: !name.endsWith("/"), content: checked(zip, entry, onBytes) };
      before += compressedSize;
      onProgress?.(before, zip.fileSize);
    }
  } finally {
    zip.close();
  }
}

/** The bytes of an entry; yauzl compares their number with the table of contents, but not their CRC-32. */
async function* checked(zip: Zip, entry: yauzl.Entry, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let sum = 0;
  let bytes = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    sum = crc32(chunk, sum);
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk as Uint8Array;
  }
  if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} does not fit`);
}

/** The entries of a tar archive: folders and files only, and no path that leads out of the archive. */
async function* readTar(path: string, options: ArchiveOptions): AsyncGenerator<RawEntry> {
  const entries = extract({ allowUnknownFormat: true } as object);
  try {
    pipeline(unpack(path, options, true), entries, () => undefined);
    for await (const entry of entries) {
      const { name, type } = entry.header;
      const fault = yauzl.validateFileName(name);
      if (fault !== null) throw new Error(fault);
      if (type !== "file" && type !== "directory") throw new Error(`${name} is neither file nor folder, but ${type}`);
      const content = entry as AsyncIterable<Uint8Array>;
      yield { name: posix.normalize(name), isFile: type === "file", content };
      entry.resume();
    }
  } finally {
    entries.destroy();
  }
}

function unreadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return new UserError(`The file ${path} is missing; give the path of one that is there.`);
  if (code === "Z_BUF_ERROR")
    return new UserError(`${path} is truncated: the gzip data ends too early; get the file anew.`);
  if (code === undefined || code.startsWith("Z_"))
    return new UserError(`${path} is not a readable archive (${message}); delete it, and get it anew.`);
  return new UserError(`The file ${path} cannot be read (${code}); make it a readable file and start again.`);
}
