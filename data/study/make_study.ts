// Makes the released rows from finished studies: node --import tsx data/study/make_study.ts FOLDER
// FOLDER holds what `npm run study -- --profile paper --out FOLDER` wrote; the README of data has the commands. What is kept
// for each word stays behind but for 200 texts of a corpus, drawn by seed and the same for all its models, and the words
// themselves but for corpora that may be passed on; numbers that need the weights of two runs are added before.
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { groupBy } from "../../src/stats/groupBy";
import { createRandom } from "../../src/stats/random";
import { findStudies, readParts, writeParts } from "../../src/study/files";
import { otherRunColumns, withOtherRuns } from "../../src/study/otherRuns";
import { readStudy, type Study } from "../../src/study/study";
import { readManifest } from "../../src/study/files";

/** Corpora whose licence allows it. */
const mayBePassedOn = new Set(["babi1", "babi2", "babi3"]);
const textsWithWeights = 200;

/** @param runs all studies of its model */
async function release(study: Study, runs: readonly Study[], destination: string): Promise<void> {
  const { folder } = study;
  const manifest = (await readManifest(folder))!;
  const parts = manifest.parts.filter(({ key }) => key !== undefined);
  const cells = await readParts(folder, manifest, parts, { lists: true });
  const { corpus } = manifest.identity.model;
  const ids = [...(cells.id as string[])].sort();
  const chosen = new Set(createRandom(`released ${corpus}`).shuffle(ids).slice(0, textsWithWeights));
  const kinds = Object.assign({}, ...parts.map(({ columns }) => columns));
  for (const [name, kind] of Object.entries(kinds)) {
    const isWords = name === "tokens" || name === "question";
    const isKept = (index: number) => chosen.has(cells.id![index] as string) && !(isWords && !mayBePassedOn.has(corpus));
    if (kind === "numbers" || kind === "texts") cells[name] = cells[name]!.map((cell, index) => (isKept(index) ? cell : undefined));
  }
  const together = parts.map(({ seconds, ...part }) => ({ part: { ...part, needsModel: false, compute: never }, seconds }));
  const columns = runs.length > 1 ? otherRunColumns(runs.map(({ seed }) => seed)) : [];
  if (columns.length > 0) {
    const numbers = await withOtherRuns(runs, study);
    for (const { name } of columns) cells[name] = numbers.map((ofText) => ofText[name]);
    const kindsOfOther = Object.fromEntries(columns.map(({ name }) => [name, "number" as const]));
    const part = { kind: "other runs" as const, name: "otherRuns", key: "1", columns: kindsOfOther };
    together.push({ part: { ...part, needsModel: false, compute: never }, seconds: 0 });
  }
  for (const [name, column] of Object.entries(cells))
    if (typeof column.find((cell) => cell !== undefined) === "number") cells[name] = column.map((cell) => cell && Math.fround(cell as number));
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const bare = { ...manifest, parts: [], files: {} };
  await writeParts(destination, bare, "texts.parquet", together, cells, [...manifest.columns, ...columns]);
}

function never(): never {
  throw new Error("Released parts are not computed.");
}

async function main(source: string | undefined): Promise<void> {
  if (source === undefined) throw new Error("The folder of the finished studies must be given.");
  const studies = await Promise.all((await findStudies(source)).map(readStudy));
  const models = groupBy(studies, ({ corpus, config }) => JSON.stringify([corpus, { ...config, seed: 0 }]));
  for (const runs of models.values())
    for (const study of runs) await release(study, runs, join(__dirname, relative(source, study.folder)));
  console.log(`${studies.length} studies are in ${__dirname}`);
}

main(process.argv[2]);
