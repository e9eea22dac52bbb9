import { stringify } from "csv-stringify/browser/esm/sync";
import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { escapeHtml } from "../../figures/figure";
import { formatTable } from "../../notebook/table";
import { type Column, symbolHtml, type Table } from "../../study/columns";
import type { StudyEntry } from "../studyContents";
import { type Context, fileOf } from "./context";
import type { OpenStudy } from "./openStudy";
import type { ViewState } from "./viewState";

/** What stands above a figure or a table, and how its files are called. */
export interface Titled {
  title: string;
  /** What to see in it, in one or two sentences. */
  about: string;
  name: string;
}

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

/** A button, what it does, and a hint. */
type Saving = [kind: string, save: () => void, hint?: string];

/** @param of what is saved, where the buttons alone do not say it to a reader who hears them */
export function downloads(savings: readonly Saving[], of?: string) {
  const buttons = savings.map(([kind, save, hint]) => {
    const label = of && `${kind} of ${of}`;
    return html`<button type="button" title=${hint} aria-label=${label} onClick=${save}>${kind}</button>`;
  });
  return html`<p class="bar downloads">Download ${buttons}</p>`;
}

export function block(
  kind: "figure" | "table",
  { title, about }: Omit<Titled, "name">,
  content: ComponentChildren,
  savings: readonly Saving[] = [],
) {
  return html`
    <section class=${kind}>
      <h3>${symbolOf({ symbol: title })}</h3>
      <p class="about">${about}</p>
      ${content}
      ${savings.length > 0 && downloads(savings, title)}
    </section>`;
}

/** A table with what it says and its downloads; nothing where it has no rows. */
export function tableBlock<Row extends object>({ table, ...titled }: Titled & { table: Table<Row> }) {
  const { title, name } = titled;
  if (table.rows.length === 0) return undefined;
  // What is undefined was left out when the rows were written.
  const undefinedOnes = Object.fromEntries(Object.keys(table.columns).map((key) => [key, undefined]));
  const rows = table.rows.map((row) => ({ ...undefinedOnes, ...row }));
  const { html: markup, latex, records } = formatTable<Row>({ ...table, caption: undefined, rows });
  return block("table", titled, scrolling(title, fromHtml(markup)), [
    ["CSV", () => downloadCsv(name, records)],
    ["LaTeX", () => download(`${name}.tex`, latex)],
  ]);
}

export function scrolling(title: string, table: ComponentChildren) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${title}>${table}</div>`;
}

/** What the authors published of some columns, beside ours; nothing where these are not the paper's. */
export function publishedTable(study: OpenStudy, shown: readonly Column[]) {
  const { beside } = study.contents;
  const rows = beside.rows.filter(({ measure }) => shown.some(({ name }) => name === measure));
  return tableBlock({
    title: "Beside the paper",
    about:
      "Paper: Table 2, or numbers read back from published plots. How far the two published runs of the authors' own code are apart is noise; no replication can be asked to come closer.",
    name: fileOf(study, "beside-the-paper"),
    table: { ...beside, rows, digits: 3 },
  });
}

export function problem({ message }: Error) {
  return html`<p class="problem" role="alert">${message}</p>`;
}

/** Markup that the project's own functions made, with all texts escaped. */
export function fromHtml(markup: string) {
  return html`<div dangerouslySetInnerHTML=${{ __html: markup }} />`;
}

/** A column's symbol with its subscript. */
export function symbolOf({ symbol }: Pick<Column, "symbol">) {
  return html`<span dangerouslySetInnerHTML=${{ __html: symbolHtml(escapeHtml(symbol)) }} />`;
}

/**
 * A field for a part of the state: a list to choose from, of each choice its value and its text, or a kind of input.
 *
 * @param chosen where the state alone does not say it
 */
export function field(
  { state, go }: Pick<Context, "state" | "go">,
  name: keyof ViewState,
  label: string,
  kind: "search" | "number" | { readonly [value: string]: string },
  chosen = state[name],
) {
  const write = ({ target }: Event) => go({ [name]: (target as HTMLInputElement).value });
  const options = Object.entries(kind).map(([value, text]) => html`<option value=${value}>${text}</option>`);
  const control =
    typeof kind === "string"
      ? html`<input type=${kind} step="any" value=${chosen} spellcheck=${false} onInput=${write} />`
      : html`<select value=${chosen} disabled=${options.length < 2} onChange=${write}>${options}</select>`;
  return html`<label class="field"><span>${label}</span>${control}</label>`;
}

export function notSolved({ solved }: Pick<StudyEntry, "solved">) {
  return (
    !solved && html`<span class="badge" title="Below a third of the way between chance and no error">not solved</span>`
  );
}
