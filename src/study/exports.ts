import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeFileAtomic } from "../atomicWrite";
import { sha256 } from "../sha256";
import { type Manifest, writeManifest } from "./files";
import type { Study } from "./study";
import { summarizeRows } from "./summary";

/** Writes `rows.csv` and `summary.json` unless they are there as they were written. @param key ends a later analysis's names */
export async function keepExports(study: Study, manifest: Manifest, key: string): Promise<void> {
  const { folder } = study;
  const ending = key === "" ? "" : `-${key}`;
  const names = [`rows${ending}.csv`, `summary${ending}.json`];
  const sums = names.map((name) => manifest.exports?.[name]);
  const found = await Promise.all(names.map((name) => readFile(join(folder, name)).then(sha256, () => "nothing")));
  if (found.every((sum, place) => sum === sums[place])) return;
  if (!sums.includes(undefined))
    console.warn(`${names.join(" and ")} in ${folder} are not as they were written, and are written anew.`);
  const contents = [rowsOf(study), summaryOf(study)];
  for (const [place, content] of contents.entries()) await writeFileAtomic(join(folder, names[place]!), content);
  const written = Object.fromEntries(contents.map((content, place) => [names[place], sha256(content)]));
  await writeManifest(folder, { ...manifest, exports: { ...manifest.exports, ...written } });
}

function rowsOf({ rows, columns }: Study): string {
  const shown = rows.map((row) => columns.map((column) => rounded((row as Record<string, unknown>)[column.name])));
  return stringify(shown, { header: true, columns: columns.map((column) => column.name) });
}

function summaryOf(study: Study): string {
  const { name, corpus, task, encoder, attention, seed, scores, seconds, columns, rows, about, classNames } = study;
  const classes = summarizeRows(rows, columns, classNames);
  const { notes } = about.corpus;
  const summary = { name, corpus, task, encoder, attention, seed, notes, scores, classes, seconds };
  return `${JSON.stringify(summary, undefined, 2)}\n`;
}

function rounded(value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}
