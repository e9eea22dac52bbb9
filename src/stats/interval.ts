import { groupBy } from "./groupBy";
import { createRandom } from "./random";
import { mean, quantile } from "./summary";

/** The value of a text in one training run. */
export interface TextValue {
  id: string;
  value: number;
  /** What the text shares with others, as a story or a premise: they count as one draw. Default: nothing. */
  cluster?: string;
}

export interface BootstrapOptions {
  /** The resamples depend on it alone; default 0. */
  seed?: number | string;
  /** How many resamples are drawn; default 1000. 0 leaves the interval out. */
  resamples?: number;
  /** The share of resamples that the interval covers; default 0.95. */
  level?: number;
}

export interface IntervalOptions extends BootstrapOptions {
  /** The least training runs of which the interval is over runs; of fewer it is over texts. Default 2. */
  fewestRuns?: number;
}

/** A mean with its interval; undefined where there are no values, the ends also where there are too few. */
export interface MeanInterval {
  mean: number | undefined;
  low: number | undefined;
  high: number | undefined;
  /** Texts. */
  n: number;
  /** Training runs. */
  runs: number;
  /** What the interval is, as in "95 % t interval over 5 runs". */
  interval: string;
}

/**
 * The mean over training runs, with an interval for another run on other texts: mean ± t(n−1) · √(s²_runs / n + s²_texts / m),
 * where s_runs is over the n runs' means and s_texts over the m texts' means of all runs; texts of one cluster are one of the m.
 *
 * With fewer runs than `fewestRuns` it is the percentile bootstrap over texts, or clusters, of these means: it says nothing of
 * another run.
 *
 * @param runs the texts of each training run that have a value
 */
export function meanInterval(runs: readonly (readonly TextValue[])[], options: IntervalOptions = {}): MeanInterval {
  const { fewestRuns = 2, level = 0.95 } = options;
  const texts = averagedOverRuns(runs);
  const means = meansOf(runs);
  if (means.length < Math.max(2, fewestRuns)) return overTexts(texts, mean(means), means.length, options);
  const deviation = Math.sqrt(variance(means) / means.length + varianceOfMean(texts));
  return around(mean(means), deviation * tQuantile((1 + level) / 2, means.length - 1), {
    n: texts.length,
    runs: means.length,
    interval: `${percentOf(level)} t interval over ${means.length} runs`,
  });
}

/**
 * How far the mean of one model is above that of another, with Welch's t interval over training runs.
 *
 * Where either has fewer runs than `fewestRuns`, it is the mean difference per text of the two models' means, over texts that
 * both have, with its bootstrap interval over texts or clusters.
 */
export function gapInterval(
  runs: readonly (readonly TextValue[])[],
  others: readonly (readonly TextValue[])[],
  options: IntervalOptions = {},
): MeanInterval {
  const { fewestRuns = 2, level = 0.95 } = options;
  const differences = differencesById(averagedOverRuns(runs), averagedOverRuns(others));
  const [means, otherMeans] = [meansOf(runs), meansOf(others)];
  const fewest = Math.min(means.length, otherMeans.length);
  if (fewest < Math.max(2, fewestRuns)) {
    const gap = mean(differences.map(({ value }) => value));
    return overTexts(differences, gap, fewest, options);
  }
  const [first, second] = [variance(means) / means.length, variance(otherMeans) / otherMeans.length];
  const degrees = (first + second) ** 2 / (first ** 2 / (means.length - 1) + second ** 2 / (otherMeans.length - 1));
  const half = first + second === 0 ? 0 : Math.sqrt(first + second) * tQuantile((1 + level) / 2, degrees);
  return around(mean(means) - mean(otherMeans), half, {
    n: differences.length,
    runs: fewest,
    interval: `${percentOf(level)} Welch interval over ${means.length} and ${otherMeans.length} runs`,
  });
}

/** Each text once, with the mean of its values; what else it has is that of its first run. */
export function averagedOverRuns<Text extends TextValue>(runs: readonly (readonly Text[])[]): Text[] {
  return [...groupBy(runs.flat(), ({ id }) => id).values()].map((members) => {
    return { ...members[0]!, value: mean(members.map(({ value }) => value)) };
  });
}

/** The value of each text that both have less the other one. */
export function differencesById(texts: readonly TextValue[], others: readonly TextValue[]): TextValue[] {
  const values = new Map(others.map(({ id, value }) => [id, value]));
  return texts.flatMap((text) => {
    const other = values.get(text.id);
    return other === undefined ? [] : [{ ...text, value: text.value - other }];
  });
}

function meansOf(runs: readonly (readonly TextValue[])[]): number[] {
  return runs.filter((run) => run.length > 0).map((run) => mean(run.map(({ value }) => value)));
}

