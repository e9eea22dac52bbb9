import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { formatNumber } from "../../figures/figure";
import type { InstanceRow } from "../../study/analyze";
import { button, element } from "./dom";
import type { Measure } from "./measures";
import type { StudyTexts } from "./studyTexts";

/** Pixels; as in the style sheet. */
const rowHeight = 34;
const headHeight = 36;

export interface ListContents {
  /** Places of rows, in the order of the list. */
  places: readonly number[];
  columns: readonly Measure[];
  sort: string;
  order: string;
  /** The id of the open instance. */
  open: string;
}

export interface ListOptions {
  rows: readonly InstanceRow[];
  texts: StudyTexts;
  onOpen: (place: number, byKeyboard: boolean) => void;
  onSort: (column: string) => void;
}

/** The instances, of which only those in sight are in the page. */
export class InstanceList {
  readonly grid: HTMLElement = element("div", {
    class: "instances",
    role: "grid",
    tabindex: 0,
    "aria-label": "Instances: arrow keys move, Enter opens",
  });
  private readonly head = element("div", { class: "row head", role: "row", "aria-rowindex": 1 });
  private readonly body = element("div", { class: "body", role: "rowgroup" });
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private contents: ListContents = { places: [], columns: [], sort: "", order: "", open: "" };
  /** Where the keyboard is: an index into the places. */
  private cursor = 0;

  constructor(private readonly options: ListOptions) {
    this.grid.append(element("div", { role: "rowgroup", class: "heads" }, [this.head]), this.body);
    this.virtualizer = new Virtualizer({
      ...this.virtualOptions(0),
      onChange: () => this.render(),
    });
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.body.addEventListener("click", (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
      if (row) this.openAt(Number(row.dataset.index), false);
    });
  }

  private virtualOptions(count: number) {
    return {
      count,
      getScrollElement: () => this.grid,
      estimateSize: () => rowHeight,
      overscan: 8,
      paddingStart: headHeight,
      scrollPaddingStart: headHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
    };
  }

  /** To be called when the list has come into the page. @returns what ends it */
  mount(): () => void {
    const unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    this.render();
    return unmount;
  }

  show(contents: ListContents): void {
    const isSame = contents.places === this.contents.places;
    this.contents = contents;
    const count = contents.places.length;
    if (!isSame) {
      this.virtualizer.setOptions({ ...this.virtualizer.options, count });
      this.virtualizer._willUpdate();
      this.cursor = Math.max(
        0,
        contents.places.findIndex((place) => this.options.rows[place]!.id === contents.open),
      );
      if (count > 0) this.virtualizer.scrollToIndex(this.cursor);
    }
    this.grid.setAttribute("aria-rowcount", String(count + 1));
    this.grid.style.setProperty("--numbers", String(contents.columns.length));
    this.renderHead();
    this.render();
  }

  private renderHead(): void {
    const { columns, sort, order } = this.contents;
    const cell = (content: Node | string, column?: Measure) => {
      const isSorted = column !== undefined && column.column === sort;
      return element(
        "div",
        {
          class: column ? `number${isSorted ? " sorted" : ""}` : "words",
          role: "columnheader",
          "aria-sort": isSorted ? order : undefined,
        },
        [content],
      );
    };
    const sorter = (column: Measure) => {
      const arrow = column.column === sort ? (order === "descending" ? " ▾" : " ▴") : "";
      return button(`${column.symbol}${arrow}`, () => this.options.onSort(column.column), {
        title: `Sort by ${column.name}`,
      });
    };
    const focused = [...this.head.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    this.head.replaceChildren(
      cell(this.options.texts.areThere ? "text" : "instance"),
      element("div", { class: "class", role: "columnheader" }, ["predicted"]),
      ...columns.map((column) => cell(sorter(column), column)),
    );
    this.head.querySelectorAll("button")[focused]?.focus();
  }

  private render(): void {
    const items = this.virtualizer.getVirtualItems();
    this.body.style.height = `${this.virtualizer.getTotalSize() - headHeight}px`;
    this.body.replaceChildren(...items.map(({ index, start }) => this.rowAt(index, start - headHeight)));
    const hasCursor = items.some(({ index }) => index === this.cursor);
    if (hasCursor) this.grid.setAttribute("aria-activedescendant", `instance-${this.cursor}`);
    else this.grid.removeAttribute("aria-activedescendant");
    this.bringTexts(items.map(({ index }) => this.contents.places[index]!));
  }

  private bringTexts(places: readonly number[]): void {
    const { texts } = this.options;
    if (!texts.areThere || places.every((place) => texts.line(place) !== undefined)) return;
    texts.bring(places).then(
      (isNew) => isNew && this.render(),
      (error: Error) => this.grid.setAttribute("data-problem", error.message),
    );
  }

  private rowAt(index: number, top: number): HTMLElement {
    const { places, columns, open, sort } = this.contents;
    const place = places[index]!;
    const row = this.options.rows[place]!;
    const isRight = row.predicted === row.label;
    const text = this.options.texts.line(place);
    const classes = ["row", index === this.cursor ? "cursor" : "", row.id === open ? "open" : ""];
    return element(
      "div",
      {
        id: `instance-${index}`,
        class: classes.filter(Boolean).join(" "),
        role: "row",
        "aria-rowindex": index + 2,
        "aria-selected": String(row.id === open),
        "data-index": index,
        style: `top:${top}px`,
      },
      [
        element("div", { class: "words", role: "gridcell", title: row.id }, [text ?? row.id]),
        element("div", { class: "class", role: "gridcell", title: `true class: ${row.label}` }, [
          element(
            "span",
            { class: isRight ? "right" : "wrong", role: "img", "aria-label": isRight ? "right" : "wrong" },
            [isRight ? "✓" : "✗"],
          ),
          ` ${row.predicted}`,
        ]),
        ...columns.map(({ column, digits }) => {
          const value = row[column] as number | undefined;
          const shown = value === undefined ? "–" : formatNumber(value, digits);
          return element("div", { class: `number${column === sort ? " sorted" : ""}`, role: "gridcell" }, [shown]);
        }),
      ],
    );
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.grid || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.contents.places.length - 1;
    const page = Math.max(1, Math.floor((this.grid.clientHeight - headHeight) / rowHeight) - 1);
    const moves: { [key: string]: number } = {
      ArrowDown: this.cursor + 1,
      ArrowUp: this.cursor - 1,
      PageDown: this.cursor + page,
      PageUp: this.cursor - page,
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (event.key !== "Enter" && event.key !== " " && target === undefined) return;
    event.preventDefault();
    if (last < 0) return;
    if (target === undefined) this.openAt(this.cursor, true);
    else this.moveTo(Math.max(0, Math.min(last, target)));
  }

  private moveTo(index: number): void {
    this.cursor = index;
    this.virtualizer.scrollToIndex(index);
    this.render();
  }

  private openAt(index: number, byKeyboard: boolean): void {
    this.cursor = index;
    this.options.onOpen(this.contents.places[index]!, byKeyboard);
  }

  /** Whether there is an instance before or after the cursor. */
  hasNeighbour(step: 1 | -1): boolean {
    return this.contents.places[this.cursor + step] !== undefined;
  }

  openNeighbour(step: 1 | -1): void {
    this.virtualizer.scrollToIndex(this.cursor + step);
    this.openAt(this.cursor + step, false);
  }
}
