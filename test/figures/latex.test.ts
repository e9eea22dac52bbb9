import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeLatex, withNeeds } from "../../src/figures/latex";
import { createRandom } from "../../src/stats/random";

test("what LaTeX reads as commands is printed", () => {
  const cases = {
    "100 % & more": "100 \\% \\& more",
    "$\\input{/etc/passwd}$": "\\$\\textbackslash{}input\\{/etc/passwd\\}\\$",
    "a_b^c #1 ~": "a\\_b\\textasciicircum{}c \\#1 \\textasciitilde{}",
    "^^41": "\\textasciicircum{}\\textasciicircum{}41",
    '<b> | "x"': "\\textless{}b\\textgreater{} \\textbar{} \\symbol{34}x\\symbol{34}",
    "[2pt] *": "{[}2pt{]} {*}",
    "-- ''it's'' ,,": "-{}- '{}'it's'{}' ,{},",
    "?`": "?\\textasciigrave{}",
    "– — … \ufffd": "-- --- \\ldots{} ?",
    "a\n\nb\tc\u001b[2J": "a b c{[}2J",
    "naïve Ærø": "naïve Ærø",
    "nai\u0308ve": "naïve",
  };
  for (const [text, latex] of Object.entries(cases)) assert.equal(escapeLatex(text), latex);
});

test("Greek letters, accents, scripts and signs are set in math", () => {
  const cases = {
    τ: "$\\tau$",
    "mean τ": "mean $\\tau$",
    τ_g: "$\\tau_{g}$",
    τ_loo: "$\\tau_{\\mathrm{loo}}$",
    "ε-max JSD": "$\\varepsilon$-max JSD",
    Δŷ_t: "$\\Delta\\hat{y}_{t}$",
    "Δy\u0302": "$\\Delta\\hat{y}$",
    "|∂ŷ/∂x_t|": "\\textbar{}$\\partial\\hat{y}$/$\\partial x_{t}$\\textbar{}",
    "τ^2, h_α": "$\\tau^{2}$, h\\_$\\alpha$",
    χ_α: "$\\chi_{\\alpha}$",
    "−0.10 ± 0.02": "$-$0.10 $\\pm$ 0.02",
    "2 × 3 ≤ 7": "2 $\\times$ 3 $\\le$ 7",
    p_value: "p\\_value",
  };
  for (const [text, latex] of Object.entries(cases)) assert.equal(escapeLatex(text), latex);
});

const printedForms: Record<string, string> = {
  "\\textbackslash{}": "\\",
  "\\textasciitilde{}": "~",
  "\\textasciicircum{}": "^",
  "\\textasciigrave{}": "`",
  "\\textless{}": "<",
  "\\textgreater{}": ">",
  "\\textbar{}": "|",
  "\\symbol{34}": '"',
  "{[}": "[",
  "{]}": "]",
  "{*}": "*",
  "{}": "",
};

/** What LaTeX prints, by a reader that knows the forms above and escaped characters, and nothing that acts. */
function printed(latex: string): string {
  let text = "";
  for (let at = 0; at < latex.length; ) {
    const form = Object.keys(printedForms).find((each) => latex.startsWith(each, at));
    if (form !== undefined) {
      text += printedForms[form];
      at += form.length;
    } else if (/^\\[{}$&#%_]/.test(latex.slice(at))) {
      text += latex[at + 1];
      at += 2;
    } else {
      assert.doesNotMatch(latex[at]!, /[\\{}$&#%_^~`<>|"[\]*]/, `in ${latex}`);
      text += latex[at];
      at += 1;
    }
  }
  return text;
}

test("any ASCII text is printed as it is, without a ligature", () => {
  const random = createRandom(7);
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const dense = [...characters, ..."\\{}$&#%_^~`<>|\"[]*-,'!?".repeat(3)];
  for (let round = 0; round < 500; round += 1) {
    const text = Array.from({ length: 30 }, () => dense[Math.floor(random.uniform() * dense.length)]).join("");
    const latex = escapeLatex(text);
    assert.equal(printed(latex), text);
    assert.doesNotMatch(latex, /--|''|``|,,|[?!]`|<<|>>/);
  }
});

test("the comment names the packages", () => {
  assert.equal(withNeeds("a", ["xcolor"]), "% The preamble needs \\usepackage{xcolor}\na\n");
  assert.equal(withNeeds("é", ["array"]), "% The preamble needs \\usepackage{array} \\usepackage[T1]{fontenc}\né\n");
});