function overTexts(texts: readonly TextValue[], center: number, runs: number, options: IntervalOptions): MeanInterval {
  const interval = bootstrapMeanInterval(
    texts.map(({ value }) => value),
    { ...options, clusters: texts.map(clusterOf) },
  );
  const [low, high] = interval ?? [];
  const units = texts.some(({ cluster }) => cluster !== undefined) ? "texts that share nothing" : "texts";
  const name = `${percentOf(options.level ?? 0.95)} bootstrap interval over ${units}`;
  return { mean: texts.length > 0 ? center : undefined, low, high, n: texts.length, runs, interval: name };
}

function around(center: number, half: number, about: Pick<MeanInterval, "n" | "runs" | "interval">): MeanInterval {
  return { mean: center, low: center - half, high: center + half, ...about };
}

function clusterOf({ id, cluster }: TextValue): string {
  return cluster === undefined ? `text ${id}` : `cluster ${cluster}`;
}

/** Of the values themselves, divided by n − 1. */
function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

/** s² / m for m texts; with clusters, that of their sums. */
function varianceOfMean(texts: readonly TextValue[]): number {
  const center = mean(texts.map(({ value }) => value));
  const clusters = [...groupBy(texts, clusterOf).values()];
  const sums = clusters.map((members) => members.reduce((sum, { value }) => sum + value - center, 0));
  const squares = sums.reduce((sum, value) => sum + value ** 2, 0);
  return ((clusters.length / (clusters.length - 1)) * squares) / texts.length ** 2;
}

function percentOf(level: number): string {
  return `${Math.round(100 * level)} %`;
}

/**
 * Percentile bootstrap interval of the mean: how far the mean moves when the same number of texts is drawn again from these.
 *
 * It says nothing about another training run of the model. Undefined for fewer than two values or clusters, and for no resamples.
 *
 * @param options.clusters of each value; those of one are drawn together. Default: each is its own
 */
export function bootstrapMeanInterval(
  values: ArrayLike<number>,
  { clusters, ...options }: BootstrapOptions & { clusters?: readonly string[] } = {},
): [low: number, high: number] | undefined {
  return bootstrapInterval([unitsOf(values, clusters)], ([center]) => center!, options);
}

/** Percentile bootstrap interval of the difference of two means, each group drawn again by itself; undefined as that of a mean. */
export function bootstrapGapInterval(
  values: ArrayLike<number>,
  others: ArrayLike<number>,
  options: BootstrapOptions = {},
): [low: number, high: number] | undefined {
  return bootstrapInterval([unitsOf(values), unitsOf(others)], ([first, second]) => first! - second!, options);
}

/** What is drawn together. */
interface Unit {
  sum: number;
  count: number;
}

function unitsOf(values: ArrayLike<number>, clusters?: readonly string[]): Unit[] {
  if (clusters === undefined) return Array.from(values, (value) => ({ sum: value, count: 1 }));
  const groups = groupBy(
    Array.from(values, (value, index) => ({ value, cluster: clusters[index]! })),
    ({ cluster }) => cluster,
  );
  return [...groups.values()].map((members) => {
    return { sum: members.reduce((sum, { value }) => sum + value, 0), count: members.length };
  });
}

function bootstrapInterval(
  groups: readonly (readonly Unit[])[],
  statistic: (means: readonly number[]) => number,
  { seed = 0, resamples = 1000, level = 0.95 }: BootstrapOptions,
): [low: number, high: number] | undefined {
  if (groups.some(({ length }) => length < 2) || resamples === 0) return undefined;
  const { integer } = createRandom(seed);
  const resampledMean = (units: readonly Unit[]) => {
    let [sum, count] = [0, 0];
    for (let draw = 0; draw < units.length; draw += 1) {
      const unit = units[integer(units.length)]!;
      sum += unit.sum;
      count += unit.count;
    }
    return sum / count;
  };
  const statistics = Float64Array.from({ length: resamples }, () => statistic(groups.map(resampledMean)));
  return [quantile(statistics, (1 - level) / 2), quantile(statistics, (1 + level) / 2)];
}

/** Steps of the integral in `tQuantile`: its relative error stays below 1e-6. */
const steps = 20_000;

/**
 * The value that a t-distributed one stays below with a probability.
 *
 * @param probability from .5, below 1
 * @param degrees of freedom, at least 1, which need not be whole
 */
export function tQuantile(probability: number, degrees: number): number {
  // With t = √degrees · tan(angle), the density of the angle is proportional to cos(angle)^(degrees − 1).
  const width = Math.PI / 2 / steps;
  const densities = Float64Array.from({ length: steps }, (_, step) => Math.cos((step + 0.5) * width) ** (degrees - 1));
  let left = (2 * probability - 1) * densities.reduce((sum, density) => sum + density, 0);
  let step = 0;
  while (left > densities[step]!) {
    left -= densities[step]!;
    step += 1;
  }
  return Math.sqrt(degrees) * Math.tan((step + left / densities[step]!) * width);
}
