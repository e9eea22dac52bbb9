import { histogram } from "../../figures/histogram";
import { claimsTable } from "./claimsTable";
import { classesOf, type StudyView } from "./context";
import { element } from "./dom";
import { fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { publishedTable } from "./publishedTable";

const figures = [
  {
    x: "tauGradient",
    title: "Figure 2: attention and gradient",
    about:
      "For each text, τ_g: how far the words' attention and their importance by gradient are in the same order. If attention explained the prediction, most texts would be near 1.",
    xTitle: "τ<sub>g</sub> per instance",
  },
  {
    x: "tauLeaveOneOut",
    title: "Appendix: attention and leave-one-out",
    about: "For each text, τ_loo: the same with how far the output moves when a word is removed.",
    xTitle: "τ<sub>loo</sub> per instance",
  },
  {
    x: "tauGradientLeaveOneOut",
    title: "The yardstick of figures 3 and 4: gradient and leave-one-out",
    about: "How far the two measures of importance agree with each other on the same texts.",
    xTitle: "τ of gradient and leave-one-out per instance",
  },
] as const;

/** Research question 1: does attention agree with the importance of words? */
export const correlationView: StudyView = (study, context) => {
  const { entry, contents, rows } = study;
  const { ground } = context;
  const { corpus, encoder, attention, seed } = entry;
  const name = (what: string) => fileName("rq1", corpus, encoder, attention, `seed${seed}`, what);
  const blocks = figures.map(({ x, title, about, xTitle }) =>
    figureBlock({
      title,
      about,
      name: name(x),
      rows,
      draw: () =>
        histogram(rows, {
          x,
          range: [-1, 1],
          ...classesOf(entry),
          reason: `${x}Undefined`,
          xTitle,
          title: corpus,
          background: ground,
        }),
    }),
  );
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Research question 1: do attention weights agree with how much each word matters to the prediction? Classes are the predicted ones, as in the paper.",
    ]),
    element("div", { class: "figures" }, blocks),
    ...claimsTable(study, context, "rq1"),
    publishedTable(contents, ["tauGradient", "tauLeaveOneOut"], {
      title: "Table 2: the paper's correlations beside ours",
      about:
        "Means and standard deviations over texts, and the share with p ≤ .05. The noise is the distance between two published runs of the authors' own code, on average and at most: no replication can be asked to come closer.",
      name: name("table2"),
    }),
  ]);
};
