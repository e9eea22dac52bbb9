import { gapInterval } from "../stats/interval";
import { mean } from "../stats/summary";
import { measures, metricOf } from "./besidePaper";
import { classInterval, type MeanRow } from "./means";
import { publishedNumber, sources, tableClasses } from "./published";
import { areSame, type ComparedStudy, modelsOf, rangeOf, requireColumns, type StudiesOf, valuesOf } from "./studies";

/**
 * How far a column's mean over the average encoder is above that over a BiLSTM (figure 5 of the paper), for each corpus
 * and attention that has both.
 *
 * @returns `rows`, with Welch's interval over runs, or that over texts where there are few, and the difference of `each`
 *   seed that both have; what is `published` of it; and, as the control, what any two `seeds` of one encoder are apart
 */
export function figure5(runs: StudiesOf, columns: readonly string[] = ["tauLeaveOneOut"]) {
  requireColumns(runs, columns);
  const models = modelsOf(runs);
  const pairs = models.flatMap((average) => {
    const bilstm = models.find(({ names }) => areSame(names, { ...average.names, encoder: "bilstm" }));
    return average.study.encoder === "average" && bilstm ? [{ average, bilstm }] : [];
  });
  const all = columns.flatMap((measure) =>
    pairs.map(({ average, bilstm }) => {
      const names = { ...average.names, encoder: "average − bilstm", measure };
      const meansOf = ({ studies }: { studies: readonly ComparedStudy[] }) =>
        studies.flatMap((study) => {
          const values = valuesOf(study, measure).map(({ value }) => value);
          return values.length > 0 ? [{ seed: study.seed, mean: mean(values) }] : [];
        });
      const [own, others] = [meansOf(average), meansOf(bilstm)];
      const each = own.flatMap(({ seed, mean }) =>
        others.flatMap((other) => (other.seed === seed ? mean - other.mean : [])),
      );
      const between = [own, others].flatMap((one) => {
        const { low, high } = rangeOf(one.map(({ mean }) => mean));
        return one.length > 1 ? high! - low! : [];
      });
      const [values, beside] = [average, bilstm].map(({ studies }) => studies.map((study) => valuesOf(study, measure)));
      const { runs: _, ...gap } = gapInterval(values!, beside!);
      return {
        names,
        each,
        gap,
        most: between.length > 0 ? Math.max(...between) : undefined,
        theirs: publishedGap(measure, average.study),
      };
    }),
  );
  const found = all.filter(({ gap }) => gap.n > 0);
  return {
    rows: found.map(({ names, each, gap }): MeanRow => ({ ...names, source: "ours", ...gap, each })),
    published: found.flatMap(({ names, theirs }): MeanRow[] =>
      theirs ? [{ ...names, source: sources.paper, ...theirs, n: undefined, interval: classInterval }] : [],
    ),
    seeds: found.flatMap(({ names, most }) => (most === undefined ? [] : [{ ...names, low: -most, high: most }])),
  };
}

/**
 * Mean τ of the average encoder less that of the BiLSTM (for τ_loo the paper's figure 5), over all classes of a corpus
 * in the run of Table 2, with the lowest and the highest; the paper itself prints additive attention alone. A cell that
 * is NaN for either is left out.
 *
 * @returns undefined where nothing is published
 */
export function publishedGap(measure: string, study: ComparedStudy) {
  const known = measures.find((name) => name === measure);
  if (known === undefined) return undefined;
  const gaps = tableClasses(study.corpus).flatMap((label) => {
    const [average, bilstm] = ["average", "bilstm"].map(
      (encoder) => publishedNumber({ ...study, encoder }, metricOf(known, "mean"), label).paper,
    );
    return average === undefined || bilstm === undefined ? [] : [average - bilstm];
  });
  return gaps.length > 0 ? (rangeOf(gaps) as { mean: number; low: number; high: number }) : undefined;
}
