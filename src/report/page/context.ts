import { escapeText } from "../../figures/figure";
import type { Background } from "../../figures/theme";
import type { Column } from "../../study/columns";
import type { ReportIndex, StudyEntry } from "../studyContents";
import type { OpenStudy, TextRow } from "./openStudy";
import type { ViewState } from "./viewState";

/** What the reader's system has. */
export const isDark = "(prefers-color-scheme: dark)";

/** The ground that figures stand on. */
export function ground(): Background {
  return matchMedia(isDark).matches ? "dark" : "light";
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
