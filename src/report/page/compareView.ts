import { html } from "htm/preact";
import { escapeText } from "../../figures/figure";
import { scatter } from "../../figures/scatter";
import { symbolHtml } from "../../study/columns";
import type { ShownRow } from "../contents";
import { field } from "./blocks";
import {
  comparedIn,
  fileOf,
  ground,
  namesOf,
  numbersOf,
  type OpenStudy,
  openText,
  type Shown,
  titlesOf,
} from "./context";
import { figureBlock } from "./figureBlock";
import { hashOf } from "./viewState";

/** The chosen study beside another one, text by text. */
export function CompareView({ other, ...shown }: Shown) {
  const texts = other ? commonTexts(shown.study, other) : [];
  if (!other || texts.length === 0)
    return html`<p role="status">Choose above, beside this study, one that has texts in common with it.</p>`;
  const { study, state } = shown;
  const both = { ...shown, other };
  const columns = numbersOf(study).filter(({ name }) => numbersOf(other).some((column) => column.name === name));
  const column = comparedIn(columns, state);
  const [xTitle, yTitle] = namesOf(both).map((name) => `${symbolHtml(escapeText(column.symbol))}: ${escapeText(name)}`);
  const differing = { ...state, view: "texts", measure: column.name, sort: "difference", order: "descending" };
  return html`
    <div class="bar controls">
      ${field(shown, "measure", "Measured", titlesOf(columns), column.name)}
      <a href=${hashOf(differing)}>The texts that differ most</a>
    </div>
    ${figureBlock({
      ...{ title: `${column.title}, text by text`, name: fileOf(both, `${column.name}-scatter`) },
      about: `A point is one of ${texts.length} common texts: rest on it to read it, click it to see the weights of both.`,
      draw: () => {
        const rows = texts.map(({ first, second }) => {
          return { text: first.text, first: first[column.name], second: second[column.name] };
        });
        const axes = { x: "first", y: "second", label: "text", diagonal: true } as const;
        return scatter(rows, { ...axes, xRange: column.range, xTitle, yTitle, background: ground() });
      },
      onPoint: openText(shown),
    })}`;
}

/** The texts of one corpus that both studies have, which are known by id, true class and length. */
export function commonTexts(first: OpenStudy, second: OpenStudy): { first: ShownRow; second: ShownRow }[] {
  if (first.entry.corpus !== second.entry.corpus) return [];
  const others = new Map(second.rows.map((row) => [row.id, row]));
  return first.rows.flatMap((row) => {
    const other = others.get(row.id);
    return other?.label === row.label && other.words === row.words ? [{ first: row, second: other }] : [];
  });
}
