import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  fullColours,
  heatmapHtml,
  heatmapLatex,
  heatmapSummary,
  heatmapTable,
  textHeatmap,
} from "../../src/figures/textHeatmap";
import { grounds } from "../../src/figures/theme";
import { createRandom } from "../../src/stats/random";
import { openBrowser } from "./browser";
import { hostileWords } from "./hostileWords";

const browser = openBrowser();
after(async () => (await browser)?.close());

const words = ["what", "a", "waste"];
const pair = [
  { label: "original", weights: [0.1, 0.1, 0.8], numbers: { ŷ: 0.01 } },
  { label: "adversarial", weights: [0.4, 0.4, 0.2], numbers: { "change of ŷ": -0.002, JSD: undefined } },
];

test("each row is scaled by its own largest weight, as the caption says", () => {
  const own = textHeatmap(words, pair);
  assert.deepEqual(own.rows[0]!.intensities, [0.125, 0.125, 1]);
  assert.deepEqual(own.rows[1]!.intensities, [1, 1, 0.5]);
  assert.equal(own.caption, "Scale of each row: from 0 to its largest weight.");
});

test("notes have the row's numbers and its largest weight, small ones in two digits", () => {
  assert.deepEqual(
    textHeatmap(words, pair).rows.map(({ note }) => note),
    ["ŷ = 0.010, largest 0.8000", "change of ŷ = −0.002, JSD = –, largest 0.4000"],
  );
  assert.equal(textHeatmap(["a"], [{ label: "gradient", weights: [2.34e-7] }]).rows[0]!.note, "largest 2.3e−7");
});

test("weights that are all 0, and words without a value", () => {
  const none = textHeatmap(words, [{ label: "leave-one-out", weights: [0, 0, 0] }]);
  assert.deepEqual(none.rows[0]!.intensities, [0, 0, 0]);
  assert.match(heatmapSummary(none), /no weight above 0/);
  const gap = textHeatmap(["alone"], [{ label: "leave-one-out", weights: [undefined] }]);
  assert.match(gap.caption, /Underlined: no value\.$/);
  assert.match(heatmapHtml(gap), /<u title="no value">alone<\/u>/);
  assert.match(heatmapLatex(gap), /\\underline\{alone\}/);
});

