import { curve } from "../../figures/curve";
import { histogram } from "../../figures/histogram";
import { scatter } from "../../figures/scatter";
import { violin } from "../../figures/violin";
import type { StudyContents } from "../contents";
import { claimsTable } from "./claimsTable";
import { type Context, classesOf, epsilonOf, type OpenStudy, type StudyView } from "./context";
import { chooser, element } from "./dom";
import { fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { idOfPoint } from "./points";
import { publishedTable } from "./publishedTable";
import { tableBlock } from "./tableBlock";

/** The largest Jensen-Shannon divergence is ln 2. */
const jsdRange = [0, 0.7] as const;

/** Research question 2, second part: how far can another attention be that keeps the output? */
export const adversaryView: StudyView = (study, context) => {
  const { entry, contents } = study;
  const epsilon = epsilonOf(entry, context.state);
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Research question 2: is there an attention that looks quite different and gives the same output? The divergence (JSD) of the furthest one, from 0 (the same weights) to ln 2 ≈ 0.69 nats (no word in common); the output may move by at most ε.",
    ]),
    element("div", { class: "controls" }, [
      chooser(
        "Allowed change of the output, ε",
        [
          { value: "01", text: ".01 (the paper's for classification)" },
          { value: "05", text: ".05 (the paper's for questions; its code's for all)" },
        ],
        epsilon,
        (chosen) => context.go({ epsilon: chosen }),
      ),
    ]),
    element("div", { class: "figures" }, figuresOf(study, context, epsilon)),
    ...claimsTable(study, context, "rq2"),
    ...tables(contents, nameFor(study)),
  ]);
};

function nameFor({ entry: { corpus, encoder, attention, seed } }: OpenStudy): (what: string) => string {
  return (what) => fileName("rq2", corpus, encoder, attention, `seed${seed}`, what);
}

function figuresOf(study: OpenStudy, context: Context, epsilon: "01" | "05"): HTMLElement[] {
  const { entry, rows, contents } = study;
  const found = `searchJsd${epsilon}` as const;
  const name = nameFor(study);
  const common = {
    ...classesOf(entry),
    title: `${entry.corpus}, ε = .${epsilon}`,
    background: context.ground,
  } as const;
  const measure = "ε-max JSD, nats";
  return [
    figureBlock({
      title: "Figure 7: furthest attention found",
      about:
        "Each text's ε-max JSD, as the search of the paper finds it. At the right are texts whose prediction an utterly different attention would explain as well.",
      name: name(`jsd${epsilon}`),
      rows,
      draw: () => histogram(rows, { ...common, x: found, bins: 40, range: jsdRange, xTitle: measure }),
    }),
    figureBlock({
      title: "Figure 8: the same, by the largest weight",
      about: "Whether concentrated attention (at the right) leaves less room for another one.",
      name: name(`jsd${epsilon}-violins`),
      rows,
      draw: () =>
        violin(rows, {
          ...common,
          x: "maxAttention",
          y: found,
          xRange: [0, 1],
          yRange: [-0.014, 0.72],
          xTitle: "largest attention weight",
          yTitle: measure,
        }),
    }),
    ...(contents.curve.length > 0 ? exactFigures(study, context, epsilon) : [withoutExact()]),
  ];
}

function withoutExact(): HTMLElement {
  const why =
    "Texts with a question have no exact maximum here, as their decoder is not linear: what the search found is a lower bound.";
  return element("section", { class: "figure" }, [
    element("h3", {}, ["Search against exact"]),
    element("p", { class: "about" }, [why]),
  ]);
}

function exactFigures(study: OpenStudy, { ground, go }: Context, epsilon: "01" | "05"): HTMLElement[] {
  const { entry, rows, contents } = study;
  const name = nameFor(study);
  // What is undefined was left out when the points were written.
  const points = contents.curve.map((point) => ({ ...point, low: point.low, high: point.high }));
  return [
    figureBlock({
      title: "Search against exact",
      about: `The search finds a lower bound. A point below the line is a text where it missed a part; click it to see its words.`,
      name: name(`jsd${epsilon}-exact`),
      rows,
      draw: () =>
        scatter(rows, {
          ...classesOf(entry),
          x: `exactJsd${epsilon}`,
          y: `searchJsd${epsilon}`,
          label: "id",
          diagonal: true,
          xRange: [-0.02, 0.72],
          xTitle: "exact ε-max JSD, nats",
          yTitle: "found by the search, nats",
          title: `${entry.corpus}, ε = .${epsilon}`,
          background: ground,
        }),
      onPoint: (text) => go({ view: "instances", instance: idOfPoint(text, rows) }),
    }),
    figureBlock({
      title: "Exact, over ε",
      about: "How much of the finding hangs on the ε that one chooses: the mean of the exact ε-max JSD.",
      name: name("exact-curve"),
      rows: points,
      draw: () =>
        curve(points, {
          x: "epsilon",
          y: "jsd",
          low: "low",
          high: "high",
          n: "n",
          by: "class",
          classes: entry.classNames,
          xScale: "log",
          yRange: jsdRange,
          intervalName: "95 % bootstrap interval of the mean",
          xTitle: "ε",
          yTitle: "mean exact ε-max JSD, nats",
          title: entry.corpus,
          background: ground,
        }),
    }),
  ];
}

function tables(contents: StudyContents, name: (what: string) => string): HTMLElement[] {
  return [
    tableBlock({
      title: "The paper's ε beside its code's",
      about:
        "Means over texts. Far: the share whose exact ε-max JSD is at least .35. Missed: the share where the search stays more than .05 below the exact maximum, or finds nothing.",
      name: name("epsilon"),
      rows: contents.adversaries,
      columns: {
        class: "predicted",
        epsilon: "ε",
        n: "texts",
        search: "search, mean",
        nothingFound: "nothing found",
        exact: "exact, mean",
        far: "far",
        missed: "missed",
      },
    }),
    publishedTable(contents, ["searchJsd05"], {
      title: "Beside the paper: mean ε-max JSD",
      about:
        "The authors published plots of one run; the numbers are read back from them. As in their code, a text where the search finds nothing counts as 0, and ε is .05.",
      name: name("published"),
    }),
  ];
}
