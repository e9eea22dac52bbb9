import { dots } from "../../figures/dots";
import { formatNumber } from "../../figures/figure";
import type { EncoderDifference, ReportIndex, StudyEntry } from "../contents";
import type { Context } from "./context";
import { button, element } from "./dom";
import { downloadCsv, fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { type SeedRange, seedRanges } from "./seedRanges";
import { tableBlock } from "./tableBlock";
import { hashOf } from "./viewState";

/** All studies beside one another, and the figures that compare some of them. */
export function studiesView(chosen: StudyEntry, context: Context): HTMLElement {
  const { studies } = context.index;
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Every finished study: a model trained on a corpus, and all analyses of its test texts. Choose one here or above; then look at its figures, its tables beside the paper's, and its texts.",
    ]),
    listOfStudies(chosen, context),
    ...encoderFigures(chosen, studies, context),
    ...yardstickFigures(chosen, context.index, context),
  ]);
}

const columns: readonly {
  name: string;
  meaning?: string;
  value: (study: StudyEntry) => string | number | undefined;
  digits?: number;
}[] = [
  { name: "encoder", value: ({ encoder }) => encoder },
  {
    name: "attention",
    value: ({ attention, weights }) => (weights === "softmax" ? attention : `${attention}, ${weights}`),
  },
  { name: "seed", value: ({ seed }) => seed, digits: 0 },
  { name: "profile", value: ({ profile }) => profile },
  { name: "texts", value: ({ scores }) => scores.texts, digits: 0 },
  { name: "accuracy", value: ({ scores }) => scores.accuracy },
  { name: "F1", meaning: "F1 of the second class, in classification", value: ({ scores }) => scores.f1 },
  { name: "τ_g", meaning: "mean correlation of attention and gradient", value: ({ means }) => means.tauGradient },
  {
    name: "τ_loo",
    meaning: "mean correlation of attention and leave-one-out",
    value: ({ means }) => means.tauLeaveOneOut,
  },
  {
    name: "τ_g,loo",
    meaning: "mean correlation of gradient and leave-one-out",
    value: ({ means }) => means.tauGradientLeaveOneOut,
  },
  {
    name: "Δŷ",
    meaning: "mean of the median output change under permutation",
    value: ({ means }) => means.permutationTvd,
  },
  {
    name: "JSD .01",
    meaning: "mean ε-max JSD that the search found, ε = .01",
    value: ({ means }) => means.searchJsd01,
  },
  { name: "exact .01", meaning: "mean exact ε-max JSD, ε = .01", value: ({ means }) => means.exactJsd01 },
];

function listOfStudies(chosen: StudyEntry, { index: { studies }, state }: Context): HTMLElement {
  const head = [
    element("th", { scope: "col" }, ["corpus"]),
    ...columns.map(({ name, meaning, value }) => {
      const isNumber = studies.some((study) => typeof value(study) === "number");
      return element("th", { scope: "col", title: meaning, class: isNumber ? "number" : undefined }, [name]);
    }),
  ];
  const lines = studies.map((study) => {
    const href = hashOf({ ...state, study: study.key, view: "correlation", instance: "" });
    const isChosen = study.key === chosen.key;
    return element("tr", { class: isChosen ? "chosen" : undefined }, [
      element("th", { scope: "row" }, [
        element("a", { href, "aria-current": isChosen ? "true" : undefined, title: study.title }, [study.corpus]),
      ]),
      ...columns.map(({ value, digits = 3 }) => cell(value(study), digits)),
    ]);
  });
  return element("section", { class: "table" }, [
    element("h3", {}, ["Studies"]),
    element("p", { class: "about" }, [
      "Means over the test texts. τ from −1 to 1; Δŷ as total variation from 0 to 1; JSD from 0 to 0.69 nats. What each means stands at the foot of the page.",
    ]),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Studies" }, [
      element("table", {}, [element("thead", {}, [element("tr", {}, head)]), element("tbody", {}, lines)]),
    ]),
    element("p", { class: "downloads" }, [
      button("CSV", () => downloadCsv("studies", studies.map(plainEntry)), { "aria-label": "CSV of Studies" }),
    ]),
  ]);
}

function cell(value: string | number | undefined, digits: number): HTMLElement {
  if (typeof value === "string") return element("td", {}, [value]);
  return element("td", { class: "number" }, [value === undefined ? "–" : formatNumber(value, digits)]);
}

function plainEntry({ corpus, encoder, attention, weights, seed, profile, scores, means }: StudyEntry): object {
  return { corpus, encoder, attention, weights, seed, profile, ...scores, ...means };
}

const views = [
  { measure: "tauGradient", title: "τ_g by encoder", xTitle: "mean τ<sub>g</sub>", xRange: [-0.2, 1] },
  { measure: "tauLeaveOneOut", title: "τ_loo by encoder", xTitle: "mean τ<sub>loo</sub>", xRange: [-0.2, 1] },
  {
    measure: "permutationTvd",
    title: "Δŷ by encoder",
    xTitle: "mean of the median Δŷ (total variation)",
    xRange: [0, 1],
  },
  {
    measure: "searchJsd01",
    title: "ε-max JSD by encoder",
    xTitle: "mean ε-max JSD found, ε = .01 (nats)",
    xRange: [0, 0.7],
  },
] as const;

