import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeFileAtomic } from "../atomicWrite";
import { sha256 } from "../sha256";
import { classGroups } from "../stats/classGroups";
import { groupBy, mean, quantile, standardDeviation } from "../stats/summary";
import type { Column } from "./columns";
import { type Manifest, writeManifest } from "./files";
import type { Study } from "./study";

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
  const number = (value: number) => `${Number(value.toPrecision(4))}`;
  return stringify(rows, { header: true, columns: columns.map(({ name }) => name), cast: { number } });
}

function summaryOf(study: Study): string {
  const { name, corpus, task, encoder, attention, seed, scores, seconds, columns, rows, about, classNames } = study;
  const classes = summarizeRows(rows, columns, classNames);
  const summary = { name, corpus, task, encoder, attention, seed, notes: about.corpus.notes, scores, classes, seconds };
  return `${JSON.stringify(summary, undefined, 2)}\n`;
}

/** A summary of each column of numbers, by predicted class (but of more than three) and for all texts, whose class is undefined. */
export function summarizeRows(
  rows: readonly { predicted: string }[],
  columns: readonly Column[],
  classNames: readonly string[],
) {
  const numbers = columns.filter(({ kind }) => kind === "number");
  return classGroups(rows, classNames).map((group) => ({
    class: group.class,
    n: group.rows.length,
    columns: Object.fromEntries(numbers.map((column) => [column.name, describe(group.rows, column)])),
  }));
}

/** How many texts have a value, how these are spread, and why the others have none, where reasons are told. */
function describe(texts: readonly object[], { name, reason }: Column) {
  const rows = texts as readonly Record<string, unknown>[];
  const defined = rows.flatMap((row) => (row[name] as number | undefined) ?? []);
  const none = defined.length === 0;
  const others = reason === undefined ? [] : rows.filter((row) => row[name] === undefined);
  const reasons = groupBy(others, (row) => String(row[reason!]));
  return {
    n: defined.length,
    mean: none ? undefined : mean(defined),
    /** Divided by n, not n - 1, as published. */
    standardDeviation: none ? undefined : standardDeviation(defined),
    quartiles: none ? undefined : [quantile(defined, 0.25), quantile(defined, 0.5), quantile(defined, 0.75)],
    ...(reasons.size > 0 && {
      undefinedBecause: Object.fromEntries([...reasons].map(([why, members]) => [why, members.length])),
    }),
  };
}
