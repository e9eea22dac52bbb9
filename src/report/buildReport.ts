import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";
import { UserError } from "../errors";
import { claims } from "../paper/claims/claims";
import { figure5 } from "../paper/figure5";
import { projectFolder } from "../paths";
import { groupBy } from "../stats/groupBy";
import type { TextWeights } from "../study/analyze";
import { findStudies, readStudy, readTexts, type Study } from "../study/files";
import type { ReportIndex, StudyEntry, WeightsOfTexts, WordsOfTexts } from "./contents";
import { studyContents, studyEntry } from "./studyContents";

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
 * @param destination the report's folder, as in `results/report`
 * @throws UserError when there is no finished study, a study is damaged, or the destination holds something else
 */
export async function buildReport(roots: readonly string[], destination: string): Promise<BuiltReport> {
  const found = await findAll(roots);
  await refuseOther(destination);
  const folder = `${resolve(destination)}-${process.pid}`;
  try {
    await mkdir(join(folder, "data"), { recursive: true });
    await writePage(folder, await writeStudies(folder, found));
    await replace(destination, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { page: join(destination, "index.html"), studies: found.length };
}

interface Found {
  folder: string;
  /** The study's name in the report. */
  key: string;
}

async function findAll(roots: readonly string[]): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const root of roots) {
    for (const folder of await findStudies(resolve(root))) {
      const inside = relative(resolve(root), folder).split(sep).join("/") || basename(folder);
      found.set(folder, { folder, key: roots.length > 1 ? `${basename(resolve(root))}/${inside}` : inside });
    }
  }
  if (found.size > 0) return [...found.values()];
  throw new UserError(
    `A report shows finished studies, but ${roots.map((root) => resolve(root)).join(" and ")} ${roots.length > 1 ? "hold" : "holds"} none; run npm start or npm run study first.`,
  );
}

async function refuseOther(destination: string): Promise<void> {
  const names = await readdir(destination).catch(ifMissing);
  if (names === undefined || names.length === 0) return;
  const page = await readFile(join(destination, "index.html"), "utf8").catch(ifMissing);
  if (page?.includes(mark)) return;
  throw new UserError(
    `A report replaces an older report, but ${resolve(destination)} holds something else; choose another --out, or remove that folder.`,
  );
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

/** Moves a new folder to where an older one may be. */
async function replace(destination: string, folder: string): Promise<void> {
  const older = `${folder}-older`;
  await rename(destination, older).catch(ifMissing);
  await rename(folder, destination);
  await rm(older, { recursive: true, force: true });
}

/** One study after the other, as the texts of some are large. */
async function writeStudies(folder: string, found: readonly Found[]): Promise<ReportIndex> {
  const studies: StudyEntry[] = [];
  const read: Study[] = [];
  for (const [index, { folder: source, key }] of found.entries()) {
    const study = await readStudy(source);
    const file = `${index + 1}-${key.replace(/[^\w.=-]+/g, "-")}`;
    const isShown = await writeTexts(join(folder, "data", file), file, study, await readTexts(source));
    await writeData(join(folder, "data", `${file}.js`), file, studyContents(study, isShown ? textsOfFile : 0));
    studies.push(studyEntry(study, { key, file }));
    read.push(study);
  }
  return { version: await ownVersion(), studies, encoderDifferences: differencesOf(read), claims: claimsOf(read) };
}

async function ownVersion(): Promise<string> {
  return JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8")).version;
}

/** The paper's figure 5 for each corpus and profile that has both encoders. */
function differencesOf(studies: readonly Study[]): ReportIndex["encoderDifferences"] {
  const paired = studies.filter((study) => study.config.attentionWeights === "softmax" && hasPartner(study, studies));
  return [...groupBy(paired, ({ profile, corpus }) => `${profile} ${corpus}`).values()].flatMap((group) => {
    const rows = figure5({ configurations: group });
    return rows
      .filter(({ kind }) => kind === "encoders, one seed")
      .map((row) => {
        const published = rows.find(({ source, attention }) => source === "paper" && attention === row.attention)?.mean;
        return { ...row, profile: group[0]!.profile, published };
      });
  });
}

function claimsOf(studies: readonly Study[]): ReportIndex["claims"] {
  return [...groupBy(studies, ({ profile }) => profile)].flatMap(([profile, configurations]) =>
    (["rq1", "rq2", "rq3", "rq4"] as const).flatMap((question) =>
      claims(question, { configurations }).rows.map((row) => ({ ...row, question, profile })),
    ),
  );
}

/** Whether the same texts were given to the average encoder and to the BiLSTM, with the same attention and seed. */
function hasPartner(study: Study, studies: readonly Study[]): boolean {
  const partner = { average: "bilstm", bilstm: "average", cnn: undefined }[study.encoder];
  return studies.some(
    ({ encoder, attention, seed, about: { identity } }) =>
      encoder === partner &&
      attention === study.attention &&
      seed === study.seed &&
      identity.profile === study.profile &&
      identity.examples === study.about.identity.examples,
  );
}

/** Words and weights apart, as a search through all texts needs the words alone. */
async function writeTexts(
  path: string,
  file: string,
  { rows }: Study,
  texts: readonly TextWeights[],
): Promise<boolean> {
  const byId = new Map(texts.map((text) => [text.id, text]));
  if (byId.size === 0) return false;
  for (let first = 0; first < rows.length; first += textsOfFile) {
    const words: WordsOfTexts = [];
    const weights: WeightsOfTexts = [];
    for (const { id } of rows.slice(first, first + textsOfFile)) {
      const { id: _, words: own, question, ...rest } = byId.get(id) ?? { id, words: null };
      words.push(own && { words: own, ...(question && { question }) });
      weights.push(own && (rest as WeightsOfTexts[number]));
    }
    const part = first / textsOfFile;
    await writeData(`${path}-words-${part}.js`, `${file}-words-${part}`, words);
    await writeData(`${path}-weights-${part}.js`, `${file}-weights-${part}`, weights);
  }
  return true;
}

/** As a script: a page that was opened as a file can load scripts, but no data. */
async function writeData(path: string, name: string, data: object): Promise<void> {
  await writeFile(path, `reportData(${JSON.stringify(name)},${JSON.stringify(data)});\n`);
}

async function writePage(folder: string, index: ReportIndex): Promise<void> {
  const html = await readFile(join(pageFolder, "index.html"), "utf8");
  await writeFile(join(folder, "index.html"), html.replace("<!-- mark -->", mark));
  const common = { minify: true, logLevel: "silent", legalComments: "eof" } as const;
  await build({
    ...common,
    entryPoints: [join(pageFolder, "main.ts"), join(pageFolder, "style.css")],
    bundle: true,
    platform: "browser",
    target: "es2022",
    define: { reportIndex: JSON.stringify(index) },
    outdir: folder,
  });
  await build({
    ...common,
    entryPoints: [require.resolve("plotly.js-dist/plotly.js")],
    outfile: join(folder, "plotly.js"),
  });
}
