import { createRandom } from "./random";
import { groupBy, mean, quantile } from "./summary";

/** The value of a text in one training run. */
export interface TextValue {
  id: string;
  value: number;
  /** What the text shares with others, as a story or a premise: they count as one draw. Default: nothing. */
  cluster?: string;
}

/** The texts of each training run that have a value. */
type Runs = readonly (readonly TextValue[])[];

export interface BootstrapOptions {
  /** How many resamples are drawn; default 1000. 0 leaves the interval out. */
  resamples?: number;
  /** The share of resamples that the interval covers; default 0.95. */
  level?: number;
}

export interface IntervalOptions extends BootstrapOptions {
  /** The least training runs, from 2, of which the interval is over runs; of fewer it is over texts. Default 3. */
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
 * The mean over training runs, with an interval for another run on other texts: mean ± t(n−1) · √(s²_runs / n +
 * s²_texts / m), where s_runs is over the n runs' means and s_texts over the m texts' means of all runs; texts of one
 * cluster are one of the m.
 *
 * With fewer runs than `fewestRuns` it is the percentile bootstrap over texts, or clusters: it says nothing of another
 * run.
 *
 * @param runs the texts of each training run that have a value
 */
export function meanInterval(runs: Runs, options: IntervalOptions = {}): MeanInterval {
  const { fewestRuns = 3, level = 0.95 } = options;
  const found = runs.filter((run) => run.length > 0);
  const means = found.map(meanOf);
  const texts = sharesInMean(found);
  if (means.length < fewestRuns) return { ...ofTexts(texts, options), runs: means.length };
  const deviation = Math.sqrt(variance(means) / means.length + varianceOfMean(texts));
  return around(mean(means), deviation * tQuantile((1 + level) / 2, means.length - 1), {
    n: texts.length,
    runs: means.length,
    interval: `${percentOf(level)} t interval over ${means.length} runs`,
  });
}

/**
 * Each text once, with values whose mean is that of the runs' means, and whose spread is what the texts contribute to
 * it: where each run has all texts, their means over runs.
 */
function sharesInMean(runs: Runs): TextValue[] {
  const center = mean(runs.map(meanOf));
  const texts = new Map<string, TextValue>();
  for (const run of runs) {
    const own = meanOf(run);
    for (const text of run) {
      const share = (text.value - own) / run.length;
      const known = texts.get(text.id);
      if (known) known.value += share;
      else texts.set(text.id, { ...text, value: share });
    }
  }
  for (const text of texts.values()) text.value = center + (texts.size / runs.length) * text.value;
  return [...texts.values()];
}

/**
 * How far the mean of one model is above that of another, with Welch's t interval over training runs.
 *
 * Where either has fewer runs than `fewestRuns`, it is the mean difference per text of the two models' means, over
 * texts that both have, with its bootstrap interval over texts or clusters.
 */
export function gapInterval(runs: Runs, others: Runs, options: IntervalOptions = {}): MeanInterval {
  const { fewestRuns = 3, level = 0.95 } = options;
  const theirs = new Map(averagedOverRuns(others).map(({ id, value }) => [id, value]));
  const differences = averagedOverRuns(runs).flatMap((text) => {
    const other = theirs.get(text.id);
    return other === undefined ? [] : [{ ...text, value: text.value - other }];
  });
  const meansOf = (all: Runs) => all.filter((run) => run.length > 0).map(meanOf);
  const [means, otherMeans] = [meansOf(runs), meansOf(others)];
  const fewest = Math.min(means.length, otherMeans.length);
  if (fewest < fewestRuns) return { ...ofTexts(differences, options), runs: fewest };
  return around(mean(means) - mean(otherMeans), welchHalf(means, otherMeans, level), {
    n: differences.length,
    runs: fewest,
    interval: `${percentOf(level)} Welch interval over ${means.length} and ${otherMeans.length} runs`,
  });
}

/**
 * A number of some training runs with its jackknife interval over them, without ends below three runs; undefined where it
 * is not finite.
 *
 * @param of the number, of the places of the runs that count
 */
export function jackknifeInterval(runs: number, of: (places: number[]) => number) {
  const places = Array.from({ length: runs }, (_, place) => place);
  const whole = of(places);
  if (!Number.isFinite(whole)) return undefined;
  const about = { n: runs, runs, interval: `95 % jackknife interval over ${runs} runs` };
  const left = places.map((run) => of(places.filter((place) => place !== run)));
  const deviation = Math.sqrt((variance(left) * (runs - 1) ** 2) / runs);
  if (runs < 3) return { mean: whole, low: undefined, high: undefined, ...about };
  return around(whole, deviation * tQuantile(0.975, runs - 1), about);
}

/** Half of Welch's t interval of the difference of two means; NaN where either has fewer than two values. */
export function welchHalf(values: readonly number[], others: readonly number[], level = 0.95): number {
  const [first, second] = [variance(values) / values.length, variance(others) / others.length];
  const degrees = (first + second) ** 2 / (first ** 2 / (values.length - 1) + second ** 2 / (others.length - 1));
  return first + second === 0 ? 0 : Math.sqrt(first + second) * tQuantile((1 + level) / 2, degrees);
}

/** Each text once, with the mean of its values; what else it has is that of its first run. */
export function averagedOverRuns<Text extends TextValue>(runs: readonly (readonly Text[])[]): Text[] {
  return [...groupBy(runs.flat(), ({ id }) => id).values()].map((members) => {
    return { ...members[0]!, value: mean(members.map(({ value }) => value)) };
  });
}

function meanOf(texts: readonly TextValue[]): number {
  return texts.reduce((sum, { value }) => sum + value, 0) / texts.length;
}

/**
 * The mean of values, one a text, with its bootstrap interval over texts or clusters, which says nothing of another
 * training run.
 */
export function overTexts(values: readonly number[], options: ClusterOptions = {}) {
  const [low, high] = bootstrapMeanInterval(values, options) ?? [];
  const drawn = options.clusters ? "clusters of texts" : "texts";
  const interval = low === undefined ? "" : `${percentOf(options.level)} bootstrap interval over ${drawn}`;
  return { mean: values.length > 0 ? mean(values) : undefined, low, high, n: values.length, interval };
}

function ofTexts(texts: readonly TextValue[], options: BootstrapOptions) {
  const clusters = texts.some(({ cluster }) => cluster !== undefined) ? texts.map(clusterOf) : undefined;
  const values = texts.map(({ value }) => value);
  return overTexts(values, { ...options, clusters });
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

/** s² / m for m texts; with clusters, that of their sums. 0 of a single number, as a test score is. */
function varianceOfMean(texts: readonly TextValue[]): number {
  const center = meanOf(texts);
  const clusters = [...groupBy(texts, clusterOf).values()];
  if (clusters.length < 2) return 0;
  const sums = clusters.map((members) => members.reduce((sum, { value }) => sum + value - center, 0));
  const squares = sums.reduce((sum, value) => sum + value ** 2, 0);
  return ((clusters.length / (clusters.length - 1)) * squares) / texts.length ** 2;
}

function percentOf(level = 0.95): string {
  return `${Math.round(100 * level)} %`;
}

/** With a cluster of each value; those of one are drawn together. Default: each is its own. */
type ClusterOptions = BootstrapOptions & { clusters?: readonly string[] };

/** Percentile bootstrap interval of the mean; undefined for fewer than two values or clusters, and for no resamples. */
export function bootstrapMeanInterval(
  values: ArrayLike<number>,
  { resamples = 1000, level = 0.95, clusters }: ClusterOptions = {},
): [low: number, high: number] | undefined {
  const places = Array.from(values, (_, place) => place);
  const units = [...groupBy(places, (place) => clusters?.[place] ?? place).values()];
  const sums = Float64Array.from(units, (members) => members.reduce((sum, place) => sum + values[place]!, 0));
  const sizes = Float64Array.from(units, (members) => members.length);
  if (units.length < 2 || resamples === 0) return undefined;
  const { integer } = createRandom(0);
  const means = Float64Array.from({ length: resamples }, () => {
    let [sum, size] = [0, 0];
    for (let draw = 0; draw < units.length; draw += 1) {
      const unit = integer(units.length);
      sum += sums[unit]!;
      size += sizes[unit]!;
    }
    return sum / size;
  });
  return [quantile(means, (1 - level) / 2), quantile(means, (1 + level) / 2)];
}

/** The value that a t-distributed one stays below with a probability; degrees of freedom need not be whole. */
export function tQuantile(probability: number, degrees: number): number {
  // Here, so that a bundle without intervals over runs, as the report's page, goes without the package.
  return require("jstat").jStat.studentt.inv(probability, degrees);
}
