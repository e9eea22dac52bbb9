import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { counted } from "../counted";
import { UserError } from "../errors";
import { escapeMarkdown } from "../figures/figure";
import { fewestRuns } from "../paper/claims/claim";
import { projectFolder, resultsFolder } from "../paths";
import { sha256 } from "../sha256";
import { chooseProfile, type Profile } from "../study/config";
import type { CorpusChoice } from "../study/design";
import type { Runs } from "../study/runs";
import { display } from "./display";
import { requireFileName, saveFiles, zipFiles } from "./save";
import { type ShowOptions, toShown } from "./show";

/** A notebook that runs: what it runs on, and its ways to show and to save. */
export interface Notebook {
  show: Show;
  /** Packs all that this run of the notebook has saved into one archive, and says where it is. */
  exportAll: () => Promise<void>;
  /** The one asked for, unless the environment variable ATTENTION_PROFILE names another. */
  profile: Profile;
  /** The corpora of that profile. */
  corpus: CorpusChoice[];
  /** Its training runs: one in "quick", else as many as a claim needs to be decided. */
  seed: number[];
}

/**
 * Shows a figure, a table, rows, a danfojs frame, runs, a heatmap, an explained text or a sentence in the cell; always
 * awaited.
 *
 * @param name saves it in every format, as `results/<notebook>/<profile>/<name>.*`; letters, digits and "-"
 * @param options for rows and frames: columns, caption, digits, folded
 * @example await show(histogram(rows, { x: "tauGradient" }), "figure2")
 * @throws UserError for what it cannot show, and for a name that is not one of a file
 */
export type Show = (thing: unknown, name?: string, options?: ShowOptions) => Promise<void>;

/**
 * Begins a notebook: chooses its profile and corpora, and gives the verb that shows and saves.
 *
 * Results go to `results/<notebook>/<profile>`, with what differs from the profile's and the paper's analyses in the
 * folder's name, as in `quick-sparsemax`. They are those of the runs that are shown first; other corpora, models or seeds under the same
 * options get a folder of their own, so that no configuration overwrites another.
 *
 * @param notebook the folder of its results, as in "rq1"
 * @param corpora the corpora of each profile, by name or, of your own, by path: `{ path: "reviews.csv" }`
 * @example const { show, profile, corpus } = openNotebook("rq1", "quick", { quick: ["reviews"], released: ["sst"] });
 * @throws UserError for a profile that there is not, or without corpora
 */
export function openNotebook(
  notebook: string,
  profile: Profile,
  corpora: Partial<Record<Profile, readonly CorpusChoice[]>>,
): Notebook {
  requireFileName(notebook);
  const chosen = chooseProfile(profile);
  const corpus = corpora[chosen];
  if (corpus === undefined)
    throw new UserError(
      `This notebook has corpora for ${Object.keys(corpora).join(", ")}, but the profile is ${chosen}; add a list for it.`,
    );
  const root = join(resultsFolder, notebook);
  const saved: string[] = [];
  let folder: Promise<string> | undefined;
  const ownFolder = (names: readonly string[] = []) => (folder ??= folderOf(root, chosen, names));
  const show: Show = async (thing, name, options) => {
    if (name !== undefined) requireFileName(name);
    if (isRuns(thing)) {
      const { configurations, asked = [] } = thing;
      ownFolder(configurations.map((each) => [each.name, ...asked].join(", ")));
    }
    const shown = await toShown(thing, options);
    for (const output of shown.outputs) display(output);
    if (name === undefined) return;
    const paths = await saveFiles(await ownFolder(), name, await shown.files());
    saved.push(...paths);
    showPaths(paths, name);
  };
  const exportAll = async () => {
    const own = await (folder ?? folderOf(root, chosen, []));
    const all = saved.length > 0 ? [...saved, join(own, listFile)] : [];
    const { path, files } = await zipFiles(own, all.filter(existsSync));
    showSmall(`${counted(files, "file is", "files are")} packed in ${escapeMarkdown(shownPath(path))}.`);
  };
  const seed = Array.from({ length: chosen === "quick" ? 1 : fewestRuns }, (_, run) => run);
  return { show, exportAll, profile: chosen, corpus: [...corpus], seed };
}

function isRuns(thing: unknown): thing is Pick<Runs, "configurations"> & Partial<Pick<Runs, "asked">> {
  return typeof thing === "object" && thing !== null && "configurations" in thing;
}

const listFile = "configurations.txt";

/** The folder of some configurations: that of their options, if it holds no others, else one of their own. */
async function folderOf(root: string, profile: Profile, names: readonly string[]): Promise<string> {
  const differing = names.map((name) => /, seed \d+, (.+)$/.exec(name)?.[1]).filter((each) => each !== undefined);
  const told = [profile, ...new Set(differing)].join("-").replace(/[^\p{L}\p{N}.+=-]+/gu, "-");
  const base = join(root, told);
  const list = names.map((name) => `${name}\n`).join("");
  const owners = await readFile(join(base, listFile), "utf8").catch(() => list);
  const hash = sha256(list).slice(0, 6);
  const folder = owners === list ? base : `${base}-${hash}`;
  if (names.length > 0) await saveFiles(folder, "configurations", { ".txt": list });
  return folder;
}

function showPaths(paths: readonly string[], name: string): void {
  const endings = paths.map((path) => basename(path).slice(name.length));
  const path = shownPath(join(dirname(paths[0]!), name));
  showSmall(escapeMarkdown(path + endings.sort().reverse().join(", ")));
}

function showSmall(markdown: string): void {
  display({ data: { "text/markdown": `<small>${markdown}</small>`, "text/plain": markdown } });
}

/** From the project's folder on, if it is in there: a notebook that is passed on says nothing of the machine. */
function shownPath(path: string): string {
  const inside = relative(projectFolder, path);
  return inside.startsWith("..") ? path : inside;
}
