import { formatNumber } from "../../figures/figure";
import type { Column } from "../../study/columns";
import type { LinesOfTexts, TextsOfFile } from "../contents";
import { type Context, fileOf, numbersOf, type OpenStudy } from "./context";
import { button, chooser, element } from "./dom";
import { downloadCsv } from "./download";
import { loadTexts } from "./loadData";
import { noTexts, textDetail } from "./textDetail";
import { chooseTexts } from "./textFilter";
import { TextList } from "./textList";
import type { ViewState } from "./viewState";

/** All texts of a study: sorted, filtered, each with its heatmaps. */
export class TextsView {
  readonly element: HTMLElement;
  readonly list: TextList;
  private readonly controls = element("div", { class: "controls" });
  private readonly status = element("p", { class: "status", role: "status" });
  private readonly detail = element("section", { class: "detail", "aria-label": "Text" });
  private readonly search: HTMLInputElement;
  private places: number[] = [];
  /** What the places were chosen by. */
  private filter = "";
  private openedByKeyboard = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  /** @param lines none where the texts are not in this report */
  constructor(
    private readonly study: OpenStudy,
    private readonly lines: LinesOfTexts,
    private context: Context,
  ) {
    this.search = element("input", { type: "search", placeholder: "a word or part of one", spellcheck: "false" }, [], {
      input: () => {
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.context.go({ contains: this.search.value.trim() }), 200);
      },
    });
    this.list = new TextList({
      ...{ rows: study.rows, lines },
      onOpen: (place, byKeyboard) => {
        this.openedByKeyboard = byKeyboard;
        this.context.go({ text: study.rows[place]!.id });
      },
      onSort: (column) => this.sortBy(column),
    });
    const chosen = () => this.places.map((place) => study.rows[place]!);
    const save = () => downloadCsv(fileOf(study, "texts"), chosen());
    this.element = element("div", {}, [
      element("p", { class: "question" }, [
        `Every text with its numbers. Choose one with a click, or with the arrow keys and Enter, to see the weights on its words.${lines.length > 0 ? "" : ` ${noTexts}`}`,
      ]),
      this.controls,
      element("div", { class: "explorer" }, [
        element("div", { class: "list" }, [
          element("div", { class: "list-head" }, [
            this.status,
            button("CSV of these texts", save, { class: "download" }),
          ]),
          this.list.grid,
        ]),
        this.detail,
      ]),
    ]);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.context.state.text) this.close();
    });
  }

  /** Shows a state of the study. */
  async update(context: Context): Promise<void> {
    this.context = context;
    const { rows } = this.study;
    const { predicted, outcome, sort, order, contains, text } = context.state;
    if (document.activeElement !== this.search) this.search.value = contains;
    const filter = JSON.stringify([predicted, outcome, sort, order, contains]);
    if (filter !== this.filter) {
      this.filter = filter;
      this.renderControls();
      const letters = contains.toLowerCase();
      const holds = (place: number) => !letters || (this.lines[place]?.toLowerCase().includes(letters) ?? false);
      this.places = chooseTexts(rows, context.state, holds);
      this.status.textContent = `${formatNumber(this.places.length, 0)} of ${formatNumber(rows.length, 0)} texts`;
    }
    this.list.show({ places: this.places, columns: this.columns(), sort, order, open: text });
    await this.showDetail();
  }

  /** The leading ones, and the one that is sorted by. */
  private columns(): Column[] {
    const { entry } = this.study;
    return numbersOf(this.study).filter(({ name }) => name in entry.means || name === this.context.state.sort);
  }

  private renderControls(): void {
    const { state, go } = this.context;
    const focused = [...this.controls.querySelectorAll<HTMLElement>("select, input")].indexOf(
      document.activeElement as HTMLElement,
    );
    const numbers = numbersOf(this.study);
    const chosen = numbers.find(({ name }) => name === state.sort);
    const sorts = numbers.map(({ name, title }) => [name, title] as const);
    const occurring = [...new Set(this.study.rows.map((row) => row.predicted))].sort();
    const field = (label: string, name: keyof ViewState, choices: Parameters<typeof chooser>[1]) =>
      chooser(label, choices, state[name], (value) => go({ [name]: value }));
    this.controls.replaceChildren(
      field("Sort by", "sort", [["", "order in the corpus"], ...sorts]),
      field("Order", "order", [
        ["ascending", "smallest first"],
        ["descending", "largest first"],
      ]),
      field("Predicted class", "predicted", [["", "all"], ...occurring.map((name) => [name, name] as const)]),
      field("Prediction", "outcome", [
        ["", "right or wrong"],
        ["right", "right"],
        ["wrong", "wrong"],
      ]),
      ...(this.lines.length > 0
        ? [element("label", { class: "field" }, [element("span", {}, ["Text contains"]), this.search])]
        : []),
      ...(chosen ? [element("p", { class: "about" }, [chosen.meaning])] : []),
    );
    this.controls.querySelectorAll<HTMLElement>("select, input")[focused]?.focus();
  }

  private sortBy(column: string): void {
    const { sort, order } = this.context.state;
    this.context.go({ sort: column, order: sort === column && order === "descending" ? "ascending" : "descending" });
  }

  private close(): void {
    this.context.go({ text: "" });
    this.list.grid.focus();
  }

  private async showDetail(): Promise<void> {
    const { text: id } = this.context.state;
    const place = this.study.rows.findIndex((row) => row.id === id);
    this.detail.classList.toggle("is-open", place >= 0);
    const row = this.study.rows[place];
    if (row === undefined) {
      const text = id ? `There is no text "${id}" in this study.` : "No text is chosen.";
      this.detail.replaceChildren(element("p", { class: "empty" }, [text]));
      return;
    }
    const text = await this.textAt(place);
    if (this.context.state.text !== id) return;
    const heading = element("h3", { tabindex: -1 }, [id]);
    const focused = [...this.detail.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    const step = (name: string, by: 1 | -1) =>
      button(name, () => this.list.openNeighbour(by), { disabled: !this.list.hasNeighbour(by) });
    this.detail.replaceChildren(
      element("div", { class: "detail-head" }, [
        ...[heading, step("Previous", -1), step("Next", 1)],
        button("Close", () => this.close()),
      ]),
      textDetail(this.study, this.context, row, text ?? undefined),
    );
    this.detail.querySelectorAll("button")[focused]?.focus();
    if (this.openedByKeyboard) heading.focus();
    if (matchMedia("(max-width: 1099px)").matches) this.detail.scrollIntoView({ block: "start" });
    this.openedByKeyboard = false;
  }

  private async textAt(place: number): Promise<TextsOfFile[number] | undefined> {
    const { entry, contents } = this.study;
    if (this.lines.length === 0) return undefined;
    const texts = await loadTexts(entry.file, Math.floor(place / contents.textsOfFile));
    return texts[place % contents.textsOfFile];
  }
}
