import { html } from "htm/preact";
import { curve } from "../../figures/curve";
import { escapeText } from "../../figures/figure";
import { histogram } from "../../figures/histogram";
import { scatter } from "../../figures/scatter";
import { violin } from "../../figures/violin";
import type { Column } from "../../study/columns";
import { chooser, claimsTable, publishedTable, tableBlock } from "./blocks";
import { fileOf, numbersOf, ofTexts, type Shown } from "./context";
import { figureBlock } from "./figureBlock";

/** Research question 1: does attention agree with the importance of words? */
export function AgreementView(shown: Shown) {
  const { study, ground } = shown;
  const agreements = numbersOf(study).filter(({ reason }) => reason !== undefined);
  const figures = agreements.map(({ name, title, meaning }) =>
    figureBlock({
      ...{ title, about: meaning, name: fileOf(study, name), ground },
      draw: () => histogram(study.rows, { x: name, ...ofTexts(shown) }),
    }),
  );
  return html`
    <p class="question">
      Research question 1: do attention weights agree with how much each word matters to the prediction (figure 2 of the
      paper)? If attention explained it, most texts would be near 1. Classes are the predicted ones, as in the paper.
    </p>
    <div class="figures">${figures}</div>
    ${claimsTable(study.entry, shown, "rq1")}
    ${publishedTable(study, agreements)}`;
}

/** Research question 2: what do other attentions do to the output, and how far can they be? */
export function InterventionView(shown: Shown) {
  const { study, state, go } = shown;
  const numbers = numbersOf(study);
  const interventions = study.contents.parts.filter(({ kind }) => kind === "intervention");
  const measures = numbers.filter(({ name }) => interventions.some(({ columns }) => columns.includes(name)));
  const measure = measures.find(({ name }) => name === state.measure) ?? measures[0];
  const others = numbers.filter((column) => column !== measure);
  const over = others.find(({ name }) => name === state.over) ?? others.find(({ name }) => name === "maxAttention");
  const choices = (columns: readonly Column[]) => columns.map(({ name, title }) => [name, title] as const);
  const { caption = "", ...epsilons } = study.contents.epsilons;
  return html`
    <p class="question">
      Research question 2: would another attention change the prediction, and is there one that looks quite different
      and gives the same output? A change of the output near 0 says that it did not matter which words had the
      attention; a divergence (JSD) near ln 2 ≈ 0.69 nats that an utterly different attention would explain the
      prediction as well.
    </p>
    <div class="bar controls">
      ${chooser("Measured", choices(measures), measure?.name ?? "", (name) => go({ measure: name }))}
      ${chooser("Drawn over", choices(others), over?.name ?? "", (name) => go({ over: name }))}
    </div>
    <div class="figures">
      ${measure && over && figuresOf(shown, measure, over)}
      ${curveOf(shown)}
    </div>
    ${claimsTable(study.entry, shown, "rq2")}
    ${publishedTable(study, measure ? [measure] : [])}
    ${tableBlock({
      title: "What the search finds, beside the exact maximum",
      about: `Means over the texts of each predicted class, then (–) over all. ${caption} Texts with a question have no exact maximum here.`,
      ...{ name: fileOf(study, "epsilon"), table: epsilons },
    })}`;
}

/** A measure by itself and over another column. */
function figuresOf(shown: Shown, measure: Column, over: Column) {
  const { study, ground, go } = shown;
  const { rows } = study;
  const options = ofTexts(shown);
  const axes = { x: over.name, y: measure.name, ...options };
  const name = (form: string) => fileOf(study, `${measure.name}-${form}`);
  return [
    figureBlock({
      ...{ title: measure.title, about: measure.meaning, name: name("histogram"), ground },
      draw: () => histogram(rows, { x: measure.name, ...options }),
    }),
    figureBlock({
      ...{ title: `The same, by ${over.title}`, about: over.meaning, name: name(`${over.name}-violin`), ground },
      draw: () => violin(rows, axes),
    }),
    figureBlock({
      ...{ title: "The same, text by text", about: "A point is a text; click it to see its words." },
      ...{ name: name(`${over.name}-scatter`), ground },
      draw: () => scatter(rows, { ...axes, label: "id", diagonal: isOneScale(measure, over) }),
      onPoint: (point) => go({ view: "texts", text: rows.find(({ id }) => escapeText(id) === point)?.id ?? "" }),
    }),
  ];
}

/** As of the divergence that the search finds and of the exact one. */
function isOneScale({ unit, range }: Column, other: Column): boolean {
  return unit !== undefined && unit === other.unit && String(range) === String(other.range);
}

function curveOf(shown: Shown) {
  const { study, ground } = shown;
  const { curve: points } = study.contents;
  if (points.length === 0) return undefined;
  const axes = { x: "epsilon", y: "jsd", by: "class", intervalName: "95 % bootstrap interval over texts" } as const;
  return figureBlock({
    title: "The exact adversary over ε",
    about: "How much of the finding hangs on the ε that one chooses: the mean of the exact ε-max JSD.",
    ...{ name: fileOf(study, "exact-curve"), ground },
    draw: () => curve(points, { ...ofTexts(shown), ...axes }),
  });
}
