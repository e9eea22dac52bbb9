import { stringify } from "csv-stringify/browser/esm/sync";

/** Hands a file that was made here to the reader. */
export function download(name: string, content: string, type = "text/plain"): void {
  const href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

export function downloadCsv(name: string, rows: readonly object[], names?: readonly string[]): void {
  const columns = names ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  download(`${name}.csv`, stringify([...rows], { header: true, columns }), "text/csv");
}

export function fileName(...parts: readonly string[]): string {
  const told = parts.filter((part) => part !== "").join("-");
  return told.replace(/[^\w.+=-]+/g, "-");
}
