import { shareOfCeiling, unchanged } from "../adversaries";
import { publishedGap } from "../means";
import { decimal, signed } from "../numberWords";
import { whyNotPublished } from "../published";
import { difference, isAbove, isBelow, type Line, notPublished, number } from "./claim";
import { aboveNull, atMost, besideBilstm, claim, eachCorrelation, eachModel, type JudgedModel } from "./judging";

/** F1 of learnt and uniform attention: Wiegreffe and Pinter (2019, table 2), and an independent re-run of it. */
const publishedScores: Record<string, string> = {
  sst: ".831 and .822, re-run .830 and .825",
  imdb: ".902 and .879, re-run .907 and .886",
  agnews: ".964 and .960, re-run .960 and .960",
  "20news": ".942 and .934, re-run .939 and .945",
};

const withAverage = "studies over a BiLSTM and over an average encoder, of one corpus and attention";

/** Whether it is the encoder, the form of the attention, or attention at all. */
export const rq3 = [
  claim({
    id: "performance",
    statement: "The paper's premise: attention improves performance.",
    rule: "It agrees where the whole interval of the test score with learnt attention less that of a model trained with uniform attention is above 0: attention is then needed here. The control is how far two runs are apart.",
    needs: "studies over a BiLSTM with learnt and with uniform attention, of one corpus",
    over: eachModel,
    judge: (one) => {
      const { model, corpus } = one;
      const uniform = model.other({ attentionWeights: "uniform" });
      if (uniform === undefined) return [];
      return {
        effect: difference(`On ${corpus} learnt attention scores # above uniform`, model.scoresAbove(uniform)),
        control: number("two runs are # apart", model.scoresApart()),
        published: { words: publishedScores[model.study.corpus] ?? "", missing: notPublished.missing },
        decide: ({ mean, low, high }) => [
          isAbove({ mean, low, high }, 0),
          low > 0
            ? "attention needed here"
            : `attention not shown to be needed here: ${decimal(low)} to ${decimal(high)}`,
        ],
      };
    },
  }),
  claim({
    id: "simple-encoder",
    statement: "Section 4.1 and figure 5: over an average encoder attention agrees far better than over a BiLSTM.",
    rule: "It agrees where the whole interval of the difference is above 0; the control is the same difference for attention permuted over the words: what the form of the network gives.",
    needs: withAverage,
    over: (runs) => eachCorrelation(besideBilstm(runs, "average")),
    judge: ({ model, beside, corpus, measure, symbol }) => {
      const theirs = publishedGap(measure, beside.study);
      const sentence = `On ${corpus}, ${symbol} over the average encoder is # above the BiLSTM's`;
      return {
        of: [symbol],
        effect: difference(sentence, model.above(beside, measure)),
        control: difference("permuted weights give #", model.above(beside, `${measure}Null`)),
        published: {
          words: theirs === undefined ? "" : signed(theirs.mean),
          missing: whyNotPublished(beside.study) || notPublished.missing,
        },
        decide: (more, without) => [isAbove(more, 0), `of which the form gives ${signed(without.mean)}`],
      };
    },
  }),
  claim({
    id: "simple-encoder-above-null",
    statement: "Not in the paper: so it is also in what the learnt weights add to permuted ones.",
    rule: "It agrees where the whole interval of the difference, each τ less that of permuted weights on the same texts, is above 0.",
    needs: withAverage,
    over: (runs) => eachCorrelation(besideBilstm(runs, "average")),
    judge: ({ model, beside, corpus, measure, symbol }) => {
      const title = `${symbol} less its null`;
      const sentence = `On ${corpus}, what ${symbol} has above its null differs by # between average encoder and BiLSTM`;
      return {
        of: [title],
        effect: difference(sentence, model.above(beside, aboveNull(measure))),
        control: difference("the null itself by #", model.above(beside, `${measure}Null`)),
        decide: (more) => isAbove(more, 0),
      };
    },
  }),
  claim({
    id: "simple-output",
    statement:
      "Section 4: over simpler encoders attention behaves better by these criteria, so also under other attention.",
    rule: "It agrees where permuting changes the output more than over a BiLSTM, and where the exact JSD is a smaller share of the largest there is, with the whole interval; the control is the BiLSTM's own number.",
    needs: withAverage,
    over: (runs) => besideBilstm(runs, "average"),
    judge: ({ model, beside, corpus }) =>
      (
        [
          ["change under permutation", "permutationTvd", isAbove],
          ["share of the ceiling", shareOfCeiling, isBelow],
        ] as const
      ).map(([title, of, isBetter]) => ({
        of: [title],
        effect: difference(
          `On ${corpus}, the ${title} over the average encoder is # above the BiLSTM's`,
          model.above(beside, of),
        ),
        control: number("over the BiLSTM it is #", beside.mean(of)),
        decide: (more) => isBetter(more, 0),
      })),
  }),
  claim({
    id: "cnn",
    statement: "The authors' files: over a CNN agreement lies between those over a BiLSTM and an average encoder.",
    rule: "It agrees where τ less its null is above the BiLSTM's with its whole interval; the control is the same of the two importances.",
    needs: "studies over a BiLSTM and over a CNN, of one corpus and attention",
    over: (runs) => eachCorrelation(besideBilstm(runs, "cnn")),
    judge: (one) => aboveNullBeside(one, "of CNN and BiLSTM", isAbove),
  }),
  claim({
    id: "dot",
    statement: "The authors' files: over a BiLSTM, dot attention agrees less than additive attention.",
    rule: `It agrees where τ less its null is below that of additive attention with its whole interval; it says nothing where uniform attention moves the output by at most ${decimal(unchanged)} in half of the texts.`,
    needs: "studies over a BiLSTM with dot and with additive attention, of one corpus",
    over: (runs) =>
      eachCorrelation(
        eachModel(runs, "bilstm", { withDot: true }).flatMap((one) => {
          const beside = one.model.study.attention === "dot" && one.model.other({ attention: "additive" });
          return beside ? [{ ...one, beside }] : [];
        }),
      ),
    judge: (one) => aboveNullBeside(one, "of dot and additive attention", isBelow),
  }),
];

type Correlated = ReturnType<typeof eachCorrelation>[number] & { beside: JudgedModel };

/** Whether τ less its null is on the side of another model's that is claimed. */
function aboveNullBeside(
  { model, beside, corpus, measure, symbol }: Correlated,
  title: string,
  isSo: typeof isAbove,
): Line {
  const named = `${symbol} less its null`;
  return {
    of: [named],
    effect: difference(`On ${corpus}, ${named} ${title} is apart by #`, model.above(beside, aboveNull(measure))),
    control: difference("that of the two importances #", model.above(beside, "tauGradientLeaveOneOut")),
    decide: (more) => {
      const uniform = model.mean(atMost("uniformTvd", unchanged));
      if ((uniform?.mean ?? 0) >= 0.5) return ["says nothing", "to the output its attention is uniform"];
      return isSo(more, 0);
    },
  };
}
