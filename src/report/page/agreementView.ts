import { histogram } from "../../figures/histogram";
import { fileOf, numbersOf, ofTexts, type StudyView } from "./context";
import { element } from "./dom";
import { figureBlock } from "./figureBlock";
import { claimsTable, publishedTable } from "./paperTables";

/** Research question 1: does attention agree with the importance of words? */
export const agreementView: StudyView = (study, context) => {
  const { entry, rows } = study;
  const agreements = numbersOf(study).filter(({ reason }) => reason !== undefined);
  const blocks = agreements.map(({ name, title, meaning }) =>
    figureBlock({
      ...{ title, about: meaning, name: fileOf(study, name) },
      draw: () => histogram(rows, { x: name, ...ofTexts(study, context) }),
    }),
  );
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Research question 1: do attention weights agree with how much each word matters to the prediction (figure 2 of the paper)? If attention explained it, most texts would be near 1. Classes are the predicted ones, as in the paper.",
    ]),
    element("div", { class: "figures" }, blocks),
    ...claimsTable(entry, context, "rq1"),
    ...publishedTable(study, agreements),
  ]);
};
