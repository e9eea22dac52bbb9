import { corpora } from "../data/catalog";
import { epsilonOfPaper, epsilonTable, exactCurve } from "../paper/adversaries";
import { besidePaper } from "../paper/besidePaper";
import { claims } from "../paper/claims/claims";
import { figure5 } from "../paper/figure5";
import { means, published } from "../paper/means";
import { overview } from "../paper/scores";
import { columnsOf, meanOver } from "../paper/studies";
import { table2 } from "../paper/table2";
import { groupBy } from "../stats/groupBy";
import { type Column, epsilonDigits, type Table } from "../study/columns";
import type { Manifest } from "../study/files";
import { optionWords } from "../study/identity";
import type { Study } from "../study/study";
import { compactRows, type NumberPart } from "./contents";

/**
 * A study as the list of all of them has it, with the means of its leading columns over all texts that have a value.
 *
 * `variant` is attention and options, as in "additive, sparsemax": what studies that are compared over encoders and
 * corpora share.
 *
 * @param key its folder below the root that was searched: its key in the page's address
 * @param file the first part of the names of its files in `data/`
 */
export function studyEntry(study: Study, parts: readonly NumberPart[], { key, file }: { key: string; file: string }) {
  const { name, corpus, title, encoder, attention, options, profile, solved, scores, rows } = study;
  const leading = leadingColumns(study, parts).map((column) => {
    return [column.name, meanOver(rows, (row) => columnsOf(row)[column.name] as number | undefined)];
  });
  const means: { [column: string]: number | undefined } = Object.fromEntries(leading);
  const variant = [attention, ...optionWords(options)].join(", ");
  return { key, file, name, corpus, title, encoder, variant, profile, solved, scores, means };
}
export type StudyEntry = ReturnType<typeof studyEntry>;

/** The parts of a study that give its texts numbers, with those columns that hold any. */
export function numberParts({ parts }: Pick<Manifest, "parts">, { columns }: Pick<Study, "columns">): NumberPart[] {
  const own = new Set(columns.map(({ name }) => name));
  return parts.flatMap(({ kind, name, columns }) => {
    const shown = Object.keys(columns).filter((column) => own.delete(column));
    return kind === "prediction" || shown.length === 0 ? [] : [{ kind, name, columns: shown }];
  });
}

/** The first column of each part; of an intervention's that there are for each ε the one at the paper's. */
export function leadingColumns(study: Pick<Study, "columns" | "task">, parts: readonly NumberPart[]): Column[] {
  const atPaper = new RegExp(`\\D${epsilonDigits(epsilonOfPaper(study))}$`);
  const names = parts.map(({ kind, columns }) => {
    if (kind !== "intervention") return columns[0];
    return columns.find((name) => !/\d$/.test(name)) ?? columns.find((name) => atPaper.test(name));
  });
  return study.columns.filter(({ name }) => names.includes(name));
}

/**
 * Everything that the page shows of a study but its texts: one file.
 *
 * @param textsOfFile how many texts a file has; 0 where the texts are not there
 */
export function studyContents(
  study: Study,
  parts: NumberPart[],
  { identity, textsOfFile }: Pick<Manifest, "identity"> & { textsOfFile: number },
) {
  const { rows, columns, about, seconds, corpus } = study;
  const runs = { configurations: [study] };
  const files = corpora.find(({ name }) => name === corpus)?.files ?? [];
  return {
    ...{ columns, parts, about, identity, seconds, textsOfFile },
    rows: compactRows(rows, columns),
    /** Of the corpus, where it is one of the catalogue's. */
    files: files.map(({ url, sha256 }) => ({ url, sha256 })),
    scores: ofOne(overview(runs)),
    beside: ofOne(besidePaper(runs)),
    epsilons: ofOne(epsilonTable(runs)),
    curve: exactCurve(runs),
  };
}
export type StudyContents = ReturnType<typeof studyContents>;

/** A table without what its rows say of their model. */
function ofOne<Row extends object>({ columns, ...table }: Table<Row>): Table<Row> {
  const { corpus: _, encoder: __, attention: ___, ...others } = columns as Record<string, string>;
  return { ...table, columns: others as Table<Row>["columns"] };
}

/** What is said of studies that share a profile and a variant; `model` is encoder and variant. */
export type OfStudies<Row> = Row & { profile: string; variant: string; model: string };

/**
 * What is said of several studies, ours and published, by profile and variant: means of their leading columns and those
 * of figures 3 and 4 of the paper, the differences of figure 5, and Table 2. Claims are judged by all of a profile.
 */
export function comparisons(studies: readonly Study[], entries: readonly StudyEntry[], columns: readonly Column[]) {
  const names = [...columns.map(({ name }) => name), "lessTauLeaveOneOut", "lessTauGradient"];
  const groups = groupBy([...studies.keys()], (index) => `${entries[index]!.profile}, ${entries[index]!.variant}`);
  const each = [...groups.values()].map((indices) => {
    const runs = { configurations: indices.map((index) => studies[index]!) };
    const { profile, variant } = entries[indices[0]!]!;
    const whose = <Row extends { encoder: string }>(rows: readonly Row[]): OfStudies<Row>[] =>
      rows.map((row) => ({ ...row, profile, variant, model: `${row.encoder}, ${variant}` }));
    return {
      means: whose([...means(names, runs), ...published(names, runs)]),
      differences: whose([...figure5(runs).rows, ...figure5(runs).published]),
      table2: { ...ofOne(table2(runs)), rows: whose(table2(runs).rows) },
    };
  });
  return {
    means: each.flatMap((one) => one.means).filter(({ mean }) => mean !== undefined),
    differences: each.flatMap((one) => one.differences),
    table2: {
      columns: { model: "model", ...each[0]!.table2.columns },
      rows: each.flatMap((one) => one.table2.rows),
    },
    claims: [...groupBy(studies, ({ profile }) => profile)].flatMap(([profile, configurations]) =>
      (["rq1", "rq2", "rq3", "rq4"] as const).map((question) => {
        return { profile, question, ...claims(question, { configurations }).inFull };
      }),
    ),
  };
}

/** The list of studies, which comes with the page's own script; `columns` are the leading ones of all. */
export type ReportIndex = { version: string; studies: StudyEntry[]; columns: Column[] } & ReturnType<
  typeof comparisons
>;
