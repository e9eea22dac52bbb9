import { unknownName } from "../errors";

/** The look of every figure: one place for sizes, fonts and colours. */

/** Open Sans comes with the browser that draws the pictures; the others look alike where a live plot lacks it. */
export const fontFamily = '"Open Sans", Arial, Helvetica, sans-serif';

/** Text sizes in CSS pixels: a figure of 480 pixels printed 8.5 cm wide has its smallest text at 6 points. */
export const fontSize = { title: 16, text: 14, small: 12 } as const;

/** In CSS pixels: a column of print is 8.5 cm wide, a page 17 cm. */
const widths = { column: 480, page: 960 } as const;
export type FigureWidth = keyof typeof widths;

/** The width of a figure in CSS pixels. @throws UserError for another width */
export function panelWidth(width: FigureWidth): number {
  return entryOf("width", widths, width);
}

/** @throws UserError for a name that the table does not have. @param kind as in "width" */
function entryOf<Table extends object>(kind: string, table: Table, name: keyof Table & string): Table[keyof Table] {
  if (!Object.hasOwn(table, name)) throw unknownName(kind, name, Object.keys(table));
  return table[name];
}

/** What a figure stands on: "light" for paper and pages, "dark" for dark slides, "any" for a screen of either kind. */
export type Background = keyof typeof grounds;

/** A grid lets the lines below it through. */
const grounds = {
  light: { text: "#222222", muted: "#595959", grid: "#0000001a", axis: "#8c8c8c", background: "#ffffff" },
  dark: { text: "#f2f2f2", muted: "#b8b8b8", grid: "#ffffff26", axis: "#8c8c8c", background: "#1b1b1b" },
  any: { text: "#767676", muted: "#767676", grid: "#7676764d", axis: "#8c8c8c", background: "#00000000" },
} as const;

/** The colours of text, lines and ground. @throws UserError for another background */
export function coloursOn(background: Background): (typeof grounds)[Background] {
  return entryOf("background", grounds, background);
}

/**
 * Okabe and Ito's colours, told apart with every common kind of colour blindness and in grey print. On white the light
 * ones and the yellows of them are too weak; there darker colours stand for them that are as far from all others.
 */
const classColours = {
  light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#4444cc", "#8a4b2a", "#111111", "#661144"],
  dark: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#ffffff", "#f0e442"],
  any: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7830f0", "#c03000", "#9078f0", "#a84878"],
} as const;
const classDashes = ["dash", "dot", "dashdot", "longdash"] as const;
const classSymbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star"] as const;

/**
 * What tells a class from the others: its colour, the same in every figure on the same background (the first four are the
 * same on both), and, without colour too, the dashes of its lines and the symbol of its points.
 *
 * @param place the class's place in its corpus's `classNames`; after eight classes the colours begin again
 */
export function classStyle(place: number, background: Background = "light") {
  const colours = entryOf("background", classColours, background);
  return {
    colour: colours[place % colours.length]!,
    dash: classDashes[place % classDashes.length]!,
    symbol: classSymbols[place % classSymbols.length]!,
  };
}

/** A line that is drawn over a plot, to be compared with. */
export function brokenLine(background: Background) {
  return { type: "line", line: { color: coloursOn(background).text, width: 1.4, dash: "dash" } };
}

/** A light figure without its ground, and with colours that a light and a dark one bear: it cannot know on which it is seen. */
export function onAnyGround<Drawn extends object>(figure: Drawn): Drawn {
  const { background, ...lines } = grounds.light;
  const others = new Map<string, string>(classColours.light.map((colour, place) => [colour, classColours.any[place]!]));
  for (const [name, colour] of Object.entries(lines)) others.set(colour, grounds.any[name as keyof typeof lines]);
  const all = new RegExp([...others.keys()].join("|"), "g");
  return JSON.parse(JSON.stringify(figure), (name, value) => {
    if (value === background && name.endsWith("bgcolor")) return grounds.any.background;
    return typeof value === "string" ? value.replace(all, (colour) => others.get(colour)!) : value;
  });
}
