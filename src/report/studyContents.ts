import { corpora } from "../data/catalog";
import { epsilonOfPaper, epsilonTable, exactCurve } from "../paper/adversaries";
import { besidePaper } from "../paper/besidePaper";
import { scores } from "../paper/scores";
import { mean } from "../stats/summary";
import { type Column, epsilonDigits, type Table } from "../study/columns";
import type { Manifest } from "../study/files";
import { optionWords } from "../study/identity";
import type { Study } from "../study/study";
import { compactRows, type NumberPart, type StudyContents, type StudyEntry, type TextRow } from "./contents";

/** A study as the list of all of them has it. */
export function studyEntry(study: Study, parts: readonly NumberPart[], file: Pick<StudyEntry, "key" | "file">) {
  const { name, corpus, title, task, encoder, attention, options, profile, solved, scores, rows } = study;
  const means = leadingColumns(study, parts).map((column) => {
    const values = rows.flatMap((row) => ((row as unknown as TextRow)[column.name] as number | undefined) ?? []);
    return [column.name, values.length > 0 ? mean(values) : undefined];
  });
  const variant = [attention, ...optionWords(options)].join(", ");
  return {
    ...{ ...file, name, corpus, title, task, encoder, variant, profile, solved, scores },
    means: Object.fromEntries(means),
  } satisfies StudyEntry;
}

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

/** Everything that the page shows of a study but its texts. */
export function studyContents(
  study: Study,
  parts: NumberPart[],
  { identity, textsOfFile }: Pick<StudyContents, "identity" | "textsOfFile">,
): StudyContents {
  const { rows, columns, about, seconds, corpus } = study;
  const runs = { configurations: [study] };
  const files = corpora.find(({ name }) => name === corpus)?.files ?? [];
  return {
    ...{ columns, parts, about, identity, seconds, textsOfFile },
    rows: compactRows(rows, columns),
    files: files.map(({ url, sha256 }) => ({ url, sha256 })),
    scores: ofOne(scores(runs)),
    beside: ofOne(besidePaper(runs)),
    epsilons: ofOne(epsilonTable(runs)),
    curve: exactCurve(runs),
  };
}

/** A table without what its rows say of their model. */
export function ofOne<Row extends object>({ columns, ...table }: Table<Row>): Table<Row> {
  const { corpus: _, encoder: __, attention: ___, ...others } = columns as Record<string, string>;
  return { ...table, columns: others as Table<Row>["columns"] };
}
