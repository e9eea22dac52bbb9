import { stringify } from "csv-stringify/browser/esm/sync";

/** Hands a file that was made here to the reader. */
export function download(name: string, content: string | Blob, type = "text/plain"): void {
  const blob = typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const href = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

export function downloadCsv(name: string, rows: readonly object[]): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  download(`${name}.csv`, stringify([...rows], { header: true, columns }), "text/csv");
}

/** A file name of some parts. */
export function fileName(...parts: readonly (string | number)[]): string {
  return parts.join("-").replace(/[^\w.+=-]+/g, "-");
}
