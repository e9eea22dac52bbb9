import { histogram } from "../../figures/histogram";
import { classesOf, type StudyView } from "./context";
import { element } from "./dom";
import { fileName } from "./download";
import { figureBlock, problem } from "./figureBlock";
import { prose } from "./prose";
import { tableBlock } from "./tableBlock";

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
export const correlationView: StudyView = ({ entry, contents, rows }, { ground }) => {
  const { corpus, encoder, attention, seed } = entry;
  const name = (what: string) => fileName("rq1", corpus, encoder, attention, `seed${seed}`, what);
  const blocks = figures.map(({ x, title, about, xTitle }) =>
    figureBlock({
      title,
      about,
      name: name(x),
      rows,
      draw: () =>
        histogram(rows, { x, ...classesOf(entry), reason: `${x}Undefined`, xTitle, title: corpus, background: ground }),
    }),
  );
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Research question 1: do attention weights agree with how much each word matters to the prediction? Classes are the predicted ones, as in the paper.",
    ]),
    element("div", { class: "figures" }, blocks),
    ...(contents.notCompared ? [problem(new Error(contents.notCompared))] : []),
    ...(contents.comparison.length > 0 ? [tableTwo(contents.comparison, name("table2"))] : []),
    prose(contents.answers.correlation),
  ]);
};

const symbols = { tauGradient: "τ_g", tauLeaveOneOut: "τ_loo" };

function tableTwo(comparison: Parameters<typeof asShown>[0], name: string): HTMLElement {
  return tableBlock({
    title: "Table 2: the paper's correlations beside ours",
    about:
      "Means and standard deviations over texts, and the share with p ≤ .05. The noise is the distance between two published runs of the authors' own code, on average and at most: no replication can be asked to come closer. A corpus that the paper does not have is set beside the range over the paper's binary classification corpora.",
    name,
    rows: asShown(comparison),
    columns: {
      measure: "",
      class: "predicted",
      statistic: "statistic",
      paper: "paper",
      ours: "ours",
      difference: "ours − paper",
      meanNoise: "noise, mean",
      maxNoise: "largest",
      rangeLow: "paper's corpora, from",
      rangeHigh: "to",
    },
  });
}

function asShown(comparison: readonly import("../../paper/compare").ComparisonRow[]) {
  return comparison.map((row) => ({ ...row, measure: symbols[row.measure] }));
}
