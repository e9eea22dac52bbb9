/** What the page shows at first; what differs stands in the address behind "#", so that any view can be linked. */
const start = {
  /** The key of a study. */
  study: "",
  view: "studies",
  /** The column of an intervention that is drawn, and the one that it is drawn over. */
  ...{ measure: "", over: "" },
  /** The column that texts are sorted by. */
  ...{ sort: "", order: "ascending" },
  /** A predicted class, "right" or "wrong", and what texts contain. */
  ...{ predicted: "", outcome: "", contains: "" },
  /** The id of the text that is open. */
  text: "",
  /** "light" or "dark"; "" is what the reader's system has. */
  theme: "",
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
