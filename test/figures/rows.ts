import { createRandom } from "../../src/stats/random";

export interface Row {
  id: string;
  predicted: string;
  tauGradient: number | undefined;
  tauGradientUndefined: string;
  tauLeaveOneOut: number | undefined;
  tauLeaveOneOutUndefined: string;
}

/** Correlations as a study gives them: two classes, ties with the bin edges, a few undefined values. */
export function exampleRows(count = 860): Row[] {
  const random = createRandom("figures");
  const around = (center: number) => Math.max(-1, Math.min(1, center + 0.2 * random.normal()));
  return Array.from({ length: count }, (_, index) => {
    const positive = index % 2 === 1;
    const saturated = index % 97 === 0;
    const constant = index % 211 === 5;
    return {
      id: `test-${index}`,
      predicted: positive ? "positive" : "negative",
      tauGradient: saturated ? undefined : around(positive ? 0.38 : 0.2),
      tauGradientUndefined: saturated ? "saturated output" : "",
      tauLeaveOneOut: constant ? undefined : around(positive ? 0.33 : 0.05),
      tauLeaveOneOutUndefined: constant ? "first vector is constant" : "",
    };
  });
}
