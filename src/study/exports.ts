import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeFileAtomic } from "../atomicWrite";
import type { Study } from "./study";
import { summarizeRows } from "./summary";

/**
 * Writes what people and other programs read of a study, and this project does not: `rows.csv`, its numbers with 4
 * digits, and `summary.json`.
 *
 * @param key ends the names of the files where the analysis is not the first of this configuration; else ""
 */
export async function writeExports(study: Study, key: string): Promise<void> {
  const { name, corpus, task, encoder, attention, seed, scores, seconds, columns, rows, about, classNames } = study;
  const ending = key === "" ? "" : `-${key}`;
  const shown = rows.map((row) => columns.map((column) => rounded((row as Record<string, unknown>)[column.name])));
  const csv = stringify(shown, { header: true, columns: columns.map((column) => column.name) });
  await writeFileAtomic(join(study.folder, `rows${ending}.csv`), csv);
  const classes = summarizeRows(rows, columns, classNames);
  const { notes } = about.corpus;
  const summary = { name, corpus, task, encoder, attention, seed, notes, scores, classes, seconds };
  await writeFileAtomic(join(study.folder, `summary${ending}.json`), `${JSON.stringify(summary, undefined, 2)}\n`);
}

function rounded(value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}
