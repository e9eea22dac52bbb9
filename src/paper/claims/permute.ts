import { attentionBins } from "../../stats/attentionBins";
import { decimal, percent } from "../numberWords";
import { publishedNumber } from "../published";
import { type ComparedStudy, labelOf, numberIn, type TextRow } from "../studies";
import type { Claim, Measured } from "./claim";
import { bySide, classesOf, estimate, judged, modelsOver, nameOf } from "./judging";

/** A median total variation up to here changes the output little: the ε of the authors' code. */
export const littleChange = 0.05;
/** The share of texts from which on something is "often" so: this study's choice. */
const often = 0.5;

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
        const whose = `${model.names.corpus}'s${name === undefined ? "" : ` ${name}`} texts`;
        const effect: Measured = {
          ...{ sentence: `Permuting leaves # of ${whose} within ${decimal(littleChange)}`, unit: "share" },
          estimate: estimate(model, isLittle("permutationTvd"), name),
        };
        const control: Measured = {
          ...{ sentence: "one-hot attention leaves #", unit: "share" },
          estimate: estimate(model, isLittle("oneHotTvd"), name),
        };
        const numbers = { effect, control, published: publishedMedians(model.study, name) };
        return judged([model], nameOf(model, name), numbers, (share, oneHot) => {
          if (oneHot.low > often) return ["says nothing", "no attention moves the output: the states decide"];
          return [
            bySide(share, often, { below: "disagrees", above: "agrees" }),
            `often is more than ${percent(often)}`,
          ];
        });
      }),
    ),
};

function isLittle(column: string): (row: TextRow) => number | undefined {
  return (row) => {
    const change = numberIn(row, column);
    return change === undefined ? undefined : Number(change <= littleChange);
  };
}

/** The medians in the bins of the largest weight (figure 6), from the smallest to the largest. */
function publishedMedians(study: ComparedStudy, name: string | undefined) {
  const numbers = attentionBins.map((bin) =>
    publishedNumber(study, `perm_dy_median@maxattn${bin}`, labelOf(study, name)),
  );
  const medians = numbers.flatMap(({ rerun }) => rerun ?? []);
  if (medians.length === 0) return { words: "", missing: numbers[0]!.missing };
  return { words: `median change ${decimal(Math.min(...medians))} to ${decimal(Math.max(...medians))}`, missing: "" };
}
