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

test("a wrong column is answered with the nearest right one", () => {
  assert.throws(
    () => formatTable(rows, { columns: ["corpsu" as "corpus"] }),
    /There is no column "corpsu"; did you mean "corpus"\?/,
  );
});
