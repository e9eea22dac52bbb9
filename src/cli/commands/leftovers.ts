import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheFolder, resultsFolder } from "../../paths";
import { findEarlierStudies } from "../../study/files";
import { modelFormat } from "../../study/obtainModel";
import { nativeFolders, usableWheel } from "../setup/nativeBackend";

/** Something that an earlier version of this project left, and this one does not read. */
export interface Leftover {
  path: string;
  /** As in "a study of version 0.3.0 or earlier". */
  what: string;
  bytes: number;
}

/** Results and files of the cache that this version does not read: nothing else ever touches them. */
export async function findLeftovers(): Promise<Leftover[]> {
  const cache = cacheFolder();
  const found = [
    ...(await findEarlierStudies(resultsFolder)).map((path) => ({ path, what: "a study of version 0.3.0 or earlier" })),
    ...(await inside(join(cache, "models"), isEarlierModel, "a model of an earlier format")),
    ...(await inside(join(cache, "prepared"), (path) => path.endsWith(".json.gz"), "a corpus as 0.3.0 prepared it")),
    ...(await inside(join(cache, "vectors", "selected"), (path) => path.endsWith(".bin"), "word vectors of 0.3.0")),
    ...(await inside(join(cache, "native"), isOtherAddon, "kernels of another version")),
  ];
  return Promise.all(found.map(async (one) => ({ ...one, bytes: await bytesOf(one.path) })));
}

/** Tells what there is, then removes it. */
export async function removeLeftovers(tell: (line: string) => void): Promise<void> {
  const leftovers = await findLeftovers();
  for (const { path, what, bytes } of leftovers) tell(`${megabytes(bytes)}  ${path} (${what})`);
  for (const { path } of leftovers) await rm(path, { recursive: true });
  tell(leftovers.length === 0 ? "Nothing is left over from earlier versions." : `Removed: ${summaryOf(leftovers)}.`);
}

/** As in "12 files and folders, 345.6 MB". */
export function summaryOf(leftovers: readonly Leftover[]): string {
  const bytes = leftovers.reduce((sum, one) => sum + one.bytes, 0);
  return `${leftovers.length} files and folders, ${megabytes(bytes)}`;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

async function inside(folder: string, isLeft: (path: string) => boolean | Promise<boolean>, what: string) {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  const left = await Promise.all(paths.map(isLeft));
  return paths.filter((_, index) => left[index]).map((path) => ({ path, what }));
}

async function isEarlierModel(folder: string): Promise<boolean> {
  const config = await readFile(join(folder, "config.json"), "utf8").catch(() => undefined);
  if (config === undefined) return false;
  try {
    return JSON.parse(config).formatVersion < modelFormat;
  } catch {
    return false;
  }
}

function isOtherAddon(folder: string): boolean {
  if (!basename(folder).startsWith("addon-")) return false;
  try {
    return folder !== nativeFolders(usableWheel()).addon;
  } catch {
    return false; // no native backend for this machine: nothing is known of its kernels
  }
}

async function bytesOf(path: string): Promise<number> {
  const about = await stat(path);
  if (!about.isDirectory()) return about.size;
  const names = await readdir(path);
  const sizes = await Promise.all(names.map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
