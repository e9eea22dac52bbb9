import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { formatNumber } from "../../figures/figure";
import type { Column } from "../../study/columns";
import type { LinesOfTexts, TextRow } from "../contents";
import { button, element, symbolOf } from "./dom";

/** Pixels; as in the style sheet. */
const rowHeight = 34;
const headHeight = 36;

export interface ListContents {
  /** Places of rows, in the order of the list. */
  places: readonly number[];
  columns: readonly Column[];
  sort: string;
  order: string;
  /** The id of the open text. */
  open: string;
}

export interface ListOptions {
  rows: readonly TextRow[];
  lines: LinesOfTexts;
  onOpen: (place: number, byKeyboard: boolean) => void;
  onSort: (column: string) => void;
}

/** The texts, of which only those in sight are in the page. */
export class TextList {
  readonly grid: HTMLElement = element("div", {
    class: "texts",
    role: "grid",
    tabindex: 0,
    "aria-label": "Texts: arrow keys move, Enter opens",
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
      count: 0,
      getScrollElement: () => this.grid,
      estimateSize: () => rowHeight,
      overscan: 8,
      paddingStart: headHeight,
      scrollPaddingStart: headHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.render(),
    });
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.body.addEventListener("click", (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
      if (row) this.openAt(Number(row.dataset.index), false);
    });
  }

  /** To be called when the list has come into the page. @returns what ends it */
  mount(): () => void {
    const unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    this.render();
    return unmount;
  }

  show(contents: ListContents): void {
    const { places, columns, open } = contents;
    const isSame = places === this.contents.places;
    this.contents = contents;
    if (!isSame) {
      this.virtualizer.setOptions({ ...this.virtualizer.options, count: places.length });
      this.virtualizer._willUpdate();
      const opened = places.findIndex((place) => this.options.rows[place]!.id === open);
      this.cursor = Math.max(0, opened);
      if (places.length > 0) this.virtualizer.scrollToIndex(this.cursor);
    }
    this.grid.setAttribute("aria-rowcount", String(places.length + 1));
    this.grid.style.setProperty("--numbers", String(columns.length));
    this.renderHead();
    this.render();
  }

  private renderHead(): void {
    const focused = [...this.head.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
    this.head.replaceChildren(
      element("div", { class: "words", role: "columnheader" }, ["text"]),
      element("div", { class: "class", role: "columnheader" }, ["predicted"]),
      ...this.contents.columns.map((column) => this.headOf(column)),
    );
    this.head.querySelectorAll("button")[focused]?.focus();
  }

  private headOf(column: Column): HTMLElement {
    const { name, title } = column;
    const { sort, order } = this.contents;
    const isSorted = name === sort;
    const symbol = element("span", {}, [symbolOf(column), isSorted ? (order === "descending" ? " ▾" : " ▴") : ""]);
    const sorter = button(symbol, () => this.options.onSort(name), { title: `Sort by ${title}` });
    const attributes = { class: numberClass(isSorted), role: "columnheader" };
    return element("div", { ...attributes, "aria-sort": isSorted ? order : undefined }, [sorter]);
  }

  private render(): void {
    const items = this.virtualizer.getVirtualItems();
    this.body.style.height = `${this.virtualizer.getTotalSize() - headHeight}px`;
    this.body.replaceChildren(...items.map(({ index, start }) => this.rowAt(index, start - headHeight)));
    const hasCursor = items.some(({ index }) => index === this.cursor);
    if (hasCursor) this.grid.setAttribute("aria-activedescendant", `text-${this.cursor}`);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  private rowAt(index: number, top: number): HTMLElement {
    const { places, columns, open, sort } = this.contents;
    const place = places[index]!;
    const row = this.options.rows[place]!;
    const said = row.predicted === row.label ? "right" : "wrong";
    const mark = { class: said, role: "img", "aria-label": said };
    const attributes = {
      id: `text-${index}`,
      class: `row${index === this.cursor ? " cursor" : ""}${row.id === open ? " open" : ""}`,
      role: "row",
      "aria-rowindex": index + 2,
      "aria-selected": String(row.id === open),
      "data-index": index,
      style: `top:${top}px`,
    };
    return element("div", attributes, [
      element("div", { class: "words", role: "gridcell", title: row.id }, [this.options.lines[place] ?? row.id]),
      element("div", { class: "class", role: "gridcell", title: `true class: ${row.label}` }, [
        element("span", mark, [said === "right" ? "✓" : "✗"]),
        ` ${row.predicted}`,
      ]),
      ...columns.map(({ name, digits }) => {
        const value = row[name];
        const shown = typeof value === "number" ? formatNumber(value, digits) : "–";
        return element("div", { class: numberClass(name === sort), role: "gridcell" }, [shown]);
      }),
    ]);
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

  /** Whether there is a text before or after the cursor. */
  hasNeighbour(step: 1 | -1): boolean {
    return this.contents.places[this.cursor + step] !== undefined;
  }

  openNeighbour(step: 1 | -1): void {
    this.virtualizer.scrollToIndex(this.cursor + step);
    this.openAt(this.cursor + step, false);
  }
}

function numberClass(isSorted: boolean): string {
  return isSorted ? "number sorted" : "number";
}
