import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What SciPy, scikit-learn and NumPy say; see make_goldens.py beside the file. */
export const goldens = JSON.parse(readFileSync(join(__dirname, "../fixtures/stats/goldens.json"), "utf8")) as {
  kendall: { name: string; x: number[]; y: number[]; tau: number; pValue: number }[];
  kendallLarge: { name: string; tau: number; pValue: number }[];
  normal: { z: number; pValue: number }[];
  divergence: { p: number[]; q: number[]; totalVariation: number; jensenShannon: number }[];
  classification: {
    labels: number[];
    scores?: number[];
    predictions: number[];
    rocAuc?: number;
    f1: number;
    macroF1: number;
    accuracy: number;
  }[];
  summary: {
    values: number[];
    bins: number;
    range: [number, number];
    mean: number;
    standardDeviation: number;
    quantiles: [share: number, value: number][];
    counts: number[];
  }[];
  bootstrap: { values: number[]; interval: [number, number] };
  tQuantiles: { probability: number; degrees: number; quantile: number }[];
  welch: { values: number[]; others: number[]; level: number; interval: [number, number] }[];
  growth: { words: number[]; values: number[]; short: number; long: number; change: number; robustError: number };
};

/** Fails unless the two numbers agree to the given relative (or, below 1e-300, absolute) difference. */
export function assertClose(received: number, expected: number, what: string, tolerance = 1e-12): void {
  const difference = Math.abs(received - expected);
  assert.ok(
    difference <= tolerance * Math.abs(expected) + 1e-300,
    `${what}: ${received} came, ${expected} was expected`,
  );
}
