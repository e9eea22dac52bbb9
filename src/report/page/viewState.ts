/** What the page shows; it stands in the address behind "#", so that any view can be linked. */
export interface ViewState {
  /** The key of a study. */
  study: string;
  view: string;
  /** The column of an intervention that is drawn, and the one that it is drawn over. */
  measure: string;
  over: string;
  /** The column that texts are sorted by. */
  sort: string;
  order: string;
  /** A predicted class. */
  predicted: string;
  /** "right" or "wrong". */
  outcome: string;
  contains: string;
  /** The id of the text that is open. */
  text: string;
  /** "light" or "dark"; "" is what the reader's system has. */
  theme: string;
}

const start: ViewState = {
  ...{ study: "", view: "studies", measure: "", over: "", sort: "", order: "ascending" },
  ...{ predicted: "", outcome: "", contains: "", text: "", theme: "" },
};

/** The state in an address; what it does not say is as at the start. */
export function readState(hash: string): ViewState {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const entries = Object.entries(start).map(([name, value]) => [name, parameters.get(name) ?? value]);
  return Object.fromEntries(entries) as unknown as ViewState;
}

/** The address of a state, as short as it can be. */
export function hashOf(state: ViewState): string {
  const said = Object.entries(state).filter(([name, value]) => value !== start[name as keyof ViewState]);
  return `#${new URLSearchParams(said).toString().replaceAll("%2F", "/")}`;
}
