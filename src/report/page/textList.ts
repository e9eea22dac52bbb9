import { html } from "htm/preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { formatNumber } from "../../figures/figure";
import type { Column } from "../../study/columns";
import type { LinesOfTexts, TextRow } from "../contents";
import { symbolOf } from "./blocks";
import type { ViewState } from "./viewState";

/** Pixels; as in the style sheet. */
const rowHeight = 34;
const headHeight = 36;
/** Rows in the page, more than fit into the list, and how many of them stand above it. */
const [rowsMade, rowsAbove] = [48, 8];

interface ListProps {
  rows: readonly TextRow[];
  lines: LinesOfTexts;
  /** Of rows, in the order of the list. */
  places: readonly number[];
  columns: readonly Column[];
  state: Pick<ViewState, "sort" | "order" | "text">;
  grid: { current: HTMLElement | null };
  onOpen: (place: number, byKeyboard: boolean) => void;
  onSort: (column: string) => void;
}

/** The texts, of which only those in sight are in the page. */
export function TextList({ rows, lines, places, columns, state, grid, onOpen, onSort }: ListProps) {
  const { sort, order, text } = state;
  const opened = places.findIndex((place) => rows[place]!.id === text);
  /** Where the keyboard is: an index into the places. */
  const [cursor, setCursor] = useState(0);
  const [scrolled, setScrolled] = useState(0);
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - rowsAbove);
  const moveTo = (index: number) => {
    const list = grid.current!;
    const least = headHeight + (index + 1) * rowHeight - list.clientHeight;
    list.scrollTop = Math.min(index * rowHeight, Math.max(least, list.scrollTop));
    setCursor(index);
  };
  useLayoutEffect(() => moveTo(Math.max(0, opened)), [places]);
  useLayoutEffect(() => {
    if (opened >= 0) moveTo(opened);
  }, [opened]);

  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = places.length - 1;
    const page = Math.max(1, Math.floor((grid.current!.clientHeight - headHeight) / rowHeight) - 1);
    const moves: { [key: string]: number } = {
      ...{ ArrowDown: cursor + 1, ArrowUp: cursor - 1, PageDown: cursor + page, PageUp: cursor - page },
      ...{ Home: 0, End: last },
    };
    const target = moves[event.key];
    if (target === undefined && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (last < 0) return;
    if (target === undefined) onOpen(places[cursor]!, true);
    else moveTo(Math.max(0, Math.min(last, target)));
  };

  const heads = columns.map((column) => {
    const isSorted = column.name === sort;
    const sorter = html`
      <button type="button" title="Sort by ${column.title}" onClick=${() => onSort(column.name)}>
        ${symbolOf(column)}${isSorted && (order === "descending" ? " ▾" : " ▴")}
      </button>`;
    const direction = isSorted ? order : undefined;
    return html`<div class=${numberClass(isSorted)} role="columnheader" aria-sort=${direction}>${sorter}</div>`;
  });
  const made = places.slice(first, first + rowsMade).map((place, offset) => {
    const index = first + offset;
    const row = rows[place]!;
    const classes = `row${index === cursor ? " cursor" : ""}${index === opened ? " chosen" : ""}`;
    const said = row.predicted === row.label ? "right" : "wrong";
    const numbers = columns.map(({ name, digits }) => {
      const text = typeof row[name] === "number" ? formatNumber(row[name], digits) : "–";
      return html`<div class=${numberClass(name === sort)} role="gridcell">${text}</div>`;
    });
    return html`
      <div key=${place} id="text-${index}" class=${classes} role="row"
        aria-rowindex=${index + 2} aria-selected=${index === opened} style="top:${index * rowHeight}px"
        onClick=${() => onOpen(place, false)}>
        <div class="words" role="gridcell" title=${row.id}>${lines[place] ?? row.id}</div>
        <div role="gridcell" title="true class: ${row.label}">
          <span class=${said} role="img" aria-label=${said}>${said === "right" ? "✓" : "✗"}</span> ${row.predicted}
        </div>
        ${numbers}
      </div>`;
  });
  const isMade = cursor >= first && cursor < first + made.length;
  return html`
    <div class="texts" role="grid" tabindex="0" aria-label="Texts: arrow keys move, Enter opens" ref=${grid}
      aria-rowcount=${places.length + 1} aria-activedescendant=${isMade ? `text-${cursor}` : undefined}
      style="--numbers:${columns.length}" onKeyDown=${onKey}
      onScroll=${() => setScrolled(grid.current!.scrollTop)}>
      <div class="heads" role="rowgroup">
        <div class="row head" role="row" aria-rowindex="1">
          <div role="columnheader">text</div>
          <div role="columnheader">predicted</div>
          ${heads}
        </div>
      </div>
      <div class="body" role="rowgroup" style="height:${places.length * rowHeight}px">${made}</div>
    </div>`;
}

function numberClass(isSorted: boolean): string {
  return isSorted ? "number sorted" : "number";
}
