import { escapeText } from "../../figures/figure";
import type { Background } from "../../figures/theme";
import type { Column } from "../../study/columns";
import type { StudiedText } from "../../study/study";
import type { CompactRows, ReportIndex, StudyContents, StudyEntry, TextsOfFile } from "../studyContents";
import type { ViewState } from "./viewState";

/** A row in the page, where columns are known by their definitions alone. */
export type TextRow = { id: string; predicted: string; label: string; probability: number } & {
  readonly [column: string]: number | string | undefined;
};
/** What the page knows of a row besides: its place in the study, its words or "", and these as the pointer shows them. */
export type ShownRow = TextRow & { place: number; line: string; text: string; outcome: "right" | "wrong" };

const files = new Map<string, { data?: unknown; error?: Error }>();

/** What each file in `data/` calls with its contents. */
Object.assign(globalThis, { reportData: (name: string, data: unknown) => settle(name, { data }) });

/** The page hears of it. */
function settle(name: string, file: { data?: unknown; error?: Error }): void {
  files.set(name, file);
  dispatchEvent(new Event("report-data"));
}

/**
 * The contents of a file in `data/`, undefined until it has come: a script, as a page that was opened as a file can load
 * no other kind of data.
 *
 * @throws where it cannot be read
 */
function dataOf<T>(name: string): T | undefined {
  const file = files.get(name);
  if (file?.error) throw file.error;
  if (file === undefined) {
    files.set(name, {});
    const src = `data/${encodeURIComponent(name)}.js`;
    const error = new Error(`The file ${src} cannot be read; keep the whole folder of the report together.`);
    const onerror = () => settle(name, { error });
    document.head.append(Object.assign(document.createElement("script"), { src, onerror }));
  }
  return file?.data as T | undefined;
}

/** What the reader's system has. */
export const isDark = "(prefers-color-scheme: dark)";

/** The ground that figures stand on. */
export function ground(): Background {
  return matchMedia(isDark).matches ? "dark" : "light";
}

export interface OpenStudy {
  entry: StudyEntry;
  contents: StudyContents;
  rows: ShownRow[];
}

export interface Context {
  index: ReportIndex;
  /** The study that is chosen. */
  entry: StudyEntry;
  state: ViewState;
  go: (change: Partial<ViewState>) => void;
}

/** What a view of one study needs: the study, and the one that stands beside it. */
export type Shown = Context & { study: OpenStudy; other?: OpenStudy };

const opened = new Map<StudyEntry, OpenStudy>();

/** A study of the list; undefined until its files have come. */
export function openStudy(entry: StudyEntry): OpenStudy | undefined {
  const contents = dataOf<StudyContents>(entry.file);
  if (contents && !opened.has(entry)) opened.set(entry, { entry, contents, rows: expandRows(contents.rows) });
  return opened.get(entry);
}

/** The rows again, with each text's line where there is one; what is missing is undefined. */
export function expandRows(columns: CompactRows): ShownRow[] {
  const entries = Object.entries(columns);
  return columns.id.map((id, place) => {
    const row = Object.fromEntries(entries.map(([name, values]) => [name, values[place] ?? undefined])) as TextRow;
    const line = String(row.line ?? "");
    const text = `${id}${line && ": "}${line.length > 300 ? `${line.slice(0, 300)} …` : line}`;
    return { ...row, place, line, text, outcome: row.predicted === row.label ? "right" : "wrong" };
  });
}

/** The text at a place, null where it may not be shown; undefined until it has come. */
export function textAt({ entry, contents }: OpenStudy, place: number): StudiedText | null | undefined {
  const { textsOfFile } = contents;
  if (textsOfFile === 0) return null;
  return dataOf<TextsOfFile>(`${entry.file}-texts-${Math.floor(place / textsOfFile)}`)?.[place % textsOfFile];
}

/** The columns of numbers that a text has, without the p-values, which stand beside what they belong to. */
export function numbersOf({ contents: { columns } }: OpenStudy): Column[] {
  const pValues = new Set(columns.flatMap(({ name, reason }) => (reason === undefined ? [] : [pValueOf(name)])));
  return columns.filter(({ name, kind }) => kind === "number" && !pValues.has(name));
}

export function titlesOf(columns: readonly Column[]): { [name: string]: string } {
  return Object.fromEntries(columns.map(({ name, title }) => [name, title]));
}

export function pValueOf(column: string): string {
  return `${column}PValue`;
}

type Pair = Pick<Shown, "entry" | "other">;

/** What tells two studies apart, as in "bilstm" and "average", or "average, seed 1" and "bilstm, seed 0". */
export function namesOf({ entry, other }: Required<Pair>): [string, string] {
  const parts = (of: StudyEntry) => [of.corpus, of.profile, of.encoder, of.variant, `seed ${of.seed}`];
  const told = (own: StudyEntry, beside: StudyEntry) =>
    parts(own)
      .filter((part, index) => part !== parts(beside)[index])
      .join(", ");
  return [told(entry, other.entry), told(other.entry, entry)];
}

/** The rows of the study and of the one beside it, which they then name. */
export function rowsOf({ study, entry, other }: Shown): readonly TextRow[] {
  if (other === undefined) return study.rows;
  const names = namesOf({ entry, other });
  return [study, other].flatMap(({ rows }, which) => rows.map((row): TextRow => ({ ...row, study: names[which] })));
}

/** What every figure of texts says: which study, and which predicted class; of two studies these are the classes. */
export function ofTexts({ entry, other }: Pair) {
  const classes = other && namesOf({ entry, other });
  const title = escapeText(classes ? `${entry.corpus}: ${classes.join(" and ")}` : entry.name);
  return { by: other ? "study" : "predicted", title };
}

/** What a click on a point does, whose label is that of a text. */
export function openText({ study, go }: Shown) {
  return (point: string) => go({ view: "texts", text: study.rows.find(({ text }) => text === point)?.id ?? "" });
}

export function fileName(...parts: readonly string[]): string {
  const told = parts.filter((part) => part !== "").join("-");
  return told.replace(/[^\w.+=-]+/g, "-");
}

export function fileOf({ entry, other }: Pair, what: string): string {
  return fileName(entry.name, other ? `beside-${other.entry.name}` : "", what);
}

/** The column that two studies are compared by: the one that is drawn, else the first agreement. */
export function comparedIn(columns: readonly Column[], { measure }: ViewState): Column {
  return columns.find(({ name }) => name === measure) ?? columns.find(({ reason }) => reason) ?? columns[0]!;
}
