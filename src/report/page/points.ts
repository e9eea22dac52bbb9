import { escapeText } from "../../figures/figure";
import type { InstanceRow } from "../../study/analyze";

/** The id of the text behind a point, whose label the figure has escaped. */
export function idOfPoint(text: string, rows: readonly InstanceRow[]): string {
  return rows.find(({ id }) => escapeText(id) === text)?.id ?? "";
}
