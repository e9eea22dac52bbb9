import { growthWithLength } from "../../stats/byLength";
import type { Measure } from "../besidePaper";
import { significanceOf } from "../lengths";
import { decimal, signed, symbolOf } from "../numberWords";
import { valuesOf } from "../studies";
import type { Claim, Judgement, Measured, Verdict } from "./claim";
import { bySide, type Ends, eachCorrelation, estimateOf, inTable2, type JudgedModel, judged, nameOf } from "./judging";

/** Differences up to here are none: this study's choice. */
const noDifference = 0.05;
/** Of the interval of a change that is to be shown to be none. */
const level = 0.9;

export const length: Claim = {
  id: "length",
  question: "rq4",
  statement: "Section 4.1 and Table 2: in longer texts significance grows, agreement does not.",
  rule:
    `The share with p ≤ .05 agrees where its whole interval is within ±${decimal(noDifference)} of what the lengths give ` +
    `if all texts had the mean τ; τ agrees where the ${100 * level} % interval of its change from the 10th to the 90th ` +
    `percentile of length is within ±${decimal(noDifference)}, or below 0.`,
  needs: "a study over a BiLSTM",
  judge: (runs) => eachCorrelation(runs, (model, measure) => [judgeShare(model, measure), judgeChange(model, measure)]),
};

function judgeShare(model: JudgedModel, measure: Measure): Judgement {
  const found = model.studies.map((study) => significanceOf(study, measure));
  const symbol = symbolOf(measure);
  const effect: Measured = {
    ...{ sentence: `On ${model.names.corpus}, ${symbol} has p ≤ .05 in # of the texts`, unit: "share" },
    estimate: estimateOf(found.map(({ significant }) => significant)),
  };
  const control: Measured = {
    ...{ sentence: "their lengths alone give #", unit: "share" },
    estimate: estimateOf(found.map(({ atMeanTau }) => atMeanTau)),
  };
  const numbers = { effect, control, published: inTable2(model, measure, "sigfrac") };
  return judged([model], nameOf(model, `${symbol}, p ≤ .05`), numbers, () => {
    const excess = found.map(({ significant, atMeanTau }) =>
      significant.map((text, index) => ({ ...text, value: text.value - atMeanTau[index]!.value })),
    );
    const { mean, low, high } = estimateOf(excess) as Ends;
    const reason = `${signed(mean)} (${signed(low)} to ${signed(high)}) beyond the lengths`;
    if (isNone({ low, high })) return ["agrees", reason];
    return [low > noDifference || high < -noDifference ? "disagrees" : "not decided", reason];
  });
}

function judgeChange(model: JudgedModel, measure: Measure): Judgement {
  const growths = (column: string) => model.studies.flatMap((study) => growthWithLength(valuesOf(study, column)) ?? []);
  const changeOf = (column: string) =>
    estimateOf(
      growths(column).map(({ values }) => values),
      level,
    );
  const symbol = symbolOf(measure);
  const { shortWords, longWords } = growths(measure)[0] ?? {};
  const sentence = `On ${model.names.corpus}, ${symbol} changes by # from ${shortWords} to ${longWords} words`;
  const effect: Measured = { sentence, unit: "difference", estimate: changeOf(measure) };
  const control: Measured = {
    ...{ sentence: "that of the two importances by #", unit: "difference" },
    estimate: changeOf("tauGradientLeaveOneOut"),
  };
  const numbers = { effect, control, published: { words: "", missing: "not published" } };
  return judged([model], nameOf(model, `${symbol} over length`), numbers, (change): [Verdict, string] => {
    if (isNone(change)) return ["agrees", "no change"];
    const reason = change.low > 0 ? "it rises" : change.high < 0 ? "it falls" : "the interval holds 0";
    return [bySide(change, 0, { below: "agrees", above: "disagrees" }), reason];
  });
}

function isNone({ low, high }: Pick<Ends, "low" | "high">): boolean {
  return low >= -noDifference && high <= noDifference;
}
