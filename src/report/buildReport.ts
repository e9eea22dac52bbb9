import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { stringify } from "csv-stringify/sync";
import { build } from "esbuild";
import { makeFolder } from "../atomicWrite";
import { explained, UserError } from "../errors";
import { projectFolder } from "../paths";
import { type Column, defineColumns } from "../study/columns";
import { findStudies, readManifest } from "../study/files";
import { readStudy, type StudiedText, type Study } from "../study/study";
import type { LinesOfTexts, TextsOfFile } from "./contents";
import {
  comparisons,
  leadingColumns,
  numberParts,
  type ReportIndex,
  type StudyEntry,
  studyContents,
  studyEntry,
} from "./studyContents";

export interface BuiltReport {
  /** The page to open. */
  page: string;
  /** How many studies it shows. */
  studies: number;
}

const pageFolder = join(projectFolder, "src", "report", "page");
/** Texts of which the words, or the weights, are in one file. */
const textsOfFile = 500;
/** Stands in the page, so that only a report is replaced by a report. */
const mark = '<meta name="generator" content="attention-is-not-explanation report">';

/**
 * Writes the report: a page that opens without a server, with all finished studies found below some folders.
 *
 * It is made beside its destination and then moved there, so it is whole or not there; an older report is replaced.
 *
 * @param roots folders that are searched for finished studies, with all below them
 * @param out the report's folder, as in `results/report`
 * @throws UserError when there is no finished study, a study is damaged, or the destination holds something else
 */
export async function buildReport(roots: readonly string[], out: string): Promise<BuiltReport> {
  const destination = resolve(out);
  const found = await findAll(roots);
  await refuseOther(destination);
  const folder = `${destination}-${process.pid}`;
  try {
    makeFolder(join(folder, "data"));
    const index = await writeStudies(folder, found);
    await writePage(folder, index);
    await writeTables(join(folder, "tables"), index);
    await replace(destination, folder);
  } catch (error) {
    throw explained(error, destination);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { page: join(destination, "index.html"), studies: found.size };
}

/** The folders of the studies, each with its name in the report. */
async function findAll(roots: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const root of roots) {
    for (const folder of await findStudies(resolve(root))) {
      const inside = relative(resolve(root), folder).split(sep).join("/") || basename(folder);
      found.set(folder, roots.length > 1 ? `${basename(resolve(root))}/${inside}` : inside);
    }
  }
  if (found.size > 0) return found;
  throw new UserError(
    `A report shows finished studies, but ${roots.map((root) => resolve(root)).join(" and ")} ${roots.length > 1 ? "hold" : "holds"} none; run npm start or npm run study first.`,
  );
}

async function refuseOther(destination: string): Promise<void> {
  const names = await readdir(destination).catch(ifMissing);
  if (names === undefined || names.length === 0) return;
  const page = await readFile(join(destination, "index.html"), "utf8").catch(() => undefined);
  if (page?.includes(mark)) return;
  throw new UserError(
    `A report replaces an older report, but ${destination} holds something else; choose another --out, or remove that folder.`,
  );
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw explained(error);
}

/** Moves a new folder to where an older one may be. */
async function replace(destination: string, folder: string): Promise<void> {
  const older = `${folder}-older`;
  await rename(destination, older).catch(ifMissing);
  await rename(folder, destination);
  await rm(older, { recursive: true, force: true });
}

/** One study after the other, as the texts of some are large. */
async function writeStudies(folder: string, found: ReadonlyMap<string, string>): Promise<ReportIndex> {
  const entries: StudyEntry[] = [];
  const studies: Study[] = [];
  const leading = new Map<string, Column>();
  for (const [source, key] of found) {
    const whole = await readStudy(source);
    const manifest = (await readManifest(source))!;
    const study = { ...whole, columns: whole.columns.filter((column) => holdsAny(whole, column)) };
    const parts = numberParts(manifest, study);
    defineColumns(study.columns);
    for (const column of leadingColumns(study, parts)) leading.set(column.name, column);
    const file = `${entries.length + 1}-${key.replace(/[^\w.=-]+/g, "-")}`;
    const isShown = await writeTexts(folder, file, await study.texts());
    const { identity } = manifest;
    const contents = studyContents(study, parts, { identity, textsOfFile: isShown ? textsOfFile : 0 });
    await writeData(folder, file, contents);
    entries.push(studyEntry(study, parts, { key, file }));
    studies.push(study);
  }
  const columns = [...leading.values()];
  const { version } = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8"));
  return { version, studies: entries, columns, ...comparisons(studies, entries, columns) };
}

/** What an importance or an intervention is not defined for is in no list; why a text has no agreement is said. */
function holdsAny({ rows }: Study, { name, kind, reason }: Column): boolean {
  return kind === "text" || reason !== undefined || rows.some((row) => row[name as keyof typeof row] !== undefined);
}

/** The lines apart from the rest, as the list of all texts and a search need them alone. @returns whether there are any */
async function writeTexts(folder: string, file: string, texts: readonly (StudiedText | undefined)[]): Promise<boolean> {
  const lines: LinesOfTexts = texts.map((text) => {
    if (!text?.words) return null;
    return [...(text.question ? [...text.question, "|"] : []), ...text.words].join(" ");
  });
  if (lines.every((line) => line === null)) return false;
  await writeData(folder, `${file}-lines`, lines);
  for (let first = 0; first < texts.length; first += textsOfFile) {
    const own: TextsOfFile = texts.slice(first, first + textsOfFile).map((text) => (text?.words ? text : null));
    await writeData(folder, `${file}-texts-${first / textsOfFile}`, own, withFourDigits);
  }
  return true;
}

/** As a script: a page that was opened as a file can load scripts, but no data. */
async function writeData(folder: string, name: string, data: object, replacer?: typeof withFourDigits): Promise<void> {
  await writeFile(
    join(folder, "data", `${name}.js`),
    `reportData(${JSON.stringify(name)},${JSON.stringify(data, replacer)});\n`,
  );
}

/** What other programs read: a row for each study, and ours beside the published numbers. */
async function writeTables(folder: string, { studies, means, table2 }: ReportIndex): Promise<void> {
  const merged = studies.map(({ file: _, scores, means, ...study }) => ({ ...study, ...scores, ...means }));
  makeFolder(folder);
  for (const [name, rows] of Object.entries({ studies: merged, means, table2: table2.rows })) {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    await writeFile(join(folder, `${name}.csv`), stringify(rows, { header: true, columns }));
  }
}

function withFourDigits(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}

async function writePage(folder: string, index: ReportIndex): Promise<void> {
  const html = await readFile(join(pageFolder, "index.html"), "utf8");
  await writeFile(join(folder, "index.html"), html.replace("<!-- mark -->", mark));
  const common = { minify: true, logLevel: "silent", legalComments: "eof", write: false } as const;
  const page = await build({
    ...common,
    entryPoints: [join(pageFolder, "main.ts"), join(pageFolder, "style.css")],
    bundle: true,
    platform: "browser",
    target: "es2022",
    define: { reportIndex: JSON.stringify(index) },
    outdir: folder,
  });
  const plotly = await build({
    ...common,
    entryPoints: [require.resolve("plotly.js-dist/plotly.js")],
    outfile: join(folder, "plotly.js"),
  });
  for (const { path, contents } of [...page.outputFiles, ...plotly.outputFiles]) await writeFile(path, contents);
}
