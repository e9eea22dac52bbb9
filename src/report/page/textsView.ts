import { html } from "htm/preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatNumber } from "../../figures/figure";
import { type HeatmapRow, heatmapHtml, heatmapLatex, heatmapTable, textHeatmap } from "../../figures/textHeatmap";
import type { Column } from "../../study/columns";
import type { StudiedText } from "../../study/study";
import { download, downloadCsv, downloads, field, fromHtml, symbolOf, tableBlock } from "./blocks";
import { comparedIn, fileName, fileOf, ground, namesOf, numbersOf, pValueOf, type Shown, titlesOf } from "./context";
import { type OpenStudy, openStudy, type ShownRow, textAt } from "./openStudy";
import { DataTable, numberColumn, sortedBy, type TableColumn } from "./table";
import { hashOf, type ViewState } from "./viewState";

const noTexts =
  "The texts of this corpus are not in this report, because they may not be passed on or were not stored: each text has its numbers alone.";

const about =
  "Attention is the model's own. Below it are the importances of the words, without their signs, and then other attentions: those that interventions give, and those that adversaries find for the paper's ε.";

/** All texts of a study: sorted, filtered, each with its heatmaps. */
export function TextsView(shown: Shown) {
  const { study, state, go } = shown;
  const { rows, contents } = study;
  const columns = columnsOf(shown);
  const { text: _, ...listed } = state;
  const chosen = useMemo(() => sortedBy({ rows: chooseTexts(rows, state), columns, state }), Object.values(listed));
  const names = contents.columns.map(({ name }) => name);
  const save = () => downloadCsv(fileOf(study, "texts"), chosen, names);
  const close = () => {
    go({ text: "" });
    document.querySelector<HTMLElement>(".scroll")!.focus();
  };
  const onKey = ({ key }: KeyboardEvent) => key === "Escape" && state.text && close();
  return html`
    <div onKeyDown=${onKey}>
      ${contents.textsOfFile === 0 && html`<p class="question">${noTexts}</p>`} ${controls(shown)}
      <div class="list">
        <${DataTable} ...${{ of: "texts", rows: chosen, all: rows.length, columns, save, state, go }} />
      </div>
      ${state.text && html`<${Detail} ...${{ ...shown, chosen, close }} />`}
    </div>`;
}

export function chooseTexts(rows: readonly ShownRow[], filter: ViewState): ShownRow[] {
  const { where, from, to } = filter;
  const letters = filter.contains.trim().toLowerCase();
  const isInRange = (value: unknown) => {
    if (where === "" || (from === "" && to === "")) return true;
    return typeof value === "number" && !(from && value < Number(from)) && !(to && value > Number(to));
  };
  return rows.filter(
    (row) =>
      (["predicted", "label", "outcome"] as const).every((name) => !filter[name] || row[name] === filter[name]) &&
      isInRange(row[where]) &&
      row.line.toLowerCase().includes(letters),
  );
}

function columnsOf({ study, other, entry, state }: Shown): TableColumn<ShownRow>[] {
  const all = numbersOf(study);
  const numbers = all.filter(({ name }) => name in entry.means || name === state.sort);
  const link = ({ id, line }: ShownRow) => {
    const href = hashOf({ ...state, study: entry.key, text: id });
    const current = id === state.text ? "true" : undefined;
    return html`<a class="words" href=${href} title=${id} aria-current=${current}>${line || id}</a>`;
  };
  const mark = ({ predicted, label, outcome }: ShownRow) => html`
    <span title="true class: ${label}">
      <span class=${outcome} role="img" aria-label=${outcome}>${outcome === "right" ? "✓" : "✗"}</span> ${predicted}
    </span>`;
  return [
    { name: "id", heading: "text", value: ({ id }) => id, cell: link },
    { name: "predicted", value: ({ predicted }) => predicted, cell: mark },
    ...(other ? [differenceColumn(other, comparedIn(all, state))] : []),
    ...numbers.map((column) => numberColumn<ShownRow>(column, (row) => row[column.name])),
  ];
}

