import { jackknifeInterval, type MeanInterval } from "../../stats/interval";
import { shareWithinTau, significanceLevel, varianceOfTau } from "../../stats/significance";
import { mean, standardDeviation } from "../../stats/summary";
import { publishedMeans } from "../means";
import { decimal, percent, signed } from "../numberWords";
import type { ComparedStudy } from "../studies";
import { meanOver, numberIn, type TextRow, valuesOf } from "../texts";
import { difference, type Ends, isAbove, isBelow, number, share } from "./claim";
import { aboveNull, claim, eachClass, eachCorrelation, eachModel, estimateOf, where } from "./judging";

/** From this mean τ on the agreement is more than modest: three of four pairs of words are ordered alike. */
const modest = 0.5;
/** Up to this |τ| two orders are as good as unrelated: this study's choice. */
const nearZero = 0.1;
/** The share of texts from which on something is "frequent": this study's choice. */
const frequent = 0.5;

const lessYardstick = { tauGradient: "lessTauGradient", tauLeaveOneOut: "lessTauLeaveOneOut" } as const;

/** Whether attention agrees with gradient and leave-one-out. */
export const rq1 = [
  claim({
    id: "agreement",
    statement: "Section 4.1: over a BiLSTM, attention agrees only modestly with gradient and leave-one-out.",
    rule:
      `It agrees where the whole interval of the mean τ is below ${decimal(modest, 1)}; the control is the τ of attention ` +
      "permuted over the words, imposed on the unchanged network.",
    over: (runs) => eachClass(eachCorrelation(eachModel(runs))),
    judge: ({ model, measure, symbol, name }) => ({
      of: [symbol, name],
      effect: number(`Mean ${symbol} of ${model.texts(name)} is #`, model.mean(measure, name)),
      control: number("permuted weights give #", model.mean(`${measure}Null`, name)),
      published: model.inTable2(measure, "mean", name),
      also: [
        model.told("above its null by", aboveNull(measure), { name, write: signed }),
        model.told(`${symbol} of the words that hold 90 % of the weight`, `${measure}Heaviest`, { name }),
        model.told("which are", "heaviestWords", { name, write: (share) => `${percent(share)} of all words` }),
      ],
      decide: (tau) => isBelow(tau, modest),
    }),
  }),
  claim({
    id: "yardstick",
    statement: "Figures 3 and 4: gradient and leave-one-out agree better with one another than attention with either.",
    rule: "It agrees where the whole interval of the difference per text is above 0; the control is the same over an average encoder.",
    over: (runs) => eachCorrelation(eachModel(runs)),
    judge: (one) => {
      const { model, corpus, measure, symbol } = one;
      const column = lessYardstick[measure];
      const average = model.other({ encoder: "average" });
      const title = `τ_g,loo − ${symbol}`;
      return {
        of: [title],
        effect: difference(`On ${corpus}, ${title} is #`, model.mean(column)),
        control: difference("over the average encoder #", average?.mean(column)),
        published: model.published(publishedMeans[column]!.metric),
        also: [model.told("the most that one order could have with both:", bestOfBoth)],
        decide: (above) => isAbove(above, 0),
      };
    },
  }),
  claim({
    id: "uncorrelated",
    statement: "Abstract: learned attention weights are frequently uncorrelated with gradient-based importance.",
    rule:
      `It agrees where the whole interval of the share of texts with |τ| < ${decimal(nearZero, 1)} is above ` +
      `${percent(frequent)}; that a τ is not significant says nothing of the kind. The control is the share if all texts had the mean τ.`,
    over: (runs) => eachCorrelation(eachModel(runs)),
    judge: ({ model, corpus, measure, symbol }) => {
      const { words, missing } = model.inTable2(measure, "sigfrac");
      const sentence = `On ${corpus}, # of the texts have |${symbol}| < ${decimal(nearZero, 1)}`;
      const isNear = where(measure, (tau) => Math.abs(tau) <= nearZero);
      const isInsignificant = where(`${measure}PValue`, (p) => p > significanceLevel);
      const expected = estimateOf(model.studies.map((study) => nearZeroByChance(study, measure)));
      return {
        of: [symbol],
        effect: share(sentence, model.mean(isNear)),
        control: share("the mean τ alone gives #", expected),
        published: { words: words && `share with p ≤ .05: ${words}`, missing },
        also: [model.told("p > .05 in", isInsignificant, { write: percent })],
        decide: (unrelated) => isAbove(unrelated, frequent),
      };
    },
  }),
  claim({
    id: "consistent",
    statement: "Section 4.1: the agreement is not consistent from text to text.",
    rule: "It agrees where τ varies more between texts, beyond what their lengths make of one τ, than the τ of the two importances does: the whole interval of the difference is above 0.",
    over: (runs) => eachCorrelation(eachModel(runs)),
    judge: ({ model, corpus, measure, symbol }) => {
      const spread = (column: string) => model.meanOfRuns((study) => excessSpread(study, column));
      return {
        of: [symbol],
        effect: number(`On ${corpus}, ${symbol} varies by # between texts beyond chance`, spread(measure)),
        control: number("that of the two importances by #", spread("tauGradientLeaveOneOut")),
        published: model.inTable2(measure, "std"),
        decide: () => {
          const more = model.meanOfRuns((study) => {
            const [own, other] = [measure, "tauGradientLeaveOneOut"].map((column) => excessSpread(study, column));
            return own === undefined || other === undefined ? undefined : own - other;
          }) as Ends;
          const reason = `difference ${decimal(more.mean)} (${decimal(more.low)} to ${decimal(more.high)})`;
          return [isAbove(more, 0), reason];
        },
      };
    },
  }),
  claim({
    id: "own-run",
    statement:
      "Not in the paper: attention agrees with the importances of its own model more than another run's attention does.",
    rule: "It agrees where the whole jackknife interval over runs is above 0: the agreement is then specific to the model. The control is the same of the two importances.",
    over: (runs) => eachCorrelation(eachModel(runs)),
    judge: ({ model: { studies }, corpus, measure, symbol }) => ({
      of: [symbol],
      effect: difference(
        `On ${corpus}, ${symbol} is # above that of other runs' attention`,
        advantage(studies, measure),
      ),
      control: difference("of the two importances #", advantage(studies, "tauGradientLeaveOneOut")),
      decide: (above) => [
        isAbove(above, 0),
        above.low > 0 ? "specific to the model" : "not shown to be specific to the model",
      ],
    }),
  }),
];

