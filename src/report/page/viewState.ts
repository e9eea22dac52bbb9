/** What the page shows at first; what differs stands in the address behind "#", so that any view can be linked. */
const start = {
  /** The keys of a study, and of the one that stands beside it. */
  ...{ study: "", beside: "" },
  view: "claims",
  /** What the list of all studies contains, and "shown" where the figure of models has tasks that are not solved. */
  ...{ studies: "", unsolved: "" },
  /** The column that is drawn, and the one that it is drawn over. */
  ...{ measure: "", over: "" },
  /** The column that a list is sorted by. */
  ...{ sort: "", order: "ascending" },
  /** A predicted and a true class, "right" or "wrong", and what texts contain. */
  ...{ predicted: "", label: "", outcome: "", contains: "" },
  /** A column of the texts, and the ends of what it may be. */
  ...{ where: "", from: "", to: "" },
  /** The id of the text that is open, and "shown" where it is under all models. */
  ...{ text: "", models: "" },
};
export type ViewState = typeof start;

/** The state in an address; what it does not say is as at the start. */
export function readState(hash: string): ViewState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const entries = Object.entries(start).map(([name, value]) => [name, parameters.get(name) ?? value]);
  return Object.fromEntries(entries);
}

/** The address of a state, as short as it can be. */
export function hashOf(state: ViewState): string {
  const said = Object.entries(state).filter(([name, value]) => value !== start[name as keyof ViewState]);
  return `#${new URLSearchParams(said).toString().replaceAll("%2F", "/")}`;
}
