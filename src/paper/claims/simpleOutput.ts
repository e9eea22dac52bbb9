import type { Claim } from "./claim";
import { besideBilstm, bySide, estimate, gap, judged, measured, nameOf, notPublished, shareOfCeiling } from "./judging";

export const simpleOutput: Claim = {
  id: "simple-output",
  question: "rq3",
  statement:
    "Section 4: over simpler encoders attention behaves better by these criteria, so also under other attention.",
  rule: "It agrees where permuting changes the output more than over a BiLSTM, and where the exact JSD is a smaller share of the largest there is, with the whole interval; the control is the BiLSTM's own number.",
  needs: "studies over a BiLSTM and over an average encoder, of one corpus and attention",
  judge: (runs) =>
    besideBilstm(runs, "average").flatMap(({ other, bilstm }) =>
      (
        [
          ["change under permutation", "permutationTvd", { below: "disagrees", above: "agrees" }],
          ["share of the ceiling", shareOfCeiling, { below: "agrees", above: "disagrees" }],
        ] as const
      ).map(([title, of, sides]) => {
        const sentence = `On ${other.names.corpus}, the ${title} over the average encoder less that over the BiLSTM is #`;
        const numbers = {
          effect: measured(sentence, gap(other, bilstm, of), "difference"),
          control: measured("over the BiLSTM it is #", estimate(bilstm, of)),
          published: notPublished,
        };
        return judged([other, bilstm], nameOf(other, title), numbers, (difference) => [
          bySide(difference, 0, sides),
          "the whole interval on one side of 0 decides",
        ]);
      }),
    ),
};
