import { coloursOn } from "../../figures/theme";
import { derivedColumns } from "../../paper/derivedColumns";
import { defineColumns } from "../../study/columns";
import { expandRows, type ReportIndex, type StudyEntry } from "../contents";
import { agreementView } from "./agreementView";
import type { Context, OpenStudy, StudyView } from "./context";
import { byId, element } from "./dom";
import { drawWaiting, problem } from "./figureBlock";
import { interventionView } from "./interventionView";
import { loadLines, loadStudy } from "./loadData";
import { studiesView } from "./studiesView";
import { studyPicker } from "./studyPicker";
import { studyView } from "./studyView";
import { TextsView } from "./textsView";
import { background, onBackgroundChange } from "./theme";
import { hashOf, readState, type ViewState } from "./viewState";

/** Put in by the builder. */
declare const reportIndex: ReportIndex;

const index: ReportIndex = reportIndex;

const tabs: readonly { view: string; text: string; show?: StudyView }[] = [
  { view: "studies", text: "All studies" },
  { view: "agreement", text: "Agreement", show: agreementView },
  { view: "interventions", text: "Other attentions", show: interventionView },
  { view: "texts", text: "Texts" },
  { view: "study", text: "Study and data", show: studyView },
];

let state = readState(location.hash);
/** What is in the page now: the view of texts takes a new state without being made anew. */
let shown: { key: string; texts?: TextsView; end?: () => void } = { key: "" };
let open: OpenStudy | undefined;

/** What a step back should undo; the rest replaces the address. */
const steps: readonly (keyof ViewState)[] = ["study", "view", "text"];

function go(change: Partial<ViewState>): void {
  const next = { ...state, ...change };
  if (change.study !== undefined && change.study !== state.study) {
    Object.assign(next, { text: "", predicted: "", ...change });
  }
  const hash = hashOf(next);
  if (hash === hashOf(state)) return;
  const isStep = steps.some((name) => next[name] !== state[name]);
  if (isStep) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
  state = next;
  show();
}

async function openStudy(entry: StudyEntry): Promise<OpenStudy> {
  if (open?.entry === entry) return open;
  const contents = await loadStudy(entry.file);
  open = { entry, contents, rows: expandRows(contents.rows) };
  return open;
}

/** Brings the page to the state. */
async function show(): Promise<void> {
  const entry = index.studies.find(({ key }) => key === state.study) ?? index.studies[0]!;
  const ground = background(state.theme);
  const context: Context = { index, state, ground, go };
  const tab = tabs.find(({ view }) => view === state.view) ?? tabs[0]!;
  showFrame(entry, context, tab);
  const key = [tab.view, entry.key, ground, state.measure, state.over].join("\n");
  if (shown.key === key) return shown.texts?.update(context).catch(showProblem);
  shown.end?.();
  shown = { key };
  const view = byId("view");
  try {
    defineColumns([...index.columns, ...derivedColumns]);
    if (tab.view === "studies") return view.replaceChildren(studiesView(entry, context));
    if (open?.entry !== entry) view.replaceChildren(element("p", { role: "status" }, ["Reading the study …"]));
    const study = await openStudy(entry);
    if (shown.key !== key) return;
    defineColumns(study.contents.columns);
    if (tab.show) return view.replaceChildren(tab.show(study, context));
    const lines = study.contents.textsOfFile > 0 ? await loadLines(entry.file) : [];
    if (shown.key !== key) return;
    const texts = new TextsView(study, lines, context);
    view.replaceChildren(texts.element);
    shown = { key, texts, end: texts.list.mount() };
    await texts.update({ ...context, state });
  } catch (error) {
    showProblem(error as Error);
  }
}

function showProblem(error: Error): void {
  byId("view").replaceChildren(problem(error));
}

/** All around the view: the lists of studies, the tabs, the title. */
function showFrame(entry: StudyEntry, { ground }: Context, tab: (typeof tabs)[number]): void {
  document.documentElement.dataset.theme = ground;
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", coloursOn(ground).background);
  byId("theme").textContent = ground === "dark" ? "Light page" : "Dark page";
  const picker = byId("picker");
  const focused = [...picker.querySelectorAll("select")].indexOf(document.activeElement as HTMLSelectElement);
  picker.replaceChildren(...studyPicker(index.studies, entry, (study) => go({ study: study.key })));
  picker.querySelectorAll("select")[focused]?.focus();
  byId("study-name").textContent = `${entry.title}: ${entry.name}, profile ${entry.profile}`;
  for (const link of byId("tabs").querySelectorAll("a")) {
    link.href = hashOf({ ...state, study: entry.key, view: link.dataset.view! });
    if (link.dataset.view === tab.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${tab.text}: ${entry.name}`;
}

function showOnce(): void {
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("view").focus();
  });
  byId("tabs").append(...tabs.map(({ view, text }) => element("a", { href: "#", "data-view": view }, [text])));
  byId("theme").addEventListener("click", () => go({ theme: background(state.theme) === "dark" ? "light" : "dark" }));
  const glossary = index.columns.flatMap(({ symbol, title, meaning }) => [
    element("dt", {}, [title.startsWith(symbol) ? title : `${symbol}: ${title}`]),
    element("dd", {}, [meaning]),
  ]);
  byId("glossary").append(...glossary);
  byId("version").textContent = index.version;
}

showOnce();
show();
addEventListener("popstate", () => {
  state = readState(location.hash);
  show();
});
onBackgroundChange(() => show().then(drawWaiting));
