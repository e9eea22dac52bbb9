import { html } from "htm/preact";
import { escapeHtml } from "../../figures/figure";
import { fromHtml, tableBlock } from "./blocks";
import { type Context, fileName } from "./context";

const questions = {
  rq1: "1. Does attention agree with the importance of words?",
  rq2: "2. Would another attention change the prediction?",
  rq3: "3. Is it the encoder, the form of the attention, or attention at all?",
  rq4: "4. Is it the same in every task, and whatever the length of a text?",
};

/** The paper's claims, judged by all studies of a profile, and in full for the corpus of the chosen one. */
export function ClaimsView({ index, entry: { corpus, profile } }: Context) {
  const judged = index.claims.filter((one) => one.profile === profile);
  return judged.map(({ question, rows, columns, lead, inFull }) => {
    const { corpus: _, ...full } = inFull.columns;
    const file = fileName(question, profile, "claims");
    return html`
      <h2>${questions[question]}</h2>
      ${fromHtml(`<ul>${lead.split("\n").map(lineOf).join("")}</ul>`)}
      ${tableBlock({
        ...{ title: "The paper's claims", name: file, table: { rows, columns: { ...columns, rule: "rule" } } },
        about: `Judged by all studies of profile ${profile}.`,
      })}
      ${tableBlock({
        ...{ title: `${corpus} in full: each effect beside its control`, name: fileName(file, corpus) },
        about: "A line for each measure and predicted class; the rules stand above.",
        table: { rows: inFull.rows.filter((row) => row.corpus === corpus), columns: full },
      })}`;
  });
}

/** Names in a sentence are escaped, but τ's subscripts stay. */
function lineOf(sentence: string): string {
  return `<li>${escapeHtml(sentence.replace(/^- /, "")).replace(/&lt;(\/?sub)&gt;/g, "<$1>")}</li>`;
}
