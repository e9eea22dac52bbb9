import { scatter } from "../../figures/scatter";
import { violin } from "../../figures/violin";
import { claimsTable } from "./claimsTable";
import { classesOf, type StudyView } from "./context";
import { element } from "./dom";
import { fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { idOfPoint } from "./points";
import { publishedTable } from "./publishedTable";

const titles = {
  xTitle: "largest attention weight",
  yTitle: "median Δŷ over 100 permutations (total variation)",
};

/** Research question 2, first part: what happens to the output when the attention weights are shuffled? */
export const permutationView: StudyView = (study, context) => {
  const { entry, contents, rows } = study;
  const { ground, go } = context;
  const { corpus, encoder, attention, seed } = entry;
  const name = (what: string) => fileName("rq2", corpus, encoder, attention, `seed${seed}`, what);
  const common = {
    x: "maxAttention",
    y: "permutationTvd",
    ...classesOf(entry),
    ...titles,
    title: corpus,
    background: ground,
  } as const;
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Research question 2: would other attention weights change the prediction? Here the weights are shuffled among the words of each text, 100 times. A small Δŷ says that it did not matter which words had the attention.",
    ]),
    element("div", { class: "figures" }, [
      figureBlock({
        title: "Figure 6: change of the output, by the largest weight",
        about:
          "Texts whose attention is concentrated on one word are at the right. If attention mattered, concentrated attention would have a large Δŷ.",
        name: name("permutation-violins"),
        rows,
        draw: () => violin(rows, { ...common, xRange: [0, 1] }),
      }),
      figureBlock({
        title: "The same, text by text",
        about: `A point is a text; click it to see its words.`,
        name: name("permutation"),
        rows,
        draw: () => scatter(rows, { ...common, label: "id", xRange: [0, 1.02] }),
        onPoint: (text) => go({ view: "instances", instance: idOfPoint(text, rows) }),
      }),
    ]),
    ...claimsTable(study, context, "rq2"),
    publishedTable(contents, ["permutationTvd"], {
      title: "Beside the paper: median Δŷ",
      about: "The authors published plots of one run; the numbers are read back from them.",
      name: name("permutation-published"),
    }),
  ]);
};
