import type { Background } from "../../figures/theme";
import { mostClasses } from "../../stats/classGroups";
import type { InstanceRow } from "../../study/analyze";
import type { ReportIndex, StudyContents, StudyEntry } from "../contents";
import type { ViewState } from "./viewState";

/** A study that is open. */
export interface OpenStudy {
  entry: StudyEntry;
  contents: StudyContents;
  rows: InstanceRow[];
}

/** What a view needs to show itself. */
export interface Context {
  index: ReportIndex;
  state: ViewState;
  ground: Background;
  /** Shows another state. */
  go: (change: Partial<ViewState>) => void;
}

/** A view of one study. */
export type StudyView = (study: OpenStudy, context: Context) => HTMLElement;

/** The predicted classes, where the paper tells them apart: up to three. */
export function classesOf({ classNames }: StudyEntry): { by?: "predicted"; classes?: string[] } {
  return classNames.length <= mostClasses ? { by: "predicted", classes: classNames } : {};
}

/** The ε that is looked at: the paper's for the task where none is chosen. */
export function epsilonOf({ task }: StudyEntry, { epsilon }: ViewState): "01" | "05" {
  if (epsilon === "01" || epsilon === "05") return epsilon;
  return task === "classification" ? "01" : "05";
}

/** As in "sst, BiLSTM with additive attention, seed 0". */
export function nameOf({ corpus, encoder, attention, weights, seed, profile }: StudyEntry): string {
  const kind = weights === "softmax" ? attention : `${attention} ${weights}`;
  return `${corpus}, ${encoder} with ${kind} attention, seed ${seed}, profile ${profile}`;
}