test("as HTML: weights on hover, the title and the largest words for those who cannot see the colours", () => {
  const html = heatmapHtml(textHeatmap(words, pair, { title: "A review" }));
  assert.match(html, /^<figure aria-label="A review\. Heatmap over 3 words\. Largest weights: original \(ŷ = 0\.010/);
  assert.match(html, /original \(ŷ = 0\.010, largest 0\.8000\): waste 0\.8000, what 0\.1000, a 0\.1000;/);
  assert.match(html, /<span title="0\.8000" style="background:#f28e00ff;[^"]*">waste<\/span>/);
});

test("as LaTeX: one colour box per word, the caption, and what the preamble needs", () => {
  assert.equal(
    heatmapLatex(textHeatmap(words, pair, { title: "100 %" })),
    [
      "% The preamble needs \\usepackage{xcolor}",
      "\\begingroup\\definecolor{weight}{HTML}{F28E00}\\setlength{\\fboxsep}{1pt}\\setlength{\\parindent}{0pt}\\raggedright",
      "\\textbf{original} ($\\hat{y}$ = 0.010, largest 0.8000)\\\\[2pt]",
      "\\colorbox{weight!13}{\\strut what}",
      "\\colorbox{weight!13}{\\strut a}",
      "\\colorbox{weight!100}{\\strut waste}",
      "\\par\\medskip",
      "\\textbf{adversarial} (change of $\\hat{y}$ = $-$0.002, JSD = --, largest 0.4000)\\\\[2pt]",
      "\\colorbox{weight!100}{\\strut what}",
      "\\colorbox{weight!100}{\\strut a}",
      "\\colorbox{weight!50}{\\strut waste}",
      "\\par\\medskip",
      "100 \\%. Scale of each row: from 0 to its largest weight.\\par\\endgroup",
      "",
    ].join("\n"),
  );
});

test("the numbers are a table of one row per word", () => {
  assert.deepEqual(heatmapTable(textHeatmap(words, pair))[2], {
    position: 3,
    word: "waste",
    original: 0.8,
    adversarial: 0.2,
  });
});

test("what cannot be shown is refused", () => {
  const row = (weights: number[], label = "attention") => ({ label, weights });
  assert.throws(() => textHeatmap([], [row([])]), /at least one word and one row, but 0 words and 1 rows came/);
  assert.throws(() => textHeatmap(words, []), /0 rows came/);
  assert.throws(() => textHeatmap(words, [row([1, 2])]), /row "attention" has 2 for 3 words/);
  assert.throws(() => textHeatmap(words, [row([1, -0.5, 0])]), /weights from 0, but row "attention" holds -0.5/);
  assert.throws(() => textHeatmap(words, [row([1, Number.NaN, 0])]), /holds NaN/);
  assert.throws(() => textHeatmap(words, [row([1, 0, 0]), row([0, 1, 0])]), /label "attention" is there twice/);
  assert.throws(() => textHeatmap(words, [row([1, 0, 0], "word")]), /names the words themselves/);
});

/** Contrast of two colours by WCAG 2.2, relative luminance. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const luminance = (colour: readonly number[]) => {
    const [red, green, blue] = colour.map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const rgb = (hex: string) => [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));

for (const background of ["light", "dark"] as const) {
  test(`words read well on every intensity, and more weight is further from the ground: ${background}`, () => {
    const { text, background: ground } = grounds[background];
    let before = 1;
    for (let step = 0; step <= 100; step += 1) {
      const full = rgb(fullColours[background]);
      const colour = rgb(ground).map((channel, index) => channel + ((full[index]! - channel) * step) / 100);
      assert.ok(contrast(colour, rgb(text)) >= 4.5, `${step} %`);
      const distance = contrast(colour, rgb(ground));
      assert.ok(distance >= before, `${step} %`);
      before = distance;
    }
    assert.ok(before > 2);
  });
}

test("control characters, marks of direction and half characters are gone in every form", () => {
  const all = hostileWords.join(" ");
  const row = { label: all, weights: hostileWords.map(() => 0.1), numbers: { [all]: 1 } };
  const heatmap = textHeatmap(hostileWords, [row], { title: all });
  for (const form of [heatmapHtml(heatmap), heatmapSummary(heatmap), heatmapLatex(heatmap)]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    assert.doesNotMatch(form, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u);
    assert.equal(Buffer.from(form).toString(), form);
  }
  assert.equal(heatmap.words[hostileWords.indexOf("line\nbreak")], "line\ufffdbreak");
});

test("in a browser: words are text and nothing else, a long text stays inside its page", async (context) => {
  const page = await (await browser)?.newPage({ viewport: { width: 420, height: 600 } });
  if (page === undefined) return context.skip("no browser starts here");
  const random = createRandom(3);
  const text = [...hostileWords, "long".repeat(60), ...Array.from({ length: 300 }, (_, index) => `word${index}`)];
  const row = (label: string) => ({ label, weights: text.map(() => random.uniform()), numbers: { "<i>": 1 } });
  const heatmap = textHeatmap(text, [row("<b>original</b>"), row('"x" onclick="window.harmed = 1"')], {
    title: "<script>window.harmed = 1</script>",
  });
  await page.setContent(heatmapHtml(heatmap), { waitUntil: "load" });
  const seen = await page.evaluate(() => {
    const all = Array.from(document.body.querySelectorAll("*"));
    const spans = Array.from(document.querySelectorAll("span[title]"));
    return {
      harmed: "harmed" in window,
      elements: [...new Set(all.map(({ localName }) => localName))].sort(),
      attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))].sort(),
      words: spans.map(({ textContent }) => textContent),
      titles: spans.map((span) => Number(span.getAttribute("title"))),
      labels: Array.from(document.querySelectorAll("strong")).map(({ textContent }) => textContent),
      heading: document.querySelector("figure > p")?.textContent,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      height: document.querySelector("figure")!.getBoundingClientRect().height,
    };
  });
  assert.equal(seen.harmed, false);
  assert.deepEqual(seen.elements, ["div", "figcaption", "figure", "p", "span", "strong"]);
  assert.deepEqual(seen.attributes, ["aria-label", "style", "title"]);
  assert.deepEqual(seen.words, [...heatmap.words, ...heatmap.words]);
  for (const [index, weight] of heatmap.rows.flatMap(({ weights }) => weights).entries()) {
    assert.ok(Math.abs(seen.titles[index]! - weight!) <= 0.00005);
  }
  assert.deepEqual(
    seen.labels,
    heatmap.rows.map(({ label }) => label),
  );
  assert.equal(seen.heading, heatmap.title);
  assert.equal(seen.overflow, 0);
  assert.ok(seen.height > 1000);
});
