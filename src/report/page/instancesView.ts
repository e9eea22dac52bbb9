import { formatNumber } from "../../figures/figure";
import { type Context, epsilonOf, type OpenStudy } from "./context";
import { button, chooser, element } from "./dom";
import { downloadCsv, fileName } from "./download";
import { problem } from "./figureBlock";
import { instanceDetail, noTexts } from "./instanceDetail";
import { chooseInstances } from "./instanceFilter";
import { InstanceList } from "./instanceList";
import { type Measure, measureOf, measures } from "./measures";
import { StudyTexts } from "./studyTexts";
import type { ViewState } from "./viewState";

type Filter = Pick<ViewState, "predicted" | "outcome" | "sort" | "order" | "contains">;

/** All instances of a study: sorted, filtered, each with its heatmaps. */
export class InstancesView {
  readonly element: HTMLElement;
  private readonly texts: StudyTexts;
  private readonly list: InstanceList;
  private readonly controls = element("div", { class: "controls" });
  private readonly status = element("p", { class: "status", role: "status" });
  private readonly detail = element("section", { class: "detail", "aria-label": "Instance" });
  private readonly search: HTMLInputElement;
  private places: number[] = [];
  private shown: Filter | undefined;
  private openedByKeyboard = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly study: OpenStudy,
    private context: Context,
  ) {
    this.texts = new StudyTexts(study);
    this.search = element("input", { type: "search", placeholder: "a word or part of one", spellcheck: "false" }, [], {
      input: () => {
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.context.go({ contains: this.search.value.trim() }), 200);
      },
    });
    this.list = new InstanceList({
      rows: study.rows,
      texts: this.texts,
      onOpen: (place, byKeyboard) => this.open(place, byKeyboard),
      onSort: (column) => this.sortBy(column),
    });
    const save = button("CSV of these instances", () => this.save(), { class: "download" });
    const left = element("div", { class: "list" }, [
      element("div", { class: "list-head" }, [this.status, save]),
      this.list.grid,
    ]);
    this.element = element("div", {}, [
      element("p", { class: "question" }, [
        `Every text with its numbers. Choose one with a click, or with the arrow keys and Enter, to see the weights on its words.${this.texts.areThere ? "" : ` ${noTexts}`}`,
      ]),
      this.controls,
      element("div", { class: "explorer" }, [left, this.detail]),
    ]);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.context.state.instance) this.close();
    });
  }

  /** To be called when the view has come into the page. @returns what ends it */
  mount(): () => void {
    const unmount = this.list.mount();
    this.update(this.context).catch(this.fail);
    return unmount;
  }

  private readonly fail = (error: Error) => this.status.replaceChildren(problem(error));

  /** Shows another state of the same study. */
  async update(context: Context): Promise<void> {
    this.context = context;
    const { state } = context;
    if (document.activeElement !== this.search) this.search.value = state.contains;
    const { predicted, outcome, sort, order, contains } = state;
    const filter = { predicted, outcome, sort, order, contains };
    if (JSON.stringify(filter) !== JSON.stringify(this.shown)) {
      this.shown = filter;
      this.renderControls();
      if (contains) await this.texts.bringAll((done, total) => this.tell(`Reading texts: ${done} of ${total} parts`));
      if (this.shown !== filter) return;
      this.places = chooseInstances(
        this.study.rows,
        state,
        (place) => !contains || this.texts.contains(place, contains),
      );
      this.tell(`${formatNumber(this.places.length, 0)} of ${formatNumber(this.study.rows.length, 0)} instances`);
    }
    const columns = this.columns();
    this.list.show({ places: this.places, columns, sort, order, open: state.instance });
    await this.showDetail();
  }

  private tell(text: string): void {
    this.status.textContent = text;
  }

  private columns(): Measure[] {
    const epsilon = epsilonOf(this.study.entry, this.context.state);
    const names = [
      "words",
      "tauGradient",
      "tauLeaveOneOut",
      "permutationTvd",
      `searchJsd${epsilon}`,
      `exactJsd${epsilon}`,
    ];
    const columns = names.map((name) => measureOf(name)!);
    const sorted = measureOf(this.context.state.sort);
    return sorted === undefined || columns.includes(sorted) ? columns : [...columns, sorted];
  }

  private renderControls(): void {
    const { state, go } = this.context;
    const focused = [...this.controls.querySelectorAll<HTMLElement>("select, input")].indexOf(
      document.activeElement as HTMLElement,
    );
    const occurring = new Set(this.study.rows.map((row) => row.predicted));
    const classes = this.study.entry.classNames.filter((name) => occurring.has(name));
    const chosen = measureOf(state.sort);
    const fields = [
      chooser(
        "Sort by",
        [
          { value: "", text: "order in the corpus" },
          ...measures.map(({ column, name }) => ({ value: column, text: name })),
        ],
        state.sort,
        (sort) => go({ sort }),
        chosen?.meaning,
      ),
      chooser(
        "Order",
        [
          { value: "ascending", text: "smallest first" },
          { value: "descending", text: "largest first" },
        ],
        state.order,
        (order) => go({ order }),
      ),
      chooser(
        "Predicted class",
        [{ value: "", text: "all" }, ...classes.map((name) => ({ value: name, text: name }))],
        state.predicted,
        (predicted) => go({ predicted }),
      ),
      chooser(
        "Prediction",
        [
          { value: "", text: "right or wrong" },
          { value: "right", text: "right" },
          { value: "wrong", text: "wrong" },
        ],
        state.outcome,
        (outcome) => go({ outcome }),
      ),
      ...(this.texts.areThere
        ? [element("label", { class: "field" }, [element("span", {}, ["Text contains"]), this.search])]
        : []),
    ];
    const explained = chosen ? [element("p", { class: "about" }, [chosen.meaning])] : [];
    this.controls.replaceChildren(...fields, ...explained);
    this.controls.querySelectorAll<HTMLElement>("select, input")[focused]?.focus();
  }

  private sortBy(column: string): void {
    const { sort, order } = this.context.state;
    this.context.go({ sort: column, order: sort === column && order === "descending" ? "ascending" : "descending" });
  }

  private open(place: number, byKeyboard: boolean): void {
    this.openedByKeyboard = byKeyboard;
    this.context.go({ instance: this.study.rows[place]!.id });
  }

  private close(): void {
    this.context.go({ instance: "" });
    this.list.grid.focus();
  }

  private async showDetail(): Promise<void> {
    const { state, ground } = this.context;
    const place = this.study.rows.findIndex(({ id }) => id === state.instance);
    this.detail.classList.toggle("is-open", place >= 0);
    const row = this.study.rows[place];
    if (row === undefined) {
      const text = state.instance
        ? `There is no instance "${state.instance}" in this study.`
        : "No instance is chosen.";
      this.detail.replaceChildren(element("p", { class: "empty" }, [text]));
      return;
    }
    const text = this.texts.areThere ? await this.texts.text(place) : undefined;
    if (this.context.state.instance !== row.id) return;
    const { corpus, encoder, attention, seed, task } = this.study.entry;
    const heading = element("h3", { tabindex: -1 }, [row.id]);
    const name = fileName(corpus, encoder, attention, `seed${seed}`, row.id);
    const epsilon = task === "classification" ? "01" : "05";
    const focused = [...this.detail.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    this.detail.replaceChildren(
      element("div", { class: "detail-head" }, [
        heading,
        this.step("Previous", -1),
        this.step("Next", 1),
        button("Close", () => this.close()),
      ]),
      instanceDetail({ row, text, epsilon, ground, name }),
    );
    this.detail.querySelectorAll("button")[focused]?.focus();
    if (this.openedByKeyboard) heading.focus();
    if (matchMedia("(max-width: 1099px)").matches) this.detail.scrollIntoView({ block: "start" });
    this.openedByKeyboard = false;
  }

  private step(text: string, step: 1 | -1): HTMLButtonElement {
    return button(text, () => this.list.openNeighbour(step), { disabled: !this.list.hasNeighbour(step) });
  }

  private save(): void {
    const { corpus, encoder, attention, seed } = this.study.entry;
    const rows = this.places.map((place) => this.study.rows[place]!);
    downloadCsv(fileName(corpus, encoder, attention, `seed${seed}`, "instances"), rows);
  }
}
