import { counted } from "../counted";
import { gapInterval } from "../stats/interval";
import { type Measure, measures, metricOf } from "./besidePaper";
import { classInterval, type MeanRow } from "./means";
import { publishedNumber, tableClasses } from "./published";
import {
  type ComparedStudy,
  type Model,
  type ModelNames,
  modelsOf,
  rangeOf,
  requireColumns,
  type StudiesOf,
  sameBut,
  valuesOf,
} from "./studies";

/** How far a mean is apart between two training runs, or between the means of several. */
export type GapRow = MeanRow & {
  /** As in "average − bilstm, 3 seeds", "average − bilstm, seed 0" or "bilstm, seed 1 − seed 0". */
  pair: string;
  /**
   * What differs: the encoder (figure 5 of the paper), over all seeds or in one, or, as the yardstick, the seed alone.
   */
  kind: "encoders" | "encoders, one seed" | "seeds";
};

/**
 * How far a column is apart per text between the average encoder and the BiLSTM (or, without one, every other encoder),
 * as in the paper's figure 5: over the seeds that both have, for each of them, and as published; and between any two
 * seeds of one of the encoders, which is what a difference between encoders has to exceed. Above 0 the average encoder,
 * or the later seed, has more.
 */
export function figure5(runs: StudiesOf, column = "tauLeaveOneOut"): GapRow[] {
  requireColumns(runs, [column]);
  const models = modelsOf(runs);
  const over = (encoder: string) => models.filter(({ study }) => study.encoder === encoder);
  const encoders = [...new Set(models.map(({ study }) => study.encoder))].filter((encoder) => encoder !== "average");
  const others = encoders.includes("bilstm") ? ["bilstm"] : encoders;
  const gaps = over("average").flatMap((average) =>
    others.flatMap((encoder) => {
      const partner = over(encoder).find((model) => sameBut("encoder", model, average));
      return partner ? encoderGaps(average, partner, column) : [];
    }),
  );
  const seeds = ["average", ...others].flatMap(over).flatMap(({ names, studies }) =>
    studies.flatMap((study) =>
      studies
        .filter(({ seed }) => seed < study.seed)
        .map((other) => {
          const pair = `${names.encoder}, seed ${study.seed} − seed ${other.seed}`;
          return gapRow({ ...names, measure: column, pair, kind: "seeds" }, [study], [other]);
        }),
    ),
  );
  return [...gaps, ...seeds];
}

/** Over the seeds that both models have, in each of them, and as published. */
function encoderGaps(average: Model, other: Model, measure: string): GapRow[] {
  const encoder = `average − ${other.study.encoder}`;
  const of = { ...average.names, encoder, measure };
  const pairs = average.studies.flatMap((study) => {
    const partner = other.studies.find(({ seed }) => seed === study.seed);
    return partner ? [[study, partner] as const] : [];
  });
  if (pairs.length === 0) return [];
  const own = pairs.map(([study]) => study);
  const partners = other.studies.filter(({ seed }) => own.some((study) => study.seed === seed));
  const seeds = counted(pairs.length, "seed");
  const theirs = other.study.encoder === "bilstm" ? publishedGap(measure, average.study) : undefined;
  const published = { source: "paper", n: undefined, interval: classInterval } as const;
  return [
    gapRow({ ...of, pair: `${encoder}, ${seeds}`, kind: "encoders" }, own, partners),
    ...pairs.map(([study, partner]) => {
      return gapRow({ ...of, pair: `${encoder}, seed ${study.seed}`, kind: "encoders, one seed" }, [study], [partner]);
    }),
    ...(theirs ? [{ ...of, pair: `${encoder}, published`, kind: "encoders" as const, ...published, ...theirs }] : []),
  ];
}

/** Over texts, as the rows tell the runs apart. */
function gapRow(
  of: ModelNames & Pick<GapRow, "measure" | "pair" | "kind">,
  ...studies: [readonly ComparedStudy[], readonly ComparedStudy[]]
): GapRow {
  const [values, others] = studies.map((all) => all.map((study) => valuesOf(study, of.measure)));
  const { runs: _, ...gap } = gapInterval(values!, others!, { fewestRuns: Number.POSITIVE_INFINITY });
  return { ...of, source: "ours", ...gap };
}

/**
 * Mean τ of the average encoder less that of the BiLSTM (for τ_loo the paper's figure 5), over all classes of a corpus
 * in the run of Table 2, with the lowest and the highest; the paper itself prints additive attention alone. A cell that
 * is NaN for either is left out.
 *
 * @returns undefined where nothing is published
 */
export function publishedGap(
  measure: string,
  { corpus, attention, config }: Pick<ComparedStudy, "corpus" | "attention" | "config">,
): { mean: number; low: number; high: number } | undefined {
  if (!(measures as readonly string[]).includes(measure)) return undefined;
  const classNames = tableClasses(corpus).map(String);
  const metric = metricOf(measure as Measure, "mean");
  const gaps = tableClasses(corpus).flatMap((label) => {
    const [average, bilstm] = ["average", "bilstm"].map(
      (encoder) => publishedNumber({ corpus, encoder, attention, config, classNames }, metric, label).paper,
    );
    return average === undefined || bilstm === undefined ? [] : [average - bilstm];
  });
  return gaps.length > 0 ? (rangeOf(gaps) as { mean: number; low: number; high: number }) : undefined;
}
