import { html } from "htm/preact";
import { dots } from "../../figures/dots";
import type { OfStudies, StudyEntry } from "../studyContents";
import { block, downloadCsv, field, notSolved, tableBlock } from "./blocks";
import { type Context, fileName } from "./context";
import { figureBlock } from "./figureBlock";
import { DataTable, numberColumn, sortedBy, type TableColumn } from "./table";
import { hashOf } from "./viewState";

export function StudiesView(context: Context) {
  return [listOfStudies(context), models(context)];
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

/** Research question 3 for the corpus of the chosen study, and its part of Table 2. */
function models(context: Context) {
  const { index, state } = context;
  const { corpus, profile } = context.entry;
  const isOwn = (row: OfStudies<{ corpus: string }>) => row.corpus === corpus && row.profile === profile;
  const rows = index.means.filter((row) => isOwn(row) && (row.solved || state.unsolved === "shown"));
  const [ours, beside] = [true, false].map((own) => rows.filter(({ source }) => (source === "ours") === own));
  const titled = {
    title: "What models have on average",
    about: `${corpus}, profile ${profile}: a dot is the mean over texts and seeds. Over the average encoder, which does not mix words, the paper finds far better agreement than over the BiLSTM.`,
    name: fileName("rq3", profile, corpus, state.unsolved),
  };
  const draw = () => dots(ours!, { x: "mean", y: "model", facet: "measure", beside });
  const none = html`<p class="empty">There is none whose task is solved; what is not solved can be shown too.</p>`;
  return html`
    <h2>Models of ${corpus}</h2>
    <div class="bar controls">
      ${field(context, "unsolved", "Tasks that are not solved", { "": "left out", shown: "shown" })}
    </div>
    ${ours!.length > 0 ? figureBlock({ ...titled, draw }) : block("figure", titled, none)}
    ${tableBlock({
      title: "Table 2: the paper's correlations beside ours",
      about:
        "Mean and standard deviation over texts, and the share with p ≤ .05: ours, the paper's Table 2, and the authors' later run.",
      name: fileName("table2", profile, corpus),
      table: { ...index.table2, rows: index.table2.rows.filter(isOwn) },
    })}`;
}
