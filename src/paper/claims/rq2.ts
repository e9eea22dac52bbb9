import { missedJsd, shareOfCeiling, unchanged } from "../adversaries";
import { attentionBins } from "../besidePaper";
import { decimal, percent, signed } from "../numberWords";
import { publishedNumber } from "../published";
import { type ComparedStudy, labelOf } from "../studies";
import { numberIn, type TextRow, textsOfClass } from "../texts";
import { difference, isAbove, number, share } from "./claim";
import { among, atMost, claim, eachClass, eachModel, type JudgedModel, less, rankCorrelation, where } from "./judging";

/** A median total variation up to here changes the output little: the ε of the authors' code. */
export const littleChange = 0.05;
/** The share of texts from which on something is "often" so: this study's choice. */
export const often = 0.5;
/** From this largest weight on one word has most of the attention. */
const peaked = 0.5;
/** The share of texts from which on they are "many": this study's choice. */
const many = 0.1;
/** Up to this rank correlation one number says little of another: this study's choice. */
const littleRelated = 0.3;

const littleChanged = atMost("permutationTvd", littleChange);
/** Texts whose decision half of the permutations flip. */
export const flipped = where("permutationFlips", (flips) => flips >= 0.5);
const isPeaked = (row: TextRow) => (numberIn(row, "maxAttention") ?? 0) >= peaked;

