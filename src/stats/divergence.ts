import { shown, UserError } from "../errors";

/**
 * Total variation distance between two distributions, half the sum of the absolute differences: 0 (equal) to 1.
 *
 * The paper's measure of how much an output changes (section 4). A binary output is the distribution [1 - p, p], so
 * that its distance is the difference of p.
 *
 * @throws UserError when the distributions differ in length, are empty, or do not sum to 1
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  checkDistributions("Total variation", p, q);
  let sum = 0;
  for (let index = 0; index < p.length; index += 1) sum += Math.abs(p[index]! - q[index]!);
  return Math.min(1, sum / 2);
}

/**
 * Jensen-Shannon divergence between two distributions in nats: 0 (equal) to ln 2 = 0.693 (no common support).
 *
 * The paper's measure of how different two attention distributions are (section 4). It is the divergence, not its
 * square root; 0 ln 0 counts as 0; rounding beyond either bound is cut off.
 *
 * @throws UserError when the distributions differ in length, are empty, or do not sum to 1
 */
export function jensenShannon(p: ArrayLike<number>, q: ArrayLike<number>): number {
  checkDistributions("The Jensen-Shannon divergence", p, q);
  let sum = 0;
  for (let index = 0; index < p.length; index += 1) {
    const a = p[index]!;
    const b = q[index]!;
    if (a > 0) sum += a * Math.log((2 * a) / (a + b));
    if (b > 0) sum += b * Math.log((2 * b) / (a + b));
  }
  return Math.min(Math.LN2, Math.max(0, sum / 2));
}

function checkDistributions(measure: string, p: ArrayLike<number>, q: ArrayLike<number>): void {
  if (p.length === q.length && isDistribution(p) && isDistribution(q)) return;
  const [first, second] = [p, q].map((values) => shown(Array.from(values)));
  throw new UserError(
    `${measure} compares two distributions over the same values, numbers from 0 that sum to 1, but ${first} and ${second} came.`,
  );
}

/** Single-precision softmax sums to 1 within about 1e-6; logits or counts given by mistake are far off. */
function isDistribution(values: ArrayLike<number>): boolean {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]! < 0 ? Number.NaN : values[index]!;
  return Math.abs(sum - 1) <= 1e-3;
}
