import { html } from "htm/preact";
import { type DotsOptions, dots } from "../../figures/dots";
import { formatNumber } from "../../figures/figure";
import type { MeanRow } from "../../paper/means";
import { columnNamed } from "../../study/columns";
import type { OfStudies, StudyEntry } from "../studyContents";
import { block, claimsTable, scrolling, symbolOf, type Titled, tableBlock } from "./blocks";
import type { Context } from "./context";
import { downloadCsv, fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { hashOf } from "./viewState";

/** All studies beside one another, and the figures that compare some of them. */
export function studiesView(chosen: StudyEntry, context: Context) {
  return html`
    <p class="question">
      Every finished study: a model trained on a corpus, and all analyses of its test texts. Choose one here or above;
      then look at its figures, its tables beside the paper's, and its texts.
    </p>
    ${listOfStudies(chosen, context)} ${models(chosen, context)} ${overCorpora(chosen, context)}`;
}

function listOfStudies(chosen: StudyEntry, { index, state }: Context) {
  const { studies, columns } = index;
  const titled = { title: "Studies", about: "Means over the test texts. What each is stands at the foot of the page." };
  const names = ["study", "profile", "texts", "accuracy", "solved"].map((name) => html`<th scope="col">${name}</th>`);
  const means = columns.map((column) => {
    const title = `Mean of ${column.title}. ${column.meaning}`;
    return html`<th scope="col" class="number" title=${title}>${symbolOf(column)}</th>`;
  });
  const lines = studies.map((study) => {
    const { key, name, title, profile, scores, solved } = study;
    const href = hashOf({ ...state, study: key, view: "agreement", text: "" });
    const isChosen = key === chosen.key;
    const cells = [profile, formatNumber(scores.texts, 0), formatNumber(scores.accuracy), solved ? "yes" : "no"];
    const numbers = columns.map(({ name, digits }) => {
      const mean = study.means[name];
      return html`<td class="number">${mean === undefined ? "–" : formatNumber(mean, digits)}</td>`;
    });
    return html`
      <tr class=${isChosen && "chosen"}>
        <th scope="row"><a href=${href} aria-current=${isChosen ? "true" : undefined} title=${title}>${name}</a></th>
        ${cells.map((text) => html`<td>${text}</td>`)}
        ${numbers}
      </tr>`;
  });
  const table = html`<table><thead><tr>${names}${means}</tr></thead><tbody>${lines}</tbody></table>`;
  const plain = () => studies.map(({ name, profile, scores, means }) => ({ name, profile, ...scores, ...means }));
  return block("table", titled, scrolling(titled.title, table), [["CSV", () => downloadCsv("studies", plain())]]);
}

/** Figures 3 and 4 of the paper. */
const yardsticks = ["lessTauLeaveOneOut", "lessTauGradient"];

/** Means, of which those that are published stand beside ours. */
function meansFigure(
  rows: readonly OfStudies<MeanRow>[],
  titled: Titled & Pick<Context, "ground">,
  options: Omit<DotsOptions<OfStudies<MeanRow>>, "x" | "beside">,
) {
  const [ours, beside] = [true, false].map((own) => rows.filter(({ source }) => (source === "ours") === own));
  return figureBlock({
    ...titled,
    draw: () => dots(ours!, { ...options, x: "mean", beside, background: titled.ground }),
  });
}

/** Research question 3 for the corpus of the chosen study, and its part of Table 2. */
function models({ corpus, profile }: StudyEntry, context: Context) {
  const isOwn = (row: OfStudies<{ corpus: string }>) => row.corpus === corpus && row.profile === profile;
  const { index, ground } = context;
  const means = {
    title: "What models have on average",
    about: `${corpus}, profile ${profile}: a dot is the mean over texts and seeds.`,
    ...{ name: fileName("rq3", profile, corpus), ground },
  };
  const rows = index.means.filter((row) => isOwn(row) && !yardsticks.includes(row.measure));
  return html`
    <h2>Models of ${corpus}</h2>
    <p class="question">
      Research question 3: does the encoder decide how far attention agrees with importance? Over the average encoder,
      which does not mix words, the paper finds far better agreement than over the BiLSTM.
    </p>
    ${meansFigure(rows, means, { y: "model", facet: "measure" })}
    ${claimsTable({ corpus, profile }, context, "rq3")}
    ${claimsTable({ corpus, profile }, context, "rq4")}
    ${tableBlock({
      title: "Table 2: the paper's correlations beside ours",
      about:
        "Mean and standard deviation over texts, and the share with p ≤ .05: ours, the paper's Table 2, and the authors' later run.",
      name: fileName("table2", profile, corpus),
      table: { ...index.table2, rows: index.table2.rows.filter(isOwn) },
    })}`;
}

/** The paper's figures 3 to 5, over all corpora that have the profile and the attention of the chosen study. */
function overCorpora({ profile, variant }: StudyEntry, { index, ground }: Context) {
  const isOwn = (row: OfStudies<object>) => row.profile === profile && row.variant === variant;
  const corpora = index.studies.map(({ corpus }) => corpus);
  const means = index.means.filter(
    (row) => isOwn(row) && yardsticks.includes(row.measure) && corpora.includes(row.corpus),
  );
  const differences = index.differences.filter(isOwn);
  const files = (what: string) => ({ name: fileName(what, profile, variant), ground });
  const figures34 = {
    title: "Figures 3 and 4: the two importances with one another, less attention with one of them",
    about: "Right of 0 gradient and leave-one-out agree better with each other than attention with one of them.",
    ...files("figures-3-4"),
  };
  const figure5 = {
    title: "Figure 5: average encoder less BiLSTM",
    about: "τ_loo of the same texts; right of 0, attention agrees better over the average encoder.",
    ...files("figure-5"),
  };
  const columns = { symbol: "", corpus: "corpus", encoder: "encoder", source: "", mean: "mean" };
  const rows = [...means, ...differences].map((row) => ({ ...row, symbol: columnNamed(row.measure)?.symbol }));
  return html`
    <h2>Over the corpora</h2>
    <p class="question">Figures 3 to 5 of the paper, profile ${profile}, ${variant}.</p>
    ${meansFigure(means, figures34, { y: "corpus", by: "encoder", facet: "measure" })}
    ${differences.length > 0 && meansFigure(differences, figure5, { y: "corpus" })}
    ${tableBlock({
      title: "Figures 3 to 5: published beside ours",
      about: "A corpus that the paper does not have has no published number.",
      ...files("figures-3-5"),
      table: { rows, columns: { ...columns, low: "from", high: "to", interval: "interval", n: "texts" } },
    })}`;
}
