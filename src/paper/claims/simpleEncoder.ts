import { measures } from "../besidePaper";
import { publishedGap } from "../figure5";
import { signed, symbolOf } from "../numberWords";
import { whyNotPublished } from "../published";
import type { Claim, Judgement } from "./claim";
import { aboveNull, besideBilstm, bySide, gap, judged, measured, nameOf, notPublished } from "./judging";

export const simpleEncoder: Claim = {
  id: "simple-encoder",
  question: "rq3",
  statement: "Section 4.1 and figure 5: over an average encoder attention agrees far better than over a BiLSTM.",
  rule:
    "It agrees where the whole interval of the difference is above 0; the control is the same difference for " +
    "attention permuted over the words, and a second line judges what is left without it.",
  needs: "studies over a BiLSTM and over an average encoder, of one corpus and attention",
  judge: (runs) =>
    besideBilstm(runs, "average").flatMap(({ other, bilstm }) =>
      measures.flatMap((measure) =>
        [false, true].map((lessNull): Judgement => {
          const symbol = `${symbolOf(measure)}${lessNull ? " less its null" : ""}`;
          const sentence = `On ${other.names.corpus}, ${symbol} over the average encoder less that over the BiLSTM is #`;
          const theirs = lessNull ? undefined : publishedGap(measure, bilstm.study, [bilstm.study.corpus]);
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
      ),
    ),
};
