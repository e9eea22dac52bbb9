import { html } from "htm/preact";
import { escapeText } from "../../figures/figure";
import { scatter } from "../../figures/scatter";
import { differenceIn, meanOver, numberIn } from "../../paper/texts";
import { overTexts } from "../../stats/interval";
import { type Column, symbolHtml } from "../../study/columns";
import { field, tableBlock } from "./blocks";
import { comparedIn, fileOf, namesOf, numbersOf, openText, type Shown, titlesOf } from "./context";
import { figureBlock } from "./figureBlock";
import type { OpenStudy, ShownRow } from "./openStudy";
import { hashOf } from "./viewState";

/** The chosen study beside another one: its numbers, and one of them text by text. */
export function CompareView({ other, ...shown }: Shown) {
  const texts = other ? commonTexts(shown.study, other) : [];
  if (!other || texts.length === 0)
    return html`<p role="status">Choose above, beside this study, one that has texts in common with it.</p>`;
  const { study, entry, state } = shown;
  const both = { ...shown, other };
  const names = namesOf(both);
  const columns = numbersOf(study).filter(({ name }) => numbersOf(other).some((column) => column.name === name));
  const column = comparedIn(columns, state);
  const [xTitle, yTitle] = names.map((name) => `${symbolHtml(escapeText(column.symbol))}: ${escapeText(name)}`);
  const differing = { ...state, view: "texts", measure: column.name, sort: "difference", order: "descending" };
  const leading = columns.filter(({ name }) => name in entry.means);
  const columnsOfDifference = { difference: "second less first", low: "from", high: "to", n: "texts" };
  return html`
    ${tableBlock({
      title: `Numbers over ${texts.length} common texts`,
      about:
        "Means, and the difference with its 95 % bootstrap interval over texts, which says nothing of another training run.",
      name: fileOf(both, "numbers"),
      table: {
        rows: compareNumbers(texts, leading),
        columns: { title: "", first: names[0], second: names[1], ...columnsOfDifference },
        digits: 3,
      },
    })}
    <div class="bar controls">
      ${field(shown, "measure", "Measured", titlesOf(columns), column.name)}
      <a href=${hashOf(differing)}>The texts that differ most</a>
    </div>
    ${figureBlock({
      ...{ title: `${column.title}, text by text`, name: fileOf(both, `${column.name}-scatter`) },
      about: "A point is a text: rest on it to read it, click it to see the weights of both.",
      draw: () => {
        const rows = texts.map(({ first, second }) => {
          return { text: first.text, first: first[column.name], second: second[column.name], measure: column.name };
        });
        const axes = { x: "first", y: "second", label: "text", diagonal: true } as const;
        return scatter(rows, { ...axes, xTitle, yTitle });
      },
      onPoint: openText(shown),
    })}`;
}

/** The texts of one corpus that both studies have, which are known by id, true class and length. */
export function commonTexts(first: OpenStudy, second: OpenStudy) {
  if (first.entry.corpus !== second.entry.corpus) return [];
  const others = new Map(second.rows.map((row) => [row.id, row]));
  return first.rows.flatMap((row) => {
    const other = others.get(row.id);
    return other?.label === row.label && other.words === row.words ? [{ first: row, second: other }] : [];
  });
}

/** The means of the accuracy and of some columns in two studies, and the difference with its interval over texts. */
export function compareNumbers(
  texts: ReturnType<typeof commonTexts>,
  columns: readonly Pick<Column, "name" | "title">[],
) {
  const right = { title: "accuracy", of: ({ outcome }: ShownRow) => Number(outcome === "right") };
  const others = columns.map(({ name, title }) => ({ title, of: (row: ShownRow) => numberIn(row, name) }));
  return [right, ...others].map(({ title, of }) => {
    const values = texts.map(({ first, second }) => ({ first: of(first), second: of(second) }));
    const differences = values.flatMap((both) => differenceIn(both, "second", "first") ?? []);
    const { mean: difference, low, high, n } = overTexts(differences);
    const [first, second] = (["first", "second"] as const).map((which) => meanOver(values, (both) => both[which]));
    return { title, first, second, difference, low, high, n };
  });
}
