import { shareWithinTau } from "../../stats/significance";
import { mean } from "../../stats/summary";
import { metricOf } from "../besidePaper";
import { decimal, percent, symbolOf } from "../numberWords";
import { type ComparedStudy, numberIn, valuesOf } from "../studies";
import type { Claim } from "./claim";
import {
  atMost,
  bySide,
  eachCorrelation,
  estimate,
  estimateOf,
  judged,
  measured,
  nameOf,
  publishedWords,
} from "./judging";

/** Up to this |τ| two orders are as good as unrelated: this study's choice. */
const nearZero = 0.1;
/** The share of texts from which on something is "frequent": this study's choice. */
const frequent = 0.5;

export const uncorrelated: Claim = {
  id: "uncorrelated",
  question: "rq1",
  statement: "Abstract: learned attention weights are frequently uncorrelated with gradient-based importance.",
  rule:
    `It agrees where the whole interval of the share of texts with |τ| < ${decimal(nearZero, 1)} is above ` +
    `${percent(frequent)}; that a τ is not significant says nothing of the kind. The control is the share if all texts had the mean τ.`,
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    eachCorrelation(runs, (model, measure) => {
      const symbol = symbolOf(measure);
      const size = (row: object) => {
        const tau = numberIn(row, measure);
        return tau === undefined ? undefined : Math.abs(tau);
      };
      const numbers = {
        effect: measured(
          `On ${model.names.corpus}, # of the texts have |${symbol}| < ${decimal(nearZero, 1)}`,
          estimate(model, atMost(nearZero, size)),
          "share",
        ),
        control: measured(
          "the mean τ alone gives #",
          estimateOf(model.studies.map((study) => expected(study, measure))),
          "share",
        ),
        published: published(model.study, measure),
      };
      const notSignificant = estimate(model, (row) => {
        const p = numberIn(row, `${measure}PValue`);
        return p === undefined ? undefined : Number(p > 0.05);
      })?.mean;
      return judged([model], nameOf(model, symbol), numbers, (share) => [
        bySide(share, frequent, { below: "disagrees", above: "agrees" }),
        `p > .05 in ${percent(notSignificant ?? Number.NaN)}`,
      ]);
    }),
};

/** For each text the probability of a |τ| below the bound, if its population had the mean τ. */
function expected(study: ComparedStudy, measure: string) {
  const taus = valuesOf(study, measure);
  const meanTau = mean(taus.map(({ value }) => value));
  return taus.map((text) => ({ ...text, value: shareWithinTau(text.words, meanTau, nearZero) }));
}

function published(study: ComparedStudy, measure: Parameters<typeof metricOf>[0]) {
  const { words, missing } = publishedWords(study, metricOf(measure, "sigfrac"));
  return { words: words && `share with p ≤ .05: ${words}`, missing };
}