const range = { low: "low", high: "high", intervalName: "lowest to highest seed" } as const;

/** Research question 3 for the corpus of the chosen study. */
function encoderFigures(chosen: StudyEntry, studies: readonly StudyEntry[], { ground }: Context): HTMLElement[] {
  const { corpus, profile } = chosen;
  const group = studies.filter((one) => one.corpus === corpus && one.profile === profile && one.weights === "softmax");
  if (new Set(group.map(({ encoder }) => encoder)).size < 2) return [];
  const figures = views.map(({ measure, title, ...axes }) => {
    const rows = seedRanges(group, ({ means }) => means[measure]);
    return figureBlock({
      title,
      about: `${corpus}: a dot is the mean over seeds.`,
      name: fileName("rq3", corpus, profile, measure),
      rows,
      draw: () =>
        dots(rows, {
          x: "mean",
          y: "encoder",
          by: "attention",
          ...range,
          ...axes,
          title: corpus,
          background: ground,
        }),
    });
  });
  return [
    element("h2", {}, [`Encoders on ${corpus}`]),
    element("p", { class: "question" }, [
      "Research question 3: does the encoder decide how far attention agrees with importance? Over the average encoder, which does not mix words, the paper finds far better agreement than over the BiLSTM.",
    ]),
    element("div", { class: "figures" }, figures),
  ];
}

const comparisons = [
  {
    key: "lessTauLeaveOneOut",
    title: "Figure 3: τ of gradient and leave-one-out, less τ_loo",
    xTitle: "mean of τ<sub>g,loo</sub> − τ<sub>loo</sub> per text",
  },
  {
    key: "lessTauGradient",
    title: "Figure 4: τ of gradient and leave-one-out, less τ_g",
    xTitle: "mean of τ<sub>g,loo</sub> − τ<sub>g</sub> per text",
  },
] as const;

/** The paper's figures 3 to 5, over all corpora that have the chosen attention and profile. */
function yardstickFigures(
  chosen: StudyEntry,
  { studies, encoderDifferences }: ReportIndex,
  { ground }: Context,
): HTMLElement[] {
  const { attention, profile } = chosen;
  const group = studies.filter(
    (study) => study.attention === attention && study.profile === profile && study.weights === "softmax",
  );
  const axes = { x: "mean", y: "corpus", ...range, background: ground } as const;
  const figures = comparisons.map(({ key, title, xTitle }) => {
    const rows = seedRanges(group, (study) => study[key]);
    return figureBlock({
      title,
      about:
        "How much better gradient and leave-one-out agree with each other than attention with one of them: right of 0 is better.",
      name: fileName("figure", profile, attention, key),
      rows,
      draw: () => dots(rows, { ...axes, by: "encoder", xTitle, title: `${attention} attention` }),
    });
  });
  const ofProfile = encoderDifferences.filter((pair) => pair.profile === profile);
  const pairs = seedRanges(ofProfile, ({ mean }) => mean);
  const last = figureBlock({
    title: "Figure 5: average encoder less BiLSTM",
    about:
      "τ_loo of the same texts with the average encoder less that with the BiLSTM: right of 0, attention agrees better over the average encoder.",
    name: fileName("figure5", profile),
    rows: pairs,
    draw: () =>
      dots(pairs, {
        ...axes,
        by: "attention",
        xTitle: "mean difference of τ<sub>loo</sub> per text",
        title: profile,
      }),
  });
  return [
    element("h2", {}, ["Over the corpora"]),
    element("p", { class: "question" }, [
      `Figures 3 to 5 of the paper, profile ${profile}, figures 3 and 4 for ${attention} attention. A dot is the mean over seeds, its line goes from the lowest to the highest.`,
    ]),
    element("div", { class: "figures" }, pairs.length > 0 ? [...figures, last] : figures),
    publishedDifferences(group, ofProfile),
  ];
}

type PublishedRow = SeedRange & { figure: string; published: number | undefined };

function publishedDifferences(group: readonly StudyEntry[], pairs: readonly EncoderDifference[]): HTMLElement {
  const yardsticks = comparisons.flatMap(({ key, title }) =>
    seedRanges(group, (study) => study[key]).map((ours): PublishedRow => {
      const { published } = group.find(({ corpus, encoder }) => corpus === ours.corpus && encoder === ours.encoder)!;
      return { figure: title.split(":")[0]!, ...ours, published: published[key] };
    }),
  );
  const encoders = seedRanges(pairs, ({ mean }) => mean).map((ours): PublishedRow => {
    const pair = pairs.find(({ corpus, attention }) => corpus === ours.corpus && attention === ours.attention)!;
    return { figure: "Figure 5", ...ours, encoder: "average − bilstm", published: pair.published };
  });
  const rows = [...yardsticks, ...encoders];
  return tableBlock({
    title: "Figures 3 to 5: published beside ours",
    about:
      "Published of figures 3 and 4: the authors' run of 2019-04-24; of figure 5: the mean over the classes in the paper's Table 2. A corpus that the paper does not have has none.",
    name: "figures-3-5",
    rows,
    columns: {
      figure: "",
      corpus: "corpus",
      encoder: "encoder",
      attention: "attention",
      seeds: "seeds",
      published: "published",
      mean: "ours",
      low: "lowest seed",
      high: "highest",
    },
  });
}