/** How far a number is apart between two studies, sorted by its size alone. */
function differenceColumn({ rows, entry }: OpenStudy, column: Column): TableColumn<ShownRow> {
  const others = new Map(rows.map((row) => [row.id, row[column.name]]));
  const difference = (row: ShownRow) => {
    const [own, other] = [row[column.name], others.get(row.id)];
    return typeof own === "number" && typeof other === "number" ? other - own : undefined;
  };
  const size = (row: ShownRow) => Math.abs(difference(row) ?? Number.NaN) || undefined;
  const title = `${column.title}: that of ${entry.name} less this`;
  const heading = html`Δ ${symbolOf(column)}`;
  return { name: "difference", heading, title, digits: column.digits ?? 2, value: size, cell: difference };
}

function controls(shown: Shown) {
  const { study, other, state } = shown;
  const numbers = numbersOf(study);
  const titles = titlesOf(numbers);
  const classes = (name: "predicted" | "label") => {
    const occurring = [...new Set(study.rows.map((row) => row[name]))].sort();
    return { "": "all", ...Object.fromEntries(occurring.map((value) => [value, value])) };
  };
  const sorts = { "": "order in the corpus", ...(other && { difference: "difference of the studies" }), ...titles };
  return html`
    <div class="bar controls">
      ${field(shown, "sort", "Sort by", sorts)}
      ${field(shown, "order", "Order", { ascending: "smallest first", descending: "largest first" })}
      ${field(shown, "predicted", "Predicted class", classes("predicted"))}
      ${field(shown, "label", "True class", classes("label"))}
      ${field(shown, "outcome", "Prediction", { "": "right or wrong", right: "right", wrong: "wrong" })}
      ${field(shown, "where", "Only where", { "": "any number", ...titles })}
      ${state.where && [field(shown, "from", "is from", "number"), field(shown, "to", "to", "number")]}
      ${study.contents.textsOfFile > 0 && field(shown, "contains", "Text contains", "search")}
    </div>
    <p class="about">${numbers.find(({ name }) => name === state.sort)?.meaning}</p>`;
}

/** The text that is open, beside it that of another study, and above it that of all models where it is asked for. */
function Detail({ chosen, close, ...shown }: Shown & { chosen: readonly ShownRow[]; close: () => void }) {
  const { study, entry, other, state, go } = shown;
  const { text: id, models } = state;
  const heading = useRef<HTMLElement>(null);
  useLayoutEffect(() => heading.current!.focus(), [id]);
  const place = chosen.findIndex((row) => row.id === id);
  const step = (name: string, target: ShownRow | undefined) => html`
    <button type="button" disabled=${!target} onClick=${() => go({ text: target!.id })}>${name}</button>`;
  const isUnderAll = models === "shown";
  const names = other ? namesOf({ entry, other }) : [""];
  const columns = [study, other].slice(0, names.length).map((own, which) => {
    const row = own!.rows.find((one) => one.id === id);
    const text = row && textAt(own!, row.place);
    return html`
      <div>
        ${other && html`<h4>${names[which]}</h4>`}
        ${!row && html`<p class="empty">There is no text "${id}" in this study.</p>`}
        ${text !== undefined && textDetail(own!, row!, text)}
      </div>`;
  });
  return html`
    <section class="detail" aria-label="Text">
      <div class="bar">
        <h3 tabindex="-1" ref=${heading}>${id}</h3>
        ${step("Previous", chosen[place - 1])} ${step("Next", place < 0 ? undefined : chosen[place + 1])}
        <button type="button" aria-pressed=${isUnderAll} onClick=${() => go({ models: isUnderAll ? "" : "shown" })}>
          Under all models
        </button>
        <button type="button" onClick=${close}>Close</button>
      </div>
      ${isUnderAll && html`<${ModelsOfText} ...${shown} />`}
      <div class="figures">${columns}</div>
    </section>`;
}

