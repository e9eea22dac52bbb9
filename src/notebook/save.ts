import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { writeFileAtomic } from "../atomicWrite";
import { UserError } from "../errors";
import { requireFileName } from "../figures/export";

/**
 * Writes files of one name into a folder, which is made if it is not there; each file is whole or is not there.
 *
 * @param contents by the ending, as in ".tex"
 * @returns their paths
 * @throws UserError for a name that is not one of a file
 */
export async function saveFiles(
  folder: string,
  name: string,
  contents: Readonly<Record<string, string | Buffer>>,
): Promise<string[]> {
  requireFileName(name);
  await mkdir(folder, { recursive: true });
  return Promise.all(
    Object.entries(contents).map(async ([ending, content]) => {
      const path = join(folder, name + ending);
      await writeFileAtomic(path, content);
      return path;
    }),
  );
}

/**
 * Packs all files of a folder into an archive beside it, `<folder>.zip`; equal files give an equal archive.
 *
 * @returns the archive's path, and how many files it holds
 * @throws UserError where nothing was saved in the folder
 */
export async function zipFolder(folder: string): Promise<{ path: string; files: number }> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0)
    throw new UserError(`Nothing was saved in ${folder} yet; run the cells that show something under a name first.`);
  const zip = new ZipFile();
  const packed = buffer(zip.outputStream);
  for (const name of names.sort()) {
    const options = { mtime: dateOfAll, forceDosTimestamp: true, mode: 0o100644 };
    zip.addBuffer(await readFile(join(folder, name)), name, options);
  }
  zip.end();
  const path = `${folder}.zip`;
  await writeFileAtomic(path, await packed);
  return { path, files: names.length };
}

/** In the machine's own time, as zip archives have it: the same in every time zone. */
const dateOfAll = new Date(2019, 0, 1);
