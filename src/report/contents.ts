import type { AdversaryRow, ExactPoint } from "../paper/adversaries";
import type { BesideRow } from "../paper/besidePaper";
import type { Question } from "../paper/claims/claim";
import type { claims } from "../paper/claims/claims";
import type { MeanRow } from "../paper/means";
import type { scores } from "../paper/scores";
import type { table2 } from "../paper/table2";
import type { Column, Table } from "../study/columns";
import type { Manifest, StoredPart } from "../study/files";
import type { StudiedText, Study } from "../study/study";

// What the builder of the report writes and its page reads.

/** One finished study as the page's list of them has it. */
export interface StudyEntry
  extends Pick<Study, "name" | "corpus" | "title" | "task" | "encoder" | "profile" | "solved" | "scores"> {
  /** Its folder below the root that was searched: its key in the page's address. */
  key: string;
  /** The first part of the names of its files in `data/`. */
  file: string;
  /** Attention and options, as in "additive, sparsemax": what studies that are compared over encoders and corpora share. */
  variant: string;
  /** Of its leading columns, over all texts that have a value. */
  means: { [column: string]: number | undefined };
}

/** What is said of studies that share a profile and a variant. */
export type OfStudies<Row> = Row & {
  profile: string;
  variant: string;
  /** Encoder and variant. */
  model: string;
};

/** The claims of a question, judged by all studies of a profile. */
export type JudgedClaims = { profile: string; question: Question } & ReturnType<typeof claims>["inFull"];

/** The list of studies, which comes with the page's own script. */
export interface ReportIndex {
  version: string;
  studies: StudyEntry[];
  /** The leading columns of all studies. */
  columns: Column[];
  /** Means of the leading columns, ours and published, and those of figures 3 and 4 of the paper. */
  means: OfStudies<MeanRow>[];
  /** The average encoder less the BiLSTM: figure 5 of the paper. */
  differences: OfStudies<MeanRow>[];
  table2: Table<OfStudies<ReturnType<typeof table2>["rows"][number]>>;
  claims: JudgedClaims[];
}

/** Numbers of texts that were computed together. */
export type NumberPart = Pick<StoredPart, "kind" | "name"> & { columns: string[] };

/** Everything of a study but its texts: one file. */
export interface StudyContents {
  columns: Column[];
  parts: NumberPart[];
  rows: CompactRows;
  about: Study["about"];
  identity: Manifest["identity"];
  seconds: Study["seconds"];
  /** How many texts a file has; 0 where the texts are not there. */
  textsOfFile: number;
  /** The files of the corpus, where it is one of the catalogue's. */
  files: { url: string; sha256: string | undefined }[];
  scores: Table<ReturnType<typeof scores>["rows"][number]>;
  beside: Table<BesideRow>;
  epsilons: Table<AdversaryRow>;
  curve: ExactPoint[];
}

/** Each text of a study in one line, in the order of the rows; null where it may not be shown. */
export type LinesOfTexts = (string | null)[];
/** Some texts of a study with what is kept for each of their words. */
export type TextsOfFile = (StudiedText | null)[];

/** Rows as columns. */
export type CompactRows = { id: readonly string[] } & { [name: string]: readonly (number | string | null)[] };

/** A row in the page, where columns are known by their definitions alone. */
export type TextRow = { id: string; predicted: string; label: string; probability: number } & {
  readonly [column: string]: number | string | undefined;
};

/**
 * Rows as columns of numbers with 5 significant digits; undefined becomes null. An agreement keeps all digits, as it can
 * lie on the edge of a bin, as 1/3 does.
 */
export function compactRows(rows: readonly object[], columns: readonly Column[]): CompactRows {
  const entries = columns.map(({ name, reason }) => {
    const values = rows.map((row) => (row as TextRow)[name] ?? null);
    const isExact = reason !== undefined;
    return [name, values.map((value) => (isExact || typeof value !== "number" ? value : Number(value.toPrecision(5))))];
  });
  return Object.fromEntries(entries);
}

/** The rows again; what is missing is undefined. */
export function expandRows(columns: CompactRows): TextRow[] {
  const entries = Object.entries(columns);
  return columns.id.map((_, index) => {
    return Object.fromEntries(entries.map(([name, values]) => [name, values[index] ?? undefined])) as TextRow;
  });
}
