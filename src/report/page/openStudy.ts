import type { StudiedText } from "../../study/study";
import type { CompactRows, StudyContents, StudyEntry, TextsOfFile } from "../studyContents";

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

/** A row in the page, where columns are known by their definitions alone. */
export type TextRow = { id: string; predicted: string; label: string; probability: number } & {
  readonly [column: string]: number | string | undefined;
};
/** What the page knows of a row besides: its place in the study, its words or "", and these as the pointer shows them. */
export type ShownRow = TextRow & { place: number; line: string; text: string; outcome: "right" | "wrong" };

export interface OpenStudy {
  entry: StudyEntry;
  contents: StudyContents;
  rows: ShownRow[];
}

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
