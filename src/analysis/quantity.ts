import { UserError } from "../errors";

/** What a number of a text says of itself: headings, titles of axes, summaries and the report are made from it. */
export interface Quantity<Name extends string = string> {
  /** The name of its column: letters and digits, beginning with a small letter. */
  name: Name;
  /** Short, as in a narrow heading: "Δŷ", "τ_g", where what follows an underscore is a subscript. */
  symbol: string;
  /** A few words, as in the title of an axis: "largest attention weight". */
  title: string;
  /** One sentence that says what it is and how it is computed. */
  meaning: string;
  /** The smallest and the largest value there can be; default: any. */
  range?: readonly [low: number, high: number];
  /** Decimals that are shown; default 2. */
  digits?: number;
  /** As in "nats"; default: none. */
  unit?: string;
}

/** How a Jensen-Shannon divergence is told: from 0 to ln 2, with three decimals. */
export const inNats = { range: [0, Math.LN2], unit: "nats", digits: 3 } as const;

/** @throws UserError for a name that cannot be a part of a column's name. @param kind as in "importance" */
export function checkColumnName(kind: string, name: string): void {
  if (/^[a-z][A-Za-z0-9]*$/.test(name)) return;
  throw new UserError(
    `The name of the ${kind} must be letters and digits that begin with a small letter, but ${JSON.stringify(name)} came; write it as in "inputNorm".`,
  );
}