/** The text that is open under each model of its corpus that has it: the chosen weights on its words, and its numbers. */
function ModelsOfText(shown: Shown) {
  const { index, study, entry, state } = shown;
  const entries = index.studies.filter(({ corpus }) => corpus === entry.corpus);
  const open = entries.flatMap((one) => openStudy(one) ?? []);
  if (open.length < entries.length) return html`<p role="status">Reading ${entries.length} studies …</p>`;
  const own = study.rows.find(({ id }) => id === state.text);
  const having = open.flatMap((one) => {
    const row = one.rows.find((row) => row.id === own?.id && row.label === own.label && row.words === own.words);
    if (!row) return [];
    const { encoder, variant, seed, profile } = one.entry;
    const text = textAt(one, row.place);
    const model = `${encoder}, ${variant}, seed ${seed}, ${profile}`;
    return { model, row, words: text?.words, weighted: text?.words ? weightings(text) : [] };
  });
  const names = [...new Set(["attention", ...having.flatMap(({ weighted }) => weighted.map(({ label }) => label))])];
  const chosen = names.find((name) => name === state.over) ?? names[0]!;
  const rows = having.flatMap(({ model, row, weighted }) => {
    const weights = weighted.find(({ label }) => label === chosen);
    return weights ? [{ ...weights, label: model, numbers: { ŷ: row.probability } }] : [];
  });
  const name = fileName(entry.corpus, state.text, "models");
  const counts = `${having.length} of ${entries.length} studies of ${entry.corpus} have this text, ${rows.length} of them with these weights on its words.`;
  const words = having.find(({ words }) => words)?.words;
  const symbols = Object.fromEntries(index.columns.map(({ name, symbol }) => [name, symbol]));
  return html`
    ${field(shown, "over", "Weights", Object.fromEntries(names.map((name) => [name, name])), chosen)}
    ${words ? heatmapBlock(name, counts, words, rows) : html`<p>${counts}</p>`}
    ${tableBlock({
      ...{ title: "Numbers of this text", about: "What each is stands at the foot of the page.", name },
      table: {
        rows: having.map(({ model, row }) => ({ model, ...row })),
        columns: { model: "model", predicted: "predicted", ...symbols },
      },
    })}`;
}

/** One text: its numbers and, where it may be shown, the weights on its words. */
function textDetail(study: OpenStudy, row: ShownRow, text: StudiedText | null) {
  const { predicted, label, probability, outcome } = row;
  const mark = outcome === "right" ? "right ✓" : `wrong ✗, true is ${label}`;
  const numbers = numbersOf(study).map(
    (column) => html`<dt title=${column.meaning}>${column.title}</dt><dd>${written(row, column)}</dd>`,
  );
  return html`
    <p>Predicted ${predicted}, ŷ = ${formatNumber(probability, 3)}; <span class=${outcome}>${mark}</span></p>
    ${text?.question && html`<p><strong>Question or hypothesis: </strong>${text.question.join(" ")}</p>`}
    ${text?.words ? heatmapBlock(fileOf(study, row.id), about, text.words, weightings(text)) : html`<p>${noTexts}</p>`}
    <dl>${numbers}</dl>`;
}

function heatmapBlock(name: string, about: string, words: readonly string[], rows: readonly HeatmapRow[]) {
  const heatmap = textHeatmap(words, rows);
  return html`
    <div class="heatmap">${fromHtml(heatmapHtml(heatmap, ground()))}</div>
    <p class="about">${about}</p>
    ${downloads([
      ["LaTeX", () => download(`${name}.tex`, heatmapLatex(heatmap))],
      ["CSV", () => downloadCsv(name, heatmapTable(heatmap))],
    ])}`;
}

/** The weights on a text's words: its attention, the importances without their signs, and other attentions. */
function weightings({ attention, importances, attentions }: StudiedText): HeatmapRow[] {
  const own = Object.entries(importances).map(([name, weights]) => {
    const label = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return { label, weights: weights.map(Math.abs) };
  });
  const others = Object.entries(attentions).map(([name, weights]) => ({ label: `attention, ${name}`, weights }));
  return [{ label: "attention", weights: attention }, ...own, ...others];
}

/** A number, of an agreement with its p-value, or why there is none. */
function written(row: ShownRow, { name, digits, reason }: Column): string {
  const [value, p] = [row[name], row[pValueOf(name)]];
  if (typeof value !== "number") return `– ${(reason && row[reason]) ?? ""}`.trim();
  const text = formatNumber(value, digits);
  if (reason === undefined || typeof p !== "number") return text;
  return `${text} (p ${p < 0.001 ? "< .001" : `= ${formatNumber(p, 3)}`})`;
}
