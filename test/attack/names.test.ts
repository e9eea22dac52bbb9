import assert from "node:assert/strict";
import { after, test } from "node:test";
import { escapeMarkdown, escapeText, plainText } from "../../src/figures/figure";
import { violin } from "../../src/figures/violin";
import { withProgress } from "../../src/notebook/progress";
import { closeRenderer, renderFigure } from "../../src/notebook/render";
import { formatTable, tableOf } from "../../src/notebook/table";
import { hostileWords } from "../figures/hostileWords";

// Names of classes, as a file of one's own may have them, where they enter figures, sentences, tables and a terminal.

const names = [
  ...hostileWords,
  "</title><svg/onload=window.harmed=1>",
  "%{customdata}<extra>{{7*7}}{% raw %}</extra>",
  "\u2066evil\u2069\u202egnp",
  '=HYPERLINK("javascript:window.harmed=1")',
  "a\u001b]0;x\u0007\u001b[2J\r\nb",
  "\u0000\u009b31m",
  "x".repeat(5000),
  "é".repeat(300),
  "🙂".repeat(300),
];
/** What acts on its surroundings: of a terminal, of a line's direction, of a page's width. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}|[^\s<>]{2000}/u;

after(closeRenderer);

const surfaces: Record<string, (name: string) => string | Promise<string>> = {
  "a figure": (name) => plainText(escapeText(name)),
  "a sentence": escapeMarkdown,
  "a table": (name) => Object.values(formatTable(tableOf([{ name }]))).join(),
  "a line of progress": async (name) => {
    const lines: string[] = [];
    const log = console.log;
    console.log = (line) => lines.push(line);
    try {
      await withProgress(
        "Reading",
        (count) => `${name} ${count}`,
        async () => 20,
      );
    } finally {
      console.log = log;
    }
    return lines.join("\n");
  },
};

for (const [surface, write] of Object.entries(surfaces))
  test(`no name acts on what stands around it in ${surface}`, async () => {
    for (const name of names) assert.doesNotMatch(await write(name), acting, JSON.stringify(name.slice(0, 40)));
  });

test("a name is shown in a figure as it is, also one that plotly takes for its own", async (context) => {
  const shown = ["%{customdata}<extra>{{7*7}}", "]]>", "naïve", "<!--", "a\u001b[2J"];
  const rows = shown.flatMap((name) => [0.2, 0.4, 0.6].map((value) => ({ name, x: value, y: value })));
  const figure = violin(rows, { x: "x", y: "y", facet: "name" });
  const svg = (await renderFigure(figure, [".svg"]))?.[".svg"]?.toString();
  if (svg === undefined) return context.skip("no browser starts here");
  const said = plainText(svg).replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code));
  for (const name of shown) assert.ok(said.includes(name.replace("\u001b", "\ufffd")), name);
});
