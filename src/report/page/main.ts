import { html } from "htm/preact";
import { type ComponentChild, h, render } from "preact";
import { useErrorBoundary, useState } from "preact/hooks";
import { fewestRuns } from "../../paper/claims/claim";
import { groupBy } from "../../stats/summary";
import { defineColumns } from "../../study/columns";
import type { ReportIndex, StudyEntry } from "../studyContents";
import { field, notSolved, problem } from "./blocks";
import { ClaimsView } from "./claimsView";
import { CompareView } from "./compareView";
import { type Context, isDark, type Shown } from "./context";
import { openStudy } from "./openStudy";
import { AgreementView, InterventionView } from "./questionViews";
import { StudiesView } from "./studiesView";
import { StudyView } from "./studyView";
import { TextsView } from "./textsView";
import { hashOf, readState, type ViewState } from "./viewState";

/** Put in by the builder. */
declare const reportIndex: ReportIndex;

interface Tab {
  view: string;
  text: string;
  question: string;
  View: (shown: Shown) => ComponentChild;
}

const tabs: readonly [Tab, ...Tab[]] = [
  {
    ...{ view: "claims", text: "Claims", View: ClaimsView },
    question: `A text classifier with attention gives each word of a text a weight. May the weights be read as an explanation of the prediction? Each claim of Jain and Wallace (2019) is judged by a number of ours with its interval over training runs, beside a control: the number without which it says nothing. Nothing is decided by fewer than ${fewestRuns} runs. In full it is shown for the corpus that is chosen above.`,
  },
  {
    ...{ view: "studies", text: "All studies", View: StudiesView },
    question:
      "Every finished study: a model trained on a corpus, and all analyses of its test texts. Choose one here or above; then look at its figures, its tables beside the paper's, and its texts.",
  },
  {
    ...{ view: "agreement", text: "Agreement", View: AgreementView },
    question:
      "Research question 1: do attention weights agree with how much each word matters to the prediction (figure 2 of the paper)? If attention explained it, most texts would be near 1. Classes are the predicted ones, as in the paper.",
  },
  {
    ...{ view: "interventions", text: "Other attentions", View: InterventionView },
    question:
      "Research question 2: would another attention change the prediction, and is there one that looks quite different and gives the same output? A change of the output near 0 says that it did not matter which words had the attention; a divergence (JSD) near ln 2 ≈ 0.69 nats that an utterly different attention would explain the prediction as well.",
  },
  {
    ...{ view: "texts", text: "Texts", View: TextsView },
    question: "Every text with its numbers. Choose one to see the weights on its words; a heading sorts.",
  },
  {
    ...{ view: "compare", text: "Compare", View: CompareView },
    question:
      "Two studies, and what differs in the texts that both have. Agreement and Other attentions draw them over one another; Texts has the weights of both, and those of all models of the corpus.",
  },
  {
    ...{ view: "study", text: "Study and data", View: StudyView },
    question: "What these numbers come from: the model, its training, the texts, the software.",
  },
];

function Page(context: Omit<Context, "entry">) {
  const { index, state } = context;
  const find = (wanted: string) => index.studies.find(({ key }) => key === wanted);
  const entry = find(state.study) ?? index.studies.find(({ solved }) => solved) ?? index.studies[0]!;
  const unknown = [state.study, state.beside].find((key) => key !== "" && !find(key));
  const tab = tabs.find(({ view }) => view === state.view) ?? tabs[0];
  const skip = (event: Event) => {
    event.preventDefault();
    document.getElementById("view")!.focus();
  };
  const links = tabs.map(({ view, text }) => {
    const href = hashOf({ ...state, study: entry.key, view });
    return html`<a key=${view} href=${href} aria-current=${view === tab.view ? "page" : undefined}>${text}</a>`;
  });
  document.title = `${tab.text}: ${entry.name}`;
  return html`
    <a class="skip" href="#view" onClick=${skip}>Skip to the results</a>
    <header>
      <div class="bar">
        <h1>Attention is not Explanation, re-run</h1>
        <${LinkButton} hash=${hashOf({ ...state, study: entry.key, view: tab.view })} />
      </div>
      ${picker({ ...context, entry })}
      <p id="study-name">${entry.title}: ${entry.name}, profile ${entry.profile} ${notSolved(entry)}</p>
      <nav aria-label="Views">${links}</nav>
    </header>
    <main id="view" tabindex="-1">
      <p class="question">${tab.question}</p>
      ${
        unknown === undefined
          ? h(Content, { key: `${tab.view} ${entry.key} ${state.beside}`, ...context, entry, tab })
          : problem(
              new Error(`This report has no study "${unknown}"; choose one of its ${index.studies.length} above.`),
            )
      }
    </main>
    ${footer(index)}`;
}

