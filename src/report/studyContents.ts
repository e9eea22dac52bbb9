import { corpora } from "../data/catalog";
import { epsilonOfPaper } from "../paper/adversaries";
import { besidePaper, table2 } from "../paper/besidePaper";
import { claims } from "../paper/claims/claims";
import { means, published } from "../paper/means";
import { overview } from "../paper/scores";
import type { ModelNames } from "../paper/studies";
import { columnsOf, meanOver } from "../paper/texts";
import { groupBy } from "../stats/summary";
import { type Column, epsilonDigits, type Table } from "../study/columns";
import type { Manifest } from "../study/files";
import { optionWords } from "../study/identity";
import type { StudiedText, Study } from "../study/study";

/** A study with what stands for all of it but the seed. */
export type ReportedStudy = Study & { model: string };

/**
 * A study as the list of all of them has it, with the means of its leading columns.
 *
 * `variant` is attention and options, as in "additive, sparsemax": what studies that are compared over encoders and
 * corpora share. The later of two models that differ in what has no name, as the backend, has its key there too.
 */
export function studyEntry(
  study: ReportedStudy,
  leading: readonly Column[],
  { key, file, others }: { key: string; file: string; others: readonly { label: string; model: string }[] },
) {
  const { name, corpus, title, encoder, attention, seed, options, profile, solved, scores, rows, model } = study;
  const means: { [column: string]: number | undefined } = Object.fromEntries(
    leading.map(({ name }) => [name, meanOver(rows, (row) => columnsOf(row)[name] as number | undefined)]),
  );
  const words = [attention, ...optionWords(options)].join(", ");
  const label = `${profile}, ${corpus}, ${encoder}, ${words}`;
  const first = others.find((other) => other.label === label);
  const variant = first && first.model !== model ? `${words}, ${model}` : words;
  return { key, file, name, corpus, title, encoder, variant, seed, label, model, profile, solved, scores, means };
}
export type StudyEntry = ReturnType<typeof studyEntry>;

/** The first column of each part; of an intervention's that there are for each ε the one at the paper's. */
export function leadingColumns(study: Pick<Study, "columns" | "task">, { parts }: Pick<Manifest, "parts">): Column[] {
  const atPaper = new RegExp(`\\D${epsilonDigits(epsilonOfPaper(study))}$`);
  const held = new Set(study.columns.map(({ name }) => name));
  const names = parts.flatMap(({ kind, columns }) => {
    const own = Object.keys(columns).filter((name) => kind !== "prediction" && held.delete(name));
    if (kind !== "intervention") return own.slice(0, 1);
    return own.find((name) => !/\d$/.test(name)) ?? own.find((name) => atPaper.test(name)) ?? [];
  });
  return study.columns.filter(({ name }) => names.includes(name));
}

/** Some texts of a study with what is kept for each of their words. */
export type TextsOfFile = (StudiedText | null)[];

export type CompactRows = { id: readonly string[] } & { [name: string]: readonly (number | string | null)[] };

/** Rows as columns of numbers with 5 digits, of agreements with all, as they can lie on the edge of a bin, as 1/3 does. */
export function compactRows(rows: readonly object[], columns: readonly Column[]): CompactRows {
  const entries = columns.map(({ name, reason }) => {
    const values = rows.map((row) => (columnsOf(row)[name] ?? null) as number | string | null);
    const isExact = reason !== undefined;
    return [name, values.map((value) => (isExact || typeof value !== "number" ? value : Number(value.toPrecision(5))))];
  });
  return Object.fromEntries(entries);
}

/** Everything that the page shows of a study but its texts: one file. `textsOfFile` is 0 where these are not there. */
export function studyContents(
  study: Study,
  { identity, textsOfFile, lines }: Pick<Manifest, "identity"> & { textsOfFile: number; lines: (string | null)[] },
) {
  const { rows, columns, about, seconds, corpus } = study;
  const runs = { configurations: [study] };
  const files = corpora.find(({ name }) => name === corpus)?.files ?? [];
  return {
    ...{ columns, about, identity, seconds, textsOfFile },
    rows: { ...compactRows(rows, columns), line: lines } as CompactRows,
    /** Of the corpus, where it is one of the catalogue's. */
    files: files.map(({ url, sha256 }) => ({ url, sha256 })),
    scores: ofOne(overview(runs)),
    beside: ofOne(besidePaper(runs)),
  };
}
export type StudyContents = ReturnType<typeof studyContents>;

/** A table without what its rows say of their model. */
function ofOne<Row extends object>({ columns, ...table }: Table<Row>): Table<Row> {
  const { corpus: _, encoder: __, attention: ___, ...others } = columns as Record<string, string>;
  return { ...table, columns: others as Table<Row>["columns"] };
}

/** What is said of studies that share a profile and a variant; `model` is encoder and variant. */
export type OfStudies<Row> = Row & { profile: string; variant: string; model: string; solved: boolean };

const shared = ["profile", "corpus", "encoder", "variant"] as const;

/**
 * What is said of several studies: means of columns, ours and published, Table 2, and the claims, which are judged by all
 * studies of a profile.
 *
 * A row is `solved` where the tasks of all its studies are.
 */
export function comparisons(
  studies: readonly ReportedStudy[],
  entries: readonly StudyEntry[],
  columns: readonly Column[],
) {
  const names = columns.map(({ name }) => name);
  const named = studies.map((study, index) => {
    const { profile, variant } = entries[index]!;
    return { ...study, options: { ...study.options, profile, variant } };
  });
  const groups = groupBy(named, ({ options }) => `${options.profile}, ${options.variant}`);
  const runs = { configurations: [...groups.values()].flat() };
  const whose = <Row extends ModelNames>(rows: readonly Row[]): OfStudies<Row>[] =>
    rows.map((row) => {
      const { profile, variant } = row as OfStudies<Row>;
      const isOther = (entry: StudyEntry) => shared.some((name) => entry[name] !== (row as OfStudies<Row>)[name]);
      const solved = entries.every((entry) => entry.solved || isOther(entry));
      return { ...row, profile, variant, model: `${row.encoder}, ${variant}`, solved };
    });
  const table = ofOne(table2(runs));
  return {
    means: whose([...means(names, runs), ...published(names, runs)].filter(({ mean }) => mean !== undefined)),
    table2: { columns: { model: "model", ...table.columns }, rows: whose(table.rows) },
    claims: [...groupBy(studies, ({ profile }) => profile)].flatMap(([profile, configurations]) =>
      (["rq1", "rq2", "rq3", "rq4"] as const).map((question) => {
        return { profile, question, ...claims(question, { configurations }) };
      }),
    ),
  };
}

/** The list of studies, which comes with the page's own script; `columns` are the leading ones of all. */
export type ReportIndex = { version: string; studies: StudyEntry[]; columns: Column[] } & ReturnType<
  typeof comparisons
>;