/** Whether other attention gives another output. */
export const rq2 = [
  claim({
    id: "permute",
    statement: "Section 4.2.1: permuting the attention weights often changes the output only little.",
    rule:
      "It agrees where the whole interval of the share of texts whose median change is at most " +
      `${decimal(littleChange)} is above ${percent(often)}; it says nothing where that is so of attention on one word, whichever it is.`,
    over: (runs) => eachClass(eachModel(runs)),
    judge: ({ model, name }) => {
      const sentence = `Permuting leaves # of ${model.texts(name)} within ${decimal(littleChange)}`;
      const inPercent = { name, write: percent };
      return {
        of: [name],
        effect: share(sentence, model.mean(littleChanged, name)),
        control: share("one-hot attention leaves #", model.mean(atMost("oneHotTvd", littleChange), name)),
        published: publishedMedians(model.study, name),
        also: [
          model.told(`within ${decimal(unchanged)}:`, atMost("permutationTvd", unchanged), inPercent),
          model.told("flipped by half of the permutations:", flipped, inPercent),
          model.told("the same weights made uniform leave", atMost("uniformTvd", littleChange), inPercent),
          model.toldBySureness(littleChanged, inPercent),
          model.told("two runs' outputs differ by", "outputTvdOfOtherRuns", { name }),
        ],
        decide: (little, ofOneHot) =>
          ofOneHot.low > often
            ? ["says nothing", "no attention moves the output: the states decide"]
            : isAbove(little, often),
      };
    },
  }),
  claim({
    id: "permute-peaked",
    statement: "Figure 6: also where one word has most of the attention, permuting changes many outputs only little.",
    rule:
      `It agrees where, of the texts whose largest weight is at least ${decimal(peaked, 1)}, the whole interval of the share ` +
      `that changes by at most ${decimal(littleChange)} is above ${percent(many)}; the control are the other texts.`,
    over: eachModel,
    judge: ({ model, corpus }) => {
      const little = (wanted: boolean) => model.mean(among(isPeaked, wanted, littleChanged));
      const sentence = `Permuting leaves # of the peaked texts of ${corpus} within ${decimal(littleChange)}`;
      return {
        effect: share(sentence, little(true)),
        control: share("of the others #", little(false)),
        published: publishedMedians(model.study, undefined, attentionBins.slice(attentionBins.length / 2)),
        also: trends(model),
        decide: (ofPeaked) => isAbove(ofPeaked, many),
      };
    },
  }),
  claim({
    id: "adversary",
    statement: "Section 4.2.2: a very different attention gives the same output.",
    rule: `It agrees where the exact ε-max JSD at ε = ${decimal(unchanged)} is above the JSD of two runs' attention on the same text, interval above interval.`,
    over: eachModel,
    judge: ({ model, corpus }) => ({
      effect: number(`On ${corpus} the exact ε-max JSD is #`, model.mean("exactJsd01")),
      control: number("two runs' attention are # apart", model.mean("attentionJsdOfOtherRuns")),
      published: model.published("emaxjsd_mean"),
      also: [
        model.told("share of the largest JSD there is", shareOfCeiling, { write: percent }),
        model.told("at ε = .05: exact", "exactJsd05"),
        model.told("found by the search, as published,", "searchJsd05"),
        model.toldBySureness((row) => numberIn(row, "exactJsd01"), { write: decimal }),
      ],
      decide: (exact, between) =>
        exact.low > between.high ? "agrees" : exact.high < between.low ? "disagrees" : "not decided",
    }),
  }),
  claim({
    id: "adversary-specific",
    statement: "Not in the paper: that this is so is a property of attention over a BiLSTM.",
    rule: "It agrees where the exact JSD, as a share of the largest there is, exceeds that over an average encoder with its whole interval; else it says nothing, as it is true of every model here.",
    over: (runs) => eachModel(runs).map((one) => ({ ...one, beside: one.model.other({ encoder: "average" }) })),
    judge: ({ model, corpus, beside }) => ({
      effect: share(
        `On ${corpus} another attention with the same output reaches # of the largest JSD there is`,
        model.mean(shareOfCeiling),
      ),
      control: share("over the average encoder #", beside?.mean(shareOfCeiling)),
      decide: () => {
        const { mean, low } = model.above(beside, shareOfCeiling) ?? {};
        return (low ?? 0) > 0
          ? ["agrees", `${percent(mean!)} more than over the average encoder`]
          : ["says nothing", "true of every model here, so no evidence about this one"];
      },
    }),
  }),
  claim({
    id: "adversary-learnt",
    statement: "Wiegreffe and Pinter (2019): the far attention is not one that the attention module would give.",
    rule: "Reported as the distance of two curves of JSD over the change of the output: of an adversary that is trained, and of the exact one.",
    needs: "a trained adversary, which is not computed here",
    over: () => [],
    judge: () => [],
  }),
  claim({
    id: "adversary-peaked",
    statement: "Figure 8: the largest attention weight says little of how far an adversarial attention can be.",
    rule: `It agrees where the rank correlation of the exact ε-max JSD with the largest weight is within ±${decimal(littleRelated, 1)}, interval and all; the control is that of the searched one.`,
    over: eachModel,
    judge: ({ model, corpus }) => {
      const relation = (column: string) =>
        model.meanOfRuns(({ rows }) => rankCorrelation(rows, "maxAttention", column));
      return {
        effect: number(`On ${corpus} the largest weight and the exact JSD have τ #`, relation("exactJsd01")),
        control: number("with the searched JSD #", relation("searchJsd01")),
        also: [true, false].map((wanted) => {
          const title = `share of the ceiling in ${wanted ? "peaked" : "other"} texts`;
          return model.told(title, among(isPeaked, wanted, shareOfCeiling), { write: percent });
        }),
        decide: ({ low, high }) => {
          if (low > -littleRelated && high < littleRelated) return "agrees";
          return low > littleRelated || high < -littleRelated ? "disagrees" : "not decided";
        },
      };
    },
  }),
  claim({
    id: "search",
    statement:
      "Not in the paper: its histograms of ε-max JSD are lower bounds, as its search falls short of the maximum.",
    rule: `It agrees where the exact JSD less the searched one, at ε = ${decimal(unchanged)}, is above ${decimal(missedJsd)} nats with its whole interval, also with ten times the steps.`,
    over: eachModel,
    judge: ({ model, corpus }) => {
      const shortfall = (searched: string) => model.mean(less("exactJsd01", searched));
      return {
        effect: difference(`On ${corpus} the search falls short by #`, shortfall("searchJsd01")),
        control: difference("in ten times the steps by #", shortfall("longSearchJsd01")),
        published: model.published("emaxjsd_mean"),
        decide: (once, longer) => {
          const least = Math.min(once.low, longer.low);
          if (least > missedJsd) return ["agrees", `at least ${signed(least)}`];
          const isClosed = once.high < missedJsd || longer.high < missedJsd;
          return [isClosed ? "disagrees" : "not decided", "a longer search closes the gap"];
        },
      };
    },
  }),
  claim({
    id: "exceptions",
    statement:
      "Section 4.2: Diabetes is the exception: its positive texts change much under permutation, and allow little.",
    rule: "Listed by class, not judged.",
    needs: "a study over a BiLSTM of two classes",
    over: (runs) => eachClass(eachModel(runs)).filter(({ name }) => name !== undefined),
    judge: ({ model, name }) => ({
      of: [name],
      effect: number(`Permuting changes ${model.texts(name)} by #`, model.mean("permutationTvd", name)),
      control: number("their exact JSD is #", model.mean("exactJsd01", name)),
      decide: () => ["not decided", "listed, not judged"],
    }),
  }),
];

/** How the change under permutation goes with the largest weight, over all texts and in each predicted class. */
function trends(model: JudgedModel): (string | undefined)[] {
  return eachClass([{ corpus: model.names.corpus, model }]).map(({ name }) => {
    const found = model.meanOfRuns((study) =>
      rankCorrelation(textsOfClass(study, name), "maxAttention", "permutationTvd"),
    );
    const texts = name === undefined ? "" : ` of ${name} texts`;
    return found && `the change${texts} goes with the largest weight by τ ${signed(found.mean!)}`;
  });
}

/** The medians in the bins of the largest weight (figure 6), from the smallest to the largest. */
export function publishedMedians(
  study: ComparedStudy,
  name?: string,
  bins: readonly (typeof attentionBins)[number][] = attentionBins,
) {
  const numbers = bins.map((bin) => publishedNumber(study, `perm_dy_median@maxattn${bin}`, labelOf(study, name)));
  const medians = numbers.flatMap(({ rerun }) => rerun ?? []);
  if (medians.length === 0) return { words: "", missing: numbers[0]!.missing };
  return { words: `median change ${decimal(Math.min(...medians))} to ${decimal(Math.max(...medians))}`, missing: "" };
}
