import { html } from "htm/preact";
import { histogram } from "../../figures/histogram";
import { scatter } from "../../figures/scatter";
import { violin } from "../../figures/violin";
import type { Column } from "../../study/columns";
import { field, publishedTable } from "./blocks";
import { fileOf, numbersOf, ofTexts, openText, rowsOf, type Shown, titlesOf } from "./context";
import { figureBlock } from "./figureBlock";

/** Research question 1: does attention agree with the importance of words? */
export function AgreementView(shown: Shown) {
  const { study } = shown;
  const agreements = numbersOf(study).filter(({ reason }) => reason !== undefined);
  return html`
    <div class="figures">${agreements.map((column) => histogramOf(shown, column))}</div>
    ${publishedTable(study, agreements)}`;
}

/** Research question 2: what do other attentions do to the output, and how far can they be? */
export function InterventionView(shown: Shown) {
  const { study, state } = shown;
  const numbers = numbersOf(study);
  const measure = numbers.find(({ name }) => name === (state.measure || "permutationTvd")) ?? numbers[0]!;
  const others = numbers.filter((column) => column !== measure);
  const over = others.find(({ name }) => name === state.over) ?? others.find(({ name }) => name === "maxAttention");
  return html`
    <div class="bar controls">
      ${field(shown, "measure", "Measured", titlesOf(numbers), measure.name)}
      ${field(shown, "over", "Drawn over", titlesOf(others), over?.name ?? "")}
    </div>
    <div class="figures">${over && figuresOf(shown, measure, over)}</div>
    ${publishedTable(study, [measure])}`;
}

function histogramOf(shown: Shown, { name, title, meaning }: Column) {
  return figureBlock({
    ...{ title, about: meaning, name: fileOf(shown, name) },
    draw: () => histogram(rowsOf(shown), { x: name, ...ofTexts(shown) }),
  });
}

function figuresOf(shown: Shown, measure: Column, over: Column) {
  const axes = { x: over.name, y: measure.name, ...ofTexts(shown) };
  const name = (form: string) => fileOf(shown, `${measure.name}-${form}`);
  return [
    histogramOf(shown, measure),
    figureBlock({
      ...{ title: `The same, by ${over.title}`, about: over.meaning, name: name(`${over.name}-violin`) },
      draw: () => violin(rowsOf(shown), axes),
    }),
    figureBlock({
      ...{ title: "The same, text by text", name: name(`${over.name}-scatter`) },
      about: "A point is a text: rest on it to read it, click it to see its weights.",
      draw: () => scatter(rowsOf(shown), { ...axes, label: "text", diagonal: isOneScale(measure, over) }),
      onPoint: openText(shown),
    }),
  ];
}

/** As of the divergence that the search finds and of the exact one. */
function isOneScale({ unit, range }: Column, other: Column): boolean {
  return unit !== undefined && unit === other.unit && String(range) === String(other.range);
}
