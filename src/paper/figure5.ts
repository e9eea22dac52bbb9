import { gapInterval } from "../stats/interval";
import { mean } from "../stats/summary";
import { type Measure, measures, metricOf } from "./besidePaper";
import type { MeanRow } from "./means";
import { binaryCorpora, isPaperCorpus, publishedNumber, tableClasses } from "./published";
import { type ComparedStudy, modelsOf, requireColumns, type StudiesOf, sameButEncoder, valuesOf } from "./studies";

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
 * How far a column is apart per text between the average encoder and the BiLSTM (or, without one, every other
 * encoder), as in the paper's figure 5: over the
 * seeds that both have, for each of them, and as published; and between any two seeds of one of the encoders, which is
 * what a difference between encoders has to exceed. Above 0 the average encoder, or the later seed, has more.
 */
export function figure5(runs: StudiesOf, column = "tauLeaveOneOut"): GapRow[] {
  requireColumns(runs, [column]);
  const models = modelsOf(runs);
  const over = (encoder: string) => models.filter(({ study }) => study.encoder === encoder);
  const encoders = [...new Set(models.map(({ study }) => study.encoder))].filter((encoder) => encoder !== "average");
  const others = encoders.includes("bilstm") ? ["bilstm"] : encoders;
  const gaps = over("average").flatMap((average) =>
    others.flatMap((encoder) => {
      const partners = over(encoder).find((model) => sameButEncoder(model, average))?.studies ?? [];
      const names = { ...average.names, encoder: `average − ${encoder}` };
      return encoderGaps(average.studies, partners, column).map(
        (gap): GapRow => ({ ...names, measure: column, ...gap }),
      );
    }),
  );
  const seeds = ["average", ...others].flatMap(over).flatMap(({ names, studies }) =>
    studies.flatMap((study) =>
      studies
        .filter(({ seed }) => seed < study.seed)
        .map((other): GapRow => {
          const pair = `${names.encoder}, seed ${study.seed} − seed ${other.seed}`;
          return { ...names, measure: column, pair, kind: "seeds", ...gapOf([study], [other], column) };
        }),
    ),
  );
  return [...gaps, ...seeds];
}

function encoderGaps(averages: readonly ComparedStudy[], others: readonly ComparedStudy[], column: string) {
  const paired = averages.filter(({ seed }) => others.some((other) => other.seed === seed));
  const partners = others.filter(({ seed }) => paired.some((other) => other.seed === seed));
  if (paired.length === 0) return [];
  const seeds = `${paired.length} seed${paired.length === 1 ? "" : "s"}`;
  const [{ attention, config, corpus }] = paired as [ComparedStudy];
  const pair = `average − ${partners[0]!.encoder}`;
  const theirs = pair === "average − bilstm" ? publishedGap(column, { attention, config }, [corpus]) : undefined;
  const interval = "lowest to highest predicted class";
  return [
    { pair: `${pair}, ${seeds}`, kind: "encoders" as const, ...gapOf(paired, partners, column) },
    ...paired.map((study) => {
      const gap = gapOf([study], [partners.find(({ seed }) => seed === study.seed)!], column);
      return { pair: `${pair}, seed ${study.seed}`, kind: "encoders, one seed" as const, ...gap };
    }),
    ...(theirs === undefined ? [] : [{ pair: `${pair}, published`, ...ofPaper, interval, ...theirs }]),
  ];
}

const ofPaper = { kind: "encoders", source: "paper", n: undefined } as const;

/** Over texts, as the rows tell the runs apart. */
function gapOf(studies: readonly ComparedStudy[], others: readonly ComparedStudy[], column: string) {
  const values = (of: readonly ComparedStudy[]) => of.map((study) => valuesOf(study, column));
  const { runs: _, ...gap } = gapInterval(values(studies), values(others), { fewestRuns: Number.POSITIVE_INFINITY });
  return { source: "ours" as const, ...gap };
}

/**
 * Mean τ of the average encoder less that of the BiLSTM (for τ_loo the paper's figure 5), over all classes of some
 * corpora in the run of Table 2, with the lowest and the highest; the paper itself prints additive attention alone. A
 * cell that is NaN for either is left out.
 *
 * @param corpora default: the paper's binary classification corpora
 * @returns undefined where nothing is published
 */
export function publishedGap(
  measure: string,
  model: Pick<ComparedStudy, "attention" | "config">,
  corpora: readonly string[] = binaryCorpora,
): { mean: number; low: number; high: number } | undefined {
  if (!(measures as readonly string[]).includes(measure)) return undefined;
  const metric = metricOf(measure as Measure, "mean");
  const gaps = corpora.filter(isPaperCorpus).flatMap((corpus) =>
    tableClasses(corpus).flatMap((label) => {
      const classNames = tableClasses(corpus).map(String);
      const of = (encoder: string) => publishedNumber({ ...model, corpus, encoder, classNames }, metric, label).paper;
      const [average, bilstm] = [of("average"), of("bilstm")];
      return average === undefined || bilstm === undefined ? [] : [average - bilstm];
    }),
  );
  return gaps.length > 0 ? { mean: mean(gaps), low: Math.min(...gaps), high: Math.max(...gaps) } : undefined;
}
