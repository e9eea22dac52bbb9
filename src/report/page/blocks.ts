import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { escapeHtml } from "../../figures/html";
import { formatTable } from "../../notebook/table";
import type { Question } from "../../paper/claims/claim";
import { type Column, symbolHtml, type Table } from "../../study/columns";
import type { StudyEntry } from "../studyContents";
import { type Context, fileOf, type OpenStudy } from "./context";
import { download, downloadCsv, fileName } from "./download";

/** What stands above a figure or a table, and how its files are called. */
export interface Titled {
  title: string;
  /** What to see in it, in one or two sentences. */
  about: string;
  /** Of the files, without ending. */
  name: string;
}

/** A way to save something: its button, what that does, and a hint. */
export type Saving = [kind: string, save: () => void, hint?: string];

/** @param of what is saved, where the buttons alone do not say it to a reader who hears them */
export function downloads(savings: readonly Saving[], of?: string) {
  const buttons = savings.map(([kind, save, hint]) => {
    const label = of && `${kind} of ${of}`;
    return html`<button type="button" title=${hint} aria-label=${label} onClick=${save}>${kind}</button>`;
  });
  return html`<p class="bar downloads">Download ${buttons}</p>`;
}

/** A figure or a table with what it says and its downloads. */
export function block(
  kind: "figure" | "table",
  { title, about }: Pick<Titled, "title" | "about">,
  content: ComponentChildren,
  savings: readonly Saving[] = [],
) {
  return html`
    <section class=${kind}>
      <h3>${title}</h3>
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

/** What may be wider than the page. */
export function scrolling(title: string, table: ComponentChildren) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${title}>${table}</div>`;
}

/** The claims of a question for the corpus of a study, judged by all studies of its profile. */
export function claimsTable(
  { corpus, profile }: Pick<StudyEntry, "corpus" | "profile">,
  { index }: Pick<Context, "index">,
  question: Question,
) {
  const judged = index.claims.find((one) => one.question === question && one.profile === profile);
  if (judged === undefined) return undefined;
  const { corpus: _, ...columns } = judged.columns;
  return tableBlock({
    title: "The paper's claims",
    about: `${judged.caption} Judged by all studies of ${corpus}, profile ${profile}.`,
    name: fileName(question, profile, corpus, "claims"),
    table: { rows: judged.rows.filter((row) => row.corpus === corpus), columns },
  });
}

/** What the authors published of some columns, beside ours; nothing where these are not the paper's. */
export function publishedTable(study: OpenStudy, shown: readonly Column[]) {
  const { beside } = study.contents;
  const rows = beside.rows.filter(({ measure }) => shown.some(({ name }) => name === measure));
  return tableBlock({
    title: "Beside the paper",
    about:
      "Paper: Table 2, or numbers read back from published plots. Noise: how far two published runs of the authors' own code are apart; no replication can be asked to come closer. A corpus that the paper does not have is set beside the range over its corpora of the same task.",
    name: fileOf(study, "beside-the-paper"),
    table: { ...beside, rows, digits: 3 },
  });
}

/** Why something cannot be shown, at its place. */
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

/** A list to choose from, with its label: of each choice its value and its text. */
export function chooser(
  label: string,
  choices: readonly (readonly [value: string, text: string])[],
  chosen: string,
  onChoose: (value: string) => void,
) {
  const choose = (event: Event) => onChoose((event.target as HTMLSelectElement).value);
  const options = choices.map(([value, text]) => html`<option key=${value} value=${value}>${text}</option>`);
  return html`
    <label class="field">
      <span>${label}</span>
      <select value=${chosen} disabled=${choices.length < 2} onChange=${choose}>${options}</select>
    </label>`;
}
