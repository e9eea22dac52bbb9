import { attentionBins } from "../../stats/attentionBins";
import { decimal, percent } from "../numberWords";
import { publishedNumber } from "../published";
import { type ComparedStudy, labelOf, numberIn } from "../studies";
import type { Claim } from "./claim";
import {
  atMost,
  bySide,
  classesOf,
  estimate,
  judged,
  measured,
  modelsOver,
  nameOf,
  textsIn,
  unchanged,
} from "./judging";

/** A median total variation up to here changes the output little: the ε of the authors' code. */
export const littleChange = 0.05;
/** The share of texts from which on something is "often" so: this study's choice. */
export const often = 0.5;

export const permute: Claim = {
  id: "permute",
  question: "rq2",
  statement: "Section 4.2.1: permuting the attention weights often changes the output only little.",
  rule:
    "It agrees where the whole interval of the share of texts whose median change is at most " +
    `${decimal(littleChange)} is above ${percent(often)}; it says nothing where that is so of attention on one word, whichever it is.`,
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").flatMap((model) =>
      classesOf(model).map((name) => {
        const share = (of: Parameters<typeof estimate>[1]) => percent(estimate(model, of, name)?.mean ?? Number.NaN);
        const sentence = `Permuting leaves # of ${textsIn(model, name)} within ${decimal(littleChange)}`;
        const numbers = {
          effect: measured(sentence, estimate(model, atMost(littleChange, "permutationTvd"), name), "share"),
          control: measured(
            "one-hot attention leaves #",
            estimate(model, atMost(littleChange, "oneHotTvd"), name),
            "share",
          ),
          published: publishedMedians(model.study, name),
        };
        return judged([model], nameOf(model, name), numbers, (little, oneHot) => {
          if (oneHot.low > often) return ["says nothing", "no attention moves the output: the states decide"];
          const flips = share((row) => {
            const flipped = numberIn(row, "permutationFlips");
            return flipped === undefined ? undefined : Number(flipped >= 0.5);
          });
          return [
            bySide(little, often, { below: "disagrees", above: "agrees" }),
            `within ${decimal(unchanged)}: ${share(atMost(unchanged, "permutationTvd"))}; flipped by half of the permutations: ${flips}`,
          ];
        });
      }),
    ),
};

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
