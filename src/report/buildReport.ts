import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { build } from "esbuild";
import { unfinishedPath } from "../atomicWrite";
import { explained, UserError } from "../errors";
import { toCsv } from "../notebook/save";
import { projectFolder } from "../paths";
import { type Column, defineColumns } from "../study/columns";
import { findStudies, type Manifest, readManifest } from "../study/files";
import { modelKey, optionWords, studyFolder } from "../study/identity";
import { readStudy, type StudiedText, type Study } from "../study/study";
import {
  comparisons,
  leadingColumns,
  type ReportedStudy,
  type ReportIndex,
  type StudyEntry,
  studyContents,
  studyEntry,
  type TextsOfFile,
} from "./studyContents";

const pageFolder = join(projectFolder, "src", "report", "page");
/** Texts of which the words, or the weights, are in one file. */
const textsOfFile = 500;
/** Stands in the page, so that only a report is replaced by a report. */
const mark = 'content="attention-is-not-explanation report"';

/**
 * Writes the report, a page that opens without a server, of all finished studies below some folders. It is made beside its
 * destination and then moved there, so it is whole or not there; an older report is replaced.
 *
 * @throws UserError when there is no finished study, a study is damaged, or the destination holds something else
 */
export async function buildReport(roots: readonly string[], out: string) {
  const destination = resolve(out);
  const found = await findAll(roots);
  refuseOther(destination);
  const [folder, older] = [await unfinishedPath(destination), await unfinishedPath(destination)];
  try {
    for (const name of ["", "data", "tables"]) mkdirSync(join(folder, name));
    const index = await writeStudies(folder, found);
    await writePage(folder, index);
    writeTables(join(folder, "tables"), index);
    if (existsSync(destination)) renameSync(destination, older);
    renameSync(folder, destination);
    rmSync(older, { recursive: true, force: true });
  } catch (error) {
    throw explained(error, destination);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { page: join(destination, "index.html"), studies: found.size };
}

type Found = { folder: string; manifest: Manifest };

/** The studies in the order of their names, by keys that stand for what was run: one that lies in several folders is there once, with the most parts. */
async function findAll(roots: readonly string[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  for (const root of roots) {
    for (const folder of await findStudies(resolve(root))) {
      const manifest = (await readManifest(folder))!;
      const key = studyFolder("", manifest.identity).split(sep).join("/");
      const other = found.get(key);
      if (other && other.manifest.parts.length >= manifest.parts.length) continue;
      found.set(key, { folder, manifest });
    }
  }
  const byName = new Intl.Collator("en", { numeric: true }).compare;
  if (found.size > 0) return new Map([...found].sort(([, one], [, other]) => byName(placeOf(one), placeOf(other))));
  throw new UserError(
    `A report shows finished studies, but ${roots.map((root) => resolve(root)).join(" and ")} ${roots.length > 1 ? "hold" : "holds"} none; run npm start or npm run study first.`,
  );
}

function placeOf({ manifest: { identity } }: Found): string {
  const { corpus, config } = identity.model;
  const options = optionWords(identity.options).join(" ");
  return [corpus, identity.profile, config.encoder, config.attention, options, config.seed].join(", ");
}

function refuseOther(destination: string): void {
  const page = join(destination, "index.html");
  if (!statSync(destination, { throwIfNoEntry: false }) || readdirSync(destination).length === 0) return;
  if (existsSync(page) && readFileSync(page, "utf8").includes(mark)) return;
  throw new UserError(
    `A report replaces an older report, but ${destination} holds something else; choose another --out, or remove that folder.`,
  );
}

/** One study after the other, as the texts of some are large. */
async function writeStudies(folder: string, found: ReadonlyMap<string, Found>): Promise<ReportIndex> {
  const entries: StudyEntry[] = [];
  const studies: ReportedStudy[] = [];
  const leading = new Map<string, Column>();
  const files = new Map<string, string[]>();
  for (const [key, { folder: source, manifest }] of found) {
    const { identity } = manifest;
    const whole = { ...numbered(await readStudy(source), files), model: modelKey(identity) };
    const study = { ...whole, columns: whole.columns.filter((column) => holdsAny(whole, column)) };
    const own = leadingColumns(study, manifest);
    defineColumns(study.columns);
    for (const column of own) leading.set(column.name, column);
    const file = `${entries.length + 1}-${key.replace(/[^\w.=-]+/g, "-")}`;
    const lines = writeTexts(folder, file, await study.texts());
    const isShown = lines.some((line) => line !== null);
    const contents = studyContents(study, { identity, lines, textsOfFile: isShown ? textsOfFile : 0 });
    writeData(folder, file, contents);
    entries.push(studyEntry(study, own, { key, file, others: entries }));
    studies.push(study);
  }
  const columns = [...leading.values()];
  const { version } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));
  return { version, studies: entries, columns, ...comparisons(studies, entries, columns) };
}

