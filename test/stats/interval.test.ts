import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bootstrapMeanInterval,
  gapInterval,
  meanInterval,
  type TextValue,
  tQuantile,
  welchHalf,
} from "../../src/stats/interval";
import { createRandom } from "../../src/stats/random";
import { mean } from "../../src/stats/summary";
import { assertClose, goldens } from "./goldens";

const random = createRandom("interval");

const runOf = (values: readonly number[]): TextValue[] =>
  values.map((value, index) => ({ id: `text ${index}`, value }));

/** Runs of a model with the mean .3: each run, cluster and text, and each text in each run, has its own chance. */
function runs({
  count,
  texts,
  clusterSize = 1,
  run,
  text,
}: Record<"count" | "texts" | "run" | "text", number> & { clusterSize?: number }) {
  const clusters = Array.from({ length: texts / clusterSize }, () => text * random.normal());
  return Array.from({ length: count }, () => {
    const level = 0.3 + run * random.normal();
    return Array.from({ length: texts }, (_, index): TextValue => {
      const cluster = Math.floor(index / clusterSize);
      const value = level + clusters[cluster]! + 0.05 * random.normal();
      return { id: `text ${index}`, value, ...(clusterSize > 1 ? { cluster: `story ${cluster}` } : {}) };
    });
  });
}

/** How often of 400 times the interval holds the mean. */
function covered(make: () => TextValue[][], options: Parameters<typeof meanInterval>[1] = {}): number {
  return Array.from({ length: 400 }, () => meanInterval(make(), { resamples: 200, ...options })).filter(
    ({ low, high }) => low! <= 0.3 && high! >= 0.3,
  ).length;
}

describe("against SciPy", () => {
  it("gives the quantiles of the t distribution", () => {
    for (const { probability, degrees, quantile } of goldens.tQuantiles) {
      assertClose(tQuantile(probability, degrees), quantile, `t of ${degrees} at ${probability}`, 1e-7);
    }
  });

  it("gives Welch's interval, over runs too", () => {
    for (const { values, others, level, interval } of goldens.welch) {
      const [gap, half] = [mean(values) - mean(others), welchHalf(values, others, level)];
      assertClose(gap - half, interval[0], "low", 1e-5);
      assertClose(gap + half, interval[1], "high", 1e-5);
      const each = (of: number[]) => of.map((value) => runOf([value - 0.1, value + 0.1]));
      const { low, high, runs } = gapInterval(each(values), each(others), { level, fewestRuns: 2 });
      assertClose(low!, interval[0], "low over runs", 1e-5);
      assertClose(high!, interval[1], "high over runs", 1e-5);
      assert.equal(runs, Math.min(values.length, others.length));
    }
  });

  it("gives the bootstrap interval up to its sampling error", () => {
    const { values, interval } = goldens.bootstrap;
    const [low, high] = bootstrapMeanInterval(values, { resamples: 5000 })!;
    assert.ok(Math.abs(low - interval[0]) < 0.002, `${low} against ${interval[0]}`);
    assert.ok(Math.abs(high - interval[1]) < 0.002, `${high} against ${interval[1]}`);
  });
});

describe("meanInterval", () => {
  it("is mean ± t · √(s²_runs / n + s²_texts / m) over several runs", () => {
    const {
      mean: center,
      low,
      high,
      interval,
    } = meanInterval([runOf([0.2, 0.4]), runOf([0.4, 0.8])], {
      fewestRuns: 2,
    });
    // Means of the runs .3 and .6, of the texts .3 and .6: both variances are .045.
    assertClose(center!, 0.45, "mean");
    assertClose(high! - 0.45, 12.706204736432095 * Math.sqrt(0.045 / 2 + 0.045 / 2), "half", 1e-6);
    assertClose(0.45 - low!, high! - 0.45, "other half");
    assert.equal(interval, "95 % t interval over 2 runs");
  });

  it("covers the mean about as often as it says: over runs and texts, clusters, and texts of one run", () => {
    const five = () => runs({ count: 5, texts: 40, run: 0.05, text: 0.2 });
    assert.ok(covered(five) > 375, `${covered(five)} of 400`);
    const onlyRuns = () => runs({ count: 5, texts: 40, run: 0.1, text: 0 });
    const found = covered(onlyRuns);
    assert.ok(found > 365 && found < 396, `${found} of 400`);
    const one = () => runs({ count: 1, texts: 60, run: 0, text: 0.2 });
    assert.ok(Math.abs(covered(one) - 376) < 18);
    const clustered = () => runs({ count: 1, texts: 120, clusterSize: 4, run: 0, text: 0.2 });
    assert.ok(covered(clustered) > 350);
    const unclustered = () => clustered().map((run) => run.map(({ id, value }) => ({ id, value })));
    assert.ok(covered(unclustered) < 310, "texts that share a story are not so many draws");
  });

  it("of runs that each lack some texts has their mean, and an interval around it", () => {
    const [first, second] = runs({ count: 2, texts: 40, run: 0.05, text: 0.2 });
    const parts = [first!.slice(0, 25), second!.slice(10).map((text) => ({ ...text, value: text.value + 1 }))];
    const own = parts.map((part) => mean(part.map(({ value }) => value)));
    const over = meanInterval(parts, { fewestRuns: 5 });
    assertClose(over.mean!, mean(own), "mean", 1e-12);
    assert.ok(over.low! < over.mean! && over.mean! < over.high!);
    assert.deepEqual([over.n, over.runs, over.interval], [40, 2, "95 % bootstrap interval over texts"]);
  });

  it("is undefined where there is nothing, and has no ends where there is one text", () => {
    const { mean: center, n, low } = meanInterval([[], []]);
    assert.deepEqual([center, n, low], [undefined, 0, undefined]);
    assert.deepEqual([meanInterval([runOf([0.4])]).mean, meanInterval([runOf([0.4])]).low], [0.4, undefined]);
  });
});

describe("gapInterval of few runs", () => {
  it("pairs the texts by id; one that only one side has is left out", () => {
    const others = [...runOf([0.1, 0.1, 0.1])].reverse();
    const { mean: gap, n, low, high } = gapInterval([runOf([0.5, 0.7, 0.9, 5])], [others]);
    assertClose(gap!, 0.6, "gap", 1e-12);
    assert.equal(n, 3);
    assert.ok(low! >= 0.4 && low! < 0.6 && high! > 0.6 && high! <= 0.8 + 1e-12);
    const turned = gapInterval([others], [runOf([0.5, 0.7, 0.9, 5])]);
    assertClose(turned.mean!, -gap!, "turned", 1e-12);
    assert.equal(gapInterval([runOf([1])], [[{ id: "other", value: 1 }]]).mean, undefined);
  });
});

describe("bootstrapMeanInterval", () => {
  it("repeats, and has none of a single value", () => {
    const { values } = goldens.bootstrap;
    assert.deepEqual(bootstrapMeanInterval(values), bootstrapMeanInterval(values));
    assert.equal(bootstrapMeanInterval([0.3]), undefined);
    assert.equal(bootstrapMeanInterval([0.3, 0.4], { clusters: ["a", "a"] }), undefined);
  });

  it("is narrower for a lower level", () => {
    const [low, high] = bootstrapMeanInterval(goldens.bootstrap.values)!;
    const [innerLow, innerHigh] = bootstrapMeanInterval(goldens.bootstrap.values, { level: 0.5 })!;
    assert.ok(low < innerLow && innerHigh < high);
  });
});
