import { growthWithLength } from "../../stats/byLength";
import { significanceOf } from "../lengths";
import { decimal, percent, signed } from "../numberWords";
import { valuesOf } from "../texts";
import { difference, type Ends, isAbove, isBelow, type Line, share } from "./claim";
import { atMost, claim, eachCorrelation, eachModel, estimateOf } from "./judging";
import { flipped, littleChange, often, publishedMedians } from "./rq2";

/** Differences up to here are none: this study's choice. */
const noDifference = 0.05;
/** Of the interval of a change that is to be shown to be none. */
const level = 0.9;

/** Whether it depends on the task and on the length of the texts. */
export const rq4 = [
  claim({
    id: "questions",
    statement: "Read from figure 6: in question answering permuting the attention changes the output much.",
    rule: `It agrees where, with the whole interval, more than ${percent(often)} of the texts have their decision flipped by half of the permutations, and learnt attention scores above uniform attention; the control is attention on one word that leaves the output within ${littleChange}.`,
    needs: "a study over a BiLSTM of a corpus with questions",
    over: (runs) => eachModel(runs).filter(({ model }) => model.study.task !== "classification"),
    judge: (one) => {
      const { model, corpus } = one;
      return {
        effect: share(`On ${corpus} permuting flips # of the decisions`, model.mean(flipped)),
        control: share("one-hot attention leaves # as they are", model.mean(atMost("oneHotTvd", littleChange))),
        published: publishedMedians(model.study),
        decide: (flips) => {
          const verdict = isAbove(flips, often);
          if (verdict !== "agrees") return [verdict, `often is more than ${percent(often)}`];
          const uniform = model.other({ attentionWeights: "uniform" });
          return uniform && (model.scoresAbove(uniform).low ?? 0) > 0
            ? ["agrees", "attention needed here"]
            : ["not decided", "no model with uniform attention shows that attention is needed"];
        },
      };
    },
  }),
  claim({
    id: "length",
    statement: "Section 4.1 and Table 2: in longer texts significance grows, agreement does not.",
    rule:
      `The share with p ≤ .05 agrees where its whole interval is within ±${decimal(noDifference)} of what the lengths give ` +
      `if all texts had the mean τ; τ agrees where the ${100 * level} % interval of its change from the 10th to the 90th ` +
      `percentile of length is within ±${decimal(noDifference)}, or below 0.`,
    over: (runs) => eachCorrelation(eachModel(runs)),
    judge: (one) => [significanceBeyondLength(one), changeWithLength(one)],
  }),
];

type Correlated = ReturnType<typeof eachCorrelation>[number];

function significanceBeyondLength({ model, corpus, measure, symbol }: Correlated): Line {
  const found = model.studies.map((study) => significanceOf(study, measure));
  const [observed, byLength] = [found.map((of) => of.significant), found.map((of) => of.atMeanTau)];
  return {
    of: [`${symbol}, p ≤ .05`],
    effect: share(`On ${corpus}, ${symbol} has p ≤ .05 in # of the texts`, estimateOf(observed)),
    control: share("their lengths alone give #", estimateOf(byLength)),
    published: model.inTable2(measure, "sigfrac"),
    decide: () => {
      const excess = observed.map((texts, run) =>
        texts.map((text, index) => ({ ...text, value: text.value - byLength[run]![index]!.value })),
      );
      const { mean, low, high } = estimateOf(excess) as Ends;
      const reason = `${signed(mean)} (${signed(low)} to ${signed(high)}) beyond the lengths`;
      if (isNone({ low, high })) return ["agrees", reason];
      return [low > noDifference || high < -noDifference ? "disagrees" : "not decided", reason];
    },
  };
}

function changeWithLength({ model, corpus, measure, symbol }: Correlated): Line {
  const growths = (column: string) => model.studies.flatMap((study) => growthWithLength(valuesOf(study, column)) ?? []);
  const changeOf = (column: string) => {
    const changes = growths(column).map(({ values }) => values);
    return estimateOf(changes, level);
  };
  const { shortWords, longWords } = growths(measure)[0] ?? {};
  const sentence = `On ${corpus}, ${symbol} changes by # from ${shortWords} to ${longWords} words`;
  return {
    of: [`${symbol} over length`],
    effect: difference(sentence, changeOf(measure)),
    control: difference("that of the two importances by #", changeOf("tauGradientLeaveOneOut")),
    decide: (change) => {
      if (isNone(change)) return ["agrees", "no change"];
      const reason = change.low > 0 ? "it rises" : change.high < 0 ? "it falls" : "the interval holds 0";
      return [isBelow(change, 0), reason];
    },
  };
}

function isNone({ low, high }: Pick<Ends, "low" | "high">): boolean {
  return low >= -noDifference && high <= noDifference;
}
