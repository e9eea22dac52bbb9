import type { MeanInterval } from "../../stats/interval";
import { tQuantile } from "../../stats/interval";
import { mean } from "../../stats/summary";
import { symbolOf } from "../numberWords";
import { type ComparedStudy, meanOver, numberIn } from "../studies";
import type { Claim } from "./claim";
import { bySide, eachCorrelation, judged, measured, nameOf, notPublished } from "./judging";

export const ownRun: Claim = {
  id: "own-run",
  question: "rq1",
  statement:
    "Not in the paper: attention agrees with the importances of its own model more than another run's attention does.",
  rule: "It agrees where the whole jackknife interval over runs is above 0: the agreement is then specific to the model. The control is the same of the two importances.",
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    eachCorrelation(runs, (model, measure) => {
      const symbol = symbolOf(measure);
      const sentence = `On ${model.names.corpus}, ${symbol} is # above that of other runs' attention`;
      const numbers = {
        effect: measured(sentence, advantage(model.studies, measure), "difference"),
        control: measured("of the two importances #", advantage(model.studies, "tauGradientLeaveOneOut"), "difference"),
        published: notPublished,
      };
      return judged([model], nameOf(model, symbol), numbers, (difference) => [
        bySide(difference, 0, { below: "disagrees", above: "agrees" }),
        difference.low > 0 ? "specific to the model" : "not shown to be specific to the model",
      ]);
    }),
};

/**
 * How much higher a correlation is than with the attention (or gradient) of the model's other runs on the same texts, with
 * its jackknife interval over runs, as pairs of runs share their runs.
 */
function advantage(studies: readonly ComparedStudy[], measure: string): MeanInterval | undefined {
  const seeds = studies.map(({ seed }) => seed);
  const own = studies.map(({ rows }) => meanOver(rows, (row) => numberIn(row, measure)));
  const others = studies.map(({ otherRuns }) => seeds.map((seed) => otherRuns?.[seed]?.[measure]));
  const without = (left?: number) =>
    mean(
      seeds.flatMap((_, run) => {
        if (run === left) return [];
        const values = others[run]!.flatMap((value, other) => (other === left ? [] : (value ?? [])));
        return values.length === 0 || own[run] === undefined ? [] : [own[run] - mean(values)];
      }),
    );
  const whole = without();
  const n = studies.length;
  if (!Number.isFinite(whole)) return undefined;
  const about = {
    mean: whole,
    n: studies[0]!.rows.length,
    runs: n,
    interval: `95 % jackknife interval over ${n} runs`,
  };
  if (n < 3) return { ...about, low: undefined, high: undefined };
  const left = studies.map((_, run) => without(run));
  const center = mean(left);
  const deviation = Math.sqrt(((n - 1) / n) * left.reduce((sum, value) => sum + (value - center) ** 2, 0));
  const half = deviation * tQuantile(0.975, n - 1);
  return { ...about, low: whole - half, high: whole + half };
}
