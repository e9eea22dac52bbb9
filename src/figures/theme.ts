/** The look of every figure: one place for sizes, fonts and colours. */

/** Open Sans comes with the browser that draws the pictures; the others look alike where a live plot lacks it. */
export const fontFamily = '"Open Sans", Arial, Helvetica, sans-serif';

/** Text sizes in CSS pixels: a figure of 480 pixels printed 8.5 cm wide has its smallest text at 6 points. */
export const fontSize = { title: 16, text: 14, small: 12 } as const;

/** The width of a figure in CSS pixels: of one plot that of a column of print (8.5 cm), of several that of a page (17 cm). */
export const widths = { column: 480, page: 960 } as const;

/** What stands behind a figure: "light" as it is drawn, "dark" for a dark screen, "any" for a screen of either kind. */
export type Background = keyof typeof grounds;

/** A grid lets the lines below it through. */
export const grounds = {
  light: { text: "#222222", muted: "#595959", grid: "#0000001a", axis: "#8c8c8c", background: "#ffffff" },
  dark: { text: "#f2f2f2", muted: "#b8b8b8", grid: "#ffffff26", axis: "#8c8c8c", background: "#1b1b1b" },
  any: { text: "#767676", muted: "#767676", grid: "#7676764d", axis: "#8c8c8c", background: "#00000000" },
} as const;

/** What a figure is drawn with. */
export const colours = grounds.light;

/**
 * Okabe and Ito's colours, told apart with every common kind of colour blindness and in grey print. On white the light
 * ones and the yellows of them are too weak; there darker colours stand for them that are as far from all others.
 */
export const classColours = {
  light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#4444cc", "#8a4b2a", "#111111", "#661144"],
  dark: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#ffffff", "#f0e442"],
  any: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7830f0", "#c03000", "#9078f0", "#a84878"],
} as const;
/** What stands on a class's colour: black or white, whichever has the higher contrast (WCAG 2). */
const onClass = ["#ffffff", "#000000", "#000000", "#000000", "#ffffff", "#ffffff", "#ffffff", "#ffffff"] as const;
const classDashes = ["dash", "dot", "dashdot", "longdash"] as const;
const classSymbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star"] as const;

/**
 * What tells a class from the others: its colour, of which the first four are the same on every ground, and, without
 * colour too, the dashes of its lines and the symbol of its points.
 *
 * @param place the class's place in its corpus's `classNames`; after eight classes the colours begin again
 */
export function classStyle(place: number): { colour: string; onColour: string; dash: string; symbol: string } {
  return {
    colour: classColours.light[place % classColours.light.length]!,
    onColour: onClass[place % onClass.length]!,
    dash: classDashes[place % classDashes.length]!,
    symbol: classSymbols[place % classSymbols.length]!,
  };
}

/** A line that is drawn over a plot, to be compared with. */
export const brokenLine = { type: "line", line: { color: colours.text, width: 1.4, dash: "dash" } };

/** A figure in the colours of another ground; on any it has none of its own. */
export function onGround<Drawn extends object>(figure: Drawn, background: Background): Drawn {
  const { background: white, ...lines } = colours;
  const ground = grounds[background];
  const others = new Map<string, string>(
    classColours.light.map((colour, place) => [colour, classColours[background][place]!]),
  );
  for (const [name, colour] of Object.entries(lines)) others.set(colour, ground[name as keyof typeof lines]);
  const all = new RegExp([...others.keys()].join("|"), "g");
  return JSON.parse(JSON.stringify(figure), (name, value) => {
    if (value === white && name.endsWith("bgcolor")) return ground.background;
    return typeof value === "string" ? value.replace(all, (colour) => others.get(colour)!) : value;
  });
}
