import { curve } from "../../figures/curve";
import { escapeText } from "../../figures/figure";
import { histogram } from "../../figures/histogram";
import { scatter } from "../../figures/scatter";
import { violin } from "../../figures/violin";
import type { Column } from "../../study/columns";
import type { StudyContents } from "../contents";
import { type Context, fileOf, numbersOf, type OpenStudy, ofTexts, type StudyView } from "./context";
import { chooser, element } from "./dom";
import { figureBlock } from "./figureBlock";
import { claimsTable, publishedTable } from "./paperTables";
import { tableBlock } from "./tableBlock";

/** Research question 2: what do other attentions do to the output, and how far can they be? */
export const interventionView: StudyView = (study, context) => {
  const { contents, entry } = study;
  const { state, go } = context;
  const numbers = numbersOf(study);
  const measures = numbers.filter(({ name }) => isOfIntervention(contents, name));
  const measure = measures.find(({ name }) => name === state.measure) ?? measures[0];
  const others = numbers.filter((column) => column !== measure);
  const over = others.find(({ name }) => name === state.over) ?? others.find(({ name }) => name === "maxAttention");
  const choices = (columns: readonly Column[]) => columns.map(({ name, title }) => [name, title] as const);
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Research question 2: would another attention change the prediction, and is there one that looks quite different and gives the same output? A change of the output near 0 says that it did not matter which words had the attention; a divergence (JSD) near ln 2 ≈ 0.69 nats that an utterly different attention would explain the prediction as well.",
    ]),
    element("div", { class: "controls" }, [
      chooser("Measured", choices(measures), measure?.name ?? "", (name) => go({ measure: name })),
      chooser("Drawn over", choices(others), over?.name ?? "", (name) => go({ over: name })),
    ]),
    element("div", { class: "figures" }, [
      ...(measure && over ? figuresOf(study, context, measure, over) : []),
      ...curveOf(study, context),
    ]),
    ...claimsTable(entry, context, "rq2"),
    ...publishedTable(study, measure ? [measure] : []),
    ...epsilonsOf(study),
  ]);
};

function isOfIntervention({ parts }: StudyContents, column: string): boolean {
  return parts.some(({ kind, columns }) => kind === "intervention" && columns.includes(column));
}

function figuresOf(study: OpenStudy, context: Context, measure: Column, over: Column): HTMLElement[] {
  const { rows } = study;
  const options = ofTexts(study, context);
  const axes = { x: over.name, y: measure.name, ...options };
  const name = (form: string) => fileOf(study, `${measure.name}-${form}`);
  return [
    figureBlock({
      ...{ title: measure.title, about: measure.meaning, name: name("histogram") },
      draw: () => histogram(rows, { x: measure.name, ...options }),
    }),
    figureBlock({
      ...{ title: `The same, by ${over.title}`, about: over.meaning, name: name(`${over.name}-violin`) },
      draw: () => violin(rows, axes),
    }),
    figureBlock({
      title: "The same, text by text",
      about: "A point is a text; click it to see its words.",
      name: name(`${over.name}-scatter`),
      draw: () => scatter(rows, { ...axes, label: "id", diagonal: isOneScale(measure, over) }),
      onPoint: (shown) => {
        context.go({ view: "texts", text: rows.find(({ id }) => escapeText(id) === shown)?.id ?? "" });
      },
    }),
  ];
}

/** As of the divergence that the search finds and of the exact one. */
function isOneScale({ unit, range }: Column, other: Column): boolean {
  return unit !== undefined && unit === other.unit && String(range) === String(other.range);
}

function curveOf(study: OpenStudy, context: Context): HTMLElement[] {
  const points = study.contents.curve;
  if (points.length === 0) return [];
  const intervalName = "95 % bootstrap interval over texts";
  return [
    figureBlock({
      title: "The exact adversary over ε",
      about: "How much of the finding hangs on the ε that one chooses: the mean of the exact ε-max JSD.",
      name: fileOf(study, "exact-curve"),
      draw: () => curve(points, { ...ofTexts(study, context), x: "epsilon", y: "jsd", by: "class", intervalName }),
    }),
  ];
}

function epsilonsOf(study: OpenStudy): HTMLElement[] {
  const { caption = "", ...table } = study.contents.epsilons;
  if (table.rows.length === 0) return [];
  return [
    tableBlock({
      title: "What the search finds, beside the exact maximum",
      about: `Means over the texts of each predicted class, then (–) over all. ${caption} Texts with a question have no exact maximum here.`,
      ...{ name: fileOf(study, "epsilon"), table },
    }),
  ];
}
