// Makes the released rows from finished studies: node --import tsx data/study/make_study.ts FOLDER
// FOLDER holds what `npm run study -- --profile paper --out FOLDER` wrote; the README of data has the commands. A text's
// numbers have five digits, those of its words single precision; numbers that need the weights of two runs are added. What
// is kept for each word stays behind but for 200 texts of a corpus in each model's first run, drawn by seed and the same
// for all models, and the words themselves but for corpora that may be passed on.
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { wholeName } from "../../src/data/corpora/questionOnly";
import { isBinary } from "../../src/data/dataset";
import { createRandom } from "../../src/stats/random";
import { resolveAnalysis } from "../../src/study/analysis";
import { findStudies, readManifest, readParts, type StoredPart, writeParts } from "../../src/study/files";
import { otherRunColumns, runsByModel, withOtherRuns } from "../../src/study/otherRuns";
import type { ColumnKind } from "../../src/study/parquet";
import { partsOf } from "../../src/study/parts";
import { readStudy, type Study } from "../../src/study/study";

/** Corpora whose licence allows it. */
const mayBePassedOn = new Set(["babi1", "babi2", "babi3"]);
const textsWithWeights = 200;

/** Columns that nothing is concluded from over several runs; they are kept of the first run alone. */
const ofFirstRun = ["entropy", "uniformJsd", "tauGradientLeaveOneOutPValue"];

/** Of a model's first run all parts; of the others those of every study; of uniform attention and of the question alone what they say of the texts. */
function partsToKeep({ config, corpus, task, classNames }: Study, parts: readonly StoredPart[]): StoredPart[] {
  const kept = parts.filter(({ key }) => key !== undefined);
  if (config.attentionWeights === "uniform" || wholeName(corpus) !== corpus)
    return kept.filter(({ kind }) => kind === "prediction" || kind === "measure");
  if (config.seed === 0) return kept;
  const standard = new Set(partsOf(resolveAnalysis(), { isLinear: isBinary({ task, classNames }), words: true }).map(({ name }) => name));
  return kept.filter(({ name }) => standard.has(name));
}

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The number with 16 bits behind its leading one, by which rows pack to two thirds; wrong by 8 millionths of itself at most. */
function fiveDigits(value: number): number {
  single[0] = value;
  bits[0] = ((bits[0]! + 0x40) & ~0x7f) >>> 0;
  return single[0]!;
}

/** @param runs all studies of its model */
async function release(study: Study, runs: readonly Study[], destination: string): Promise<void> {
  const { folder, corpus, config } = study;
  const manifest = (await readManifest(folder))!;
  const parts = partsToKeep(study, manifest.parts);
  const cells = await readParts(folder, manifest, parts, { lists: true });
  const ids = [...(cells.id as string[])].sort();
  const withWeights = config.seed === 0 ? textsWithWeights : 0;
  const chosen = new Set(createRandom(`released ${corpus}`).shuffle(ids).slice(0, withWeights));
  for (const name of config.seed === 0 ? [] : ofFirstRun)
    if (name in cells) cells[name] = cells[name]!.map(() => undefined);
  const kinds: Record<string, ColumnKind> = Object.assign({}, ...parts.map(({ columns }) => columns));
  for (const [name, kind] of Object.entries(kinds)) {
    if (kind === "number" || kind === "text") continue;
    const isWords = name === "tokens" || name === "question";
    const mayKeep = !isWords || mayBePassedOn.has(corpus);
    cells[name] = cells[name]!.map((cell, index) => (mayKeep && chosen.has(cells.id![index] as string) ? cell : undefined));
  }
  const compared = runs.length > 1 && config.attentionWeights !== "uniform" ? await withOtherRuns(runs, study) : undefined;
  for (const { name } of compared ? otherRunColumns : []) cells[name] = compared!.rows.map((row) => row[name]);
  for (const name of Object.keys(cells)) cells[name] = cells[name]!.map((cell) => (typeof cell === "number" ? fiveDigits(cell) : cell));
  if (compared) {
    const columns = Object.fromEntries(otherRunColumns.map(({ name }) => [name, "number" as const]));
    parts.push({ kind: "other runs", name: "otherRuns", key: "1", columns, file: "", seconds: 0 });
  }
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const bare = { ...manifest, otherRuns: compared?.otherRuns, parts: [], columns: [], files: {}, exports: undefined };
  const columns = [...manifest.columns, ...otherRunColumns];
  await writeParts(destination, bare, "texts.parquet", parts, cells, columns, { single: true });
}

async function main(source: string | undefined): Promise<void> {
  if (source === undefined) throw new Error("The folder of the finished studies must be given.");
  const studies = await Promise.all((await findStudies(source)).map(readStudy));
  for (const runs of runsByModel(studies))
    for (const study of runs) await release(study, runs, join(__dirname, relative(source, study.folder)));
  console.log(`${studies.length} studies are in ${__dirname}`);
}

main(process.argv[2]);
