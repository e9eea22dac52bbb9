import { escapeText } from "../../figures/figure";
import type { Background } from "../../figures/theme";
import type { Column } from "../../study/columns";
import type { TextRow } from "../contents";
import type { ReportIndex, StudyContents, StudyEntry } from "../studyContents";
import { fileName } from "./download";
import type { ViewState } from "./viewState";

/** A study that is open. */
export interface OpenStudy {
  entry: StudyEntry;
  contents: StudyContents;
  rows: TextRow[];
}

/** What a view needs to show itself. */
export interface Context {
  index: ReportIndex;
  state: ViewState;
  ground: Background;
  /** Shows another state. */
  go: (change: Partial<ViewState>) => void;
}

/** What a view of one study needs. */
export type Shown = Context & { study: OpenStudy };

/** The columns of numbers that a text has, without the p-values, which stand beside what they belong to. */
export function numbersOf({ contents: { columns } }: OpenStudy): Column[] {
  const pValues = new Set(columns.flatMap(({ name, reason }) => (reason === undefined ? [] : [pValueOf(name)])));
  return columns.filter(({ name, kind }) => kind === "number" && !pValues.has(name));
}

/** The column with the p-value of an agreement. */
export function pValueOf(column: string): string {
  return `${column}PValue`;
}

/** What every figure of a study's texts says: which study, and which predicted class. */
export function ofTexts({ study: { entry }, ground }: Shown) {
  return { by: "predicted", title: escapeText(entry.name), background: ground } as const;
}

/** The names of a study's files. */
export function fileOf({ entry }: OpenStudy, what: string): string {
  return fileName(entry.name, what);
}