/** The corpora, the studies of the chosen one in their order, and what may stand beside it: first those of its corpus. */
function picker(context: Context) {
  const { entry: chosen } = context;
  const { studies } = context.index;
  const corpora = groupBy(studies, ({ corpus }) => corpus);
  const own = corpora.get(chosen.corpus)!;
  const names = [...corpora].map(([corpus, its]) => {
    const { key, title } = its === own ? chosen : mostAlike(its, chosen);
    return [key, `${title} (${corpus})`];
  });
  const nameOf = ({ encoder, variant, seed, profile, solved }: StudyEntry) =>
    `${encoder}, ${variant}, seed ${seed}, ${profile}${solved ? "" : " (not solved)"}`;
  const choices = Object.fromEntries(own.map((study) => [study.key, nameOf(study)]));
  const others = studies.map((study) => [study.key, `${study.corpus}, ${nameOf(study)}`]);
  const { [chosen.key]: _, ...beside } = { ...choices, ...Object.fromEntries(others), ...choices };
  return html`
    <section class="bar controls" aria-label="Study">
      ${field(context, "study", "Corpus", Object.fromEntries(names), chosen.key)}
      ${field(context, "study", "Study", choices, chosen.key)}
      ${field(context, "beside", "Beside it", { "": "no other study", ...beside })}
    </section>`;
}

/** The study of the same model as the chosen one, else the first. */
function mostAlike(studies: readonly StudyEntry[], { encoder, variant, profile, seed }: StudyEntry): StudyEntry {
  const of = studies.filter((study) => study.encoder === encoder && study.variant === variant);
  return of.find((study) => study.profile === profile && study.seed === seed) ?? of[0] ?? studies[0]!;
}

/** Copies the address of what is seen; where the browser does not let it, shows it to be copied. */
function LinkButton({ hash }: { hash: string }) {
  const [copied, setCopied] = useState("");
  const link = location.href.replace(/#.*|$/, hash);
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setCopied(link),
      () => prompt("The link to this view:", link),
    );
  return html`<button type="button" onClick=${copy}>${copied === link ? "Link copied" : "Copy link"}</button>`;
}

/** What is under a tab, once its study is there, or why it cannot be shown. */
function Content({ tab, ...context }: Context & { tab: Tab }) {
  const [error] = useErrorBoundary();
  if (error) return problem(error);
  const { index, state, entry } = context;
  const other = index.studies.find(({ key }) => key === state.beside);
  const open = [entry, other].flatMap((one) => (one ? [openStudy(one)] : []));
  const columns = open.flatMap((one) => one?.contents.columns ?? []).reverse();
  defineColumns([...index.columns, ...columns]);
  if (!open.every((one) => one)) return html`<p role="status">Reading the study …</p>`;
  return h(tab.View, { ...context, study: open[0]!, other: open[1] });
}

const aboutPage =
  "The question, the definitions and the published numbers are those of Jain and Wallace (2019), NAACL, 3543-3556. Figures: drag to enlarge a part, double-click to see all, click a class in the legend to hide it. They are drawn by plotly.js (MIT licence). All of this page is in its folder; nothing is loaded from a network.";

function footer({ columns, version }: ReportIndex) {
  const glossary = columns.map(
    ({ symbol, title, meaning }) =>
      html`<dt>${title.startsWith(symbol) ? title : `${symbol}: ${title}`}</dt><dd>${meaning}</dd>`,
  );
  return html`
    <footer>
      <details>
        <summary>What the numbers mean</summary>
        <dl>${glossary}</dl>
      </details>
      <p>Attention is not Explanation, re-run, version ${version}. ${aboutPage}</p>
    </footer>`;
}

/** What a step back should undo; the rest replaces the address. */
const steps: readonly (keyof ViewState)[] = ["study", "beside", "view", "text"];

/** What is seen stands in the address, and nowhere else. */
function go(change: Partial<ViewState>): void {
  const state = readState(location.hash);
  const ofAnother =
    change.study !== undefined && change.study !== state.study ? { text: "", predicted: "", label: "" } : {};
  const next = { ...state, ...ofAnother, ...change };
  const isStep = steps.some((name) => next[name] !== state[name]);
  history[isStep ? "pushState" : "replaceState"](null, "", hashOf(next));
  show();
}

function show(): void {
  render(h(Page, { index: reportIndex, state: readState(location.hash), go }), document.body);
}

for (const event of ["popstate", "report-data"]) addEventListener(event, show);
matchMedia(isDark).addEventListener("change", show);
show();
