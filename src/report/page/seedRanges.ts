import { groupBy } from "../../stats/groupBy";
import { mean } from "../../stats/summary";
import type { StudyEntry } from "../contents";

/** Studies that differ in the seed alone, as one. */
export interface SeedRange {
  corpus: string;
  encoder: string;
  attention: string;
  /** How many have a value. */
  seeds: number;
  mean: number | undefined;
  /** The smallest and the largest; undefined for one seed. */
  low: number | undefined;
  high: number | undefined;
}

/** A value of studies over their seeds: the mean and the range, in the order in which they come. */
export function seedRanges<Named extends Pick<StudyEntry, "corpus" | "attention"> & { encoder?: string }>(
  studies: readonly Named[],
  read: (study: Named) => number | undefined,
): SeedRange[] {
  const groups = groupBy(studies, ({ corpus, encoder, attention }) => JSON.stringify([corpus, encoder, attention]));
  return [...groups.values()].map((group) => {
    const { corpus, encoder = "", attention } = group[0]!;
    const values = group.flatMap((study) => read(study) ?? []);
    const range = values.length > 1 ? { low: Math.min(...values), high: Math.max(...values) } : undefined;
    return {
      corpus,
      encoder,
      attention,
      seeds: values.length,
      mean: values.length > 0 ? mean(values) : undefined,
      low: range?.low,
      high: range?.high,
    };
  });
}
