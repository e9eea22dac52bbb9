// Makes the released rows from finished studies: node --import tsx data/study/make_study.ts FOLDER
// FOLDER holds what `npm run study -- --profile paper --out FOLDER` wrote; the README of data has the commands. Numbers of
// rows are in single precision; what is kept for each word stays behind but for 200 texts of a corpus, drawn by seed and the
// same for all its models, and the words themselves but for corpora that may be passed on.
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { findStudies, readManifest, readParts, writeParts } from "../../src/study/files";
import { createRandom } from "../../src/stats/random";

/** Corpora whose licence allows it. */
const mayBePassedOn = new Set(["babi1", "babi2", "babi3"]);
const textsWithWeights = 200;

async function release(folder: string, destination: string): Promise<void> {
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
    if (kind === "number") cells[name] = cells[name]!.map((cell) => cell && Math.fround(cell as number));
    else if (kind !== "text") cells[name] = cells[name]!.map((cell, index) => (isKept(index) ? cell : undefined));
  }
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  const together = parts.map(({ seconds, ...part }) => ({ part: { ...part, needsModel: false, compute: never }, seconds }));
  const bare = { ...manifest, parts: [], files: {} };
  await writeParts(destination, bare, "texts.parquet", together, cells, manifest.columns);
}

function never(): never {
  throw new Error("Released parts are not computed.");
}

async function main(source: string | undefined): Promise<void> {
  if (source === undefined) throw new Error("The folder of the finished studies must be given.");
  const folders = await findStudies(source);
  for (const folder of folders) await release(folder, join(__dirname, relative(source, folder)));
  console.log(`${folders.length} studies are in ${__dirname}`);
}

main(process.argv[2]);
