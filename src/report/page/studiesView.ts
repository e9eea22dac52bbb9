import { type DotsOptions, dots } from "../../figures/dots";
import { formatNumber } from "../../figures/figure";
import type { MeanRow } from "../../paper/means";
import { columnNamed } from "../../study/columns";
import type { OfStudies, StudyEntry } from "../contents";
import type { Context } from "./context";
import { button, element, symbolOf } from "./dom";
import { downloadCsv, fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { claimsTable } from "./paperTables";
import { tableBlock } from "./tableBlock";
import { hashOf } from "./viewState";

/** All studies beside one another, and the figures that compare some of them. */
export function studiesView(chosen: StudyEntry, context: Context): HTMLElement {
  return element("div", {}, [
    element("p", { class: "question" }, [
      "Every finished study: a model trained on a corpus, and all analyses of its test texts. Choose one here or above; then look at its figures, its tables beside the paper's, and its texts.",
    ]),
    listOfStudies(chosen, context),
    ...models(chosen, context),
    ...overCorpora(chosen, context),
  ]);
}

function listOfStudies(chosen: StudyEntry, { index, state }: Context): HTMLElement {
  const { studies, columns } = index;
  const head = ["profile", "texts", "accuracy", "solved"].map((name) => element("th", { scope: "col" }, [name]));
  const means = columns.map((column) => {
    const title = `Mean of ${column.title}. ${column.meaning}`;
    return element("th", { scope: "col", class: "number", title }, [symbolOf(column)]);
  });
  const lines = studies.map((study) => {
    const href = hashOf({ ...state, study: study.key, view: "agreement", text: "" });
    const isChosen = study.key === chosen.key;
    const { texts, accuracy } = study.scores;
    return element("tr", { class: isChosen ? "chosen" : undefined }, [
      element("th", { scope: "row" }, [
        element("a", { href, "aria-current": isChosen ? "true" : undefined, title: study.title }, [study.name]),
      ]),
      ...[study.profile, formatNumber(texts, 0), formatNumber(accuracy), study.solved ? "yes" : "no"].map((text) =>
        element("td", {}, [text]),
      ),
      ...columns.map(({ name, digits }) => {
        const mean = study.means[name];
        return element("td", { class: "number" }, [mean === undefined ? "–" : formatNumber(mean, digits)]);
      }),
    ]);
  });
  const plain = () => studies.map(({ name, profile, scores, means }) => ({ name, profile, ...scores, ...means }));
  return element("section", { class: "table" }, [
    element("h3", {}, ["Studies"]),
    element("p", { class: "about" }, ["Means over the test texts. What each is stands at the foot of the page."]),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Studies" }, [
      element("table", {}, [
        element("thead", {}, [element("tr", {}, [element("th", { scope: "col" }, ["study"]), ...head, ...means])]),
        element("tbody", {}, lines),
      ]),
    ]),
    element("p", { class: "downloads" }, [
      button("CSV", () => downloadCsv("studies", plain()), { "aria-label": "CSV of Studies" }),
    ]),
  ]);
}

/** Figures 3 and 4 of the paper. */
const yardsticks = ["lessTauLeaveOneOut", "lessTauGradient"];

/** Means, of which those that are published stand beside ours. */
function meansFigure(
  rows: readonly OfStudies<MeanRow>[],
  block: { title: string; about: string; name: string },
  options: Omit<DotsOptions<OfStudies<MeanRow>>, "x" | "beside">,
): HTMLElement {
  const [ours, beside] = [true, false].map((own) => rows.filter(({ source }) => (source === "ours") === own));
  return figureBlock({ ...block, draw: () => dots(ours!, { ...options, x: "mean", beside }) });
}

/** Research question 3 for the corpus of the chosen study, and its part of Table 2. */
function models({ corpus, profile }: StudyEntry, context: Context): HTMLElement[] {
  const isOwn = (row: OfStudies<{ corpus: string }>) => row.corpus === corpus && row.profile === profile;
  const { means, table2 } = context.index;
  const rows = means.filter((row) => isOwn(row) && !yardsticks.includes(row.measure));
  const about = `${corpus}, profile ${profile}: a dot is the mean over texts and seeds.`;
  const name = fileName("rq3", profile, corpus);
  return [
    element("h2", {}, [`Models of ${corpus}`]),
    element("p", { class: "question" }, [
      "Research question 3: does the encoder decide how far attention agrees with importance? Over the average encoder, which does not mix words, the paper finds far better agreement than over the BiLSTM.",
    ]),
    meansFigure(
      rows,
      { title: "What models have on average", about, name },
      { y: "model", facet: "measure", background: context.ground },
    ),
    ...claimsTable({ corpus, profile }, context, "rq3"),
    ...claimsTable({ corpus, profile }, context, "rq4"),
    tableBlock({
      title: "Table 2: the paper's correlations beside ours",
      about:
        "Mean and standard deviation over texts, and the share with p ≤ .05: ours, the paper's Table 2, and the authors' later run.",
      name: fileName("table2", profile, corpus),
      table: { ...table2, rows: table2.rows.filter(isOwn) },
    }),
  ];
}

/** The paper's figures 3 to 5, over all corpora that have the profile and the attention of the chosen study. */
function overCorpora({ profile, variant }: StudyEntry, { index, ground }: Context): HTMLElement[] {
  const isOwn = (row: OfStudies<object>) => row.profile === profile && row.variant === variant;
  const corpora = index.studies.map(({ corpus }) => corpus);
  const means = index.means.filter(
    (row) => isOwn(row) && yardsticks.includes(row.measure) && corpora.includes(row.corpus),
  );
  const differences = index.differences.filter(isOwn);
  const options = { y: "corpus", background: ground } as const;
  const figure5 = {
    title: "Figure 5: average encoder less BiLSTM",
    about: "τ_loo of the same texts; right of 0, attention agrees better over the average encoder.",
    name: fileName("figure-5", profile, variant),
  };
  const columns = { symbol: "", corpus: "corpus", encoder: "encoder", source: "", mean: "mean" };
  const rows = [...means, ...differences].map((row) => ({ ...row, symbol: columnNamed(row.measure)?.symbol }));
  return [
    element("h2", {}, ["Over the corpora"]),
    element("p", { class: "question" }, [`Figures 3 to 5 of the paper, profile ${profile}, ${variant}.`]),
    meansFigure(
      means,
      {
        title: "Figures 3 and 4: the two importances with one another, less attention with one of them",
        about: "Right of 0 gradient and leave-one-out agree better with each other than attention with one of them.",
        name: fileName("figures-3-4", profile, variant),
      },
      { ...options, by: "encoder", facet: "measure" },
    ),
    ...(differences.length > 0 ? [meansFigure(differences, figure5, options)] : []),
    tableBlock({
      title: "Figures 3 to 5: published beside ours",
      about: "A corpus that the paper does not have has no published number.",
      name: fileName("figures-3-5", profile, variant),
      table: { rows, columns: { ...columns, low: "from", high: "to", interval: "interval", n: "texts" } },
    }),
  ];
}
