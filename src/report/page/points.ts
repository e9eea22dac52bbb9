import { escapeText, formatNumber } from "../../figures/figure";
import type { InstanceRow } from "../../study/analyze";

/** More points than this make a figure slow, and are seen no better. */
const mostPoints = 4000;

/** The rows that a scatter plot draws: all, or so many of them at even distances; then the remark says so. */
export function drawnRows(rows: readonly InstanceRow[]): { drawn: InstanceRow[]; remark: string } {
  if (rows.length <= mostPoints) return { drawn: [...rows], remark: "" };
  const drawn = Array.from({ length: mostPoints }, (_, index) => rows[Math.floor((index * rows.length) / mostPoints)]!);
  const counts = [mostPoints, rows.length].map((count) => formatNumber(count, 0));
  return { drawn, remark: ` Drawn are ${counts[0]} of the ${counts[1]} texts, every n-th.` };
}

/** The id of the text behind a point, whose label the figure has escaped. */
export function idOfPoint(text: string, rows: readonly InstanceRow[]): string {
  return rows.find(({ id }) => escapeText(id) === text)?.id ?? "";
}
