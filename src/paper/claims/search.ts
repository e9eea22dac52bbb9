import { decimal, signed } from "../numberWords";
import type { Claim } from "./claim";
import { estimate, judged, less, measured, modelsOver, nameOf, publishedWords, unchanged } from "./judging";

/** Nats from which on the search is said to fall short: this study's choice. */
const short = 0.05;

export const search: Claim = {
  id: "search",
  question: "rq2",
  statement:
    "Not in the paper: its histograms of ε-max JSD are lower bounds, as its search falls short of the maximum.",
  rule: `It agrees where the exact JSD less the searched one, at ε = ${decimal(unchanged)}, is above ${decimal(short)} nats with its whole interval, also with ten times the steps.`,
  needs: "a study over a BiLSTM",
  judge: (runs) =>
    modelsOver(runs, "bilstm").map((model) => {
      const numbers = {
        effect: measured(
          `On ${model.names.corpus} the search falls short by #`,
          estimate(model, less("exactJsd01", "searchJsd01")),
          "difference",
        ),
        control: measured(
          "in ten times the steps by #",
          estimate(model, less("exactJsd01", "longSearchJsd01")),
          "difference",
        ),
        published: publishedWords(model.study, "emaxjsd_mean"),
      };
      return judged([model], nameOf(model), numbers, (once, longer) => {
        const least = Math.min(once.low, longer.low);
        if (least > short) return ["agrees", `at least ${signed(least)}`];
        return [
          once.high < short || longer.high < short ? "disagrees" : "not decided",
          "a longer search closes the gap",
        ];
      });
    }),
};
