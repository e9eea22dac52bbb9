import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, type Readable, Transform } from "node:stream";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import yauzl from "yauzl";
import { UserError } from "../../errors";

/** Called while a file is read, with the bytes of the file so far and in all. */
export type ReadProgress = (received: number, total: number) => void;

/**
 * The bytes of a file that may be too large for the memory, piece by piece; one that ends in .gz or .zip is unpacked on the way.
 *
 * @throws UserError if the file is missing, cannot be read, is damaged, or is a zip archive of more or less than one file
 */
export async function* readFileBytes(path: string, onProgress?: ReadProgress): AsyncGenerator<Buffer> {
  let content: Readable | undefined;
  try {
    content = await openContent(path, onProgress);
    for await (const chunk of content) yield chunk as Buffer;
  } catch (error) {
    throw error instanceof UserError ? error : fileFault(path, error as NodeJS.ErrnoException);
  } finally {
    content?.destroy();
  }
}

async function openContent(path: string, onProgress?: ReadProgress): Promise<Readable> {
  if (path.endsWith(".zip")) return openZip(path, onProgress);
  const counted = countBytes((await stat(path)).size, onProgress);
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  // An error also comes out of the loop that reads the last of the streams.
  if (path.endsWith(".gz"))
    return pipeline(file, counted, createGunzip({ chunkSize: 1024 * 1024 }), () => undefined) as Readable;
  return pipeline(file, counted, () => undefined) as Readable;
}

async function openZip(path: string, onProgress?: ReadProgress): Promise<Readable> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, { lazyEntries: true });
  const entry = await onlyEntry(zip);
  if (entry === undefined) {
    zip.close();
    throw new UserError(
      `${path} must be an archive of one file, but holds another number of files; unpack it and give the path of one.`,
    );
  }
  const content = await promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(entry);
  return pipeline(content, countBytes(entry.uncompressedSize, onProgress), () => undefined) as Readable;
}

function onlyEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    if (zip.entryCount !== 1) return resolve(undefined);
    zip.on("error", reject).on("entry", resolve);
    zip.readEntry();
  });
}

function countBytes(total: number, onProgress?: ReadProgress): Transform {
  let received = 0;
  return new Transform({
    readableHighWaterMark: 1024 * 1024,
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      onProgress?.(received, total);
      done(null, chunk);
    },
  });
}

/** The sentence for a file that cannot be read or unpacked. */
export function fileFault(path: string, { code, message }: NodeJS.ErrnoException): UserError {
  if (code === "ENOENT") return new UserError(`The file ${path} is missing; give the path of one that is there.`);
  if (code === "Z_BUF_ERROR")
    return new UserError(`${path} is truncated: the gzip data ends too early; get the file anew.`);
  if (code?.startsWith("Z_") || path.endsWith(".zip"))
    return new UserError(`${path} is a damaged archive (${message}); get the file anew.`);
  return new UserError(
    `The file ${path} cannot be read (${code ?? message}); make it a readable file and start again.`,
  );
}