/** The largest τ that one order can have with both importances, on average. */
function bestOfBoth(row: TextRow): number | undefined {
  const both = numberIn(row, "tauGradientLeaveOneOut");
  return both === undefined ? undefined : (1 + both) / 2;
}

/** For each text the probability of a |τ| below the bound, if its population had the mean τ. */
function nearZeroByChance(study: ComparedStudy, measure: string) {
  const taus = valuesOf(study, measure);
  const meanTau = mean(taus.map(({ value }) => value));
  return taus.map((text) => ({ ...text, value: shareWithinTau(text.words, meanTau, nearZero) }));
}

/** The standard deviation between texts without what chance makes of the mean τ at their lengths. */
function excessSpread(study: ComparedStudy, column: string): number | undefined {
  const taus = valuesOf(study, column).filter(({ words }) => words > 2);
  if (taus.length < 2) return undefined;
  const values = taus.map(({ value }) => value);
  const meanTau = mean(values);
  const byChance = mean(taus.map(({ words }) => varianceOfTau(words, meanTau)));
  return Math.sqrt(Math.max(0, standardDeviation(values) ** 2 - byChance));
}

/**
 * How much higher a correlation is than with the attention (or gradient) of the model's other runs on the same texts, with
 * its jackknife interval over runs, as pairs of runs share their runs.
 */
function advantage(studies: readonly ComparedStudy[], measure: string): MeanInterval | undefined {
  const seeds = studies.map(({ seed }) => seed);
  const own = studies.map(({ rows }) => meanOver(rows, (row) => numberIn(row, measure)));
  const others = studies.map(({ otherRuns }) => seeds.map((seed) => otherRuns?.[seed]?.[measure]));
  const interval = jackknifeInterval(studies.length, (runs) =>
    mean(
      runs.flatMap((run) => {
        const values = runs.flatMap((other) => others[run]![other] ?? []);
        return values.length === 0 || own[run] === undefined ? [] : [own[run] - mean(values)];
      }),
    ),
  );
  return interval && { ...interval, n: studies[0]!.rows.length };
}
