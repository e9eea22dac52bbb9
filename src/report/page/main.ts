import { html } from "htm/preact";
import { type ComponentChild, h, render } from "preact";
import { useErrorBoundary, useMemo } from "preact/hooks";
import { coloursOn } from "../../figures/theme";
import { derivedColumns } from "../../paper/derivedColumns";
import { groupBy } from "../../stats/groupBy";
import { defineColumns } from "../../study/columns";
import { expandRows } from "../contents";
import type { ReportIndex, StudyContents, StudyEntry } from "../studyContents";
import { chooser, problem } from "./blocks";
import type { Context, Shown } from "./context";
import { drawWaiting } from "./figureBlock";
import { dataOf, onLoad } from "./loadData";
import { AgreementView, InterventionView } from "./questionViews";
import { studiesView } from "./studiesView";
import { StudyView } from "./studyView";
import { TextsView } from "./textsView";
import { background, onBackgroundChange } from "./theme";
import { hashOf, readState, type ViewState } from "./viewState";

/** Put in by the builder. */
declare const reportIndex: ReportIndex;

interface Tab {
  view: string;
  text: string;
  /** Undefined of the view of all studies. */
  View?: (shown: Shown) => ComponentChild;
}

const tabs: readonly [Tab, ...Tab[]] = [
  { view: "studies", text: "All studies" },
  { view: "agreement", text: "Agreement", View: AgreementView },
  { view: "interventions", text: "Other attentions", View: InterventionView },
  { view: "texts", text: "Texts", View: TextsView },
  { view: "study", text: "Study and data", View: StudyView },
];

/** All that is in the page, at a state. */
function Page(context: Context) {
  const { index, state, ground, go } = context;
  const entry = index.studies.find(({ key }) => key === state.study) ?? index.studies[0]!;
  const tab = tabs.find(({ view }) => view === state.view) ?? tabs[0];
  const skip = (event: Event) => {
    event.preventDefault();
    document.getElementById("view")!.focus();
  };
  const links = tabs.map(({ view, text }) => {
    const href = hashOf({ ...state, study: entry.key, view });
    return html`<a key=${view} href=${href} aria-current=${view === tab.view ? "page" : undefined}>${text}</a>`;
  });
  const other = ground === "dark" ? "light" : "dark";
  document.title = `${tab.text}: ${entry.name}`;
  return html`
    <a class="skip" href="#view" onClick=${skip}>Skip to the results</a>
    <header>
      <div class="bar">
        <h1>Attention is not Explanation, re-run</h1>
        <button type="button" onClick=${() => go({ theme: other })}>${other === "light" ? "Light" : "Dark"} page</button>
      </div>
      ${picker(index.studies, entry, go)}
      <p id="study-name">${entry.title}: ${entry.name}, profile ${entry.profile}</p>
      <nav aria-label="Views">${links}</nav>
    </header>
    <main id="view" tabindex="-1">${h(Content, { key: `${tab.view} ${entry.key}`, ...context, entry, tab })}</main>
    ${footer(index)}`;
}

/** The corpora, and the studies of the chosen one by their names; where several have the same, with their folders. */
function picker(studies: readonly StudyEntry[], chosen: StudyEntry, go: Context["go"]) {
  const corpora = groupBy(studies, ({ corpus }) => corpus);
  const named = groupBy(studies, ({ name }) => name);
  const label = ({ name, key }: StudyEntry) => (named.get(name)!.length > 1 ? `${name} (${key})` : name);
  const names = [...corpora.keys()].map((corpus) => [corpus, corpus] as const);
  const choices = corpora.get(chosen.corpus)!.map((study) => [study.key, label(study)] as const);
  return html`
    <section class="bar controls" aria-label="Study">
      ${chooser("Corpus", names, chosen.corpus, (corpus) => go({ study: mostAlike(corpora.get(corpus)!, chosen).key }))}
      ${chooser("Study", choices, chosen.key, (key) => go({ study: key }))}
    </section>`;
}

/** The study whose name is that of the chosen one but for the corpus, else the first. */
function mostAlike(studies: readonly StudyEntry[], chosen: StudyEntry): StudyEntry {
  const rest = ({ name, corpus, profile }: StudyEntry) => `${profile}${name.slice(corpus.length)}`;
  return studies.find((study) => rest(study) === rest(chosen)) ?? studies[0]!;
}

/** What is under a tab, once its study is there, or why it cannot be shown. */
function Content({ entry, tab, ...context }: Context & { entry: StudyEntry; tab: Tab }) {
  const [error] = useErrorBoundary();
  const contents = tab.View && !error ? dataOf<StudyContents>(entry.file) : undefined;
  const study = useMemo(() => contents && { entry, contents, rows: expandRows(contents.rows) }, [contents]);
  if (error) return problem(error);
  defineColumns([...context.index.columns, ...derivedColumns, ...(contents?.columns ?? [])]);
  if (tab.View === undefined) return studiesView(entry, context);
  return study ? h(tab.View, { ...context, study }) : html`<p role="status">Reading the study …</p>`;
}

function footer({ columns, version }: ReportIndex) {
  const glossary = columns.map(
    ({ symbol, title, meaning }) =>
      html`<dt>${title.startsWith(symbol) ? title : `${symbol}: ${title}`}</dt><dd>${meaning}</dd>`,
  );
  return html`
    <footer>
      <details>
        <summary>What the numbers mean</summary>
        <p>
          A text classifier with attention gives each word of a text a weight, α; the weights sum to 1. May they be read
          as an explanation of the prediction ŷ? Jain and Wallace (NAACL 2019) tested two things that an explanation
          should do: agree with the importance of words, and change the prediction when it is changed.
        </p>
        <dl>${glossary}</dl>
      </details>
      <p>
        Attention is not Explanation, re-run, version ${version}. The question, the definitions and the published
        numbers are those of Jain and Wallace (2019), NAACL, 3543-3556. Figures: drag to enlarge a part, double-click to
        see all, click a class in the legend to hide it. They are drawn by plotly.js (MIT licence). All of this page is
        in its folder; nothing is loaded from a network.
      </p>
    </footer>`;
}

/** What a step back should undo; the rest replaces the address. */
const steps: readonly (keyof ViewState)[] = ["study", "view", "text"];
let state = readState(location.hash);

function go(change: Partial<ViewState>): void {
  const ofAnother = change.study !== undefined && change.study !== state.study ? { text: "", predicted: "" } : {};
  const next = { ...state, ...ofAnother, ...change };
  const hash = hashOf(next);
  if (hash === hashOf(state)) return;
  if (steps.some((name) => next[name] !== state[name])) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
  state = next;
  show();
}

/** Brings the page to the state. */
function show(): void {
  const ground = background(state.theme);
  document.documentElement.dataset.theme = ground;
  document.querySelector("meta[name=theme-color]")!.setAttribute("content", coloursOn(ground).background);
  render(h(Page, { index: reportIndex, state, ground, go }), document.body);
}

addEventListener("popstate", () => {
  state = readState(location.hash);
  show();
});
onLoad(show);
onBackgroundChange(() => {
  show();
  drawWaiting();
});
show();