/** A study whose corpus has a number, as in "reviews (2)", where other files of its name were there before. */
function numbered(study: Study, files: Map<string, string[]>): Study {
  const { corpus, name } = study;
  const { digest } = study.about.corpus;
  if (digest === undefined) return study;
  const known = [...new Set([...(files.get(corpus) ?? []), digest])];
  files.set(corpus, known);
  if (known[0] === digest) return study;
  const title = `${corpus} (${known.indexOf(digest) + 1})`;
  return { ...study, corpus: title, title, name: `${title}${name.slice(corpus.length)}` };
}

/** What an importance or an intervention is not defined for is in no list; why a text has no agreement is said. */
function holdsAny({ rows }: Study, { name, kind, reason }: Column): boolean {
  return kind === "text" || reason !== undefined || rows.some((row) => row[name as keyof typeof row] !== undefined);
}

/** The texts apart from the rest, which needs their lines alone. @returns these, null where a text may not be shown */
function writeTexts(folder: string, file: string, texts: readonly (StudiedText | undefined)[]): (string | null)[] {
  const lines = texts.map((text) => {
    if (!text?.words) return null;
    return [...(text.question ? [...text.question, "|"] : []), ...text.words].join(" ");
  });
  if (lines.every((line) => line === null)) return lines;
  for (let first = 0; first < texts.length; first += textsOfFile) {
    const own: TextsOfFile = texts.slice(first, first + textsOfFile).map((text) => (text?.words ? text : null));
    writeData(folder, `${file}-texts-${first / textsOfFile}`, own, withFourDigits);
  }
  return lines;
}

/** As a script: a page that was opened as a file can load scripts, but no data. */
function writeData(folder: string, name: string, data: object, replacer?: typeof withFourDigits): void {
  const script = `reportData(${JSON.stringify(name)},${JSON.stringify(data, replacer)});\n`;
  writeFileSync(join(folder, "data", `${name}.js`), script);
}

/** What other programs read: a row for each study, and ours beside the published numbers. */
function writeTables(folder: string, { studies, means, table2 }: ReportIndex): void {
  const merged = studies.map(({ file: _, scores, means, ...study }) => ({ ...study, ...scores, ...means }));
  for (const [name, rows] of Object.entries({ studies: merged, means, table2: table2.rows })) {
    writeFileSync(join(folder, `${name}.csv`), toCsv(rows));
  }
}

function withFourDigits(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}

async function writePage(folder: string, index: ReportIndex): Promise<void> {
  writeFileSync(join(folder, "index.html"), readFileSync(join(pageFolder, "index.html")));
  const { outputFiles } = await build({
    entryPoints: [join(pageFolder, "main.ts"), join(pageFolder, "style.css")],
    ...{ bundle: true, platform: "browser", target: "es2022", minify: true, logLevel: "silent", legalComments: "eof" },
    define: { reportIndex: JSON.stringify(index) },
    ...{ outdir: folder, write: false },
  });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
}
