import type { AdversaryRow, ExactPoint } from "../paper/adversaries";
import type { BesideRow } from "../paper/besidePaper";
import type { ClaimRow, Question } from "../paper/claims/claim";
import type { GapRow } from "../paper/figure5";
import type { PublishedScores } from "../paper/scores";
import type { InstanceRow, TextWeights } from "../study/analyze";
import type { Study } from "../study/files";

// What the builder of the report writes and its page reads.

/** The measures of an instance that studies are compared by. */
export const comparedMeasures = [
  "tauGradient",
  "tauLeaveOneOut",
  "tauGradientLeaveOneOut",
  "permutationTvd",
  "searchJsd01",
  "exactJsd01",
] as const;
export type ComparedMeasure = (typeof comparedMeasures)[number];

/** One finished study as the page's list of them has it. */
export interface StudyEntry {
  /** Its folder below the root that was searched: its name in the page's address. */
  key: string;
  /** The first part of the names of its files in `data/`. */
  file: string;
  corpus: string;
  title: string;
  task: Study["task"];
  classNames: string[];
  encoder: string;
  /** The mechanism alone, as in "additive". */
  attention: string;
  /** How scores become weights, as in "softmax". */
  weights: string;
  seed: number;
  profile: string;
  scores: Study["scores"];
  /** Over all instances that have a value. */
  means: { [measure in ComparedMeasure]: number | undefined };
  /** Mean per text of τ of gradient and leave-one-out less τ_loo (figure 3 of the paper), and less τ_g (figure 4). */
  lessTauLeaveOneOut: number | undefined;
  lessTauGradient: number | undefined;
  /** The means of these two that the authors published (their run of 2019-04-24). */
  published: { lessTauLeaveOneOut: number | undefined; lessTauGradient: number | undefined };
}

/** τ_loo with the average encoder less τ_loo with the BiLSTM, per text (figure 5 of the paper). */
export interface EncoderDifference extends GapRow {
  profile: string;
  /** The mean over the classes of the corpus in the paper's Table 2. */
  published: number | undefined;
}

/** The list of studies, which comes with the page's own script. */
export interface ReportIndex {
  version: string;
  studies: StudyEntry[];
  encoderDifferences: EncoderDifference[];
  claims: JudgedClaim[];
}

/** A line of the table of claims, judged by all studies of a profile. */
export type JudgedClaim = ClaimRow & { question: Question; profile: string };

/** A file of a corpus's official distribution. */
export interface SourceFile {
  url: string;
  sha256: string | undefined;
}

/** Everything of a study but its texts: one file. */
export interface StudyContents {
  rows: CompactRows;
  about: Study["about"];
  seconds: Study["summary"]["seconds"];
  /** How many texts a file of words or weights has; 0 where the texts are not there. */
  textsOfFile: number;
  /** The files of the corpus, where it is one of the catalogue's. */
  files: SourceFile[];
  /** What is published beside ours. */
  comparison: BesideRow[];
  adversaries: AdversaryRow[];
  curve: ExactPoint[];
  publishedScores: PublishedScores | undefined;
}

/** The words of some texts, in the order of the rows. */
export type WordsOfTexts = (Pick<TextWeights, "words" | "question"> | null)[];
/** The weights on these words, in the same order. */
export type WeightsOfTexts = (Omit<TextWeights, "id" | "words" | "question"> | null)[];

/** Rows as columns; texts that come again and again are written once. */
export interface CompactRows {
  count: number;
  columns: { [name: string]: CompactColumn };
}
type CompactColumn = (number | string | null)[] | { texts: string[]; codes: number[] };

/** A correlation can lie on the edge of a bin, as 1/3 does, so it keeps all digits. */
const exact: ReadonlySet<string> = new Set(["tauGradient", "tauLeaveOneOut", "tauGradientLeaveOneOut"]);

/** Rows as columns of numbers with 5 significant digits; undefined becomes null. */
export function compactRows(rows: readonly InstanceRow[], names: readonly (keyof InstanceRow)[]): CompactRows {
  const columns = names.map(
    (name) =>
      [
        name,
        compactColumn(
          rows.map((row) => row[name]),
          exact.has(name),
        ),
      ] as const,
  );
  return { count: rows.length, columns: Object.fromEntries(columns) };
}

function compactColumn(values: readonly (number | string | undefined)[], isExact: boolean): CompactColumn {
  const texts = [...new Set(values)].filter((value): value is string => typeof value === "string");
  if (values.every((value) => typeof value === "string") && texts.length < values.length) {
    const codes = new Map(texts.map((text, code) => [text, code]));
    return { texts, codes: values.map((value) => codes.get(value as string)!) };
  }
  return values.map((value) => (typeof value === "number" && !isExact ? shortened(value) : (value ?? null)));
}

function shortened(value: number): number {
  return Number(value.toPrecision(5));
}

/** The rows again; a number that is missing is undefined. */
export function expandRows({ count, columns }: CompactRows): InstanceRow[] {
  const entries = Object.entries(columns).map(([name, column]) => [name, expandColumn(column)] as const);
  return Array.from({ length: count }, (_, index) => {
    return Object.fromEntries(entries.map(([name, values]) => [name, values[index] ?? undefined])) as InstanceRow;
  });
}

function expandColumn(column: CompactColumn): readonly (number | string | null)[] {
  return Array.isArray(column) ? column : column.codes.map((code) => column.texts[code]!);
}
