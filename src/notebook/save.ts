import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { stringify } from "csv-stringify/sync";
import { ZipFile } from "yazl";
import { writeFileAtomic } from "../atomicWrite";
import { UserError } from "../errors";

/** @throws UserError for what is not the name of a file in one folder, on any system */
export function requireFileName(name: string): void {
  if (/^[\w][\w.+=-]*$/.test(name)) return;
  throw new UserError(
    `A result's file name has letters, digits, "-", "_", "+", "=" and "." only, but ${JSON.stringify(name)} came.`,
  );
}

/** Rows as CSV with a header line; a value that is undefined leaves its field empty. */
export function toCsv(rows: readonly object[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify([...rows], { header: true, columns, cast: { boolean: String } });
}

/** What files of one name hold, by the ends of their names, as in ".tex". */
export type FileContents = Readonly<Record<string, string | Buffer>>;

/** Writes files of one name into a folder, each whole or not at all, and gives their paths. */
export async function saveFiles(folder: string, name: string, contents: FileContents): Promise<string[]> {
  requireFileName(name);
  const files = Object.entries(contents).map(([ending, content]) => ({ path: join(folder, name + ending), content }));
  for (const { path, content } of files) await writeFileAtomic(path, content);
  return files.map(({ path }) => path);
}

/** Packs files of a folder into `<folder>.zip`; equal files give an equal archive. @throws UserError where there are none */
export async function zipFiles(folder: string, paths: readonly string[]): Promise<{ path: string; files: number }> {
  const names = [...new Set(paths.map((path) => basename(path)))].sort();
  if (names.length === 0)
    throw new UserError(`Nothing was saved in ${folder} yet; run the cells that show something under a name first.`);
  const zip = new ZipFile();
  const packed = buffer(zip.outputStream);
  for (const name of names) {
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
