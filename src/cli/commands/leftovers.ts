import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { counted, megabytes } from "../../counted";
import { cacheFolder, resultsFolder } from "../../paths";
import { findEarlierStudies } from "../../study/files";
import { modelFormat } from "../../study/obtainModel";
import { nativeFolders, usableWheel } from "../setup/nativeBackend";

/** Something that an earlier version of this project left, and this one does not read. */
interface Leftover {
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
    ...(await inside(
      cache,
      async (path) => basename(path) === "prepared",
      "corpora as earlier versions prepared them",
    )),
    ...(await inside(join(cache, "vectors", "selected"), endsIn(".bin"), "word vectors of 0.3.0")),
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
  return `${counted(leftovers.length, "file or folder", "files and folders")}, ${megabytes(bytes)}`;
}

/** What of a folder is left; not what cannot be judged, as kernels where there is no native backend. */
async function inside(folder: string, isLeft: (path: string) => Promise<boolean>, what: string) {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  const left = await Promise.all(paths.map((path) => isLeft(path).catch(() => false)));
  return paths.filter((_, index) => left[index]).map((path) => ({ path, what }));
}

const endsIn = (suffix: string) => async (path: string) => path.endsWith(suffix);

async function isEarlierModel(folder: string): Promise<boolean> {
  const config = await readFile(join(folder, "config.json"), "utf8").catch(() => "{}");
  return JSON.parse(config).formatVersion < modelFormat;
}

async function isOtherAddon(folder: string): Promise<boolean> {
  return basename(folder).startsWith("addon-") && folder !== nativeFolders(usableWheel()).addon;
}

async function bytesOf(path: string): Promise<number> {
  const inside = await readdir(path, { recursive: true }).catch(() => []); // a file has nothing inside
  const about = await Promise.all([path, ...inside.map((name) => join(path, name))].map((each) => stat(each)));
  return about.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
