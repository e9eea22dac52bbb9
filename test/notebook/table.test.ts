import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTable } from "../../src/notebook/table";

const rows = [
  { corpus: "reviews", n: 1200, tau: 0.345, difference: -0.1 },
  { corpus: "sst", n: 7, tau: undefined, difference: 0 },
];

test("as text: numbers to the right with two decimals, whole columns without, undefined as a dash", () => {
  assert.equal(
    formatTable(rows, { caption: "Table 2" }).text,
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
  const { text } = formatTable(rows, { columns: { tau: "mean τ", corpus: "Corpus" }, digits: 3 });
  assert.equal(text.split("\n")[0], "mean τ  Corpus");
  assert.equal(text.split("\n")[2], " 0.345  reviews");
  assert.equal(formatTable(rows, { columns: ["n"] }).text.split("\n")[0], "    n");
});

test("as HTML: figures are right-aligned and all text is escaped", () => {
  const { html } = formatTable([{ '<b>"': "<script>alert('x')</script>", n: 1 }], { caption: "a < b" });
  assert.match(html, /<caption[^>]*>a &lt; b<\/caption>/);
  assert.match(html, /&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;/);
  assert.match(html, /<th[^>]*>&lt;b&gt;&quot;<\/th>/);
  assert.match(html, /<td align="right" style="text-align: right">1<\/td>/);
  assert.doesNotMatch(html, /<script|<b>/);
});

test("a column without any value is aligned as numbers are", () => {
  assert.equal(formatTable([{ published: undefined }, { published: null }]).text.split("\n")[2], "        –");
});

test("a value that would round to nothing keeps no sign", () => {
  assert.match(formatTable([{ d: -0.001 }]).text, / 0\.00$|^0\.00$/m);
});

test("a danfojs frame is shown as its rows", () => {
  const frame = {
    columns: ["corpus", "tau"],
    values: [
      ["reviews", 0.5],
      ["sst", 0.25],
    ],
  };
  assert.equal(
    formatTable(frame).text,
    formatTable([
      { corpus: "reviews", tau: 0.5 },
      { corpus: "sst", tau: 0.25 },
    ]).text,
  );
});

test("a frame of danfojs itself is shown, also grouped, with a dash where it has no value", () => {
  const { DataFrame } = require("danfojs-node") as typeof import("danfojs-node");
  const frame = new DataFrame([
    { corpus: "sst", tau: 0.5, n: 3 },
    { corpus: "imdb", tau: undefined, n: 4 },
    { corpus: "sst", tau: 0.25, n: 5 },
  ]);
  assert.deepEqual(formatTable(frame).text.split("\n").slice(2), [
    "sst     0.50  3",
    "imdb       –  4",
    "sst     0.25  5",
  ]);
  const grouped = frame.groupby(["corpus"]).col(["n"]).mean();
  assert.deepEqual(formatTable(grouped).text.split("\n").slice(2), ["sst          4", "imdb         4"]);
});

test("a wrong column is answered with the nearest right one", () => {
  assert.throws(
    () => formatTable(rows, { columns: ["corpsu" as "corpus"] }),
    /There is no column "corpsu"; did you mean "corpus"\?/,
  );
});

test("as LaTeX: the same columns, headings, digits and alignment, under booktabs' lines", () => {
  const { latex } = formatTable(
    [
      { measure: "τ_g", n: 1200, mean: -0.345, share: 0.5 },
      { measure: "τ_loo & [x]", n: 7, mean: undefined, share: 1 },
    ],
    { columns: { measure: "", mean: "mean τ", share: "95 %", n: "texts" }, caption: "Table_2" },
  );
  assert.equal(
    latex,
    [
      "% The preamble needs \\usepackage{booktabs}",
      "\\begin{table}[tb]",
      "\\centering",
      "\\caption{Table\\_2}",
      "\\begin{tabular}{@{}lrrr@{}}",
      "\\toprule",
      " & mean $\\tau$ & 95 \\% & texts \\\\",
      "\\midrule",
      "$\\tau_{g}$ & $-$0.35 & 0.50 & 1,200 \\\\",
      "$\\tau_{\\mathrm{loo}}$ \\& {[}x{]} & -- & 1.00 & 7 \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "\\end{table}",
      "",
    ].join("\n"),
  );
});

test("as LaTeX: long cells break their lines, long tables go over several pages", () => {
  const wide = formatTable([
    { what: "Corpus", value: "A long sentence about the corpus and where it comes from." },
  ]).latex;
  assert.match(wide, /\\usepackage\{booktabs\} \\usepackage\{array\}/);
  assert.match(wide, /\{@\{\}l>\{\\raggedright\\arraybackslash\}p\{0\.60\\linewidth\}@\{\}\}/);
  const tall = formatTable(
    Array.from({ length: 41 }, (_, n) => ({ n })),
    { caption: "Many" },
  ).latex;
  assert.match(tall, /\\usepackage\{longtable\}/);
  assert.match(
    tall,
    /\\begin\{longtable\}\{@\{\}r@\{\}\}\n\\caption\{Many\} \\\\\n\\toprule\nn \\\\\n\\midrule\n\\endhead\n0 \\\\/,
  );
  assert.match(tall, /40 \\\\\n\\bottomrule\n\\end\{longtable\}\n$/);
});

test("the records are the shown columns with all digits", () => {
  assert.deepEqual(formatTable(rows, { columns: { tau: "τ", corpus: "" }, digits: 1 }).records, [
    { tau: 0.345, corpus: "reviews" },
    { tau: undefined, corpus: "sst" },
  ]);
});
