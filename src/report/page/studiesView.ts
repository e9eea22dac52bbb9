import { html } from "htm/preact";
import { type DotsOptions, dots } from "../../figures/dots";
import type { MeanRow } from "../../paper/means";
import type { OfStudies, StudyEntry } from "../studyContents";
import { block, field, notSolved, type Titled, tableBlock } from "./blocks";
import type { Context } from "./context";
import { downloadCsv, fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { DataTable, numberColumn, sortedBy, type TableColumn } from "./table";
import { hashOf } from "./viewState";

export function StudiesView(context: Context) {
  return [listOfStudies(context), models(context), overCorpora(context)];
}

function listOfStudies(context: Context) {
  const { index, entry: chosen, state, go } = context;
  const link = (study: StudyEntry) => {
    const href = hashOf({ ...state, study: study.key, view: "agreement", text: "" });
    const current = study === chosen ? "true" : undefined;
    return html`<a href=${href} title=${study.title} aria-current=${current}>${study.corpus}</a> ${notSolved(study)}`;
  };
  const columns: TableColumn<StudyEntry>[] = [
    { name: "corpus", value: ({ corpus }) => corpus, cell: link },
    { name: "encoder", value: ({ encoder }) => encoder },
    { name: "attention and options", value: ({ variant }) => variant },
    { name: "seed", digits: 0, value: ({ seed }) => seed },
    { name: "profile", value: ({ profile }) => profile },
    { name: "texts", digits: 0, value: ({ scores }) => scores.texts },
    { name: "accuracy", digits: 2, value: ({ scores }) => scores.accuracy },
    ...index.columns.map((column) => numberColumn<StudyEntry>(column, ({ means }) => means[column.name])),
  ];
  const words = state.studies.toLowerCase().split(/\s+/);
  const isAsked = ({ name, title, profile, variant }: StudyEntry) =>
    words.every((word) => `${name} ${title} ${profile} ${variant}`.toLowerCase().includes(word));
  const rows = sortedBy({ rows: index.studies.filter(isAsked), columns, state });
  const plain = () => rows.map(({ scores, means, ...study }) => ({ ...study, ...scores, ...means }));
  const props = { of: "studies", rows, all: index.studies.length, columns, state, go };
  return html`
    <p class="about">Means over the test texts. What each is stands at the foot of the page; a heading sorts.</p>
    <div class="bar controls">${field(context, "studies", "Containing", "search")}</div>
    <${DataTable} ...${props} save=${() => downloadCsv("studies", plain())} />`;
}

/** Figures 3 and 4 of the paper. */
const yardsticks = ["lessTauLeaveOneOut", "lessTauGradient"];

/** Means, of which those that are published stand beside ours; where there are none of ours, why. */
function meansFigure(
  rows: readonly OfStudies<MeanRow>[],
  titled: Titled,
  options: Omit<DotsOptions<OfStudies<MeanRow>>, "x" | "beside">,
) {
  const [ours, beside] = [true, false].map((own) => rows.filter(({ source }) => (source === "ours") === own));
  const draw = () => dots(ours!, { ...options, x: "mean", beside });
  const none = html`<p class="empty">There is none whose task is solved; what is not solved can be shown too.</p>`;
  return ours!.length > 0 ? figureBlock({ ...titled, draw }) : block("figure", titled, none);
}

/** What is not solved is left out where it is not asked for. */
function isShown({ solved }: { solved: boolean }, { state }: Context): boolean {
  return solved || state.unsolved === "shown";
}

/** Research question 3 for the corpus of the chosen study, and its part of Table 2. */
function models(context: Context) {
  const { index, state } = context;
  const { corpus, profile } = context.entry;
  const isOwn = (row: OfStudies<{ corpus: string }>) => row.corpus === corpus && row.profile === profile;
  const rows = index.means.filter((row) => isOwn(row) && isShown(row, context) && !yardsticks.includes(row.measure));
  const titled = {
    title: "What models have on average",
    about: `${corpus}, profile ${profile}: a dot is the mean over texts and seeds. Over the average encoder, which does not mix words, the paper finds far better agreement than over the BiLSTM.`,
    name: fileName("rq3", profile, corpus, state.unsolved),
  };
  return html`
    <h2>Models of ${corpus}</h2>
    <div class="bar controls">
      ${field(context, "unsolved", "Tasks that are not solved", { "": "left out", shown: "shown" })}
    </div>
    ${meansFigure(rows, titled, { y: "model", facet: "measure" })}
    ${tableBlock({
      title: "Table 2: the paper's correlations beside ours",
      about:
        "Mean and standard deviation over texts, and the share with p ≤ .05: ours, the paper's Table 2, and the authors' later run.",
      name: fileName("table2", profile, corpus),
      table: { ...index.table2, rows: index.table2.rows.filter(isOwn) },
    })}`;
}

/** The paper's figures 3 to 5, over all corpora that have the profile and the attention of the chosen study. */
function overCorpora(context: Context) {
  const { index, state } = context;
  const { profile, variant } = context.entry;
  const isOwn = (row: OfStudies<object>) => row.profile === profile && row.variant === variant && isShown(row, context);
  const means = index.means.filter((row) => isOwn(row) && yardsticks.includes(row.measure));
  const differences = index.differences.filter(isOwn);
  const nameOf = (what: string) => fileName(what, profile, variant, state.unsolved);
  const figures34 = {
    title: "Figures 3 and 4: the two importances with one another, less attention with one of them",
    about: "Right of 0 gradient and leave-one-out agree better with each other than attention with one of them.",
    name: nameOf("figures-3-4"),
  };
  const figure5 = {
    title: "Figure 5: average encoder less BiLSTM",
    about: "τ_loo of the same texts; right of 0, attention agrees better over the average encoder.",
    name: nameOf("figure-5"),
  };
  return html`
    <h2>Over the corpora: profile ${profile}, ${variant}</h2>
    ${meansFigure(means, figures34, { y: "corpus", by: "encoder", facet: "measure" })}
    ${differences.length > 0 && meansFigure(differences, figure5, { y: "corpus" })}`;
}
