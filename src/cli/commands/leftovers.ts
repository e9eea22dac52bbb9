import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { counted, megabytes } from "../../counted";
import { cacheFolder, resultsFolder } from "../../paths";
import { findStudies } from "../../study/files";
import { modelFormat } from "../../study/obtainModel";
import { nativeFiles, nativeFolder } from "../setup/nativeBackend";
import type { Terminal } from "../setup/steps.cjs";

/** What earlier versions left in results and cache, and this one does not read: nothing else ever touches it. */
export async function findLeftovers() {
  const [models, selected] = [join(cacheFolder(), "models"), join(cacheFolder(), "vectors", "selected")];
  const studies = await findStudies(resultsFolder, "instances.csv");
  const found = [
    ...studies.map((path) => ({ path, what: "a study of 0.3.0 or earlier" })),
    ...(await inside(models, isEarlierModel, "a model of an earlier format")),
    ...(await inside(cacheFolder(), (path) => basename(path) === "prepared", "corpora as 0.3.0 prepared them")),
    ...(await inside(selected, (path) => path.endsWith(".bin"), "word vectors of 0.3.0")),
    ...(await inside(nativeFolder(), isEarlierNative, "libtensorflow or kernels of another version")),
  ];
  return Promise.all(found.map(async (one) => ({ ...one, bytes: await bytesOf(one.path) })));
}

/** Tells what there is, then removes it. */
export async function removeLeftovers(terminal: Pick<Terminal, "line">): Promise<void> {
  const leftovers = await findLeftovers();
  for (const { path, what, bytes } of leftovers) terminal.line(`${megabytes(bytes)}  ${path} (${what})`);
  for (const { path } of leftovers) await rm(path, { recursive: true });
  terminal.line(leftovers.length === 0 ? "Nothing is left over." : `Removed: ${summaryOf(leftovers)}.`);
}

/** As in "12 files and folders, 346 MB". */
export function summaryOf(leftovers: readonly { bytes: number }[]): string {
  const bytes = leftovers.reduce((sum, one) => sum + one.bytes, 0);
  return `${counted(leftovers.length, "file or folder", "files and folders")}, ${megabytes(bytes)}`;
}

async function inside(folder: string, isLeft: (path: string) => boolean | Promise<boolean>, what: string) {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  const left = await Promise.all(paths.map(isLeft));
  return paths.filter((_, index) => left[index]).map((path) => ({ path, what }));
}

async function isEarlierModel(folder: string): Promise<boolean> {
  const config = await readFile(join(folder, "config.json"), "utf8").catch(() => "");
  return Number(/"formatVersion": ?(\d+)/.exec(config)?.[1]) < modelFormat;
}

function isEarlierNative(path: string): boolean {
  const isOurs = Object.values(nativeFiles()).some((file) => dirname(file) === path);
  return !isOurs && /^(addon|(lib)?tensorflow)-|^failed/.test(basename(path));
}

async function bytesOf(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true }).catch(() => []); // a file has nothing inside
  const about = await Promise.all(["", ...names].map((name) => lstat(join(path, name))));
  return about.reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
}
