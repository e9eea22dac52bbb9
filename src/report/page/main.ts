import { html } from "htm/preact";
import { type ComponentChild, h, render } from "preact";
import { useErrorBoundary, useState } from "preact/hooks";
import type { Background } from "../../figures/theme";
import { fewestRuns } from "../../paper/claims/claim";
import { derivedColumns } from "../../paper/derivedColumns";
import { groupBy } from "../../stats/summary";
import { defineColumns } from "../../study/columns";
import type { ReportIndex, StudyEntry } from "../studyContents";
import { chooser, notSolved, problem } from "./blocks";
import { claimsView } from "./claimsView";
import { CompareView } from "./compareView";
import { type Context, openStudy, type Shown } from "./context";
import { AgreementView, InterventionView } from "./questionViews";
import { studiesView } from "./studiesView";
import { StudyView } from "./studyView";
import { TextsView } from "./textsView";
import { hashOf, readState, type ViewState } from "./viewState";

/** Put in by the builder. */
declare const reportIndex: ReportIndex;

/** A view with what is asked there: of one study or, without it, of all. */
interface Tab {
  view: string;
  text: string;
  question: string;
  all?: (context: Context) => ComponentChild;
  View?: (shown: Shown) => ComponentChild;
}

const tabs: readonly [Tab, ...Tab[]] = [
  {
    ...{ view: "claims", text: "Claims", all: claimsView },
    question: `A text classifier with attention gives each word of a text a weight. May the weights be read as an explanation of the prediction? Each claim of Jain and Wallace (2019) is judged by a number of ours with its interval over training runs, beside a control: the number without which it says nothing. Nothing is decided by fewer than ${fewestRuns} runs. In full it is shown for the corpus that is chosen above.`,
  },
  {
    ...{ view: "studies", text: "All studies", all: studiesView },
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
      "Two studies, and what differs in the texts that both have. Agreement and Other attentions draw them over one another too; Texts has the weights of both, and those of all models of the corpus.",
  },
  {
    ...{ view: "study", text: "Study and data", View: StudyView },
    question: "What these numbers come from: the model, its training, the texts, the software.",
  },
];

function Page(context: Omit<Context, "entry">) {
  const { index, state, ground, go } = context;
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
  const other = ground === "dark" ? "light" : "dark";
  document.title = `${tab.text}: ${entry.name}`;
  return html`
    <a class="skip" href="#view" onClick=${skip}>Skip to the results</a>
    <header>
      <div class="bar">
        <h1>Attention is not Explanation, re-run</h1>
        <${LinkButton} hash=${hashOf({ ...state, study: entry.key, view: tab.view })} />
        <button type="button" onClick=${() => go({ theme: other })}>${other === "light" ? "Light" : "Dark"} page</button>
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
export function picker({ index: { studies }, entry: chosen, state, go }: Context) {
  const corpora = groupBy(studies, ({ corpus }) => corpus);
  const own = corpora.get(chosen.corpus)!;
  const names = [...corpora].map(([corpus, [first]]) => [corpus, `${first!.title} (${corpus})`]);
  const nameOf = ({ encoder, variant, seed, profile, solved }: StudyEntry) =>
    `${encoder}, ${variant}, seed ${seed}, ${profile}${solved ? "" : " (not solved)"}`;
  const choices = Object.fromEntries(own.map((study) => [study.key, nameOf(study)]));
  const others = studies.filter((study) => !own.includes(study));
  const { [chosen.key]: _, ...besideIt } = choices;
  const beside = Object.fromEntries(others.map((study) => [study.key, `${study.corpus}, ${nameOf(study)}`]));
  const goTo = (corpus: string) => go({ study: mostAlike(corpora.get(corpus)!, chosen).key });
  return html`
    <section class="bar controls" aria-label="Study">
      ${chooser("Corpus", Object.fromEntries(names), chosen.corpus, goTo)}
      ${chooser("Study", choices, chosen.key, (study) => go({ study }))}
      ${chooser("Beside it", { "": "no other study", ...besideIt, ...beside }, state.beside, (beside) => go({ beside }))}
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
  const open = tab.all ? [] : [entry, other].flatMap((one) => (one ? [openStudy(one)] : []));
  const columns = open.flatMap((one) => one?.contents.columns ?? []).reverse();
  defineColumns([...index.columns, ...derivedColumns, ...columns]);
  if (tab.all) return tab.all(context);
  if (!open.every((one) => one)) return html`<p role="status">Reading the study …</p>`;
  return h(tab.View!, { ...context, study: open[0]!, other: open[1] });
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
let state = readState(location.hash);

function go(change: Partial<ViewState>): void {
  const ofAnother =
    change.study !== undefined && change.study !== state.study ? { text: "", predicted: "", label: "" } : {};
  const next = { ...state, ...ofAnother, ...change };
  const hash = hashOf(next);
  if (hash === hashOf(state)) return;
  if (steps.some((name) => next[name] !== state[name])) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
  state = next;
  show();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const print = matchMedia("print");

/** The ground that the page stands on: paper is always light. */
function background(chosen: string): Background {
  if (print.matches) return "light";
  if (chosen === "dark" || chosen === "light") return chosen;
  return dark.matches ? "dark" : "light";
}

function show(): void {
  const ground = background(state.theme);
  document.documentElement.dataset.theme = ground;
  render(h(Page, { index: reportIndex, state, ground, go }), document.body);
}

addEventListener("popstate", () => {
  state = readState(location.hash);
  show();
});
addEventListener("report-data", show);
for (const query of [dark, print]) query.addEventListener("change", show);
show();
