import { h, html } from "htm/preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatNumber } from "../../figures/figure";
import type { LinesOfTexts, TextsOfFile } from "../contents";
import { chooser } from "./blocks";
import { fileOf, numbersOf, type Shown } from "./context";
import { downloadCsv } from "./download";
import { dataOf } from "./loadData";
import { noTexts, textDetail } from "./textDetail";
import { chooseTexts } from "./textFilter";
import { TextList } from "./textList";
import type { ViewState } from "./viewState";

const noLines: LinesOfTexts = [];

/** All texts of a study: sorted, filtered, each with its heatmaps. */
export function TextsView(shown: Shown) {
  const { study, state, go } = shown;
  const { entry, contents, rows } = study;
  const { predicted, outcome, sort, order, contains, text: id } = state;
  const lines = contents.textsOfFile > 0 ? dataOf<LinesOfTexts>(`${entry.file}-lines`) : noLines;
  const places = useMemo(() => {
    const letters = contains.toLowerCase();
    return chooseTexts(rows, state, (place) => !letters || !!lines?.[place]?.toLowerCase().includes(letters));
  }, [lines, predicted, outcome, sort, order, contains]);
  const grid = useRef<HTMLElement>(null);
  const openedByKeyboard = useRef(false);
  if (lines === undefined) return html`<p role="status">Reading the texts …</p>`;

  const open = (place: number, byKeyboard = false) => {
    openedByKeyboard.current = byKeyboard;
    go({ text: rows[place]!.id });
  };
  const close = () => {
    go({ text: "" });
    grid.current!.focus();
  };
  const onSort = (column: string) =>
    go({ sort: column, order: sort === column && order === "descending" ? "ascending" : "descending" });
  const onKey = ({ key }: KeyboardEvent) => key === "Escape" && id && close();
  const chosen = () => places.map((place) => rows[place]!);
  const save = () => downloadCsv(fileOf(study, "texts"), chosen());
  const columns = numbersOf(study).filter(({ name }) => name in entry.means || name === sort);
  return html`
    <div onKeyDown=${onKey}>
      <p class="question">
        Every text with its numbers. Choose one with a click, or with the arrow keys and Enter, to see the weights on
        its words. ${lines.length === 0 && noTexts}
      </p>
      <${Controls} ...${shown} />
      <div class="explorer">
        <div class="list">
          <div class="bar">
            <p class="status" role="status">${formatNumber(places.length, 0)} of ${formatNumber(rows.length, 0)} texts</p>
            <button type="button" class="download" onClick=${save}>CSV of these texts</button>
          </div>
          ${h(TextList, { rows, lines, places, columns, state, grid, onOpen: open, onSort })}
        </div>
        ${h(Detail, { ...shown, places, open, close, openedByKeyboard })}
      </div>
    </div>`;
}

/** What the texts are sorted and filtered by. */
function Controls({ study, state, go }: Shown) {
  const numbers = numbersOf(study);
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const field = (label: string, name: keyof ViewState, choices: { readonly [value: string]: string }) =>
    chooser(label, Object.entries(choices), state[name], (value) => go({ [name]: value }));
  const titles = Object.fromEntries(numbers.map(({ name, title }) => [name, title]));
  const occurring = [...new Set(study.rows.map((row) => row.predicted))].sort();
  const classes = [["", "all"] as const, ...occurring.map((name) => [name, name] as const)];
  const onInput = (event: InputEvent) => {
    const { value } = event.target as HTMLInputElement;
    clearTimeout(typing.current);
    typing.current = setTimeout(() => go({ contains: value.trim() }), 200);
  };
  const showSearched = (input: HTMLInputElement | null) => {
    if (input && input !== document.activeElement) input.value = state.contains;
  };
  const search = html`
    <label class="field">
      <span>Text contains</span>
      <input type="search" placeholder="a word or part of one" spellcheck=${false} ref=${showSearched} onInput=${onInput} />
    </label>`;
  return html`
    <div class="bar controls">
      ${field("Sort by", "sort", { "": "order in the corpus", ...titles })}
      ${field("Order", "order", { ascending: "smallest first", descending: "largest first" })}
      ${chooser("Predicted class", classes, state.predicted, (value) => go({ predicted: value }))}
      ${field("Prediction", "outcome", { "": "right or wrong", right: "right", wrong: "wrong" })}
      ${study.contents.textsOfFile > 0 && search}
      <p class="about">${numbers.find(({ name }) => name === state.sort)?.meaning}</p>
    </div>`;
}

interface DetailProps extends Shown {
  places: readonly number[];
  open: (place: number) => void;
  close: () => void;
  openedByKeyboard: { current: boolean };
}

/** The text that is open. */
function Detail({ places, open, close, openedByKeyboard, ...shown }: DetailProps) {
  const { rows, contents, entry } = shown.study;
  const { text: id } = shown.state;
  const { textsOfFile } = contents;
  const section = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (openedByKeyboard.current) section.current!.querySelector("h3")?.focus();
    openedByKeyboard.current = false;
    if (id && matchMedia("(max-width: 1099px)").matches) section.current!.scrollIntoView({ block: "start" });
  }, [id]);
  const place = rows.findIndex((row) => row.id === id);
  if (place < 0) {
    const text = id ? `There is no text "${id}" in this study.` : "No text is chosen.";
    return html`<section class="detail" aria-label="Text" ref=${section}><p class="empty">${text}</p></section>`;
  }
  const part = `${entry.file}-texts-${Math.floor(place / textsOfFile)}`;
  const texts = textsOfFile > 0 ? dataOf<TextsOfFile>(part) : [];
  const step = (name: string, by: 1 | -1) => {
    const target = places[places.indexOf(place) + by];
    return html`
      <button type="button" disabled=${target === undefined} onClick=${() => open(target!)}>${name}</button>`;
  };
  return html`
    <section class="detail is-open" aria-label="Text" ref=${section}>
      <div class="bar">
        <h3 tabindex="-1">${id}</h3>
        ${step("Previous", -1)} ${step("Next", 1)}
        <button type="button" onClick=${close}>Close</button>
      </div>
      ${texts && textDetail(shown, rows[place]!, texts[place % textsOfFile] ?? undefined)}
    </section>`;
}
