import { coloursOn } from "../../figures/theme";
import { expandRows, type ReportIndex, type StudyEntry } from "../contents";
import { adversaryView } from "./adversaryView";
import { type Context, nameOf, type OpenStudy, type StudyView } from "./context";
import { correlationView } from "./correlationView";
import { byId, element } from "./dom";
import { drawWaiting, problem } from "./figureBlock";
import { InstancesView } from "./instancesView";
import { loadStudy } from "./loadData";
import { measures } from "./measures";
import { permutationView } from "./permutationView";
import { runView } from "./runView";
import { studiesView } from "./studiesView";
import { studyPicker } from "./studyPicker";
import { background, onBackgroundChange } from "./theme";
import { hashOf, readState, type ViewState } from "./viewState";

/** Put in by the builder. */
declare const reportIndex: ReportIndex;

const index: ReportIndex = reportIndex;

const tabs: readonly { view: string; text: string; show?: StudyView }[] = [
  { view: "studies", text: "All studies" },
  { view: "correlation", text: "Correlation", show: correlationView },
  { view: "permutation", text: "Permutation", show: permutationView },
  { view: "adversary", text: "Adversary", show: adversaryView },
  { view: "instances", text: "Instances" },
  { view: "run", text: "Run and data", show: runView },
];

let state = readState(location.hash);
/** What is in the page now: the instances view takes a new state without being made anew. */
let shown: { key: string; instances?: InstancesView; end?: () => void } = { key: "" };
let open: OpenStudy | undefined;

/** What a step back should undo; the rest replaces the address. */
const steps: readonly (keyof ViewState)[] = ["study", "view", "instance"];

function go(change: Partial<ViewState>): void {
  const next = { ...state, ...change };
  if (change.study !== undefined && change.study !== state.study) {
    Object.assign(next, { instance: "", predicted: "", ...change });
  }
  const hash = hashOf(next);
  if (hash === hashOf(state)) return;
  const isStep = steps.some((name) => next[name] !== state[name]);
  if (isStep) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
  state = next;
  show();
}

function chosenStudy(): StudyEntry {
  return index.studies.find(({ key }) => key === state.study) ?? index.studies[0]!;
}

async function openStudy(entry: StudyEntry): Promise<OpenStudy> {
  if (open?.entry === entry) return open;
  const contents = await loadStudy(entry.file);
  open = { entry, contents, rows: expandRows(contents.rows) };
  return open;
}

/** Brings the page to the state. */
async function show(): Promise<void> {
  const entry = chosenStudy();
  const ground = background(state.theme);
  const context: Context = { index, state, ground, go };
  const tab = tabs.find(({ view }) => view === state.view) ?? tabs[0]!;
  showFrame(entry, context, tab.view);
  const key = [tab.view, entry.key, ground, state.epsilon].join("\n");
  if (shown.key === key) return shown.instances?.update(context).catch(showProblem);
  shown.end?.();
  shown = { key };
  const view = byId("view");
  try {
    if (tab.view === "studies") return view.replaceChildren(studiesView(entry, context));
    if (open?.entry !== entry) view.replaceChildren(element("p", { role: "status" }, ["Reading the study …"]));
    const study = await openStudy(entry);
    if (shown.key !== key) return;
    if (tab.show) return view.replaceChildren(tab.show(study, context));
    const instances = new InstancesView(study, { ...context, state });
    view.replaceChildren(instances.element);
    shown = { key, instances, end: instances.mount() };
  } catch (error) {
    showProblem(error as Error);
  }
}

function showProblem(error: Error): void {
  byId("view").replaceChildren(problem(error));
}

/** All around the view: the lists of studies, the tabs, the title. */
function showFrame(entry: StudyEntry, { ground }: Context, view: string): void {
  document.documentElement.dataset.theme = ground;
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", coloursOn(ground).background);
  byId("theme").textContent = ground === "dark" ? "Light page" : "Dark page";
  const picker = byId("picker");
  const focused = [...picker.querySelectorAll("select")].indexOf(document.activeElement as HTMLSelectElement);
  picker.replaceChildren(...studyPicker(index.studies, entry, (study) => go({ study: study.key })));
  picker.querySelectorAll("select")[focused]?.focus();
  byId("study-name").textContent = `${entry.title}: ${nameOf(entry)}`;
  for (const link of byId("tabs").querySelectorAll("a")) {
    link.href = hashOf({ ...state, study: entry.key, view: link.dataset.view! });
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const title = tabs.find((tab) => tab.view === view)!.text;
  document.title = `${title}: ${nameOf(entry)}`;
}

function showOnce(): void {
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("view").focus();
  });
  byId("tabs").append(...tabs.map(({ view, text }) => element("a", { href: "#", "data-view": view }, [text])));
  byId("theme").addEventListener("click", () => go({ theme: background(state.theme) === "dark" ? "light" : "dark" }));
  const glossary = measures.flatMap(({ name, meaning }) => [element("dt", {}, [name]), element("dd", {}, [meaning])]);
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
