import { measures } from "../besidePaper";
import { publishedGap } from "../figure5";
import { signed, symbolOf } from "../numberWords";
import { whyNotPublished } from "../published";
import type { StudiesOf } from "../studies";
import type { Claim, Judgement } from "./claim";
import { aboveNull, besideBilstm, bySide, gap, judged, measured, nameOf, notPublished } from "./judging";

const needs = "studies over a BiLSTM and over an average encoder, of one corpus and attention";

export const simpleEncoder: Claim = {
  id: "simple-encoder",
  question: "rq3",
  statement: "Section 4.1 and figure 5: over an average encoder attention agrees far better than over a BiLSTM.",
  rule: "It agrees where the whole interval of the difference is above 0; the control is the same difference for attention permuted over the words: what the form of the network gives.",
  needs,
  judge: (runs) => judge(runs, false),
};

export const simpleEncoderAboveNull: Claim = {
  id: "simple-encoder-above-null",
  question: "rq3",
  statement: "Not in the paper: so it is also in what the learnt weights add to permuted ones.",
  rule: "It agrees where the whole interval of the difference, each τ less that of permuted weights on the same texts, is above 0.",
  needs,
  judge: (runs) => judge(runs, true),
};

function judge(runs: StudiesOf, lessNull: boolean): Judgement[] {
  return besideBilstm(runs, "average").flatMap(({ other, bilstm }) =>
    measures.map((measure) => {
      const symbol = `${symbolOf(measure)}${lessNull ? " less its null" : ""}`;
      const sentence = `On ${other.names.corpus}, ${symbol} over the average encoder less that over the BiLSTM is #`;
      const theirs = lessNull ? undefined : publishedGap(measure, bilstm.study);
      const missing = (!lessNull && whyNotPublished(bilstm.study)) || notPublished.missing;
      const numbers = {
        effect: measured(sentence, gap(other, bilstm, lessNull ? aboveNull(measure) : measure), "difference"),
        control: measured("permuted weights give #", gap(other, bilstm, `${measure}Null`), "difference"),
        published: { words: theirs === undefined ? "" : signed(theirs.mean), missing },
      };
      return judged([other, bilstm], nameOf(other, symbol), numbers, (difference, without) => [
        bySide(difference, 0, { below: "disagrees", above: "agrees" }),
        lessNull ? "without what the form gives" : `of which the form gives ${signed(without.mean)}`,
      ]);
    }),
  );
}
