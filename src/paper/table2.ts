import { groupBy } from "../stats/groupBy";
import { type BesideRow, besidePaper, measures } from "./besidePaper";
import { sources } from "./published";
import { type Model, modelsOf, type StudiesOf, sameBut } from "./studies";

const endings = { mean: "Mean", "standard deviation": "Std", "share with p ≤ .05": "Significant" } as const;
type Ending = (typeof endings)[keyof typeof endings];
type Numbers = { [name in `${"gradient" | "averageGradient" | "leaveOneOut"}${Ending}`]: number | undefined };

/**
 * Table 2 in the paper's layout: for each corpus and predicted class τ_g of an encoder, τ_g of the average encoder, and
 * τ_loo of the first: mean and standard deviation over texts, and the share with p ≤ .05. Ours, as means over seeds,
 * stand above the paper's (run of 2019-04-02), the authors' later run, and their code run here, as far as these have any.
 */
export function table2(runs: StudiesOf) {
  const models = modelsOf(runs);
  const isAverage = ({ study }: Model) => study.encoder === "average";
  const byClass = (of: readonly Model[]) =>
    groupBy(
      of.flatMap(({ studies }) => besidePaper({ configurations: studies }, measures).rows),
      (line) => line.class,
    );
  const rows = models
    .filter((model) => !isAverage(model))
    .flatMap((model) => {
      const averages = byClass(models.filter((other) => isAverage(other) && sameBut("encoder", model, other)));
      return [...byClass([model])].flatMap(([name, lines]) =>
        (["ours", "paper", "rerun", "code"] as const).flatMap((run) => {
          const numbers = numbersOf(lines, averages.get(name) ?? [], run);
          if (run !== "ours" && Object.values(numbers).every((value) => value === undefined)) return [];
          const n = run === "ours" ? lines[0]!.n : undefined;
          return [{ ...model.names, class: name, source: run === "ours" ? run : sources[run], n, ...numbers }];
        }),
      );
    });
  const columns = {
    ...{ corpus: "Corpus", encoder: "encoder", attention: "attention", class: "predicted", source: "", n: "texts" },
    ...{ gradientMean: "τ_g", gradientStd: "± std", gradientSignificant: "p ≤ .05" },
    ...{ averageGradientMean: "τ_g, average", averageGradientStd: "± std", averageGradientSignificant: "p ≤ .05" },
    ...{ leaveOneOutMean: "τ_loo", leaveOneOutStd: "± std", leaveOneOutSignificant: "p ≤ .05" },
  };
  return { rows, columns, caption: "Table 2" };
}

function numbersOf(
  own: readonly BesideRow[],
  average: readonly BesideRow[],
  run: "ours" | keyof typeof sources,
): Numbers {
  const triple = (start: string, rows: readonly BesideRow[], measure: string) =>
    Object.entries(endings).map(([statistic, ending]) => {
      const row = rows.find((each) => each.measure === measure && each.statistic === statistic);
      return [start + ending, row?.[run]];
    });
  return Object.fromEntries([
    ...triple("gradient", own, "tauGradient"),
    ...triple("averageGradient", average, "tauGradient"),
    ...triple("leaveOneOut", own, "tauLeaveOneOut"),
  ]);
}
