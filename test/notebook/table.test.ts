import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTable, type TableOptions, tableOf } from "../../src/notebook/table";
import { defineColumns } from "../../src/study/columns";

const format = <Row extends object>(rows: readonly Row[], options?: TableOptions<Row>) =>
  formatTable(tableOf(rows, options));

const rows = [
  { corpus: "reviews", n: 1200, tau: 0.345, difference: -0.1 },
  { corpus: "sst", n: 7, tau: undefined, difference: 0 },
];

test("as text: numbers to the right with two decimals, whole columns without, undefined as a dash", () => {
  assert.equal(
    format(rows, { caption: "Table 2" }).text,
    [
      "Table 2",
      "corpus       n   tau  difference",
      "───────  ─────  ────  ──────────",
      "reviews  1,200  0.35       −0.10",
      "sst          7     –        0.00",
    ].join("\n"),
  );
});

test("columns are chosen, ordered and renamed; digits are set", () => {
  const { text } = format(rows, { columns: { tau: "mean τ", corpus: "Corpus" }, digits: 3 });
  assert.equal(text.split("\n")[0], "mean τ  Corpus");
  assert.equal(text.split("\n")[2], " 0.345  reviews");
  assert.equal(format(rows, { columns: ["n"] }).text.split("\n")[0], "    n");
});

test("as HTML: figures are right-aligned and all text is escaped", () => {
  const { html } = format([{ '<b>"': "<script>alert('x')</script>", n: 1 }], { caption: "a < b" });
  assert.match(html, /<caption[^>]*>a &lt; b<\/caption>/);
  assert.match(html, /&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;/);
  assert.match(html, /<th[^>]*>&lt;b&gt;&quot;<\/th>/);
  assert.match(html, /<td align="right">1<\/td>/);
  assert.doesNotMatch(html, /<script|<b>/);
});

test("a column without any value is aligned as numbers are", () => {
  assert.equal(format([{ published: undefined }, { published: null }]).text.split("\n")[2], "        –");
});

test("a value that would round to nothing keeps no sign", () => {
  assert.match(format([{ d: -0.001 }]).text, / 0\.00$|^0\.00$/m);
});

test("defined columns have their symbols and digits, also those of danfojs' groups", () => {
  const meaning = { title: "", meaning: "", kind: "number" } as const;
  defineColumns([{ name: "tauGradient", symbol: "τ_g", digits: 3, ...meaning }]);
  const { html, text } = format([{ tauGradient: 0.5, tauGradient_std: 0.25, my_own: 0.5 }]);
  assert.match(html, /<th[^>]*>τ<sub>g<\/sub><\/th><th[^>]*>τ<sub>g<\/sub> std<\/th><th[^>]*>my_own<\/th>/);
  assert.match(text, /τ_g {2}τ_g std {2}my_own\n.*\n0\.500 {4}0\.250 {4}0\.50$/);
  assert.match(format([{ tauGradient: 0.5 }], { digits: 1 }).text, / 0\.5$|\n0\.5$/);
});

test("of many rows the first 60 are shown, and all are in the files; a table may be folded", () => {
  const many = Array.from({ length: 1300 }, (_, n) => ({ n }));
  const { html, text, records, latex } = format(many, { folded: "All <rows>" });
  assert.match(
    html,
    /^<details><summary>All &lt;rows&gt;<\/summary><table>.*59<\/td>.*<p>The first 60 of 1,300 rows\.<\/p><\/details>$/s,
  );
  assert.match(text, /\n59\nThe first 60 of 1,300 rows\.$/);
  assert.equal(records.length, 1300);
  assert.match(latex, /1,299 \\\\/);
});

test("a wrong column is answered with the nearest right one", () => {
  assert.throws(
    () => format(rows, { columns: ["corpsu" as "corpus"] }),
    /There is no column "corpsu"; did you mean "corpus"\?/,
  );
});

test("as LaTeX: the same columns, headings, digits and alignment, under booktabs' lines", () => {
  const { latex } = format(
    [
      { measure: "τ_g", n: 1200, mean: -0.345, share: 0.5 },
      { measure: "τ_loo & [x]", n: 7, mean: undefined, share: 1 },
    ],
    { columns: { measure: "", mean: "mean τ", share: "95 %", n: "texts" }, caption: "Table_2" },
  );
  assert.equal(
    latex,
    [
      "% The preamble needs \\usepackage{booktabs} \\usepackage{adjustbox}",
      "\\begin{table}[tb]",
      "\\centering",
      "\\caption{Table\\_2}",
      "\\begin{adjustbox}{max width=\\linewidth, max totalheight=0.8\\textheight}",
      "\\begin{tabular}{@{}lrrr@{}}",
      "\\toprule",
      " & mean $\\tau$ & 95 \\% & texts \\\\",
      "\\midrule",
      "$\\tau_{g}$ & $-$0.35 & 0.50 & 1,200 \\\\",
      "$\\tau_{\\mathrm{loo}}$ \\& {[}x{]} & -- & 1.00 & 7 \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "\\end{adjustbox}",
      "\\end{table}",
      "",
    ].join("\n"),
  );
});

test("as LaTeX: long cells break their lines", () => {
  const wide = format([{ what: "Corpus", value: "A long sentence about the corpus and where it comes from." }]).latex;
  assert.match(wide, /\\usepackage\{booktabs\} \\usepackage\{array\}/);
  assert.match(wide, /\{@\{\}l>\{\\raggedright\\arraybackslash\}p\{0\.60\\linewidth\}@\{\}\}/);
});

test("as LaTeX: the caption says what defined columns hold, or at least which columns there are", () => {
  const about = { kind: "number", meaning: "" } as const;
  defineColumns([{ name: "captioned", symbol: "κ", title: "κ, a coefficient", ...about }]);
  assert.match(
    format([{ captioned: 1, captioned_std: 2 }], { caption: "Table 9" }).latex,
    /caption\{Table 9\. \$\\kappa\$, a coefficient\}/,
  );
  assert.match(format([{ corpus: "sst", n: 1 }]).latex, /caption\{corpus, n\}/);
});

test("the records are the shown columns with all digits", () => {
  assert.deepEqual(format(rows, { columns: { tau: "τ", corpus: "" }, digits: 1 }).records, [
    { tau: 0.345, corpus: "reviews" },
    { tau: undefined, corpus: "sst" },
  ]);
});

test("the subscript of a symbol in a cell is one, and an underscore elsewhere stays", () => {
  const { html, text } = formatTable({ rows: [{ of: "τ_g,loo − τ_g, my_class" }], columns: { of: "of" } });
  assert.match(html, /τ<sub>g,loo<\/sub> − τ<sub>g<\/sub>, my_class/);
  assert.match(text, /τ_g,loo − τ_g, my_class/);
});
