import { mkdirSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { writeFileAtomic } from "../atomicWrite";
import { UserError } from "../errors";
import { requireFileName } from "../figures/export";
import type { ModelConfig } from "../study/config";

/** The files that this process saved, by their full paths. */
const saved = new Set<string>();

/** Keeps in mind what was saved, for the archive of all of it. */
export function noteSaved(paths: readonly string[]): void {
  for (const path of paths) saved.add(resolve(path));
}

/**
 * Writes files of one name into a folder, which is made if it is not there; each file is whole or is not there.
 *
 * @param contents by the ending, as in ".tex"
 * @throws UserError for a name that is not one of a file
 */
export function saveFiles(folder: string, name: string, contents: Readonly<Record<string, string>>): void {
  requireFileName(name);
  mkdirSync(folder, { recursive: true });
  for (const [ending, content] of Object.entries(contents)) {
    const path = join(folder, name + ending);
    writeFileAtomic(path, content);
    noteSaved([path]);
  }
}

/**
 * The file name of what a configuration gave, as in "rq1-reviews-bilstm-additive-seed0"; what a file name cannot have
 * becomes "-".
 *
 * @param topic what the file answers, as in "rq1"
 * @param detail what tells two files of one configuration apart, as in "table2"
 */
export function resultName(
  topic: string,
  { corpus, encoder, attention, seed }: Pick<ModelConfig, "encoder" | "attention" | "seed"> & { corpus: string },
  detail?: string,
): string {
  const parts = [topic, corpus, encoder, attention, `seed${seed}`, ...(detail === undefined ? [] : [detail])];
  return parts.join("-").replace(/[^\w.+=-]+/g, "-");
}

/**
 * Packs files of a folder into one zip archive; equal files give an equal archive.
 *
 * @param files inside the folder; default: all that this process saved in it
 * @returns the paths in the archive, sorted
 * @throws UserError if there are none, or one is not in the folder or not there any more
 */
export async function zipFiles(
  destination: string,
  folder: string,
  files: readonly string[] = [...saved].filter((path) => isInside(folder, path)),
): Promise<string[]> {
  const paths = files.map((file) => resolve(folder, file)).sort();
  if (paths.length === 0) {
    throw new UserError(`Nothing was saved in ${folder} yet; run the cells with "saveAs" first, then this one.`);
  }
  const zip = new ZipFile();
  const packed = buffer(zip.outputStream);
  for (const path of paths) {
    if (!isInside(folder, path)) throw new UserError(`Only files in ${folder} are packed, but ${path} is not in it.`);
    zip.addBuffer(await read(path), nameInside(folder, path), {
      mtime: dateOfAll,
      forceDosTimestamp: true,
      mode: 0o100644,
    });
  }
  zip.end();
  await mkdir(dirname(destination), { recursive: true });
  writeFileAtomic(destination, await packed);
  return paths.map((path) => nameInside(folder, path));
}

/** In the machine's own time, as zip archives have it: the same in every time zone. */
const dateOfAll = new Date(2019, 0, 1);

function isInside(folder: string, path: string): boolean {
  return path.startsWith(resolve(folder) + sep);
}

function nameInside(folder: string, path: string): string {
  return relative(resolve(folder), path).split(sep).join("/");
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${path} is to be packed, but cannot be read (${error.code}); run the cell that saves it again.`,
    );
  });
}
