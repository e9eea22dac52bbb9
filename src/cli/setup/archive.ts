import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type yauzl from "yauzl";
import { openZip, zipEntries } from "../../data/files/archive";

/**
 * Unpacks the wanted files of a zip archive into a folder.
 *
 * @param wanted by the path inside the archive
 * @returns the unpacked paths, relative to the folder
 * @throws UserError if the archive is damaged, or a path in it leads out of the folder
 */
export async function unpack(archive: string, folder: string, wanted: (path: string) => boolean): Promise<string[]> {
  const zip = await openZip(archive);
  try {
    const entries = (await zipEntries(zip, archive)).filter(({ fileName }) => wanted(fileName));
    entries.sort((a, b) => b.uncompressedSize - a.uncompressedSize);
    const queue = entries.values();
    await Promise.all(Array.from({ length: 4 }, () => unpackEach(zip, queue, folder)));
    return entries.map(({ fileName }) => fileName);
  } finally {
    zip.close();
  }
}

async function unpackEach(zip: yauzl.ZipFile, entries: Iterable<yauzl.Entry>, folder: string): Promise<void> {
  for (const entry of entries) {
    const destination = join(folder, entry.fileName);
    await mkdir(dirname(destination), { recursive: true });
    const content = await promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip))(entry);
    await pipeline(content, createWriteStream(destination));
  }
}
